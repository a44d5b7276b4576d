"""Write the golden answers anew: ``python -m tests.catalogue.renew``; then read the difference."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from graph.catalogue import catalogue
from graph.store import EmbeddedStore, Visibility, publish
from tests.catalogue.conftest import DATA, INTERNAL, view
from tests.catalogue.test_catalogue import GOLDEN, VALUES, to_csv


def main() -> None:
    """Ask every query of the public landscape."""
    engine = ox.Store()
    for name in ("small-landscape", "small-office"):
        engine.load(path=str(DATA / f"{name}.trig"))
    names = {name.value for name in engine.named_graphs()} - {INTERNAL}
    with TemporaryDirectory() as folder:
        publish(Path(folder), {Visibility.PUBLIC: view(engine, names)}, "office-1")
        store = EmbeddedStore(Path(folder))
        for name, query in catalogue().items():
            rows = store.select(query.bound(VALUES.get(name, {})))
            text = to_csv(query, [list(map(row.get, query.returns)) for row in rows])
            (GOLDEN / f"{name}.csv").write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    main()

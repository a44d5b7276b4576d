"""Files held against the loaded graph."""

from pathlib import Path

import pytest

from graph.auditing import audit_files
from graph.errors import SourceFormatError
from graph.store import EmbeddedStore
from graph.validation import Severity

PREFIXES = """
@prefix vb: <https://w3id.org/verbund/def#> .
@prefix id: <https://w3id.org/verbund/id/> .
@prefix comp: <https://w3id.org/verbund/scheme/competence/> .
@prefix step: <https://w3id.org/verbund/scheme/value-chain/> .
@prefix basis: <https://w3id.org/verbund/scheme/evidence-basis/> .
@prefix dct: <http://purl.org/dc/terms/> .
"""
CLAIM = """
a vb:CapabilityClaim ; vb:claimedBy id:org-asphericon ; vb:statedTerm "Drehen"@de ;
vb:competence comp:drehen ; vb:valueChainStep step:zerspanen ; vb:confidence 0.5 ;
vb:evidenceBasis basis:stated ; dct:source <https://example.org/page> .
"""


def violations(store: EmbeddedStore, path: Path, text: str) -> set[str]:
    path.write_text(PREFIXES + text, encoding="utf-8")
    found = audit_files(store, [path], "de")
    return {f.shape.rpartition("/")[2] for f in found if f.severity is Severity.VIOLATION}


def test_good_claim_about_a_known_organisation(reference: EmbeddedStore, tmp_path: Path) -> None:
    assert violations(reference, tmp_path / "c.ttl", f"id:claim-new {CLAIM}") == set()


@pytest.mark.parametrize("subject", ["id:claim-new", "[]"])
def test_claim_without_source(reference: EmbeddedStore, tmp_path: Path, subject: str) -> None:
    broken = CLAIM.replace("; dct:source <https://example.org/page>", "")

    assert "claim-source" in violations(reference, tmp_path / "c.ttl", f"{subject} {broken}")


def test_claim_of_an_unknown_organisation(reference: EmbeddedStore, tmp_path: Path) -> None:
    broken = CLAIM.replace("id:org-asphericon", "id:org-nobody")

    assert "claim-organisation" in violations(reference, tmp_path / "c.ttl", f"id:c {broken}")


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("x.ttl", "id:broken a", "x.ttl"),
        ("x.docx", "", "no RDF format"),
        ("absent.ttl", None, "absent.ttl"),
    ],
)
def test_files_that_cannot_be_read(
    reference: EmbeddedStore, tmp_path: Path, name: str, text: str | None, reason: str
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")

    with pytest.raises(SourceFormatError, match=reason):
        audit_files(reference, [tmp_path / name], "de")

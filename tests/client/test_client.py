"""The Python client: made from the description, and used as an analyst uses it."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

import verbund_client
from api.app import described_application
from api.client_source import source
from graph.catalogue import catalogue
from graph.model import Landscape
from graph.reading import read_landscape
from graph.store import EmbeddedStore
from verbund_client import JobError, ProblemError, Table, Verbund
from verbund_client.generated import (
    BundleIn,
    ConsortiaIn,
    DumpsIn,
    EnquiryIn,
    RequirementIn,
    TextIn,
)

META = {"graph_version": "v1", "software_version": "0.1.0", "language": "de"}
GENERATED = Path(verbund_client.__file__).with_name("generated.py")


@pytest.fixture(scope="module")
def landscape(reference: EmbeddedStore) -> Landscape:
    return read_landscape(reference)


def test_generated_module_is_what_the_description_gives(tmp_path: Path) -> None:
    """`make client` makes it anew."""
    fresh = tmp_path / "generated.py"
    fresh.write_text(source(described_application()), encoding="utf-8")
    config = Path(__file__).parents[2] / "pyproject.toml"
    for command in (["check", "-q", "--fix"], ["format", "-q"]):
        line = [sys.executable, "-m", "ruff", *command, "--config", str(config), str(fresh)]
        subprocess.run(line, check=True)  # noqa: S603

    assert fresh.read_text(encoding="utf-8") == GENERATED.read_text(encoding="utf-8")


def test_every_query_of_the_catalogue_is_a_method() -> None:
    for name in catalogue():
        assert callable(getattr(Verbund, f"query_{name.replace('-', '_')}"))


def test_every_line_of_every_page_comes_once(verbund: Verbund, landscape: Landscape) -> None:
    found = list(verbund.every(verbund.list_organisations(limit=100)))

    assert {one.iri for one in found} == set(landscape.organisations)
    assert len(found) == len(landscape.organisations)


def test_things_are_typed(verbund: Verbund) -> None:
    organisation = verbund.get_organisation("asphericon").data
    tree = verbund.get_competence_tree(root="Fräsen", depth=1, lang="en").data

    assert organisation.name == "asphericon GmbH"
    assert all(0 <= claim.confidence <= 1 for claim in organisation.capabilities)
    assert tree.root is not None
    assert tree.root.name == "Milling"


def test_names_with_any_sign_are_addresses(verbund: Verbund, landscape: Landscape) -> None:
    for organisation in landscape.organisations.values():
        if set(organisation.name) & set("&/?#%+ö"):
            assert verbund.get_organisation(organisation.name).data.name == organisation.name


def test_consortium_from_text_to_members(verbund: Verbund) -> None:
    text = "Gesucht: CNC-Drehen und Härten von Wellen."
    proposal = verbund.understand_enquiry(TextIn(text=text)).data
    assert proposal.enquiry is not None

    found = verbund.suggest_consortium_for(proposal.enquiry)

    assert found.data.coverage == 1.0
    assert found.meta.graph_version == found.data.run.graph_version
    alone = EnquiryIn(requirements=[RequirementIn(competence="Drehen")])
    assert len(verbund.suggest_consortium_for(alone).data.members) == 1


def test_job_is_started_and_collected(verbund: Verbund) -> None:
    work = ConsortiaIn(kind="consortia", enquiries=["E26"])
    started = verbund.start_job(work).data
    seen = list(verbund.follow_job(started.id))

    assert seen[-1].state == "done"
    answers = verbund.get_job_result(started.id).data["answers"]
    assert answers[0]["consortium"]["status"] == "optimal"
    assert verbund.run_job(work)["answers"][0]["consortium"]["status"] == "optimal"


def test_job_that_ends_without_a_result_is_an_error() -> None:
    job = {
        **{"id": "x", "kind": "dumps", "state": "running", "stage": "", "done": 0, "total": 0},
        **{"made_at": "", "changed_at": "", "error": None, "href": "/api/v1/jobs/x"},
    }
    head = {"@context": "", "meta": META}
    ended = json.dumps(job | {"state": "failed", "error": "no room"})
    client, _ = answering(
        httpx2.Response(202, json=head | {"data": job}),
        httpx2.Response(200, text=f"id: 1\nevent: job\ndata: {ended}\n\n"),
    )

    with pytest.raises(JobError, match="no room") as caught:
        client.run_job(DumpsIn(kind="dumps"))

    assert caught.value.job.state == "failed"


def test_events_go_on_where_they_broke_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verbund_client.connection.time.sleep", lambda _: None)

    def event(number: int) -> bytes:
        return f': still here\n\nid: {number}\nevent: job\ndata: {{"done": {number}}}\n\n'.encode()

    def breaking() -> Iterator[bytes]:
        yield event(1)
        raise httpx2.ReadError("broken")

    client, seen = answering(
        httpx2.Response(200, content=breaking()), httpx2.Response(200, content=event(2))
    )

    found = list(client._events(dict[str, int], "GET", "/events", {}))

    assert found == [{"done": 1}, {"done": 2}]
    assert [one.headers.get("last-event-id") for one in seen] == [None, "1"]


def test_events_of_a_server_that_is_gone_end_in_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verbund_client.connection.time.sleep", lambda _: None)

    def gone(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("gone")

    client = Verbund("http://test", transport=httpx2.MockTransport(gone))

    with pytest.raises(httpx2.ConnectError):
        list(client.follow_job("x"))


def test_change_sends_the_tag_of_what_was_read() -> None:
    initiative = {"id": "x", "iri": "", "name": "", "text": "", "topics": []}
    document = {"@context": "", "meta": META, "data": initiative | {"bundles": []}}
    client, seen = answering(
        httpx2.Response(200, headers={"ETag": '"abc"'}, json=document),
        httpx2.Response(200, headers={"ETag": '"def"'}, json=document),
        httpx2.Response(204),
    )

    read = client.get_initiative("x")
    changed = client.bundle("x", BundleIn(), if_match=read.etag)
    client.withdraw_identity("y", if_match=changed.etag)

    assert [one.headers.get("if-match") for one in seen] == [None, '"abc"', '"def"']


def test_rows_have_values_of_their_types(verbund: Verbund) -> None:
    table = verbund.query_single_points_of_failure()

    assert table.columns
    assert table.rows
    counted = verbund.sparql("SELECT (COUNT(*) AS ?n) (true AS ?t) (0.5 AS ?x) WHERE { ?s ?p ?o }")
    [row] = counted.rows
    assert isinstance(row["n"], int)
    assert (row["t"], row["x"]) == (True, 0.5)


def test_problem_is_an_error_with_its_facts(verbund: Verbund) -> None:
    with pytest.raises(ProblemError) as caught:
        verbund.list_matches(competence="Laserschneidn")

    assert caught.value.status == 404
    assert caught.value.type.endswith("/problem/unknown-term")
    assert caught.value.kind == "unknown-term"
    assert "Laserschneiden" in caught.value.facts["suggestions"]


def answering(*answers: httpx2.Response) -> tuple[Verbund, list[httpx2.Request]]:
    """A client of a server that gives these answers one after the other."""
    seen: list[httpx2.Request] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return answers[len(seen) - 1]

    return Verbund("http://test", key="vb_x", transport=httpx2.MockTransport(handle)), seen


def test_busy_server_is_asked_again_with_the_same_key() -> None:
    busy = httpx2.Response(503, headers={"Retry-After": "0"}, json={"title": "Busy"})
    done = httpx2.Response(200, json={"head": {"vars": ["x"]}, "results": {"bindings": []}})
    client, seen = answering(busy, busy, done)

    assert client.sparql("SELECT ?x WHERE {}") == Table(columns=("x",), rows=())
    assert len(seen) == 3
    assert {request.headers["authorization"] for request in seen} == {"Bearer vb_x"}


def test_post_that_is_sent_again_carries_one_key() -> None:
    busy = httpx2.Response(503, headers={"Retry-After": "0"}, json={"title": "Busy"})
    client, seen = answering(busy, busy, busy, busy)

    with pytest.raises(ProblemError):
        client.understand_enquiry(TextIn(text="x"))

    assert len(seen) == 4
    assert len({request.headers["idempotency-key"] for request in seen}) == 1


@pytest.mark.parametrize(
    "answer",
    [
        lambda: httpx2.Response(502, text="<html>bad gateway</html>"),
        lambda: httpx2.Response(404, text="gone"),
    ],
)
def test_answer_of_a_gateway_is_a_problem_too(answer: Callable[[], httpx2.Response]) -> None:
    client, _ = answering(answer())

    with pytest.raises(ProblemError, match=r"bad gateway|gone"):
        client.get_claim("x")

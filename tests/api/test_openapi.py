"""The OpenAPI description is true: what schemathesis makes of it, the server answers as it says.

Each operation is called with values that the description allows, and with values that it does
not; statuses, media types, headers and bodies of the answers are held against it.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi import checks

from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.settings import Settings
from graph.store import EmbeddedStore

load_all_checks()

_EXAMPLES = 4
_EXAMPLES_WITH_KEY = 1
"""Fewer: some of these write, which is validated each time."""
_GROUPS = {
    "things": r"/api/v1/(organisations|competences|claims|context)",
    "matching": r"/api/v1/(matches|enquiries|funding|graphs|jobs|keys|queries$|queries/\{)",
    "desk and projects": r"/api/v1/(?!organisations|competences|claims|context|matches|enquiries|"
    r"funding|graphs|jobs|keys|queries|consortia)",
    "consortia": r"/api/v1/consortia",
    "queries": r"/api/v1/queries/[a-z]",
    "sparql": r"/(sparql|graphs)",
    "linked data": r"/(id|scheme|graph|shape|parameter|data|def|dumps|feed|patches|catalog)\b",
    "others": r"/(health|robots.txt|sitemap.xml|problem/|\.well-known|api/v1$)",
}
_SEMANTIC = {
    "enquiry",  # either this or that, which no schema of single parameters can say
    "parameter",  # values of catalogue queries: an IRI or the end of one
    "idempotency-mismatch",  # the same short key was drawn for another request
    "query-syntax",
    "query-refused",
    "source-format",
    "graph-not-writable",  # the key was sent before, with another request
    "non-conforming",  # what the shapes ask of a profile
    "not-acceptable",  # a media type that is there, but not here
    "precondition-required",  # either this header or that
}
"""Problems (400, 403, 406, 422, 428) of a request that is right as far as the schema can say."""


@pytest.fixture(scope="module")
def client(reference: EmbeddedStore) -> Iterator[TestClient]:
    limits = Settings(home=reference.home, rate_per_s=0, ad_hoc_workers=1, page_workers=1)
    with TestClient(create_app(limits, reference), raise_server_exceptions=False) as running:
        yield running


@pytest.fixture(scope="module")
def schema(client: TestClient) -> Any:
    return schemathesis.openapi.from_dict(client.get("/openapi.json").json())


def operations(schema: Any, pattern: str) -> list[Any]:
    found = [result.ok() for result in schema.get_all_operations()]
    return [one for one in found if re.match(pattern, one.path)]


def call(client: TestClient, case: Any, token: str = "") -> None:
    request = case.as_transport_kwargs(base_url="http://testserver")
    if token:  # in place of whatever key was drawn
        request["headers"]["Authorization"] = f"Bearer {token}"
    request.pop("cookies", None)  # no operation has any
    if isinstance(request.get("data"), bytes | str):
        request["content"] = request.pop("data")
    response = client.request(**request, follow_redirects=False)
    response.request.read()  # for the report, should one be needed
    excluded = []
    if response.status_code in (400, 403, 406, 422, 428):
        said = response.json()
        is_semantic = said["type"].rpartition("/")[2] in _SEMANTIC
        is_semantic |= any(e["what"].startswith("Value error") for e in said.get("errors", ()))
        excluded += [checks.positive_data_acceptance] if is_semantic else []
    if response.status_code == 413:  # a refusal, too, of a text that was drawn very long
        excluded.append(checks.negative_data_rejection)
    case.validate_response(response, excluded_checks=excluded)


def run(
    client: TestClient, operation: Any, mode: schemathesis.GenerationMode, token: str = ""
) -> None:
    @settings(
        max_examples=_EXAMPLES if not token else _EXAMPLES_WITH_KEY,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def every_case(case: Any) -> None:
        call(client, case, token)

    every_case()


@pytest.mark.parametrize("group", _GROUPS)
def test_allowed_values_are_answered_as_described(
    client: TestClient, schema: Any, group: str
) -> None:
    for operation in operations(schema, _GROUPS[group]):
        run(client, operation, schemathesis.GenerationMode.POSITIVE)


@pytest.fixture(scope="module")
def office(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """An application over a copy of the reference graph, which may be written to."""
    own = tmp_path_factory.mktemp("office") / "home"
    shutil.copytree(home, own)
    limits = Settings(home=own, rate_per_s=0, ad_hoc_workers=1, page_workers=1)
    with TestClient(create_app(limits), raise_server_exceptions=False) as running:
        yield running


@pytest.mark.parametrize("mode", ["POSITIVE", "NEGATIVE"])
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMIN])
def test_those_with_a_key_are_answered_as_described(
    office: TestClient, schema: Any, role: Role, mode: str
) -> None:
    """The same for whoever may see and change records, or keys."""
    _, token = KeyStore(office.app.state.settings.home).make(role, "test", None)  # type: ignore[attr-defined]
    group = _GROUPS["desk and projects"] if role is Role.COORDINATOR else "/api/v1/keys"
    for operation in operations(schema, group):
        try:
            run(office, operation, schemathesis.GenerationMode[mode], token)
        except Unsatisfiable:
            assert not [p for p in operation.query if "schema" in p.definition]


@pytest.mark.parametrize("group", [group for group in _GROUPS if group != "sparql"])
def test_other_values_are_refused_as_described(client: TestClient, schema: Any, group: str) -> None:
    """Not at /sparql: without a query it describes the service, whatever else is sent."""
    for operation in operations(schema, _GROUPS[group]):
        try:
            run(client, operation, schemathesis.GenerationMode.NEGATIVE)
        except Unsatisfiable:  # it takes no values that could be wrong
            assert not [p for p in operation.query if "schema" in p.definition]


def test_every_operation_is_in_one_group(schema: Any) -> None:
    for operation in operations(schema, ""):
        groups = [name for name, pattern in _GROUPS.items() if re.match(pattern, operation.path)]
        assert len(groups) == 1, operation.path


def test_a_lie_is_found(client: TestClient) -> None:
    """The check can fail: a description that promises what is not so does not pass."""
    document = client.get("/openapi.json").json()
    for name in ("OrganisationOut", "SparseOrganisationOut"):
        document["components"]["schemas"][name]["properties"]["name"] = {"type": "integer"}
    [operation] = operations(schemathesis.openapi.from_dict(document), "/api/v1/organisations$")

    with pytest.raises(BaseException, match="is not valid under any"):
        run(client, operation, schemathesis.GenerationMode.POSITIVE)


def test_operations_have_names_of_their_own(schema: Any) -> None:
    found = [one.definition.raw["operationId"] for one in operations(schema, "")]

    assert len(set(found)) == len(found)
    below = [one.definition.raw["operationId"] for one in operations(schema, "/api/v1/")]
    assert all(re.fullmatch("[a-z][a-z_0-9]*", name) for name in below)

import inspect

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.errors import SECURITY_HEADERS, STATUS
from api.settings import Settings
from graph import errors
from graph.store import EmbeddedStore

EXAMPLES: list[errors.GraphError] = [
    errors.UnknownQueryError("x", ("y",)),
    errors.UnknownEnquiryError("x"),
    errors.UnknownTermError("x", "competence", ("y",)),
    errors.GoneTermError("http://example.org/gone"),
    errors.UnknownGraphError("http://example.org/graph"),
    errors.ParameterError("q", "p", "is missing"),
    errors.QuerySyntaxError("x"),
    errors.QueryRefusedError("x"),
    errors.SourceFormatError("file", "x", 3),
    errors.EnquiryError("x"),
    errors.NonConformingError(("one", "two")),
    errors.GraphNotWritableError("http://example.org/graph", "x"),
    errors.VersionConflictError("x", "v2"),
    errors.UnknownSourceError("x"),
    errors.SourceRefusedError("http://example.org/", "x"),
    errors.NothingStagedError("x", "y"),
    errors.SourceUnavailableError("http://example.org/", "x"),
    errors.SourceBusyError("x"),
    errors.UnknownRecordError("x", kind="project"),
    errors.RecordStateError("x"),
    errors.IllegalTransitionError("new", "won", ("classified",)),
    errors.ConsentMissingError("x"),
    errors.StoreUnavailableError("x"),
    errors.StoreTimeoutError(10, 10.0123),
    errors.StoreBusyError("x", 7),
    errors.StoreLimitError("x"),
    errors.StoreCorruptError("secret path"),
]


def leaves() -> set[type[errors.GraphError]]:
    kinds = [
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.GraphError)
    ]
    return {kind for kind in kinds if not kind.__subclasses__()}


def failing_app(settings: Settings, store: EmbeddedStore) -> FastAPI:
    """The real application with one more path, which raises whatever is asked for."""
    router = APIRouter()

    @router.get("/fail/{number}")
    def fail(number: int) -> None:
        raise EXAMPLES[number] if number < len(EXAMPLES) else ZeroDivisionError("secret detail")

    app = create_app(settings, store)
    app.include_router(router)
    return app


@pytest.fixture(scope="module")
def failing(settings: Settings, small_store: EmbeddedStore) -> TestClient:
    return TestClient(failing_app(settings, small_store), raise_server_exceptions=False)


def test_every_leaf_has_a_status_and_an_example() -> None:
    assert leaves() == STATUS.keys() == {type(example) for example in EXAMPLES}


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_error_becomes_a_problem(failing: TestClient, number: int) -> None:
    answer = failing.get(f"/fail/{number}")

    status = STATUS[type(EXAMPLES[number])]
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    content = answer.json()
    assert content["status"] == status
    assert {"type", "title", "detail"} <= content.keys()
    assert content["title"] == type(EXAMPLES[number]).__name__
    if status != 500:
        assert content["detail"] == str(EXAMPLES[number])


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (len(EXAMPLES), "something went wrong here; it has been logged"),
        (len(EXAMPLES) - 1, "what is stored here cannot be read; the log of the server says why"),
    ],
)
def test_internal_error_shows_nothing(
    failing: TestClient, number: int, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = failing.get(f"/fail/{number}")

    assert answer.status_code == 500
    assert answer.json()["detail"] == said
    assert "secret" not in answer.text
    assert number == len(EXAMPLES) or "secret path" in caplog.text


def test_busy_says_when_to_come_back(failing: TestClient) -> None:
    number = [type(example) for example in EXAMPLES].index(errors.StoreBusyError)

    assert failing.get(f"/fail/{number}").headers["retry-after"] == "7"


def test_facts_of_an_error_are_members(failing: TestClient) -> None:
    by_kind = {type(example): number for number, example in enumerate(EXAMPLES)}

    late = failing.get(f"/fail/{by_kind[errors.StoreTimeoutError]}").json()
    unknown = failing.get(f"/fail/{by_kind[errors.UnknownTermError]}").json()
    broken = failing.get(f"/fail/{by_kind[errors.NonConformingError]}").json()

    assert (late["limit_s"], late["elapsed_s"]) == (10, 10.012)
    assert unknown["suggestions"] == ["y"]
    assert broken["findings"] == ["one", "two"]


def test_unknown_path_and_malformed_parameter_are_problems(failing: TestClient) -> None:
    unknown, malformed = failing.get("/nowhere"), failing.get("/fail/x")

    assert (unknown.status_code, malformed.status_code) == (404, 422)
    for answer in (unknown, malformed):
        assert answer.headers["content-type"] == "application/problem+json"
    assert malformed.json()["errors"][0]["where"] == "path.number"


def test_every_answer_has_the_security_headers(failing: TestClient) -> None:
    for path in (
        "/health",
        "/nowhere",
        f"/fail/{len(EXAMPLES)}",
        "/api/v1/queries",
        "/openapi.json",
    ):
        headers = failing.get(path).headers
        for name, value in SECURITY_HEADERS.items():
            assert headers[name] == value

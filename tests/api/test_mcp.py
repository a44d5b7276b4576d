"""Tools for language models, called with the client of the SDK over HTTP and standard input."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from typer.testing import CliRunner

from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.cli import app as command_line
from api.settings import Settings
from graph.store import EmbeddedStore, Visibility, publish
from tests.serving import serving

Use = Callable[[Client], Awaitable[Any]]
TOOLS = {
    "check_funding",
    "explain_assignment",
    "explain_competence",
    "list_queries",
    "run_query",
    "search_organisations",
    "suggest_consortium",
}


@pytest.fixture(scope="module")
def address(reference: EmbeddedStore) -> Iterator[str]:
    settings = Settings(home=reference.home, ad_hoc_workers=1, page_workers=1)
    with serving(create_app(settings, reference)) as found:
        yield found


def over_http(address: str, use: Use, token: str | None = None) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def scenario() -> Any:
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as sender,
            Client(streamable_http_client(f"{address}/mcp", http_client=sender)) as client,
        ):
            return await use(client)

    return asyncio.run(scenario())


def over_stdio(home: Path, use: Use, **environment: str) -> Any:
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "api", "mcp"],
        env={"VERBUND_HOME": str(home), "PATH": os.environ["PATH"], **environment},
    )

    async def scenario() -> Any:
        async with Client(stdio_client(parameters)) as client:
            return await use(client)

    return asyncio.run(scenario())


async def told(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    found: dict[str, Any] = json.loads(result.content[0].text)  # type: ignore[union-attr]
    return found


def test_tools_are_described_and_read_only(address: str) -> None:
    async def use(client: Client) -> Any:
        return (await client.list_tools()).tools

    tools = over_http(address, use)

    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.description and tool.annotations.read_only_hint for tool in tools)
    assert not [tool.name for tool in tools if "context" in tool.input_schema["properties"]]


async def every_tool(client: Client) -> None:
    found = await told(client, "search_organisations", competences=["Fräsen"])
    assert 0 < found["total"] == len(found["organisations"])
    milling = await told(client, "explain_competence", competence="milling", language="en")
    assert milling["name"] == "Milling"
    team = await told(client, "suggest_consortium", enquiry="E05", language="en")
    assert team["coverage"] == 1.0
    served = team["members"][0]["serves"][0]
    why = await told(
        client,
        "explain_assignment",
        requirement=served["requirement"],
        enquiry="E05",
        language="en",
    )
    assert why["organisation"]["iri"] == team["members"][0]["iri"]
    assert why["evidence"]["source"] == served["source"]
    names = [q["name"] for q in (await told(client, "list_queries"))["queries"]]
    assert "single-points-of-failure" in names
    rows = await told(client, "run_query", name="single-points-of-failure")
    assert rows["rows"]
    funding = await told(client, "check_funding", enquiry="E05", programme="zim")
    assert funding["programmes"][0]["rules"]


def test_each_tool_answers_over_http(address: str) -> None:
    over_http(address, every_tool)


def test_each_tool_answers_on_standard_input(home: Path) -> None:
    over_stdio(home, every_tool)


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("explain_competence", {"competence": "Laserschneidn"}, "Laserschneiden"),
        ("suggest_consortium", {}, "either an enquiry or competences"),
        ("explain_assignment", {"requirement": "x", "enquiry": "E05"}, "did you mean"),
        ("run_query", {"name": "no-such"}, "no query named"),
        ("run_query", {"name": "weak-claims", "parameters": {"threshold": "x"}}, "no decimal"),
        ("check_funding", {"enquiry": "E05", "programme": "none"}, "no known programme"),
        ("search_organisations", {"limit": 1000}, "limit"),
    ],
)
def test_model_reads_why_a_call_failed(
    address: str, tool: str, arguments: dict[str, Any], said: str
) -> None:
    async def use(client: Client) -> Any:
        return await client.call_tool(tool, arguments)

    result = over_http(address, use)

    assert result.is_error
    assert said in result.content[0].text


def test_gate_stands_before_the_tools(address: str) -> None:
    answer = httpx2.post(f"{address}/mcp", json={}, headers={"Authorization": "Bearer vb_no_no"})

    assert answer.status_code == 401


def test_standard_input_gives_the_same(home: Path, address: str) -> None:
    async def use(client: Client) -> Any:
        assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
        return await told(client, "suggest_consortium", competences=["Drehen", "Härten"])

    assert over_stdio(home, use) == over_http(
        address, lambda client: told(client, "suggest_consortium", competences=["Drehen", "Härten"])
    )


def test_tools_show_what_the_key_may_see(small_quads: list[Any], tmp_path: Path) -> None:
    hidden = [quad for quad in small_quads if "org-beta" not in str(quad)]
    views = {Visibility.PUBLIC: hidden, Visibility.PARTNERS: small_quads}
    publish(tmp_path, views | {Visibility.INTERNAL: small_quads}, "v1")
    _, token = KeyStore(tmp_path).make(Role.PARTNER, "test", None)

    async def use(client: Client) -> list[int]:
        found = await told(client, "search_organisations", text="Beta")
        rows = await told(client, "run_query", name="weak-claims", parameters={"threshold": "0.5"})
        return [found["total"], len(rows["rows"])]

    assert over_stdio(tmp_path, use) == [0, 0]
    assert over_stdio(tmp_path, use, VERBUND_KEY=token) == [1, 1]
    settings = Settings(home=tmp_path, ad_hoc_workers=1, page_workers=1)
    with serving(create_app(settings, EmbeddedStore(tmp_path))) as found:
        assert over_http(found, use) == [0, 0]
        assert over_http(found, use, token) == [1, 1]


def audited(home: Path) -> list[tuple[str, str]]:
    """Events of the audit log with the keys they name."""
    lines = (home / "access" / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    return [(said["event"], said.get("key", "")) for said in map(json.loads, lines)]


async def ask_once(client: Client) -> Any:
    return await client.call_tool("search_organisations", {"text": "Beta"})


async def ask_often(client: Client) -> list[Any]:
    return [await client.call_tool("list_queries", {}) for _ in range(4)]


def test_calls_are_limited_and_noted_over_http(small_quads: list[Any], tmp_path: Path) -> None:
    publish(tmp_path, {Visibility.PUBLIC: small_quads}, "v1")
    key, token = KeyStore(tmp_path).make(Role.PARTNER, "test", None)
    settings = Settings(
        home=tmp_path, rate_per_s=0.001, rate_burst=4, ad_hoc_workers=1, page_workers=1
    )
    with serving(create_app(settings, EmbeddedStore(tmp_path))) as found:
        with pytest.raises(BaseExceptionGroup):
            over_http(found, ask_often, token)
        answer = httpx2.post(f"{found}/mcp", json={}, headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 429
    assert ("key-used", key.id) in audited(tmp_path)


def test_calls_are_limited_and_noted_on_standard_input(
    small_quads: list[Any], tmp_path: Path
) -> None:
    publish(tmp_path, {Visibility.PUBLIC: small_quads}, "v1")
    keys = KeyStore(tmp_path)
    key, token = keys.make(Role.PARTNER, "test", None)
    limits = {"VERBUND_RATE_PER_S": "0.001", "VERBUND_RATE_BURST": "2"}

    answers = over_stdio(tmp_path, ask_often, VERBUND_KEY=token, **limits)

    assert [answer.is_error for answer in answers] == [False, False, True, True]
    assert "too many calls; try again in" in answers[-1].content[0].text
    assert ("key-used", key.id) in audited(tmp_path)


def test_key_that_ends_ends_the_access_of_a_running_process(
    small_quads: list[Any], tmp_path: Path
) -> None:
    publish(tmp_path, {Visibility.PUBLIC: small_quads}, "v1")
    keys = KeyStore(tmp_path)
    key, token = keys.make(Role.PARTNER, "test", None)

    async def use(client: Client) -> list[Any]:
        before = await ask_once(client)
        keys.revoke(key.id)
        return [before, await ask_once(client)]

    before, after = over_stdio(tmp_path, use, VERBUND_KEY=token)

    assert (before.is_error, after.is_error) == (False, True)
    assert "revoked" in after.content[0].text


def test_key_that_is_not_valid_is_refused_and_noted(
    small_quads: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, {Visibility.PUBLIC: small_quads}, "v1")
    monkeypatch.setenv("VERBUND_KEY", f"vb_aaaaaaaa_{'b' * 43}")

    done = CliRunner().invoke(command_line, ["mcp", "--home", str(tmp_path)])

    assert done.exit_code == 2
    assert audited(tmp_path) == [("key-refused", "aaaaaaaa")]


def test_application_can_be_started_again(small_store: EmbeddedStore) -> None:
    app = create_app(Settings(home=small_store.home, ad_hoc_workers=1, page_workers=1), small_store)
    before = len(app.router.routes)

    for _ in range(2):
        with TestClient(app) as client:
            answer = client.get("/mcp")
            assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
            assert client.post("/mcp", json={}).status_code == 400
    assert len(app.router.routes) == before

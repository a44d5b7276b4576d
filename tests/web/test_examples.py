"""Every example of the page about interfaces works as it stands."""

import shlex
from contextlib import redirect_stdout
from io import StringIO

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.pages.examples import EXAMPLES, Example

from .test_pages import read

COMMANDS = [example for example in EXAMPLES if not example.is_program]
PROGRAMS = [example for example in EXAMPLES if example.is_program]


def run(client: TestClient, command: str) -> Response:
    """Do what curl would: the options that the examples use, no others."""
    words = shlex.split(command.replace("\\\n", " "))
    assert words.pop(0) == "curl"
    headers, data, fields, follows = {}, "", {}, False
    address = ""
    while words:
        word = words.pop(0)
        if word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "-d":
            data = words.pop(0)
        elif word == "--data-urlencode":
            name, _, value = words.pop(0).partition("=")
            fields[name] = value
        elif word == "-L":
            follows = True
        else:
            assert not word.startswith("-"), word
            address = word
    if data or fields:
        return client.post(address, content=data or None, data=fields or None, headers=headers)
    return client.get(address, headers=headers, follow_redirects=follows)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("example", COMMANDS, ids=lambda e: e.title)
def test_command_is_answered(client: TestClient, example: Example, language: str) -> None:
    response = run(client, example.filled("http://testserver", language))

    assert response.status_code == 200, response.text
    assert len(response.text) > 200  # more than an empty answer


def test_command_that_asks_wrongly_is_seen(client: TestClient) -> None:
    assert run(client, "curl 'http://testserver/api/v1/consortia?enquiry=E99'").status_code == 404


@pytest.mark.parametrize("example", PROGRAMS, ids=lambda e: e.title)
def test_program_prints_rows(base: str, example: Example) -> None:
    printed = StringIO()
    with redirect_stdout(printed):
        exec(compile(example.filled(base, "de"), "<example>", "exec"), {})  # noqa: S102 (ours)

    assert len(printed.getvalue().splitlines()) == 10


@pytest.mark.parametrize("language", ["de", "en"])
def test_page_shows_every_example_with_its_own_address(client: TestClient, language: str) -> None:
    text = read(client, f"/{language}/about").text

    for example in EXAMPLES:
        assert example.filled("http://testserver", language) in text

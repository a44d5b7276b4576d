"""The Python client as text, from the OpenAPI document: ``python -m api.client_source``.

Models come from the schemas, methods from the operations below ``/api/v1``. A client asks for
whole things, so lists have no ``fields``; where an operation has several forms, it takes JSON.
"""

import keyword
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent
from typing import Any

__all__ = ["main", "source"]

_HEAD = '''"""Models and methods of the Verbund API; made by ``api.client_source``."""

# ruff: noqa: A002, D101, E501, RUF002

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import Field as _Field

from verbund_client.connection import Connection, Model, Table
'''
_SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_LEFT_OUT = ("fields", "Idempotency-Key", "accept", "format", "last-event-id")
_ROWS, _EVENTS = "application/sparql-results+json", "text/event-stream"
_OWN = ("Annotated", "Any", "Connection", "Iterator", "Literal", "Model", "Sequence", "Table")
_REFERENCE = "#/components/schemas/"


def source(document: dict[str, Any]) -> str:
    """Return the text of the module for an OpenAPI document."""
    schemas = document["components"]["schemas"]
    operations = [
        (method, path, operation)
        for path, item in sorted(document["paths"].items())
        for method, operation in sorted(item.items())
        if path.startswith("/api/v1/") and _is_asked(operation)
    ]
    needed = _needed(schemas, operations)
    models = [_model(name, schemas[name]) for name in sorted(needed, key=_class)]
    methods = [_method(method, path, operation) for method, path, operation in operations]
    names = sorted(["Verbund", *(_class(name) for name in needed)])
    twice = {name for name in names if names.count(name) > 1} | {*names} & {*_OWN}
    if twice:
        raise ValueError(f"two classes of the client have one name: {', '.join(sorted(twice))}")
    listing = "__all__ = [\n" + "".join(f'    "{name}",\n' for name in names) + "]"
    client = 'class Verbund(Connection):\n    """Every operation of the API as a method."""\n'
    return "\n\n".join([_HEAD, listing, *models, client + "\n".join(methods)]) + "\n"


def _is_asked(operation: dict[str, Any]) -> bool:
    """Tell whether an operation answers with JSON, rows, events or nothing; RDF is for others."""
    body = operation.get("requestBody", {"content": {"application/json": {}}})
    if "application/json" not in body["content"]:
        return False
    is_read = _ROWS in _forms(operation) or _event(operation) is not None
    return is_read or "204" in operation["responses"] or _answer(operation) is not None


def _forms(operation: dict[str, Any]) -> dict[str, Any]:
    """Return the media types of a good answer."""
    forms: dict[str, Any] = operation["responses"].get("200", {}).get("content", {})
    return forms


def _event(operation: dict[str, Any]) -> dict[str, Any] | None:
    """Return the schema of each event, where an operation answers with events."""
    schema: dict[str, Any] | None = _forms(operation).get(_EVENTS, {}).get("x-event")
    return schema


def _answer(operation: dict[str, Any]) -> dict[str, Any] | None:
    """Return the schema of the JSON of a good answer."""
    for status in ("200", "201", "202"):
        content = operation["responses"].get(status, {}).get("content", {})
        schema: dict[str, Any] | None = content.get("application/json", {}).get("schema")
        if schema is not None:
            return schema["anyOf"][0] if "anyOf" in schema else schema
    return None


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if str(schema.get("$ref", "")).startswith(_REFERENCE):
            yield schema["$ref"].removeprefix(_REFERENCE)
        for value in schema.values():
            yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)


def _needed(schemas: dict[str, Any], operations: list[tuple[str, str, Any]]) -> set[str]:
    """Return the schemas that methods take and give, with all that those name."""
    given = [schema for _, _, one in operations for schema in (_answer(one), _event(one))]
    waiting = [name for schema in given for name in _references(schema)]
    for _, _, one in operations:
        taken = [p for p in one.get("parameters", ()) if p["name"] not in _LEFT_OUT]
        waiting += [*_references(one.get("requestBody")), *_references(taken)]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _references(schemas[name])
    return found


def _class(name: str) -> str:
    """Return the name of a class: ``PageOut_ClaimOut_`` is ``PageOfClaim``."""
    parts = [part.removesuffix("Out") for part in name.split("_") if part]
    return "Of".join(part[0].upper() + part[1:] for part in parts)


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", _class(name)).capitalize()


def _type(schema: dict[str, Any]) -> str:
    """Return the annotation of a value."""
    if "$ref" in schema:
        return _class(schema["$ref"].removeprefix(_REFERENCE))
    if "const" in schema or "enum" in schema:
        values = schema.get("enum", [schema.get("const")])
        return f"Literal[{', '.join(map(repr, values))}]".replace("'", '"')
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " | ".join(dict.fromkeys(_type(one) for one in schema[several]))
    kind = schema.get("type")
    if kind == "array":
        return f"list[{_type(schema.get('items', {}))}]"
    if kind == "object":
        values = schema.get("additionalProperties", True)
        return f"dict[str, {_type(values) if isinstance(values, dict) else 'Any'}]"
    return _SCALARS.get(str(kind), "Any")


def _documented(text: str) -> str:
    lines = [line.rstrip() for line in text.strip().splitlines()]
    if len(lines) == 1:
        return f'"""{lines[0]}"""'
    return '"""' + "\n".join(lines).replace("\\", "\\\\") + '\n"""'


def _model(name: str, schema: dict[str, Any]) -> str:
    if "properties" not in schema:
        return f"{_class(name)} = {_type(schema)}"
    required = set(schema.get("required", ()))
    lines = [_documented(schema.get("description") or f"{_words(name)}."), ""]
    for key, value in schema["properties"].items():
        annotation = _type(value)
        if key.startswith("@"):
            annotation, key = f'Annotated[{annotation}, _Field(alias="{key}")]', key[1:]
            required.add(key)
        missing = "" if key in required else f" = {_default(value)}"
        lines.append(f"{key}: {annotation}{missing}")
    body = indent("\n".join(lines), "    ", lambda line: bool(line.strip()))
    return f"class {_class(name)}(Model):\n{body}"


def _default(schema: dict[str, Any]) -> str:
    default = schema.get("default")
    if isinstance(default, list):
        return f"_Field(default_factory=lambda: {default!r})"
    return repr(default).replace("'", '"')


def _method(method: str, path: str, operation: dict[str, Any]) -> str:
    """Return one method: what it takes, what it says, and the call."""
    parameters = [p for p in operation.get("parameters", ()) if p["name"] not in _LEFT_OUT]
    in_path = [p for p in parameters if p["in"] == "path"]
    in_query = [p for p in parameters if p["in"] == "query"]
    in_header = [p for p in parameters if p["in"] == "header"]
    body = operation.get("requestBody")
    taken = ["self", *(f"{_name(p)}: {_taken(p)}" for p in in_path)]
    taken += [f"body: {_type(_body(operation))}"] if body else []
    keyed = sorted([*in_header, *in_query], key=lambda p: not p.get("required", False))
    taken += ["*", *(f"{_name(p)}: {_taken(p)}" for p in keyed)] if keyed else []
    address = re.sub(r"\{(\w+)\}", r"{quote(\1, safe='')}", path)
    sent = [f'"{method.upper()}"', f'{"f" if in_path else ""}"{address}"', _sent(in_query)]
    sent += ["body=body"] if body else []
    sent += [f"headers={_sent(in_header)}"] if in_header else []
    call, answer = _call(operation, sent)
    lines = [
        f"def {operation['operationId']}({', '.join(taken)}) -> {answer}:",
        indent(_documented(operation.get("description") or operation["summary"]), "    "),
        f"    return {call}",
    ]
    return indent("\n" + "\n".join(lines), "    ", lambda line: bool(line.strip()))


def _call(operation: dict[str, Any], sent: list[str]) -> tuple[str, str]:
    """Return the call that makes a request, and the type of what it gives."""
    given = ", ".join(sent)
    event, document = _event(operation), _answer(operation)
    if event is not None:
        return f"self._events({_type(event)}, {given})", f"Iterator[{_type(event)}]"
    if document is not None:
        return f"self._call({_type(document)}, {given})", _type(document)
    if _ROWS in _forms(operation):
        return f"self._table({given})", "Table"
    return f"self._nothing({given})", "None"


def _sent(parameters: list[dict[str, Any]]) -> str:
    return "{" + ", ".join(f'"{p["name"]}": {_name(p)}' for p in parameters) + "}"


def _body(operation: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = operation["requestBody"]["content"]["application/json"]["schema"]
    return schema


def _name(parameter: dict[str, Any]) -> str:
    name = str(parameter["name"]).replace("-", "_")
    name = name.lower() if parameter["in"] == "header" else name
    return f"{name}_" if keyword.iskeyword(name) else name


def _taken(parameter: dict[str, Any]) -> str:
    annotation = _type(parameter["schema"]).replace("list[", "Sequence[")
    if parameter.get("required", False):
        return annotation
    return f"{annotation.removesuffix(' | None')} | None = None"


def main() -> None:
    """Write the module for the application of this checkout."""
    from api.app import described_application

    text = source(described_application())
    path = Path(__file__).parents[1] / "verbund_client" / "generated.py"
    path.write_text(text, encoding="utf-8")
    sys.stderr.write(f"{path.name}: {len(text.splitlines())} lines; now `make fix`\n")


if __name__ == "__main__":
    main()

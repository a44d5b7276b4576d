"""CSV that spreadsheets open without running anything in it, made from CSV on its way out."""

import codecs
import csv
import io
from collections.abc import AsyncGenerator, Sequence

from fastapi.responses import Response, StreamingResponse

from graph.publishing.tables import safe_cell

__all__ = ["FORMAT", "SafeTable", "for_spreadsheets"]

FORMAT = "spreadsheet"
"""Value of the parameter ``format`` that asks for it."""

_TYPE = "text/csv; charset=utf-8; header=present"


class SafeTable:
    """Rewrites a CSV table part by part: no cell is taken for a formula (OWASP, CSV injection).

    The first part begins with a byte order mark, so that spreadsheets read the letters rightly.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._rest = ""
        self._mark = "\ufeff"

    def part(self, content: bytes, *, is_last: bool = False) -> bytes:
        """Return the rows that end in a part; those that go on wait for the next."""
        text = self._rest + self._decoder.decode(content, is_last)
        end = len(text) if is_last else _end_of_rows(text)
        self._rest = text[end:]
        made = io.StringIO()
        writer = csv.writer(made, lineterminator="\r\n")
        for row in csv.reader(io.StringIO(text[:end], newline="")):
            writer.writerow([safe_cell(cell) for cell in row])
        mark, self._mark = self._mark, ""
        return (mark + made.getvalue()).encode()


def _end_of_rows(text: str) -> int:
    """Return where the last whole row ends: at a line break with all quotes closed before it."""
    end = text.rfind("\n") + 1
    while end and text.count('"', 0, end) % 2:
        end = text.rfind("\n", 0, end - 1) + 1
    return end


def for_spreadsheets(answer: Response, formats: Sequence[str]) -> Response:
    """Return an answer as it is, or its table made safe when the last format asks for that."""
    is_table = answer.headers.get("content-type", "").startswith("text/csv")
    if not formats or formats[-1] != FORMAT or not is_table:
        return answer
    table = SafeTable()
    answer.headers["Content-Type"] = _TYPE
    if tag := answer.headers.get("etag"):
        answer.headers["ETag"] = f'{tag[:-1]}-{FORMAT}"'
    if isinstance(answer, StreamingResponse):
        answer.body_iterator = _parts(answer.body_iterator, table)
    elif answer.body:  # HEAD has none
        answer.body = table.part(bytes(answer.body), is_last=True)
        answer.headers["Content-Length"] = str(len(answer.body))
    return answer


async def _parts(parts: object, table: SafeTable) -> AsyncGenerator[bytes, None]:
    async for part in parts:  # type: ignore[attr-defined]
        yield table.part(part)
    yield table.part(b"", is_last=True)

"""How the fast path reads an address: as the general one does, or it leaves it to that."""

from collections.abc import Callable
from urllib.parse import parse_qsl, quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.fast_path import _only_query

PIECES = (
    *(b"%", b"%2", b"%20", b"%3D", b"%3d", b"%C3%A4", b"%C3", b"%zz", b"%%41", b"%0A", b"%26"),
    *(b"=", b"&", b"+", b"_", b"a", b"query=", b"\n", b"\r\n", b";", b"\xc3", b".", b"?", b" "),
)
ENCODED = st.lists(st.sampled_from(PIECES)).map(b"".join)


@given(ENCODED | st.binary(max_size=12))
def test_what_is_read_is_what_the_general_way_reads(encoded: bytes) -> None:
    text = _only_query(b"query=" + encoded)

    if text is not None:
        pairs = parse_qsl((b"query=" + encoded).decode("ascii"), True, errors="strict")
        assert pairs == [("query", text)]


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from((quote, quote_plus)))
def test_every_text_that_is_encoded_as_usual_is_read(
    text: str, encode: Callable[[str], str]
) -> None:
    assert _only_query(b"query=" + encode(text).encode()) == text


@pytest.mark.parametrize(
    "parameters",
    [b"", b"query", b"Query=x", b"query=x&format=csv", b"a=b&query=x", b"query=%zz", b"query=%",
     b"query=%C3", b"query=\xc3\xa4", b"query=a=b"],
)  # fmt: skip
def test_the_rest_is_left_to_the_general_way(parameters: bytes) -> None:
    assert _only_query(parameters) is None

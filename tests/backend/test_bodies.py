"""Bodies of calls: what the quick parser and decoder give is what the standard library gives, sound or not."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.backend.api import bodies
from signing.backend.api.errors import Refused

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(value=VALUES, ascii_only=st.booleans())
def test_a_value_comes_back(value: Any, *, ascii_only: bool) -> None:
    assert bodies.parsed(json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")) == value


@given(st.one_of(st.binary(max_size=40), st.text(alphabet='{}[]",:\\ud80123456789eE+-. \n\ttruefalsn').map(str.encode)))
def test_any_bytes_are_judged_alike(body: bytes) -> None:
    try:
        expected = repr(json.loads(body, parse_constant=bodies._no_number))
    except ValueError:
        with pytest.raises(ValueError):  # noqa: PT011 - whatever the sentence: the call is told one of ours
            bodies.parsed(body)
    else:
        assert repr(bodies.parsed(body)) == expected


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_a_word_that_stands_for_no_number_is_no_json(word: str) -> None:
    """RFC 8259, 6."""
    with pytest.raises(ValueError, match=r"NaN|Infinity"):
        bodies.parsed(f'{{"unknown": {word}}}'.encode())


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_other_encodings_are_read(codec: str) -> None:
    assert bodies.parsed('{"a": "é"}'.encode(codec)) == {"a": "é"}


@given(
    content=st.binary(max_size=200),
    width=st.integers(1, 76),
    between=st.sampled_from(["", "\n", "\r\n", " "]),
    padded=st.booleans(),
)
def test_base64_in_every_layout(*, content: bytes, width: int, between: str, padded: bool) -> None:
    text = base64.b64encode(content).decode()
    text = text if padded else text.rstrip("=")
    lines = between.join(text[at : at + width] for at in range(0, len(text), width))
    assert bodies.decoded(lines, name="toSignContent") == content


@pytest.mark.parametrize("text", ["A", "_-8=", "é", "AA!A", "AAAA=AAA", "QUJD\x00"])
def test_what_is_no_base64_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        bodies.decoded(text, name="toSignContent")
    assert refused.value.answer().status_code == 422


@given(st.text(alphabet="ABCZabcz0189+/=_- \n", max_size=24))
def test_any_text_is_judged_as_by_the_standard_library(text: str) -> None:
    packed = "".join(text.split()).rstrip("=")
    try:
        expected = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except ValueError:
        with pytest.raises(Refused):
            bodies.decoded(text, name="toSignContent")
    else:
        assert bodies.decoded(text, name="toSignContent") == expected

"""What schemathesis is told of our formats: `contact`, where a code can go; `country`, where numbers are read."""

import schemathesis
from hypothesis import strategies as st

_ADDRESSES = st.from_regex(r"[a-z]{1,12}[0-9]{1,9}@[a-z]{1,12}\.fr", fullmatch=True)
_NUMBERS = st.from_regex(r"\+336[1-4][0-9]{7}", fullmatch=True)

schemathesis.openapi.format("contact", _ADDRESSES | _NUMBERS)
schemathesis.openapi.format("country", st.sampled_from(["FR", "BE", "TF", "CH"]))
schemathesis.openapi.format("client-code", st.just("EXS"))
"""The sandbox client's: with another, or none that can be, every call would be a 403 and show nothing."""

"""Names of PDF (ISO 32000-2, 7.3.5), read at once: pyHanko takes each octet from the stream, and half of what a file
says of its objects is names.

Names that are written otherwise than most, with escapes or octets that must be escaped, pyHanko reads itself.
"""

from __future__ import annotations

import os
import re
from typing import Any, BinaryIO

from pyhanko.pdf_utils.generic import NameObject

_ORDINARY = re.compile(rb"/[!\"$&'*-.0-;=?-Z\\^-z|~]*(?=[\x00\t\n\f\r ()<>\[\]{}/%])")
"""Regular characters that need no escape, up to the one that ends the name: white space or a delimiter (7.2.3)."""
_MOST = 48
"""Octets looked at: longer names are rare."""
_octet_by_octet: Any = NameObject.read_from_stream
_name: Any = NameObject


def read_name(stream: BinaryIO) -> Any:
    """The name that the stream stands at; the stream stands behind it then. Raises what pyHanko raises."""
    ahead = stream.read(_MOST)
    found = _ORDINARY.match(ahead)
    stream.seek((found.end() if found else 0) - len(ahead), os.SEEK_CUR)
    return _name(found[0].decode("ascii")) if found else _octet_by_octet(stream)


def read_names_at_once() -> None:
    """Have pyHanko read names like this, in this process; calling it again changes nothing."""
    place: Any = NameObject
    place.read_from_stream = staticmethod(read_name)

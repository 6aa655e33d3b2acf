"""Object streams whose table is read once: less work, and never another answer than pyHanko's."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils.generic import NumberObject, Reference
from pyhanko.pdf_utils.reader import PdfFileReader

from evidence.verify.shared_work import quicken

OBJECTS = 90  # less than a hundred, which qpdf puts into one stream


@cache
def made() -> bytes:
    """A file with many objects in one object stream, which is not compressed."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Many = pdf.make_indirect(
            pikepdf.Array([pdf.make_indirect(pikepdf.Dictionary(N=n)) for n in range(OBJECTS)])
        )
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=False)
    return out.getvalue()


def objects(content: bytes, *, quick: bool) -> list[str]:
    """Every object as it is read, last one first, or how reading it fails."""
    reader: Any = PdfFileReader(io.BytesIO(content), strict=True)
    if quick:
        quicken(reader)
    found = []
    for number in range(OBJECTS + 6, 0, -1):
        try:
            found.append(repr(reader.get_object(Reference(number, 0, reader))))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is to be the same
            found.append(f"{type(error).__name__} {error}")
    return found


@contextmanager
def counted(patch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many numbers are read."""
    done = [0]
    read: Any = NumberObject.read_from_stream

    def counting(stream: Any) -> Any:
        done[0] += 1
        return read(stream)

    with patch.context() as patched:
        patched.setattr(NumberObject, "read_from_stream", staticmethod(counting))
        yield done


def test_every_object_is_the_same_and_the_table_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with counted(monkeypatch) as slow:
        expected = objects(made(), quick=False)
    with counted(monkeypatch) as quick:
        assert objects(made(), quick=True) == expected
    assert sum("'/N'" in each for each in expected) >= OBJECTS
    assert slow[0] > OBJECTS**2 / 2
    assert quick[0] < 10 * OBJECTS


def table() -> re.Match[bytes]:
    found = re.search(rb"(?<=stream\n)(?:\d+ \d+\s){20,}", made())
    assert found
    return found


def with_table(changed: bytes) -> bytes:
    """The file with a table of the same length."""
    there = table()
    assert len(changed) == len(there[0])
    assert changed != there[0]
    return made()[: there.start()] + changed + made()[there.end() :]


def pairs() -> list[bytes]:
    return re.findall(rb"\d+ \d+\s", table()[0])


def damaged() -> dict[str, bytes]:
    """Tables that say something else, and objects that are none."""
    known = pairs()
    swapped = [*known]
    one = next(n for n in range(30, 60) if len(known[n]) == len(known[n + 1]))
    swapped[one], swapped[one + 1] = known[one + 1], known[one]
    letters = [*known]
    letters[40] = b"x" * (len(known[40]) - 1) + b" "
    twice = [*known]
    twice[50] = known[51].split()[0] + b" " + known[50].split()[1] + known[50][-1:]
    outside = [*known]
    outside[45] = known[45].split()[0] + b" " + b"9" * len(known[45].split()[1]) + known[45][-1:]
    tables = {"swapped": swapped, "letters": letters, "twice": twice, "outside": outside}
    files = {name: with_table(b"".join(each)) for name, each in tables.items()}
    files["no object"] = made().replace(b"<< /N 7 >>", b"<< /N 7 ((")
    files["a reference"] = made().replace(b"<< /N 7 >>", b"3 0 R     ")
    files["a shorter table"] = re.sub(rb"/N (\d)\d( |/)", rb"/N  \1\2", made(), count=1)
    return files


@pytest.mark.parametrize("name", list(damaged()))
def test_what_is_damaged_is_read_or_refused_alike(name: str) -> None:
    content = damaged()[name]
    expected = objects(content, quick=False)
    assert expected != objects(made(), quick=False)
    assert objects(content, quick=True) == expected

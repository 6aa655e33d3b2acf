"""The one-use key lives in the memory of one worker and nowhere else (signing-engine issue, Keys)."""

import base64
import mmap
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import connection

from tests.faults import traps
from tests.faults.house import House

_FORMS = (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL)
_PIECE = 16
"""Octets of a secret that are searched for in base64: its halves."""


def test_the_one_use_key_is_in_no_store(house: House, tmp_path: Path) -> None:
    """Searched: database with its log of changes, broker, files, mailbox, logs, working folders; a dump of Redis."""
    told = tmp_path / "secret"
    house.trap("secret", str(told))
    signer, code = house.with_code()
    house.submit(signer, code)
    house.until_ended(signer)
    (house.state / traps.FOLDER / "secret").unlink()
    number, spki, private = told.read_text().split()
    assert private == "True"
    places = [house.state]
    if house.kind == "stack":
        assert house.redis is not None
        with house.redis.client() as client:
            client.save()
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
        places += [house.redis.folder, Path(connection.settings_dict["HOST"])]
    searched = list(files(places))
    assert sum(file.suffix == ".log" for file in searched) >= 2
    assert found(searched, [spki.encode()]), "the public half stands in the trail: the search looks in the right place"
    assert not found(searched, spellings(int(number)))


FORMS = [(coding, form) for coding in (Encoding.DER, Encoding.PEM) for form in _FORMS]


@pytest.mark.parametrize(("coding", "form"), FORMS)
def test_a_key_file_is_found_as_it_is_in_text_and_inside_of_something(
    coding: Encoding, form: PrivateFormat, tmp_path: Path
) -> None:
    """Control of the search: a search that finds nothing has to be able to find something."""
    key = ec.generate_private_key(ec.SECP256R1())
    number = key.private_numbers().private_value
    written = key.private_bytes(coding, form, NoEncryption())
    place = tmp_path / "core"
    contents = [written, written.hex().encode(), *(base64.b64encode(bytes(before) + written) for before in range(3))]
    if coding is Encoding.DER:
        contents.append(base64.encodebytes(written))
    for content in contents:
        place.write_bytes(b"\0" * 5000 + content + b"\0" * 5000)
        assert found([place], spellings(number))
    other = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    assert not found([place], spellings(other))


@pytest.mark.parametrize(
    "written", [str, hex, "{:064X}".format, lambda number: number.to_bytes(32, "little").decode("latin-1")]
)
def test_a_secret_number_is_found_as_programs_write_it(written: Callable[[int], str], tmp_path: Path) -> None:
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    (tmp_path / "log").write_bytes(b"secret=%s." % written(number).encode("latin-1"))
    assert found(list(files([tmp_path])), spellings(number))


def spellings(number: int) -> list[bytes]:
    """A secret number as it may have been written, by itself or in a key file: raw, in hexadecimal, in base64, in text.

    Of base64 a piece at each of the three places that it may have in a group, so short that lines do not part all. Text
    is searched for in base64, too: that is how a broker keeps what it is told.
    """
    raw = number.to_bytes(32, "big")
    pieces = [_in_base64(part, place) for part in (raw[:_PIECE], raw[_PIECE:]) for place in range(3)]
    pieces += [each.replace(b"+", b"-").replace(b"/", b"_") for each in pieces]
    key = ec.derive_private_key(number, ec.SECP256R1())
    lines = [key.private_bytes(Encoding.PEM, form, NoEncryption()).splitlines()[1] for form in _FORMS]
    text = [*_in_text(raw), *_in_text(raw[::-1]), str(number).encode(), *pieces, *lines]
    text += [each.hex().encode() for each in lines]
    return [raw, raw[::-1], *text, *(_in_base64(each, place) for each in text for place in range(3))]


def _in_base64(part: bytes, place: int) -> bytes:
    """What of a part's base64 is the same whatever stands around it, where `place` octets of its first group do."""
    coded = base64.b64encode(bytes(place) + part)
    first = -(-place * 4 // 3)
    return coded[first : (place + len(part)) // 3 * 4]


def _in_text(octets: bytes) -> list[bytes]:
    return [octets.hex().encode(), octets.hex().upper().encode()]


def files(places: list[Path]) -> Iterator[Path]:
    for place in places:
        for folder, _, names in os.walk(place):
            yield from (file for name in names if (file := Path(folder) / name).is_file())


def found(searched: list[Path], needles: list[bytes]) -> list[Path]:
    """The files in which one of the needles stands."""
    hits = []
    for file in searched:
        with suppress(FileNotFoundError), file.open("rb") as content:  # a message that was taken meanwhile is gone
            if os.fstat(content.fileno()).st_size:
                with mmap.mmap(content.fileno(), 0, access=mmap.ACCESS_READ) as view:
                    hits += [file for needle in needles if view.find(needle) >= 0]
    return hits

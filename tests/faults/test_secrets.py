"""The one-use key lives in the memory of one worker and nowhere else (signing-engine issue, Keys)."""

import base64
import mmap
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import connection

from tests.faults import traps
from tests.faults.house import House


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


def spellings(number: int) -> list[bytes]:
    """A secret number as it may have been written: raw, in text, as a key file."""
    raw = number.to_bytes(32, "big")
    key = ec.derive_private_key(number, ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    written = [raw, raw[::-1], raw.hex().encode(), raw.hex().upper().encode(), base64.b64encode(raw).rstrip(b"=")]
    return [*written, base64.urlsafe_b64encode(raw).rstrip(b"="), str(number).encode(), pem.splitlines()[1]]


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

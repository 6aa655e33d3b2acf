"""Octets in a container that none of its files has: somebody could hide a file there. Both verifiers refuse them."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.evidence import trails
from tests.verification.containers import ALL, contained, false, judged, read

HIDDEN = "hidden.txt"


def a_file() -> bytes:
    """A file as it stands in an archive, without an entry in its directory."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(HIDDEN, b"what nobody was shown")
    return made.getvalue()[: archive.start_dir]


def shifted(octets: bytes, at: int, more: bytes) -> bytearray:
    """The same archive with octets put in, and all places in its directory made right."""
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        infos, start = archive.infolist(), archive.start_dir + len(more)
    whole, place = bytearray(octets[:at] + more + octets[at:]), start
    for info in infos:
        moved = info.header_offset + (len(more) if info.header_offset >= at else 0)
        struct.pack_into("<I", whole, place + 42, moved)
        place += 46 + len(info.filename.encode())
    struct.pack_into("<I", whole, len(whole) - 6, start)
    return whole


def places(octets: bytes) -> tuple[int, int, int, int]:
    """Of the second file, which is deflated: where it begins, where it ends, its directory entry; the directory's."""
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        first, second, third, *_ = archive.infolist()
        assert second.compress_type == zipfile.ZIP_DEFLATED
        entry = archive.start_dir + 46 + len(first.filename.encode())
        return second.header_offset, third.header_offset, entry, archive.start_dir


def between_two_files(octets: bytes) -> bytes:
    return bytes(shifted(octets, places(octets)[1], a_file()))


def before_the_directory(octets: bytes) -> bytes:
    return bytes(shifted(octets, places(octets)[3], a_file()))


def behind_the_directory(octets: bytes) -> bytes:
    """Pointed at by the end as if it were part of the directory: more than its entries take."""
    more = b"PK\5\5" + struct.pack("<H", 40) + b"x" * 40  # a signature of the directory, which nobody reads
    whole = bytearray(octets[:-22] + more + octets[-22:])
    (size,) = struct.unpack_from("<I", whole, len(whole) - 10)
    struct.pack_into("<I", whole, len(whole) - 10, size + len(more))
    return bytes(whole)


def behind_the_end(octets: bytes) -> bytes:
    return octets + a_file()


def in_the_comment(octets: bytes) -> bytes:
    return octets[:-2] + struct.pack("<H", len(a_file())) + a_file()


def in_an_extra_field(octets: bytes) -> bytes:
    """Of the file itself only: its directory entry has none."""
    at, *_ = places(octets)
    (name,) = struct.unpack_from("<H", octets, at + 26)
    whole = shifted(octets, at + 30 + name, b"hi" + struct.pack("<H", len(a_file())) + a_file())
    struct.pack_into("<H", whole, at + 28, 4 + len(a_file()))
    return bytes(whole)


def in_fields_of_the_directory(field: str) -> Callable[[bytes], bytes]:
    def changed(octets: bytes) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(octets)) as old, zipfile.ZipFile(made, "w") as new:
            for n, info in enumerate(old.infolist()):
                content = old.read(info)
                new.writestr(info, content)
                if n == 1:
                    setattr(info, field, b"hi\4\0text")
        return made.getvalue()

    return changed


def behind_packed_data(octets: bytes) -> bytes:
    """The data say themselves where they end; whoever unpacks them looks no further."""
    at, end, entry, _ = places(octets)
    whole = shifted(octets, end, a_file())
    for place in (at + 18, entry + len(a_file()) + 20):
        (packed,) = struct.unpack_from("<I", whole, place)
        struct.pack_into("<I", whole, place, packed + len(a_file()))
    return bytes(whole)


def under_another_name(octets: bytes) -> bytes:
    """What the file calls itself is not what the directory calls it: some programs go by the one, some by the other."""
    at, *_ = places(octets)
    return octets[: at + 30] + b"X" + octets[at + 31 :]


def on_another_disk(octets: bytes) -> bytes:
    """For an archive of one file that means nothing; it is room for two octets a file."""
    *_, entry, _ = places(octets)
    return octets[: entry + 34] + b"hi" + octets[entry + 36 :]


def of_another_kind(octets: bytes) -> bytes:
    """The internal attributes of the directory: the same."""
    *_, entry, _ = places(octets)
    return octets[: entry + 36] + b"hi" + octets[entry + 38 :]


WAYS: dict[str, Callable[[bytes], bytes]] = {
    way.__name__: way
    for way in (
        between_two_files,
        before_the_directory,
        behind_the_end,
        in_the_comment,
        in_an_extra_field,
        behind_packed_data,
        on_another_disk,
        of_another_kind,
    )
}
WAYS |= {f"{field} of the directory": in_fields_of_the_directory(field) for field in ("extra", "comment")}


@pytest.mark.parametrize("way", WAYS)
def test_a_file_that_the_directory_does_not_name_is_found(way: str, two: tuple[Path, Path]) -> None:
    """Whoever reads by the directory reads the same files as before: it is what the standard library does."""
    one, _ = two
    script, file = one.with_name("gaps.py"), one.with_name("gaps.asice")
    script.write_bytes(read(one)["verifier.py"])
    file.write_bytes(WAYS[way](one.read_bytes()))
    assert read(file) == read(one)
    status, claims = judged(script, file)
    assert (status, list(claims)) == (1, [ALL[0]])
    assert false(claims)[ALL[0]].startswith("octets d’aucun fichier : ")


@pytest.mark.parametrize("way", [under_another_name, behind_the_directory], ids=lambda way: way.__name__)
def test_what_programs_read_in_two_ways_is_found(way: Callable[[bytes], bytes], two: tuple[Path, Path]) -> None:
    one, _ = two
    script, file = one.with_name("gaps.py"), one.with_name("ways.asice")
    script.write_bytes(read(one)["verifier.py"])
    file.write_bytes(way(one.read_bytes()))
    status, claims = judged(script, file)
    assert (status, list(claims)) == (1, [ALL[0]])


@pytest.mark.django_db
def test_what_is_written_where_nobody_can_go_back_is_not_a_container(tmp_path: Path) -> None:
    """ZIP has another form for that, with lengths behind the data: ours are the same to the last byte, always."""
    contained(trails.refused(), tmp_path / "dossier.asice")
    sound = (tmp_path / "dossier.asice").read_bytes()
    with (
        zipfile.ZipFile(io.BytesIO(sound)) as old,
        zipfile.ZipFile(tmp_path / "outer.zip", "w") as outer,
        outer.open("inner", "w") as target,
        zipfile.ZipFile(target, "w") as new,
    ):
        for info in old.infolist():
            new.writestr(info, old.read(info))
    with zipfile.ZipFile(tmp_path / "outer.zip") as outer:
        (tmp_path / "streamed.asice").write_bytes(outer.read("inner"))
    script = tmp_path / "verifier.py"
    script.write_bytes(read(tmp_path / "dossier.asice")["verifier.py"])
    assert judged(script, tmp_path / "dossier.asice")[0] == 0
    assert judged(script, tmp_path / "streamed.asice")[0] == 1

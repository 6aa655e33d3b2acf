"""Checkpoints of the log: signed, time-stamped, and kept outside the database, so that neither can be put back alone.

A checkpoint is two files in CHECKPOINTS_DIR, under the origin and size of the log: the note (C2SP tlog-checkpoint) and
a token over it (RFC 3161). Together with what third parties have taken from `/log/checkpoint` they show that the log
has only ever grown.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from evidence import chain, disk, keys, log, notes
from evidence.time_tokens import Stamper, TokenFacts, token_facts

_NEWEST = "newest"
_OWN, _EXTERNAL = ".tsr", ".external.tsr"
_FOLDER_LEAVES = 1 << 16


class LogMoved(Exception):
    """The log is not the one of its last checkpoint: shorter, or another. Nothing is signed over it."""


@dataclass(frozen=True)
class Kept:
    """A checkpoint outside the database: the signed note, what it says, the token over it (DER).

    `external`: the token is of an authority of somebody else.
    """

    note: str
    size: int
    root: bytes
    token: bytes
    external: bool

    @property
    def proven(self) -> TokenFacts:
        """What the token states."""
        return token_facts(self.token)


def make(stamper: Stamper) -> Kept:
    """Put all entries into the log and give a checkpoint over them: the last one, where nothing has come since.

    Raises LogMoved where the log is older than what was signed before, or another; keys.KeyUnavailable, and what the
    time stamper raises. Nothing is left behind then.
    """
    size, last = log.integrate(), newest()
    if last is not None:
        _check_continues(last, size)
        if last.size == size:
            return last
    root, key = log.root(size), keys.log_key()
    note = notes.checkpoint(notes.Checkpoint(settings.LOG_ORIGIN, size, root), key)
    made = Kept(note, size, root, stamper.stamp(hashlib.sha256(note.encode()).digest()), stamper.external)
    _keep(made)
    return made


def newest() -> Kept | None:
    """The last checkpoint; None before the first. Raises LogMoved where it cannot be read."""
    try:
        named = (_place() / _NEWEST).read_text()
    except FileNotFoundError:
        return None
    return _read(_file(int(named)))


def proof(digest: str, under: Kept) -> str | None:
    """The proof that the entry with this digest is under a checkpoint (C2SP tlog-proof); None where it is not."""
    index = log.place(digest)
    if index is None or index >= under.size:
        return None
    return notes.inclusion_proof(index, log.inclusion(index, under.size), under.note)


def verifier_key() -> str:
    """What verifiers of our notes take; read from the public half, which the web process may see."""
    return notes.verifier_key(settings.LOG_ORIGIN, keys.log_public())


def check() -> int:
    """Hold the log against every checkpoint kept outside; gives how many. Raises chain.Broken.

    Call `log.check` first: here the nodes are believed.
    """
    count, size = 0, log.size()
    for kept in _all():
        if kept.size > size:
            raise chain.Broken(size + 1, f"a checkpoint of {kept.size} entries was signed: this log is an older one")
        if log.root(kept.size) != kept.root:
            raise chain.Broken(kept.size, f"the checkpoint of {kept.size} entries is of another log")
        count += 1
    return count


def _check_continues(last: Kept, size: int) -> None:
    if last.size > size:
        raise LogMoved(f"the log has {size} entries, and {last.size} were signed")
    if log.root(last.size) != last.root:
        raise LogMoved(f"the first {last.size} entries are not those that were signed")


def _all() -> Iterator[Kept]:
    for file in sorted(_place().glob("*/*.note")):
        yield _read(file)


def _read(file: Path) -> Kept:
    """A checkpoint whose signature is ours. Raises LogMoved."""
    try:
        note = file.read_text()
        said = notes.opened(note, settings.LOG_ORIGIN, keys.log_public())
        external = file.with_suffix(_EXTERNAL).exists()
        token = file.with_suffix(_EXTERNAL if external else _OWN).read_bytes()
        return Kept(note, said.size, said.root, token, external)
    except (OSError, ValueError) as error:
        raise LogMoved(f"the checkpoint {file.name} cannot be read: {error}") from error


def _keep(made: Kept) -> None:
    """The token first: where the note is, the checkpoint is whole. Only then is it the newest."""
    file = _file(made.size)
    disk.folder(file.parent, mode=0o750)
    disk.write(file.with_suffix(_EXTERNAL if made.external else _OWN), made.token, mode=0o640)
    disk.write(file, made.note.encode(), mode=0o640)
    before = newest()
    if before is None or before.size < made.size:
        disk.write(_place() / _NEWEST, str(made.size).encode(), mode=0o640)


def _place() -> Path:
    """One folder for each origin: a log that starts anew under another name has nothing to continue."""
    return Path(settings.CHECKPOINTS_DIR) / hashlib.sha256(settings.LOG_ORIGIN.encode()).hexdigest()[:16]


def _file(size: int) -> Path:
    return _place() / f"{size // _FOLDER_LEAVES:08d}" / f"{size:014d}.note"

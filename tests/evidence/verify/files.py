"""Signed files for the tests of verification: made once by the product's engine, then copied and altered."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from cryptography import x509

from evidence.verify import release
from signing.engine import crls
from signing.engine.ca import Revoked, SignerSubject
from signing.engine.keys import OneUseKey
from signing.engine.levels import Level
from signing.engine.pades import SignedPdf
from tests.engine import authority
from tests.pdfs import sound

PAGES = 3
FIRST_SERIAL = 1 << 100
"""Of those who sign apart: the next has the next one."""


@dataclass(frozen=True)
class Signed:
    """A signed file as bytes, and what is known about it. `base`: what was signed on."""

    content: bytes
    facts: SignedPdf
    presented: bytes
    base: bytes
    certificate: x509.Certificate

    @property
    def prefix(self) -> release.Prefix:
        """What the signer was shown."""
        return prefix(self.presented)

    def expectations(self, **changes: Any) -> dict[str, Any]:
        """What `release.check` is told."""
        known: dict[str, Any] = {
            "presented": self.prefix,
            "base": prefix(self.base),
            "certificate": self.certificate,
            "chain": authority.pki().authority.chain(),
            "page_count": PAGES,
            "level": self.facts.level,
            "at": authority.AT,
        }
        return known | changes

    def check(self, folder: Path, content: bytes | None = None, **changes: Any) -> tuple[str, ...]:
        path = folder / "signed.pdf"
        path.write_bytes(self.content if content is None else content)
        return release.check(path, **self.expectations(**changes))


@cache
def once() -> Signed:
    """Signed by one person."""
    return _sign(sound.contract(PAGES), sound.contract(PAGES), "Paraphe-1")


@cache
def twice() -> Signed:
    """Signed by a second person, who was shown the same frozen bytes."""
    return _sign(once().content, once().presented, "Paraphe-2")


@cache
def many(count: int) -> Signed:
    """Signed by as many people, one after the other."""
    found = once()
    for number in range(2, count + 1):
        found = _sign(found.content, found.presented, f"Paraphe-{number}")
    return found


@cache
def stacked(count: int) -> Signed:
    """Signed by as many people, whose stamps stand above one another and beside one another as we place them.

    At the lowest level: what is drawn is the same at each.
    """
    found = of(sound.contract(PAGES))
    for number in range(1, count):
        means: dict[str, Any] = {"stamp": authority.stamp(slot=number), "level": Level.B}
        found = _sign(found.content, found.presented, f"Paraphe-{number + 1}", **means)
    return found


@cache
def apart(count: int, gap: timedelta, *gone: Revoked) -> Signed:
    """Signed by as many people, one so long after the other, each with lists of that time; `gone`: on the last ones."""
    pki, found = authority.pki(), None
    for number in range(1, count + 1):
        at = authority.AT + number * gap
        key = OneUseKey.generate()
        subject = SignerSubject("Camille", f"Martin {number}", "FR", f"{authority.REFERENCE}-{number}")
        begin = at - timedelta(minutes=1)
        until = begin + timedelta(minutes=30)
        certificate = pki.authority.issue(
            key.public_key, subject, serial=FIRST_SERIAL + number, not_before=begin, not_after=until
        )
        named = gone if number == count else ()
        lists = [pki.crl(pki.issuing, at, timedelta(minutes=25), *named), pki.crl(pki.root, at, timedelta(days=300))]
        means: dict[str, Any] = {"key": key, "certificate": certificate, "crls": lists, "at": at}
        means |= {"chain": pki.authority.chain(), "timestamper": pki.stamper(at)}
        content = found.content if found else sound.contract(PAGES)
        found = _sign(content, sound.contract(PAGES), f"Paraphe-{number}", **means)
    assert found
    return found


@cache
def of(document: bytes) -> Signed:
    """A document of one's own, signed by one person."""
    return _sign(document, document, "Paraphe-1")


@cache
def stamped() -> Signed:
    """Signed at a level with a time stamp and revocation data, and no document time stamp that would cover them."""
    return _sign(sound.contract(PAGES), sound.contract(PAGES), "Paraphe-1", level=Level.LT)


@cache
def other() -> Signed:
    """The same document, signed by another person, with a time stamp of its own."""
    return _sign(sound.contract(PAGES), sound.contract(PAGES), "Paraphe-1", level=Level.LT)


@cache
def named(given_name: str, surname: str) -> Signed:
    """Signed by somebody of that name."""
    key = OneUseKey.generate()
    certificate = authority.certify(key, given_name=given_name, surname=surname)
    means = {"key": key, "certificate": certificate, "name": f"{given_name} {surname}"}
    return _sign(sound.contract(PAGES), sound.contract(PAGES), "Paraphe-1", **means)


def with_lists_of(at: datetime) -> Signed:
    """Signed by one person with lists of another time."""
    return with_lists(*authority.pki().crls(at))


def with_lists(*lists: bytes) -> Signed:
    """Signed by one person with lists that the engine would refuse: its own check is taken out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crls, "check_for_signing", lambda *_, **__: None)
        patch.setattr(crls, "check_listed", lambda *_, **__: None)
        return _sign(sound.contract(PAGES), sound.contract(PAGES), "Paraphe-1", crls=list(lists))


def _sign(newest: bytes, presented: bytes, field: str, **means: Any) -> Signed:
    key = OneUseKey.generate()
    certificate = authority.certify(key)
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "source.pdf", Path(folder) / "signed.pdf"
        source.write_bytes(newest)
        all_means: dict[str, Any] = {"key": key, "certificate": certificate, "field_name": field} | means
        facts = authority.sign(source, target, **all_means)
        return Signed(target.read_bytes(), facts, presented, newest, all_means["certificate"])


def prefix(content: bytes) -> release.Prefix:
    return release.Prefix(hashlib.sha256(content).hexdigest(), len(content))


def flipped(content: bytes, place: int) -> bytes:
    """The same with one bit of one byte turned."""
    made = bytearray(content)
    made[place] ^= 1
    return bytes(made)

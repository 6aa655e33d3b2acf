"""One open file under verification, and the document time stamps that keep its signatures provable."""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, BinaryIO

from pyhanko.pdf_utils.generic import Reference

from evidence.sections.appended import check_appended
from evidence.sections.syntax import NotCanonical
from evidence.verify import coverage, messages, targets, trailers
from evidence.verify.coverage import Embedded
from evidence.verify.failures import NotSound
from evidence.verify.messages import Token
from evidence.verify.permitted import Permitted
from evidence.verify.reasons import Reason
from evidence.verify.shared_work import Work
from evidence.verify.trust import Trust


@dataclass(frozen=True)
class Stamped:
    """A document time stamp: its token where it is sound, and why it is not believed."""

    token: Token | None
    failure: NotSound | None


@dataclass(frozen=True)
class Case:
    """An open file: bytes, pyHanko's signatures in signing order, how many revisions it has, and what is trusted."""

    file: BinaryIO
    size: int
    catalog: Any
    signatures: Sequence[Any]
    revisions: int
    trust: Trust
    permitted: Permitted = field(default_factory=Permitted)
    work: Work = field(default_factory=Work)

    def embedded(self, signature: Any) -> Embedded:
        return Embedded(
            field=str(signature.field_name),
            is_timestamp=signature.sig_object_type == "/DocTimeStamp",
            byte_range=tuple(int(number) for number in signature.byte_range),
            contents=bytes(signature.pkcs7_content),
            sub_filter=str(signature.sig_object.get("/SubFilter", "")),
            certificate=_certificate(signature.sig_object),
        )

    @cached_property
    def archive(self) -> dict[Embedded, Stamped]:
        """The document time stamps. Each is believed up to the next that is believed, the last up to now."""
        found: dict[Embedded, Stamped] = {}
        until = self.trust.at
        every = [self.embedded(each) for each in self.signatures]
        for embedded in sorted((each for each in every if each.is_timestamp), key=lambda each: -each.end):
            stamped = _stamped(self, embedded, until)
            found[embedded] = stamped
            until = stamped.token.time if stamped.token and not stamped.failure else until
        return found

    def archived(self, embedded: Embedded) -> Token | None:
        """The first document time stamp after a signature that is believed; None where there is none."""
        later = sorted((each for each in self.archive if each.end > embedded.end), key=lambda each: each.end)
        return next((self.archive[each].token for each in later if not self.archive[each].failure), None)

    @cached_property
    def differing(self) -> int | None:
        """Where readers begin to differ on what follows the first signed revision; None where they agree."""
        ends = [(end, each.signed_revision) for each in self.signatures if (end := self.embedded(each).end)]
        since, revision = min(ends, default=(self.size, self.revisions - 1))
        if since >= self.size:
            return None
        sections = self._reader.xrefs
        found = [sections.get_startxref_for_revision(each) for each in trailers.unlike(self._reader, revision)]
        with mmap.mmap(self.file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if not targets.all_found(content, self._reader, revision):
                return since
            try:
                check_appended(content, since, decrypted=self._decrypted if self._reader.encrypted else None)
            except NotCanonical as failure:
                found.append(failure.at)
        return max(min(found), since) if found else None

    @property
    def _reader(self) -> Any:
        return self.signatures[0].reader

    def _decrypted(self, number: int) -> bytes:
        return bytes(self._reader.get_object(Reference(number, 0, self._reader)).data)

    def differs_after(self, embedded: Embedded) -> bool:
        """Whether what readers differ on is not covered by a signature."""
        return self.differing is not None and embedded.end <= self.differing


def _certificate(value: Any) -> bytes:
    """The first in `/Cert`, which only forms without a CMS have."""
    named = value["/Cert"] if "/Cert" in value else b""  # noqa: SIM401 - get() gives the reference, not what it is to
    first = named[0] if isinstance(named, list) and named else named
    return bytes(first) if isinstance(first, bytes) else b""


def _stamped(case: Case, embedded: Embedded, until: datetime) -> Stamped:
    token = None
    try:
        token = _token(case, embedded)
        case.trust.check_token(token, until=until)
    except NotSound as failure:
        return Stamped(token, failure)
    return Stamped(token, None)


def _token(case: Case, embedded: Embedded) -> Token:
    """Read and verify the token of a document time stamp, over what it covers. Raises `NotSound`."""
    if len(embedded.byte_range) != 4:  # noqa: PLR2004 two pairs
        raise NotSound("byte_range", Reason("byte_range").sentence)
    token = messages.read_token(embedded.contents, "timestamp")
    messages.hashed(b"", token.imprint_algorithm, "timestamp")
    if coverage.digest(case.file, embedded, token.imprint_algorithm) != token.imprint:
        raise NotSound("timestamp", Reason("timestamp").sentence)
    return token

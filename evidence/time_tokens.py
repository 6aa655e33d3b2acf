"""Time-stamp tokens (RFC 3161): what one says, and what every time stamper of ours is to pyHanko."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, core, tsp
from pyhanko.sign.timestamps import TimeStamper


class TimestampRefused(Exception):
    """No token came, or one that does not answer the request."""


@dataclass(frozen=True)
class TokenFacts:
    """What a token states. `imprint` and `sha256` (of the token's DER) in lower-case hex.

    `authority`: common name in the statement, or else of the certificate that came along.
    """

    time: datetime
    policy: str
    serial: int
    imprint: str
    digest_algorithm: str
    sha256: str
    authority: str


class Answer(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """TimeStampResp as RFC 3161, 2.4.2 has it: the token is optional. (asn1crypto's own wants one in a refusal.)"""

    _fields = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]


class Stamper(TimeStamper):
    """A time stamper whose tokens are about what they were asked for. `external`: run by somebody else.

    Whoever stamps gives `async_timestamp`, which raises TimestampRefused.
    """

    external = False

    def __init__(self) -> None:
        super().__init__(include_nonce=True)  # type: ignore[no-untyped-call]  # pyHanko's constructor has no types

    def stamp(self, message_digest: bytes, md_algorithm: str = "sha256") -> bytes:
        """Give a token over `message_digest`, DER, outside any event loop. Raises TimestampRefused."""
        token: bytes = asyncio.run(self.async_timestamp(message_digest, md_algorithm)).dump()
        return token

    def lists(self) -> list[bytes]:
        """The revocation lists of whoever stamps, DER, besides those of this installation. Raises TimestampRefused."""
        return []


def token_facts(token: bytes) -> TokenFacts:
    """Read a TimeStampToken (ContentInfo, DER). Does not verify it: see evidence.verify. Raises ValueError."""
    content = cms.ContentInfo.load(token)["content"]
    statement = content["encap_content_info"]["content"].parsed
    imprint = statement["message_imprint"]
    return TokenFacts(
        time=statement["gen_time"].native,
        policy=statement["policy"].dotted,
        serial=statement["serial_number"].native,
        imprint=imprint["hashed_message"].native.hex(),
        digest_algorithm=imprint["hash_algorithm"]["algorithm"].native,
        sha256=hashlib.sha256(token).hexdigest(),
        authority=_authority_of(statement) or _unit_of(content),
    )


def _authority_of(statement: tsp.TSTInfo) -> str:
    named = statement["tsa"].native
    return "" if named is None else str(named.get("common_name", ""))


def _unit_of(content: cms.SignedData) -> str:
    carried = content["certificates"] or ()
    unit = next((each.chosen for each in carried if each.name == "certificate" and not each.chosen.ca), None)
    return "" if unit is None else str(unit.subject.native.get("common_name", ""))

"""What is done to the CMS of a signature, which stands in the one place that the signature does not cover."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import pikepdf
from asn1crypto import cms, parser

from evidence.verify.coverage import Embedded, signatures_of
from tests.evidence.verify import files
from tests.pdfs import signed

UNIVERSAL, CONTEXT, CONSTRUCTED, SEQUENCE, SET = 0, 2, 1, 16, 17


def embedded(content: bytes, number: int = 0) -> Embedded:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return signatures_of(pdf)[number]


def message_of(content: bytes, number: int = 0) -> Any:
    return cms.ContentInfo.load(embedded(content, number).contents)


def with_message(content: bytes, der: bytes, number: int = 0) -> bytes:
    """Another CMS in the place of one, which is large enough for it; no other byte is touched."""
    place = embedded(content, number)
    start, end = place.byte_range[1] + 1, place.byte_range[2] - 1
    written = der.hex().encode().ljust(end - start, b"0")
    assert len(written) == end - start
    return content[:start] + written + content[end:]


def changed(change: Callable[[Any, Any], None], content: bytes | None = None, number: int = 0) -> bytes:
    """`change` is given the SignedData and its only SignerInfo."""
    whole = files.stamped().content if content is None else content
    message = message_of(whole, number)
    change(message["content"], message["content"]["signer_infos"][0])
    return with_message(whole, message.dump(), number)


def _other_signer() -> Any:
    return cms.ContentInfo.load(signed.message(bytes(32)))["content"]


def _token(signer: Any) -> bytes:
    """The DER of a signature's time stamp."""
    found = [each for each in signer["unsigned_attrs"] if each["type"].native == "signature_time_stamp_token"]
    return bytes(found[0]["values"][0].dump())


def _token_of_another() -> bytes:
    return _token(message_of(files.other().content)["content"]["signer_infos"][0])


def _bare(token: bytes) -> bytes:
    """Without its certificates, for which there is no room; they are in the file anyhow."""
    made = cms.ContentInfo.load(token)
    made["content"]["certificates"] = []
    return bytes(made.dump())


def _doubled(data: Any, signer: Any) -> None:
    """There is no room for the time stamp twice; a second one needs none."""
    second = signer.copy()
    second["unsigned_attrs"] = []
    data["signer_infos"] = [signer, second]


def _joined(data: Any, signer: Any) -> None:
    data["signer_infos"] = [signer, _other_signer()["signer_infos"][0]]


def _joined_before(data: Any, signer: Any) -> None:
    data["signer_infos"] = [_other_signer()["signer_infos"][0], signer]


def _nobody(data: Any, _signer: Any) -> None:
    data["signer_infos"] = []


def _another(data: Any, _signer: Any) -> None:
    other = _other_signer()
    data["signer_infos"], data["certificates"] = other["signer_infos"], other["certificates"]


def _another_certificate(data: Any, _signer: Any) -> None:
    data["certificates"] = _other_signer()["certificates"]


def _named_otherwise(_data: Any, signer: Any) -> None:
    signer["sid"] = _other_signer()["signer_infos"][0]["sid"]


def _own_content(data: Any, _signer: Any) -> None:
    data["encap_content_info"] = {"content_type": "data", "content": b"another document"}


def _attribute(*tokens: bytes) -> bytes:
    kind = cms.CMSAttributeType("signature_time_stamp_token").dump()
    return _sequence(kind, parser.emit(UNIVERSAL, CONSTRUCTED, SET, b"".join(sorted(tokens))))


def _sequence(*parts: bytes) -> bytes:
    return bytes(parser.emit(UNIVERSAL, CONSTRUCTED, SEQUENCE, b"".join(parts)))


def _parts(der: bytes) -> list[bytes]:
    """What a constructed value is made of, each as DER."""
    content, found = parser.parse(der)[4], []
    while content:
        length = parser.peek(content)
        found.append(content[:length])
        content = content[length:]
    return found


def stamped(change: Callable[[bytes], list[bytes]], content: bytes | None = None) -> bytes:
    """Other unsigned attributes in the first signature; `change` gives them, of its time stamp.

    Put together as bytes: asn1crypto takes minutes over changes that are nested so deep.
    """
    whole = files.stamped().content if content is None else content
    message = message_of(whole)
    kind, wrapped = _parts(message.dump())
    *data, signers = _parts(_parts(wrapped)[0])
    (signer,) = _parts(signers)
    attributes = change(_token(message["content"]["signer_infos"][0]))
    unsigned = parser.emit(CONTEXT, CONSTRUCTED, 1, b"".join(attributes)) if attributes else b""
    signer = _sequence(*_parts(signer)[:-1], unsigned)
    data_now = _sequence(*data, parser.emit(UNIVERSAL, CONSTRUCTED, SET, signer))
    return with_message(whole, _sequence(kind, parser.emit(CONTEXT, CONSTRUCTED, 0, data_now)))


SIGNERS: Mapping[str, Callable[[Any, Any], None]] = {
    "the SignerInfo twice": _doubled,
    "a second SignerInfo": _joined,
    "a second SignerInfo before": _joined_before,
    "no SignerInfo": _nobody,
    "the message of another": _another,
    "the certificate of another": _another_certificate,
    "the name of another": _named_otherwise,
    "a content of its own": _own_content,
}
STAMPS: Mapping[str, Callable[[bytes], list[bytes]]] = {
    "stripped": lambda _own: [],
    "copied from another signature": lambda _own: [_attribute(_token_of_another())],
    "and that of another before it": lambda own: [_attribute(_bare(_token_of_another())), _attribute(own)],
    "and that of another beside it": lambda own: [_attribute(own, _bare(_token_of_another()))],
}

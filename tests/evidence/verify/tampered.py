"""What is done to the CMS of a signature, which stands in the one place that the signature does not cover."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import pikepdf
from asn1crypto import cms

from evidence.verify.coverage import Embedded, signatures_of
from tests.evidence.verify import files
from tests.pdfs import signed


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


def _attributes(signer: Any, *kinds: str, keep: bool) -> list[Any]:
    return [each for each in signer["unsigned_attrs"] if (each["type"].native in kinds) is keep]


def _token(signer: Any) -> Any:
    return _attributes(signer, "signature_time_stamp_token", keep=True)[0]


def _token_of_another() -> Any:
    return _alone(_token(message_of(files.other().content)["content"]["signer_infos"][0]))


def _bare(token: Any) -> Any:
    """Without its certificates, for which there is no room; they are in the file anyhow."""
    made = _alone(token)
    made["values"][0]["content"]["certificates"] = []
    return _alone(made)


def _alone(attribute: Any) -> Any:
    """A copy that shares nothing with where it was taken from."""
    return cms.CMSAttribute.load(attribute.dump())


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


def _stripped(_data: Any, signer: Any) -> None:
    signer["unsigned_attrs"] = []


def _copied(_data: Any, signer: Any) -> None:
    """The token of another signature: sound, trusted, and about something else."""
    signer["unsigned_attrs"] = [_token_of_another()]


def _two_tokens(_data: Any, signer: Any) -> None:
    signer["unsigned_attrs"] = [_bare(_token_of_another()), _token(signer)]


def _two_values(_data: Any, signer: Any) -> None:
    values = [*_alone(_token(signer))["values"], *_bare(_token_of_another())["values"]]
    signer["unsigned_attrs"] = [{"type": "signature_time_stamp_token", "values": values}]


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
STAMPS: Mapping[str, Callable[[Any, Any], None]] = {
    "stripped": _stripped,
    "copied from another signature": _copied,
    "and that of another before it": _two_tokens,
    "and that of another beside it": _two_values,
}

"""The engine beside plain pyHanko: one document, both signed files before the same judges (signing-engine.md)."""

from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import cms

from signing.engine.keys import OneUseKey
from signing.engine.levels import Level
from tests.engine import plain
from tests.engine.authority import AT, certify, pki, sign
from tests.pdfs import sound
from tests.verification import judges


@pytest.mark.parametrize("level", list(Level))
def test_the_judges_say_of_ours_what_they_say_of_pyhankos(level: Level, tmp_path: Path) -> None:
    source, ours, theirs = (tmp_path / f"{name}.pdf" for name in ("source", "ours", "theirs"))
    source.write_bytes(sound.contract(20))
    sign(source, ours, level=level)
    by_pyhanko(source, theirs, level)
    told = [judged(file, tmp_path) for file in (ours, theirs)]
    assert told[0] == told[1]
    assert told[0]["store"] == (level.is_long_term, 4 if level.is_long_term else 0)


def by_pyhanko(source: Path, target: Path, level: Level) -> None:
    key = OneUseKey.generate()
    assert key._secret is not None
    plain.sign(
        source,
        target,
        key=key._secret,
        certificate=certify(key),
        chain=pki().authority.chain(),
        crls=pki().crls(),
        timestamper=pki().stamper(),
        name="Camille Martin",
        reason="Signature électronique simple",
        at=AT,
        level=level,
    )


def judged(file: Path, folder: Path) -> dict[str, Any]:
    """What can be told of a file without looking into what differs by right: keys, numbers, words."""
    root, chain, _ = pki().write(folder)
    judges.qpdf_check(file)
    signature, *stamps = judges.cut(file)
    judges.openssl_cms(signature, root=root, at=AT)
    for each in stamps:
        judges.openssl_ts(each.message, each.covered, root=root, chain=chain, at=AT)
    signer = cms.ContentInfo.load(signature.message)["content"]["signer_infos"][0]
    unsigned = [each["type"].native for each in signer["unsigned_attrs"] or ()]
    if unsigned:
        value, token = judges.token_in(signature.message)
        judges.openssl_ts(token, value, root=root, chain=chain, at=AT)
    seen = judges.pdfsig(file, root=root, at=AT)[0]
    with pikepdf.open(file) as pdf:
        store = pdf.Root.get("/DSS")
        kept = 0 if store is None else len({bytes(each.read_bytes()) for each in store.Certs.as_list()})
    return {
        "said": (seen.validation, seen.trust),
        "kinds": [signature.subfilter, *(each.subfilter for each in stamps)],
        "unsigned": unsigned,
        "algorithm": signer["signature_algorithm"]["algorithm"].native,
        "store": (store is not None, kept),
    }

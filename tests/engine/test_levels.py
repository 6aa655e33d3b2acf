"""Baseline levels on demand (EN 319 142-1, clause 6), both digests: what each file has, and what judges say of it."""

import hashlib
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import cms

from evidence.verify import release
from evidence.verify.failures import NotSound
from signing.engine.keys import OneUseKey
from signing.engine.levels import Level
from tests.engine.authority import AT, certify, pki, sign
from tests.pdfs import sound
from tests.verification import judges

PARTS = {Level.B: (0, False, 1), Level.T: (1, False, 1), Level.LT: (1, True, 1), Level.LTA: (1, True, 2)}
"""Time stamps over the signature value, whether the file has a security store, signatures and time stamps as fields."""


@pytest.mark.parametrize("digest", ["sha256", "sha512"])
@pytest.mark.parametrize("level", list(Level))
def test_a_file_has_the_parts_of_its_level(level: Level, digest: str, tmp_path: Path) -> None:
    source, target = tmp_path / "source.pdf", tmp_path / "signed.pdf"
    source.write_bytes(sound.contract())
    result = sign(source, target, level=level, digest=digest)
    root, _, _ = pki().write(tmp_path)
    cuts = judges.cut(target)
    with pikepdf.open(target) as pdf:
        found = (_stamps(cuts[0].message), "/DSS" in pdf.Root, len(cuts))
    assert found == PARTS[level]
    assert len(result.tokens) == len(cuts) - 1 + found[0]
    signer = cms.ContentInfo.load(cuts[0].message)["content"]["signer_infos"][0]
    assert signer["digest_algorithm"]["algorithm"].native == digest
    assert signer["signature_algorithm"]["algorithm"].native == f"{digest}_ecdsa"
    judges.qpdf_check(target)
    judges.openssl_cms(cuts[0], root=root, at=AT)
    said = judges.pdfsig(target, root=root, at=AT)[0]
    assert (said.validation, said.trust) == ("Signature is Valid.", "Certificate is Trusted.")
    assert digest.upper().replace("SHA", "SHA-") in said.words


@pytest.mark.parametrize("level", list(Level))
def test_the_check_before_release_asks_for_the_level_and_no_more(level: Level, tmp_path: Path) -> None:
    source, target = tmp_path / "source.pdf", tmp_path / "signed.pdf"
    source.write_bytes(sound.contract())
    key = OneUseKey.generate()
    certificate = certify(key)
    result = sign(source, target, level=level, digest="sha512", key=key, certificate=certificate)
    told: dict[str, Any] = {
        "presented": release.Prefix(_sha256(source), source.stat().st_size),
        "certificate": certificate,
        "chain": pki().authority.chain(),
        "page_count": 3,
        "digest": "sha512",
        "at": AT,
    }
    done = release.check(target, level=result.level, **told)
    assert ("signature_timestamp" in done) == level.is_stamped
    assert ("revocation" in done) == level.is_long_term
    assert ("document_timestamp" in done) == level.is_archival
    assert "whole_file" in done
    for higher in list(Level)[list(Level).index(level) + 1 :]:
        with pytest.raises(NotSound):
            release.check(target, level=higher, **told)
    with target.open("ab") as file:
        file.write(b"% behind the end\n")
    with pytest.raises(NotSound):
        release.check(target, level=result.level, **told)


def test_a_certificate_out_of_its_time_is_not_released(tmp_path: Path) -> None:
    """Without a time stamp the time of signing is the signer's word: it has to be within the certificate's."""
    source, target = tmp_path / "source.pdf", tmp_path / "signed.pdf"
    source.write_bytes(sound.contract())
    key = OneUseKey.generate()
    certificate = certify(key)
    sign(source, target, level=Level.B, key=key, certificate=certificate)
    with pytest.raises(NotSound, match="chain"):
        release.check(
            target,
            presented=release.Prefix(_sha256(source), source.stat().st_size),
            certificate=certificate,
            chain=pki().authority.chain(),
            page_count=3,
            level=Level.B,
            at=certificate.not_valid_after_utc.replace(year=2027),
        )


def test_another_digest_is_no_choice(tmp_path: Path) -> None:
    source = tmp_path / "source.pdf"
    source.write_bytes(sound.contract())
    with pytest.raises(ValueError, match="sha224"):
        sign(source, tmp_path / "signed.pdf", digest="sha224")
    assert not (tmp_path / "signed.pdf").exists()


def _stamps(message: bytes) -> int:
    unsigned = cms.ContentInfo.load(message)["content"]["signer_infos"][0]["unsigned_attrs"]
    return sum(each["type"].native == judges.TOKEN_ATTRIBUTE for each in unsigned or ())


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()

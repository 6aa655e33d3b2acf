"""Containers in which a file was changed: whichever it is, it is found, and named (evidence.md, Dossier, 8).

Every file is changed, removed, or exchanged with another envelope's. What dossier.xml says is changed fact by fact in
`test_container_facts.py`; files that are no containers, or are made to harm, are in `test_container_hostile.py`.
"""

import io
import json
import re
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.management import call_command

from evidence import seal
from tests.evidence import trails
from tests.verification.containers import (
    ATTESTED,
    contained,
    false,
    judged,
    listed_anew,
    read,
    rewritten,
    verified,
)


def flip(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def test_every_member_is_covered(two: tuple[Path, Path]) -> None:
    """One bit of each file changed, the file left out, another one added: said, and by which name."""
    one, _ = two
    script = one.with_name("verifier.py")
    whole = read(one)
    script.write_bytes(whole["verifier.py"])
    for name, content in whole.items():
        status, claims = judged(script, rewritten(one, {name: flip(content, len(content) // 2)}))
        assert status == 1, name
        assert false(claims), name
        status, claims = judged(script, rewritten(one, {name: None}))
        assert (status, bool(false(claims))) == (1, True), name
    status, claims = judged(script, rewritten(one, {"more.txt": b"more"}))
    assert (status, false(claims)) == (1, {"Empreintes des fichiers du dossier": "fichier en trop : more.txt"})


EXCHANGED = ["dossier.xml", "dossier.pdf", "attestation.pdf", "presente-1.pdf", "signe-1.pdf", "journal.jsonl"]
EXCHANGED += ["log/checkpoint.txt", "log/journal.tlog-proof", "log/checkpoint.tsr"]
EXCHANGED += ["META-INF/ASiCManifest001.xml", "META-INF/signature001.p7s", "META-INF/timestamp001.tst"]


@pytest.mark.parametrize("name", EXCHANGED)
def test_what_is_another_envelopes_is_found(two: tuple[Path, Path], name: str) -> None:
    """Exchanged as it is; and with the digests in the manifest made to fit, which no seal of ours is over any more."""
    one, other = two
    script = one.with_name("verifier.py")
    script.write_bytes(read(one)["verifier.py"])
    theirs = read(other)[name]
    if theirs == read(one)[name]:
        pytest.fail("the two have the same")
    status, claims = judged(script, rewritten(one, {name: theirs}))
    assert status == 1
    assert false(claims)
    if name.startswith("META-INF"):
        return
    status, claims = judged(script, rewritten(one, listed_anew({**read(one), name: theirs})))
    assert status == 1
    assert "Cachet et horodatage de l’archive" in false(claims)
    assert len(false(claims)) > 2  # the manifests, and what the file itself says


WRONG_REASON = "Une autre référence que celle du dossier est nommée. (/Reason)"


@pytest.mark.parametrize(
    ("name", "at", "claim"),
    [
        ("presente-1.pdf", 0.5, "Document 1 présenté"),
        ("signe-1.pdf", 0.05, "Signature du document 1"),
        ("signe-1.pdf", 0.3, "Signature du document 1"),
        ("dossier.pdf", 0.2, "Cachet de dossier.pdf, qui contient dossier.xml"),
        ("attestation.pdf", 0.2, ATTESTED),
        ("log/checkpoint.tsr", 0.9, "Registre de la plateforme"),
        ("log/checkpoint.txt", 0.2, "Registre de la plateforme"),
        ("log/key.pem", 0.5, "Registre de la plateforme"),
        ("pki/seal-2.crl", 0.5, "Cachet de dossier.xml"),
        ("pki/root.pem", 0.5, "Cachet de dossier.xml"),
        ("pki/seal-2.pem", 0.5, "Cachet de dossier.pdf, qui contient dossier.xml"),
    ],
)
def test_every_kind_of_file_that_is_changed_is_named(two: tuple[Path, Path], name: str, at: float, claim: str) -> None:
    one, _ = two
    whole = read(one)
    script = one.with_name("verifier.py")
    script.write_bytes(whole["verifier.py"])
    changed = {**whole, name: flip(whole[name], int(len(whole[name]) * at))}
    status, claims = judged(script, rewritten(one, listed_anew(changed)))
    assert status == 1
    assert claim in false(claims), claims


@pytest.mark.django_db
def test_a_sheet_of_another_envelope_and_one_that_is_left_out_are_named(two: tuple[Path, Path]) -> None:
    """The manifest made to fit: it is sealed by the same hand, and says something else; or dossier.xml promises it."""
    one, other = two
    script, whole = one.with_name("verifier.py"), read(one)
    script.write_bytes(whole["verifier.py"])
    theirs = listed_anew({**whole, "attestation.pdf": read(other)["attestation.pdf"]})
    assert ATTESTED in false(judged(script, rewritten(one, theirs))[1])
    manifest = "META-INF/ASiCManifest001.xml"
    fewer = re.sub(
        rb'<asic:DataObjectReference URI="attestation.pdf".*?</asic:DataObjectReference>', b"", whole[manifest]
    )
    assert fewer != whole[manifest]
    file = rewritten(one, {manifest: fewer, "attestation.pdf": None})
    assert ATTESTED in false(judged(script, file)[1])
    assert "attestation" in {claim for claim, _, _ in command_says(file)}


def test_a_seal_of_the_dossier_that_names_another_reference_is_found(db: None, tmp_path: Path) -> None:
    """A sound seal of ours over this very dossier, whose /Reason names another one: both verifiers say so."""
    contained(trails.refused(), tmp_path / "dossier.asice")
    with pytest.MonkeyPatch.context() as patched:
        sealing = seal.seal_pdf
        wrong = "Cachet du dossier de preuve EXS-2026-999999"
        patched.setattr(seal, "seal_pdf", lambda *given, **named: sealing(*given, **(named | {"reason": wrong})))
        told = contained(trails.refused(), tmp_path / "wrong.asice")
    assert [command_says(tmp_path / name) for name in ("dossier.asice", "wrong.asice")] == [
        [],
        [(claim, "reference", WRONG_REASON) for claim in ("pdf_seal", "attestation")],
    ]
    status, claims = verified(tmp_path / "wrong.asice")
    reason = f"/Reason ne nomme pas {told.transaction.reference}"
    assert (status, false(claims)) == (
        1,
        dict.fromkeys(("Cachet de dossier.pdf, qui contient dossier.xml", ATTESTED), reason),
    )


def command_says(file: Path) -> list[tuple[str, str, str]]:
    """What `manage.py verify` finds wrong in a container."""
    out = io.StringIO()
    with suppress(SystemExit):
        call_command("verify", str(file), stdout=out)
    claims = json.loads(out.getvalue())["claims"]
    return [(each["claim"], each["code"], each["reason"]) for each in claims if not each["holds"]]

"""A sealed dossier before outside judges: xmllint, xmlsec1, openssl, pdfsig, qpdf, and its own printed commands."""

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone, translation

from evidence import files, seal
from evidence.dossier import commands, facts, pdf, xml
from evidence.dossier.facts import DossierFacts
from evidence.verify import report as verify
from signing.backend.models import Order
from signing.engine.levels import Level
from tests.backend import bare_orders
from tests.evidence import pki, trails, turns
from tests.evidence.trails import Walk
from tests.pdfs import signed
from tests.signing import walks
from tests.verification import judges

Outside = Callable[..., "subprocess.CompletedProcess[str]"]

pytestmark = pytest.mark.django_db


# What our own verification says of a one-use certificate's signature, level by level; of B-LTA nothing.
LACKS = {
    Level.B: ["revocation_unknown"],
    Level.T: ["revocation_unknown"],
    Level.LT: ["not_proven"],
    Level.LTA: [],
}
NAMES = {"fr": "signe-{}.pdf", "en": "signed-{}.pdf"}


def english() -> Walk:
    return trails.signed(language="en", channel="sms")


def sealed(walk: Walk | Order, folder: Path) -> DossierFacts:
    """Write dossier.xml, dossier.pdf, the schema, the root and the signed files into a folder."""
    at = timezone.now()
    told = facts.collect(walk.trail, walk.signer, dossier_id="11111111-2222", at=at, software="Paraphe 0.1.0")
    document = seal.seal_xml(xml.build(told), pki.seal(), pki.stamper(), crls=pki.crls(), at=at)
    (folder / "dossier.xml").write_bytes(document)
    (folder / "plain.pdf").write_bytes(pdf.render(document))
    seal.seal_pdf(
        folder / "plain.pdf",
        folder / "dossier.pdf",
        pki.seal(),
        pki.stamper(),
        crls=pki.crls(),
        reason="Cachet de la plateforme",
        at=at,
    )
    (folder / "root.crt").write_bytes((pki.hold() / "root.crt").read_bytes())
    for each in told.documents.document:
        if each.signed:
            files.copy(each.signed.sha256, folder / NAMES[told.language].format(each.n))
    return told


@pytest.mark.parametrize("make", [trails.signed, trails.refused])
def test_the_xml_is_valid_and_its_seal_verifies(make: Callable[[], Walk], tmp_path: Path, outside: Outside) -> None:
    """dossier-toolchain.md, 3: xmllint with the shipped schema; xmlsec1 with three references."""
    sealed(make(), tmp_path)

    valid = outside("xmllint", "--noout", "--nonet", "--schema", xml.SCHEMA, tmp_path / "dossier.xml")
    verify = ("--verify", "--id-attr:Id", "SignedProperties", "--trusted-pem", tmp_path / "root.crt")
    judged = outside("xmlsec1", *verify, tmp_path / "dossier.xml")

    assert valid.returncode == 0, valid.stdout
    assert judged.returncode == 0, judged.stdout
    assert "SignedInfo References (ok/all): 3/3" in judged.stdout


def test_a_changed_fact_breaks_the_seal(tmp_path: Path, outside: Outside) -> None:
    sealed(trails.refused(), tmp_path)
    path = tmp_path / "dossier.xml"
    path.write_bytes(path.read_bytes().replace(b"REFUSED", b"SIGNED"))

    verify = ("--verify", "--id-attr:Id", "SignedProperties", "--trusted-pem", tmp_path / "root.crt")

    assert outside("xmlsec1", *verify, path).returncode == 1


def test_the_pdf_is_sound_and_its_seal_trusted(tmp_path: Path, outside: Outside) -> None:
    """evidence.md, What the naive verifier says: the words of pdfsig, the root in its database; the source a prefix."""
    sealed(trails.signed(), tmp_path)
    database = f"sql:{tmp_path / 'nss'}"
    (tmp_path / "nss").mkdir()
    outside("certutil", "-N", "-d", database, "--empty-password")
    outside("certutil", "-A", "-d", database, "-n", "root", "-t", "C,C,C", "-i", tmp_path / "root.crt")

    judged = outside("pdfsig", "-nssdir", database, tmp_path / "dossier.pdf")
    checked = outside("qpdf", "--check", tmp_path / "dossier.pdf")

    assert judged.stdout.count("Signature Validation: Signature is Valid.") == 1
    assert "Certificate Validation: Certificate is Trusted." in judged.stdout
    assert checked.returncode == 0, checked.stdout
    assert (tmp_path / "dossier.pdf").read_bytes().startswith((tmp_path / "plain.pdf").read_bytes())


@pytest.mark.parametrize("make", [trails.signed, trails.refused, trails.locked, english])
def test_the_printed_commands_do_what_they_promise(make: Callable[[], Walk], tmp_path: Path) -> None:
    """evidence.md, Dossier 3: how to verify without us. Every command runs as it is printed, in one shell."""
    check_commands(sealed(make(), tmp_path), tmp_path)


def test_the_commands_hold_for_one_of_several_signers(tmp_path: Path) -> None:
    """The file it signed carried a signature before, and grew by another one after: its own part is still found."""
    told = sealed(turns.second(), tmp_path)
    path = tmp_path / "signe-1.pdf"
    path.write_bytes(signed.sign(path.read_bytes(), field="Later"))

    check_commands(told, tmp_path)


def test_the_commands_hold_for_every_level_of_signature(walk: Path) -> None:
    """An order over REST may ask for less than B-LTA: what a file lacks is neither asked of it nor said of it."""
    order = bare_orders.opened()
    for level, digest in zip(Level, ("sha256", "sha512", "sha256", "sha512"), strict=True):
        bare_orders.with_document(order, walk, level=level, digest=digest)
    bare_orders.sign(order)
    walks.work(kinds=bare_orders.ALL)

    told = sealed(order, walk)
    check_commands(told, walk)

    assert [each.level for each in told.signatures.signature] == list(Level)
    assert [len(each.timestamp) for each in told.signatures.signature] == [0, 1, 1, 2]
    text = " ".join(judges.text(walk / "dossier.pdf").split()).replace("\u00a0", " ")
    assert "de niveau B-B, B-LT, B-LTA et B-T, chacune avec les jetons de son niveau" in text
    for document, each in zip(told.documents.document, Level, strict=True):
        report = verify.examine(walk / f"signe-{document.n}.pdf", roots=[pki.root()], at=timezone.now())
        assert report.signatures[0].level == each.removeprefix("PAdES_BASELINE_").join(["B-", ""])
        assert [str(reason.code) for reason in report.reasons] == LACKS[each]


def test_the_printed_commands_trust_the_root_they_name_and_none_of_the_machine(tmp_path: Path) -> None:
    """xmlsec1 takes what this machine trusts besides: where another root is named, that one proves nothing."""
    told = sealed(trails.refused(), tmp_path)
    (tmp_path / "store").mkdir()
    (tmp_path / "store/root.pem").write_bytes((pki.hold() / "root.crt").read_bytes())
    subprocess.run(["openssl", "rehash", tmp_path / "store"], check=True)
    named = re.sub(r"x '\(' \S+ '\)\[last\(\)\]'", "x '(' X509Certificate ')[1]'", commands.checks(told)[1].commands)
    assert named != commands.checks(told)[1].commands  # the certificate of the seal stands where its root is to
    environment = {**os.environ, "SSL_CERT_DIR": str(tmp_path / "store")}
    ran = subprocess.run(
        ["bash", "-c", named], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.returncode == 1, ran.stderr
    assert 'failed to verify file "dossier.xml"' in ran.stderr


def check_commands(told: DossierFacts, tmp_path: Path) -> None:
    """Run what is printed, in one shell; it says what is promised."""
    (tmp_path / "dossier.xml").rename(tmp_path / "kept.xml")
    with translation.override(told.language):
        printed = [each.commands for each in commands.checks(told)]
    script = "\n".join(["set -e -o pipefail", *(f"echo '# {n}'\n{each}" for n, each in enumerate(printed))])

    ran = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)

    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, said
    assert (tmp_path / "dossier.xml").read_bytes() == (tmp_path / "kept.xml").read_bytes()
    assert "dossier.xml validates" in said
    assert "(ok/all): 3/3" in said
    for document in told.documents.document:
        if document.signed:
            assert document.sha256 in ran.stdout
            assert document.signed.sha256 in ran.stdout
            assert "CAdES Verification successful" in said
            assert "Verification: OK" in said
    entry = told.journal.entry[told.signer.entry - 1]
    assert entry.digest in ran.stdout
    written = commitment(entry.line.text, entry.opening[0].field)
    assert written in ran.stdout


def commitment(line: str, field: str) -> str:
    commitments: dict[str, str] = json.loads(line)["commitments"]
    return commitments[field]

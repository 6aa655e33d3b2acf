"""What courts refused and accepted (evidence.md, opening; C. civ. 1366 and 1367, CPC 287): a test for each lesson.

Each reads one sealed dossier as a court gets it: dossier.xml, dossier.pdf, the container with the documents. The
lessons are numbered in the order in which evidence.md tells them.
"""

import base64
import hashlib
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from evidence import addenda, events, files, timestamps, trail
from evidence.dossier.container import container
from tests.evidence import sealed, trails
from tests.evidence.dossiers import queued
from tests.evidence.dossiers import seal as seal_row
from tests.evidence.sealed import Sealed
from tests.verification import containers, judges
from tests.verification.containers import false, read, rewritten, verified

pytestmark = pytest.mark.django_db
Outside = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def dossier(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Sealed:
    """A signed path with a code by SMS and one wrong try, sealed once: what follows only reads it."""
    folder = tmp_path_factory.mktemp("court")
    with pytest.MonkeyPatch.context() as patched, django_db_blocker.unblock(), transaction.atomic():
        patched.setattr(settings, "CHECKPOINTS_DIR", folder / "checkpoints")
        made = sealed.close(trails.signed(channel="sms"), folder)
        transaction.set_rollback(True)
    return made


def test_lesson_1_a_bare_mention_is_never_the_proof(dossier: Sealed) -> None:
    """Refused: a page that says "signed electronically". Here the words do not occur, and a signature verifies.

    The very document without its signature, under the same dossier, is found out.
    """
    assert not re.search("sign[ée]+ [ée]lectroniquement", dossier.text, re.IGNORECASE)
    assert len(judges.cut(dossier.folder / "signe-1.pdf")) == 2
    assert dossier.one("//d:Signature/@valueSha256") in dossier.text.replace(" ", "")
    assert dossier.claims()["Signature du document 1"] == "checked"
    bare = rewritten(dossier.container, {"signe-1.pdf": read(dossier.container)["presente-1.pdf"]}, name="bare.asice")
    status, claims = verified(bare)
    assert status == 1
    assert "Signature du document 1" in false(claims)


def test_lesson_2_the_proof_file_is_sealed(dossier: Sealed, outside: Outside) -> None:
    """Refused: a proof file that anybody could have written. Here XML, PDF and container are sealed.

    Judged by xmlsec1 and openssl; one letter changed is found.
    """
    path, root = dossier.folder / "dossier.xml", dossier.folder / "pki" / "root.pem"
    verify = ("--verify", "--id-attr:Id", "SignedProperties", "--trusted-pem", root)
    held = outside("xmlsec1", *verify, path)
    assert (held.returncode, "(ok/all): 3/3" in held.stdout) == (0, True), held.stdout
    changed = dossier.folder / "changed.xml"
    changed.write_text(path.read_text().replace("Camille", "Camillo", 1))
    assert outside("xmlsec1", *verify, changed).returncode == 1
    claims = dossier.claims()
    assert {claims[each] for each in containers.ALL if each.startswith("Cachet")} == {"checked"}


def test_lesson_3_the_proof_file_is_tied_to_this_contract(dossier: Sealed) -> None:
    """Refused: a proof file without a link to the contract. Here its digest is on page one, the contract beside it.

    The signed file begins with it; reference and digits stand in the signature and in the certificate.
    """
    presented = (dossier.folder / "presente-1.pdf").read_bytes()
    signed = (dossier.folder / "signe-1.pdf").read_bytes()
    reference, digits = dossier.one("d:Transaction/@reference"), dossier.one("d:Summary/@digits")
    assert dossier.one("//d:Document[@n='1']/@sha256") == hashlib.sha256(presented).hexdigest()
    assert hashlib.sha256(presented).hexdigest() in dossier.page_one.replace(" ", "")
    assert signed.startswith(presented)
    assert dossier.one("//d:Signed/@sha256") == hashlib.sha256(signed).hexdigest()
    (reason, *_) = judges.reasons(dossier.folder / "signe-1.pdf")
    assert {reference, digits} <= set(re.findall(r"[\w-]+", reason))
    certificate = x509.load_pem_x509_certificate(dossier.one("d:Certificate/d:Pem").encode())
    assert [each.value for each in certificate.subject if each.rfc4514_attribute_name == "2.5.4.5"] == [
        f"{reference}-{digits}"
    ]
    assert f"Dossier {reference}" in dossier.page_one
    assert f"Empreinte {digits[:4]} {digits[4:]}" in dossier.page_one


def test_lesson_4_identification_is_more_than_an_address(dossier: Sealed) -> None:
    """Refused: an e-mail address or a telephone number alone. Here also who named the person, and what answered.

    The device, the certificate in the name; and, in plain words, what was not checked.
    """
    first, last = dossier.one("d:Signer/d:FirstName"), dossier.one("d:Signer/d:LastName")
    assert dossier.one("d:Signer/@declaredBy") == "client"
    assert dossier.one("d:Signer/d:Contact[@type='mobile']/@verified") == "code"
    assert dossier.one("d:Signer/d:Contact[@type='email']/@verified") == "none"
    assert dossier.one("d:Authentication/@independent") == "true"
    assert f"CN={first} {last}" in dossier.one("d:Certificate/d:Subject")
    assert dossier.one("d:Signer/d:Terminal/d:Ip") in dossier.text
    assert f"Exemple SA a désigné {first} {last}" in dossier.page_one
    assert "sans contrôle de pièce d’identité" in dossier.page_one
    assert f"Que la personne devant l’écran était {first} {last} : aucune pièce n’a été demandée." in dossier.page_one


def test_lesson_4_an_address_alone_is_said_to_be_no_more(tmp_path: Path) -> None:
    """The same path without a code: no contact is called verified, and page one says that only the link was held."""
    alone = sealed.close(trails.signed(channel="none"), tmp_path)
    assert set(alone.all("d:Signer/d:Contact/@verified")) == {"none"}
    assert "no_code" in alone.all("d:Summary/d:Limit/@name")
    assert "autre chose que le lien d’accès : aucun code n’a été demandé" in alone.page_one


def test_lesson_5_a_time_stamp_token_is_produced(dossier: Sealed, outside: Outside) -> None:
    """Refused: a time that is told and no token for it. Here the token, which openssl holds over the signature."""
    path = "d:Signatures/d:Signature/d:Timestamp[@over='signature']"
    token = base64.b64decode(dossier.one(path))
    assert hashlib.sha256(token).hexdigest() == dossier.one(f"{path}/@sha256")
    kept = dossier.folder / "token.tst"
    kept.write_bytes(token)
    pki = dossier.folder / "pki"
    trusted = ("-token_in", "-CAfile", pki / "root.pem", "-untrusted", pki / "signer-issuer.pem")
    digest = dossier.one("d:Signatures/d:Signature/@valueSha256")
    for asked, status in ((digest, 0), ("0" * 64, 1)):
        said = outside("openssl", "ts", "-verify", "-digest", asked, "-in", kept, *trusted)
        assert said.returncode == status, said.stdout
    assert f"UTC : {dossier.one(f'{path}/@time')}" in dossier.text


def test_lesson_6_every_intermediary_is_explained(dossier: Sealed) -> None:
    """Refused: a company in the file that nobody explains. Here whoever issued a certificate or token has a line.

    Role, policy and who runs it stand in chapter 1; nobody has a line who did nothing.
    """
    certificate = x509.load_pem_x509_certificate(dossier.one("d:Certificate/d:Pem").encode())
    tokens = [base64.b64decode(each) for each in dossier.all("//d:Timestamp")]
    acting = {("certificate_authority", certificate.issuer.rfc4514_string())}
    acting |= {("time_stamping_authority", timestamps.token_facts(token).authority) for token in tokens}
    parties = dossier.root.findall(".//d:ThirdParty", sealed.SPACE)
    assert {(each.get("role"), each.get("name")) for each in parties} == acting
    roles = {"certificate_authority": "Autorité de certification", "time_stamping_authority": "Autorité d’horodatage"}
    for each in parties:
        name = re.sub(r"^CN=([^,]*),.*", r"\1", each.get("name"))
        said = f"{roles[each.get('role')]} {name}, politique {each.get('policy')}. Tenue par l’exploitant lui-même."
        assert said in dossier.text
    operator = f"{dossier.one('//d:Operator/@name')} ({dossier.one('//d:Operator/@identifier')}) : tient le service"
    assert operator in dossier.text
    assert (
        f"{dossier.one('//d:Client/@name')} (code {dossier.one('//d:Client/@code')}) : demande la signature"
        in dossier.text
    )


def test_lesson_7_conformity_is_told_or_said_to_be_missing(dossier: Sealed) -> None:
    """Refused: an authority without certificate of conformity for the period. Here each has its sentence.

    Without a document, that there is none.
    """
    parties = dossier.root.findall(".//d:ThirdParty", sealed.SPACE)
    assert not any(each.get("conformity") for each in parties)
    assert dossier.text.count("Aucun certificat de conformité.") == len(parties) > 0


def test_lesson_7_what_the_operator_states_of_conformity_stands_in_the_dossier(dossier: Sealed, tmp_path: Path) -> None:
    """Stated when the envelope was opened: reference and period, by policy; that it covers the day, or does not.

    The authority for whose policy nothing is stated is still said to have none.
    """
    policies = {each.get("role"): each.get("policy") for each in dossier.root.findall(".//d:ThirdParty", sealed.SPACE)}
    issuing, stamping = policies["certificate_authority"], policies["time_stamping_authority"]
    assert issuing != stamping

    def told(policy: str, first: int, last: int) -> Sealed:
        start, end = f"{first}-01-14T23:00:00.000Z", f"{last}-01-14T22:59:59.999Z"
        stated = events.Conformity(policy=policy, reference="LNE-12345", valid_from=start, valid_to=end)
        folder = tmp_path / str(first)
        folder.mkdir()
        return sealed.close(trails.signed(conformity=[stated]), folder)

    covered = told(issuing, 2025, 2090)
    assert covered.all("//d:ThirdParty[@conformity]/@policy") == [issuing]
    assert covered.one("//d:ThirdParty/@validTo") == "2090-01-14T22:59:59.999Z"
    said = "Certificat de conformité LNE-12345, valable du 15 janvier 2025 au 14 janvier 2090."
    assert (covered.text.count(said), covered.text.count("Aucun certificat de conformité.")) == (1, 1)
    assert "Il ne couvre pas" not in covered.text
    late = told(stamping, 2020, 2021)
    assert late.all("//d:ThirdParty[@conformity]/@policy") == [stamping]
    assert "LNE-12345, valable du 15 janvier 2020 au 14 janvier 2021. Il ne couvre pas le " in late.text


def test_lesson_8_consent_is_to_this_contract(dossier: Sealed) -> None:
    """Refused: boxes that could have been checked under any contract. Here the click accepts one digest over all.

    Over person, files and wordings, computed again from what the container holds; another contract has another.
    """
    tied = dossier.tied()
    assert sealed.digest(tied) == dossier.one("d:Consent/d:Button/@binding") == dossier.one("d:Summary/@binding")
    other = [{**tied["documents"][0], "sha256": "0" * 64}, *tied["documents"][1:]]
    assert sealed.digest({**tied, "documents": other}) != sealed.digest(tied)
    for each in dossier.root.findall(".//d:Statement", sealed.SPACE):
        wording = each.findtext("d:Wording", namespaces=sealed.SPACE)
        assert sealed.sha256(wording.encode()) == each.get("sha256")
        checked = sealed.clock(each.get("checkedAt"))
        assert f"cochée à {checked} {wording} « {each.get('id')} », version 1" in dossier.text
    assert dossier.claims()["Lien entre signataire, documents et textes"] == "checked"


def test_lesson_9_the_conditions_of_archiving_are_shown(tmp_path: Path) -> None:
    """Refused: a copy of which nobody knows how it was kept. Here the dossier says that no archive had it yet.

    It says where the receipt comes; that is then in the container, verbatim, sealed over all that was there before.
    """
    row = seal_row(queued(trails.signed()))
    receipt = addenda.Attached("receipt.xml", files.put_bytes(b"<receipt id='a-1'/>"))
    told = events.ArchiveReceipt(archive="vault", deposit="d", archive_id="a-1", sha256=receipt.sha256)
    with transaction.atomic():
        addenda.record(row, told, actor=trail.SYSTEM, at=timezone.now(), attached=[receipt])
    addenda.seal(str(row.pk), clock=timezone.now)
    with (tmp_path / "dossier.asice").open("wb") as out:
        container.write(row.sealing_sha256, out, addenda=addenda.sealings(row))
    archived = Sealed(tmp_path / "dossier.asice", tmp_path / "members")
    assert "Aucun dépôt au moment où ce dossier est scellé" in archived.text
    assert "le reçu d’un dépôt s’ajoute au conteneur, en addendum scellé et horodaté" in archived.text
    assert (archived.folder / "addenda" / "001-receipt.xml").read_bytes() == b"<receipt id='a-1'/>"
    assert '\\"archive_id\\":\\"a-1\\"' in (archived.folder / "addenda" / "001.json").read_text()
    assert archived.claims()["Addendum 1"] == "checked"


def test_lesson_10_the_code_exchange_is_told_to_its_end(dossier: Sealed) -> None:
    """Accepted: a file that told the number, the code sent, the code entered, and that the two were equal.

    The code itself is nowhere: neither printed nor in the journal.
    """
    code = dossier.root.find("d:Authentication/d:Code", sealed.SPACE)
    number = dossier.one("//d:Sending/d:Recipient")
    times = [
        code.get("issuedAt"),
        dossier.one("//d:Sending/@at"),
        dossier.one("//d:WrongTry/@at"),
        code.get("acceptedAt"),
    ]
    assert number == dossier.one("d:Signer/d:Contact[@type='mobile']/d:Value")
    assert times == sorted(times)
    assert len(dossier.one("d:Authentication/@enteredEntries").split()) == 2
    sent, wrong, accepted = (sealed.clock(each) for each in times[1:])
    assert f"Envoyé par SMS à {number} à {sent}" in dossier.text
    assert f"À {wrong}, un code saisi était faux" in dossier.text
    assert f"À {accepted}, le code saisi a été comparé au code envoyé : ils étaient égaux" in dossier.text
    kinds = {"code.issued", "code.sent", "code.entered", "code.refused", "code.accepted"}
    lines = dossier.journal()
    assert kinds <= {each["kind"] for each in lines}
    assert not any(re.search(r'"\d{6}"', json.dumps(each["data"])) for each in lines if each["kind"] in kinds)

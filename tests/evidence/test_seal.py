"""The seal of dossier.xml and of dossier.pdf."""

import base64
import hashlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.utils import timezone
from lxml import etree
from pyhanko.pdf_utils.reader import PdfFileReader
from signxml.xades.xades import XAdESSignatureConfiguration, XAdESVerifier

from evidence import seal, timestamps
from evidence.authorities import ExternalTimeStamper
from tests.evidence import pki, stampers
from tests.evidence.stampers import Authority
from tests.pdfs import sound

XML = '<d xmlns="urn:x" id="1"><a>é &amp; 中 ]]&gt; 🙂</a><b>\t\n</b></d>'.encode()


def sealed_xml() -> bytes:
    return seal.seal_xml(XML, pki.seal(), pki.stamper(), crls=pki.crls(), at=timezone.now())


def sealed_pdf(folder: Path) -> tuple[Path, Path]:
    source, target = folder / "a.pdf", folder / "b.pdf"
    source.write_bytes(sound.contract(1))
    seal.seal_pdf(source, target, pki.seal(), pki.stamper(), crls=pki.crls(), reason="Cachet", at=timezone.now())
    return source, target


def root_pem(folder: Path) -> str:
    path = folder / "root.pem"
    path.write_bytes((pki.hold() / "root.crt").read_bytes())
    return str(path)


def test_signxml_verifies_the_seal(tmp_path: Path) -> None:
    """dossier-toolchain.md, 3: three references, and the unsigned properties do not disturb."""
    configuration = XAdESSignatureConfiguration(expect_references=3, location="./")

    results = XAdESVerifier().verify(sealed_xml(), ca_pem_file=root_pem(tmp_path), expect_config=configuration)

    assert [etree.QName(each.signed_xml).localname for each in results] == ["d", "SignedProperties", "KeyInfo"]


def test_the_seal_canonicalises_by_version_1_1() -> None:
    """evidence.md: with exclusive C14N xmlsec1 rejects the SignedProperties."""
    root = etree.fromstring(sealed_xml())

    found = {each.get("Algorithm") for each in root.iter(f"{{{seal.DS}}}CanonicalizationMethod")}
    assert found == {"http://www.w3.org/2006/12/xml-c14n11"}


def test_the_signature_is_time_stamped_and_carries_its_proofs() -> None:
    """EN 319 132-1: SignatureTimeStamp, CertificateValues, RevocationValues."""
    root = etree.fromstring(sealed_xml())
    tag = f"{{{seal.XADES}}}"

    token = root.findtext(f".//{tag}EncapsulatedTimeStamp")
    assert token is not None
    value = root.find(f".//{{{seal.DS}}}SignatureValue")
    assert value is not None
    told = timestamps.token_facts(base64.b64decode(token))
    assert told.imprint == hashlib.sha256(etree.tostring(value, method="c14n")).hexdigest()
    assert len(root.findall(f".//{tag}EncapsulatedX509Certificate")) == 3
    assert len(root.findall(f".//{tag}EncapsulatedCRLValue")) == 2


def test_a_changed_document_is_found(tmp_path: Path) -> None:
    configuration = XAdESSignatureConfiguration(expect_references=3, location="./")

    with pytest.raises(Exception, match=r"[Dd]igest"):
        XAdESVerifier().verify(
            sealed_xml().replace(b"&amp;", b"et"), ca_pem_file=root_pem(tmp_path), expect_config=configuration
        )


@pytest.mark.parametrize("days", [-1, 400])
def test_a_list_that_is_not_in_force_is_refused(days: int) -> None:
    """evidence.md: refuse to seal with a stale list."""
    at = timezone.now() + timedelta(days=days)

    with pytest.raises(seal.StaleRevocationList, match="not in force"):
        seal.seal_xml(XML, pki.seal(), pki.stamper(), crls=pki.crls(), at=at)


def test_a_missing_list_is_refused(tmp_path: Path) -> None:
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    source.write_bytes(sound.contract(1))

    with pytest.raises(seal.StaleRevocationList, match="no list"):
        seal.seal_pdf(source, target, pki.seal(), pki.stamper(), crls=[], reason="x", at=timezone.now())

    assert not target.exists()


def test_the_sealed_pdf_starts_with_the_source(tmp_path: Path) -> None:
    source, target = sealed_pdf(tmp_path)

    assert target.read_bytes().startswith(source.read_bytes())


def test_the_seal_says_nothing_in_the_documents_own_name(tmp_path: Path) -> None:
    """dossier-toolchain.md, 2: no /Version, no /Extensions, Info and XMP as they were (private hooks of pyHanko)."""
    source, target = sealed_pdf(tmp_path)

    with pikepdf.open(source) as before, pikepdf.open(target) as after:
        assert "/Version" not in after.Root
        assert "/Extensions" not in after.Root
        assert str(before.docinfo.Producer) == str(after.docinfo.Producer)
        assert ("/Metadata" in after.Root) == ("/Metadata" in before.Root)


def test_the_seal_is_b_lta(tmp_path: Path) -> None:
    """EN 319 142-1: signature with time stamp and DSS in one revision, document time stamp in the next."""
    _, target = sealed_pdf(tmp_path)

    reader = PdfFileReader(BytesIO(target.read_bytes()))

    first, last = reader.embedded_signatures
    assert first.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert last.sig_object["/SubFilter"] == "/ETSI.RFC3161"
    unsigned = {each["type"].native for each in first.signer_info["unsigned_attrs"]}
    assert "signature_time_stamp_token" in unsigned
    assert len(reader.root["/DSS"]["/CRLs"]) == 2
    assert reader.xrefs.total_revisions == 3


def test_the_fields_meet_pdf_a_and_pdf_ua(tmp_path: Path) -> None:
    """Widgets: printed, not hidden, of no size outside every page, with a name for people."""
    _, target = sealed_pdf(tmp_path)

    with pikepdf.open(target) as pdf:
        for widget in pdf.Root.AcroForm.Fields:
            assert int(widget.F) == 132
            assert [float(edge) for edge in widget.Rect] == [-9999.0] * 4
            assert str(widget.TU)


@pytest.mark.parametrize("good", [1, 2])
def test_stamps_of_an_authority_whose_lists_are_not_there_seal_nothing(good: int, tmp_path: Path) -> None:
    """The first answers for the lists and `good` - 1 stamps of the seal, then breaks; anew, with the lists of both."""
    first, second = Authority("Première"), Authority("Seconde")
    first.answer = lambda authority, request: (stampers.granted if authority.asked <= good else stampers.failing)(
        authority, request
    )
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    source.write_bytes(sound.contract(1))
    with stampers.serving(first, second):
        roots = [stampers.root_of(each) for each in (first, second)]
        stamper = ExternalTimeStamper([first.url, second.url], roots=roots, seconds=5, clock=timezone.now)

        def attempt() -> None:
            crls, at = [*pki.crls(), *stamper.lists()], timezone.now()
            seal.seal_pdf(source, target, pki.seal(), stamper, crls=crls, reason="Cachet", at=at)

        with pytest.raises(seal.StaleRevocationList, match="Seconde"):
            attempt()
        assert not target.exists()
        attempt()
    assert target.read_bytes().startswith(source.read_bytes())


def test_an_xml_document_too_is_stamped_by_one_whose_lists_are_there() -> None:
    only = Authority("Seule")
    with stampers.serving(only):
        stamper = ExternalTimeStamper([only.url], roots=[stampers.root_of(only)], seconds=5, clock=timezone.now)
        with pytest.raises(seal.StaleRevocationList, match="Seule"):
            seal.seal_xml(XML, pki.seal(), stamper, crls=pki.crls(), at=timezone.now())
        lists = [*pki.crls(), *stamper.lists()]
        assert seal.seal_xml(XML, pki.seal(), stamper, crls=lists, at=timezone.now())

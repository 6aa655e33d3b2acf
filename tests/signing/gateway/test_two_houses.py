"""Whole paths in one Paraphe whose signing service is another one: two sets of processes, TLS between them.

Issue 4, part 4. Walked by HTTP as a browser without scripts does; judged by programs of others.
"""

import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from evidence.dossier import xml
from evidence.dossier.facts import DossierFacts
from tests.http_signer import HttpSigner
from tests.pdfs import sound
from tests.signing.gateway.sides import code_in, configured, messages_to, verified
from tests.stack import Stack
from tests.verification import judges
from tests.verification.test_dossier import check_commands

NAMES = {"fr": "signe-1.pdf", "en": "signed-1.pdf"}
ADAPTER = "signing.gateway.certsign.CertSign"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, neighbour: Stack, account: Path) -> Iterator[Stack]:
    """A Paraphe whose paths are signed by its neighbour."""
    to = configured(neighbour, account)
    names = ("url", "name", "certificate", "key", "ca", "roots")
    given = {f"CERTSIGN_{name.upper()}": to[name] for name in names}
    running = Stack(tmp_path_factory.mktemp("house") / "state", SIGNING_GATEWAY=ADAPTER, **given).prepared().start()
    yield running
    assert running.stop() == 0, "\n".join(running.said)


def create(house: Stack, folder: Path, *arguments: str, people: tuple[str, ...]) -> dict[str, Any]:
    contract, terms = folder / "bail.pdf", folder / "cgu.pdf"
    contract.write_bytes(sound.contract(2))
    terms.write_bytes(sound.terms())
    signers = [each for name in people for each in ("--signer", f"{name};Martin;{name.lower()}@exemple.fr")]
    files = ("--to-sign", contract, "--for-information", terms)
    told: dict[str, Any] = json.loads(house.manage("create_envelope", *files, *signers, *arguments).stdout)
    return told


def signs(house: Stack, neighbour: Stack, link: str, address: str) -> None:
    """One person's path: the link opened, pages read, boxes checked, the code of the neighbour typed."""
    person = HttpSigner(house.state / "sandbox" / "tls-root.crt")
    person.open(link)
    person.read()
    person.press_sign()
    person.wait(lambda: not person.get("code/status").json()["pending"])
    mailbox = neighbour.state / "mailbox"
    (code,) = [code for text in messages_to(mailbox, address) if (code := code_in(text))]
    person.enter(code)
    assert person.end().endswith("/done")


def exported(house: Stack, reference: str, out: Path) -> list[Path]:
    house.export(reference, out)
    return sorted(out.glob("signer-*"))


def read(folder: Path) -> DossierFacts:
    return xml.read((folder / "dossier.xml").read_bytes())


def text_of(dossier: Path) -> str:
    made = subprocess.run(["pdftotext", dossier, "-"], capture_output=True, text=True, check=True, timeout=60)
    return " ".join(made.stdout.replace("\u00a0", " ").split())


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_whole_path(house: Stack, neighbour: Stack, tmp_path: Path, language: str) -> None:
    """Signed over there, proven here: the dossier says who signed, marks what that one holds, and verifies."""
    told = create(house, tmp_path, "--lang", language, people=(f"Zoe-{language}",))
    signs(house, neighbour, told["signers"][0]["link"], f"zoe-{language}@exemple.fr")
    (folder,) = exported(house, told["reference"], tmp_path / "out")
    presented, signed = (next((tmp_path / "out" / name).glob("01-*.pdf")) for name in ("presented", "signed"))
    assert signed.read_bytes().startswith(presented.read_bytes())
    facts = read(folder)
    _marked(facts)
    _sources(facts)
    words = text_of(folder / "dossier.pdf")
    assert "Paraphe voisin" in words
    at = datetime.fromisoformat(facts.generated_at)
    judges.xmllint_schema(folder / "dossier.xml", xml.SCHEMA)
    judges.xmlsec1_verify(folder / "dossier.xml", root=house.state / "sandbox" / "root.crt", at=at)
    proven = datetime.fromisoformat(facts.summary.ended_at)
    seen = judges.pdfsig(signed, root=neighbour.state / "sandbox" / "root.crt", at=proven)[0]
    assert (seen.validation, seen.trust) == ("Signature is Valid.", "Certificate is Trusted.")
    assert verified(house, signed, folder / "dossier.pdf") == ["valid", "valid"]
    assert json.loads(house.manage("verify_journal", "--files").stdout)["valid"] is True
    (folder / NAMES[language]).write_bytes(signed.read_bytes())
    check_commands(facts, folder)


def _marked(facts: DossierFacts) -> None:
    """What the other service holds is marked as such, and nothing is claimed of it."""
    service, certificate = facts.signing_service, facts.certificate
    assert service
    assert certificate
    assert facts.authentication
    assert service.name == "Paraphe voisin"
    assert {"certificate.requested", "key.created", "key.destroyed", "code.issued"} <= set(service.held)
    assert [each.status for each in service.standing] == ["CREATED", "CLOSED"]
    assert (certificate.key, certificate.requested_entry, certificate.binding) == (None, None, None)
    assert "Zoe" in (certificate.subject.text if certificate.subject else "")
    (code,) = facts.authentication.code
    assert (code.length, code.digits, code.binding, code.accepted_at is not None) == (None, None, None, True)
    assert [each.name for each in facts.summary.limit if each.name.startswith("provider_")] == [
        "provider_key",
        "provider_root",
        "provider_authority",
    ]
    (signature,) = facts.signatures.signature
    assert (signature.level, len(signature.timestamp), bool(signature.checked)) == ("PAdES_BASELINE_LTA", 2, True)


def _sources(facts: DossierFacts) -> None:
    """What the other service tells is its word; what was seen and checked here is ours."""
    by_source: dict[str, set[str]] = {}
    for entry in facts.journal.entry:
        by_source.setdefault(entry.source, set()).add(entry.kind)
    assert by_source["provider"] == {
        "order.told",
        "code.sent",
        "code.accepted",
        "certificate.issued",
        "revocation.collected",
        "signature.made",
        "timestamp.obtained",
    }
    assert {"code.entered", "sign.clicked", "signature.verified"} <= by_source["server"]
    unseen = {"code.issued", "certificate.requested", "key.created", "key.used", "key.destroyed"}
    assert not unseen & {entry.kind for entry in facts.journal.entry}


def test_two_people_of_one_turn_sign_one_after_the_other(house: Stack, neighbour: Stack, tmp_path: Path) -> None:
    """A remote has its file since the documents were added: the second is invited, and handed over, after the first."""
    told = create(house, tmp_path, people=("Anne", "Bruno"))
    person = HttpSigner(house.state / "sandbox" / "tls-root.crt")
    assert "pas encore votre tour" in person.get(told["signers"][1]["link"]).text
    for name, each in zip(("anne", "bruno"), told["signers"], strict=True):
        signs(house, neighbour, each["link"], f"{name}@exemple.fr")
    folders = exported(house, told["reference"], tmp_path / "out")
    signed = next((tmp_path / "out" / "signed").glob("01-*.pdf"))
    second = read(folders[1])
    (document,) = [each for each in second.documents.document if each.signed]
    assert document.signed
    assert len(document.signed.earlier_entries) == 1
    assert signed.read_bytes().startswith(next((tmp_path / "out" / "presented").glob("01-*.pdf")).read_bytes())
    seen = judges.pdfsig(
        signed, root=neighbour.state / "sandbox" / "root.crt", at=datetime.fromisoformat(second.summary.ended_at)
    )
    assert [each.validation for each in seen[::2]] == ["Signature is Valid."] * 2
    assert verified(house, signed, *(each / "dossier.pdf" for each in folders)) == ["valid"] * 3
    names = [
        each.certificate.subject.text for each in map(read, folders) if each.certificate and each.certificate.subject
    ]
    assert ["Anne" in names[0], "Bruno" in names[1]] == [True, True]


def test_a_house_that_cannot_reach_its_neighbour_does_not_start_half_configured(
    new_stack: Callable[..., Stack],
) -> None:
    """Nothing runs where SIGNING_GATEWAY names another service and does not say which."""
    house = new_stack(SIGNING_GATEWAY=ADAPTER)
    with pytest.raises(AssertionError, match="CERTSIGN_URL manque"):
        house.start()

"""Facts in a container's dossier.xml that were changed: the claim about this fact says so, besides the seals."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.verification.containers import (
    ATTESTED,
    Members,
    another_binding,
    false,
    judged,
    listed_anew,
    read,
    rewritten,
)

pytestmark = pytest.mark.django_db  # the containers that all look at are made with a database


def entry(members_: Members, kind: str) -> tuple[str, str]:
    """The element of the first entry of a kind, as it stands in dossier.xml, and its line."""
    text = members_["dossier.xml"].decode()
    found = next(each for each in re.findall(r"<Entry .*?</Entry>", text) if f'kind="{kind}"' in each)
    line = re.search(r"<Line>(.*?)</Line>", found)
    assert line
    return found, line[1]


def without_an_entry(text: str, members_: Members) -> str:
    found, _ = entry(members_, "page.read")
    return text.replace(found, "", 1)


def changed_entry(text: str, members_: Members) -> str:
    found, line = entry(members_, "page.read")
    return text.replace(found, found.replace(line, line.replace('"page":1', '"page":2')), 1)


def swapped_entries(text: str, members_: Members) -> str:
    found, _ = entry(members_, "page.read")
    other, _ = entry(members_, "sign.clicked")
    return text.replace(found, "\0").replace(other, found).replace("\0", other)


def cut_tail(text: str, _members: Members) -> str:
    entries = re.findall(r"<Entry .*?</Entry>", text)
    return text.replace(entries[-1], "", 1)


def another_name(text: str, _members: Members) -> str:
    return text.replace(">Camille<", ">Camilla<")


def another_name_of_the_signer(text: str, _members: Members) -> str:
    """Where people read it alone: the journal keeps the true one."""
    return re.sub(r"(<FirstName [^>]*>)Camille<", r"\g<1>Camilla<", text)


def a_page_read_at_another_time(text: str, _members: Members) -> str:
    return re.sub(r'(<Page [^>]*readAt=")\d{4}', r"\g<1>2021", text, count=1)


def an_entry_that_is_not_there(text: str, _members: Members) -> str:
    return re.sub(r'(<LastName entry=")\d+', r"\g<1>999", text)


def another_digest(text: str, _members: Members) -> str:
    digest = re.search(r'<Document [^>]*sha256="([0-9a-f]{64})"', text)
    assert digest
    return text.replace(f'sha256="{digest[1]}"', f'sha256="{"0" * 64}"')


def another_reference(text: str, _members: Members) -> str:
    return re.sub(r'(<Transaction [^>]*reference=")[^"]*', r"\g<1>EXS-2026-999999", text)


def a_second_seal(text: str, _members: Members) -> str:
    seal = re.search(r"<ds:Signature .*</ds:Signature>", text, re.DOTALL)
    assert seal
    return text.replace(seal[0], seal[0] + seal[0])


def a_document_type(text: str, _members: Members) -> str:
    return text.replace("?>", '?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/hostname">]>', 1)


def another_end(text: str, _members: Members) -> str:
    return re.sub(r'(<Summary [^>]*outcome=")SIGNED', r"\g<1>EXPIRED", text)


def attested_later(text: str, _members: Members) -> str:
    return re.sub(r'(<Attestation [^>]*at=")\d{4}', r"\g<1>2031", text)


CLAIMS: dict[Callable[[str, Members], str], str] = {
    changed_entry: "Chaîne et valeurs du journal",
    without_an_entry: "Chaîne et valeurs du journal",
    swapped_entries: "Chaîne et valeurs du journal",
    cut_tail: "Chaîne et valeurs du journal",
    another_name: "Chaîne et valeurs du journal",
    another_name_of_the_signer: "Chaîne et valeurs du journal",
    a_page_read_at_another_time: "Chaîne et valeurs du journal",
    an_entry_that_is_not_there: "Chaîne et valeurs du journal",
    another_digest: "Document 1 présenté",
    lambda text, _members: another_binding(text): "Lien entre signataire, documents et textes",
    another_reference: "Lien entre signataire, documents et textes",
    another_end: ATTESTED,
    attested_later: ATTESTED,
    a_second_seal: "Cachet de dossier.xml",
    a_document_type: "Forme de l’archive et de dossier.xml",
}


@pytest.mark.parametrize("change", CLAIMS, ids=lambda change: change.__name__)
def test_every_kind_of_fact_that_is_changed_is_named(
    two: tuple[Path, Path], change: Callable[[str, Members], str]
) -> None:
    """In dossier.xml, the manifest made to fit: the claim that is about this fact says so, besides the seals."""
    one, _ = two
    whole = read(one)
    script = one.with_name("verifier.py")
    script.write_bytes(whole["verifier.py"])
    text = change(whole["dossier.xml"].decode(), whole)
    assert text.encode() != whole["dossier.xml"]
    status, claims = judged(script, rewritten(one, listed_anew({**whole, "dossier.xml": text.encode()})))
    assert status == 1
    assert CLAIMS[change] in false(claims), claims

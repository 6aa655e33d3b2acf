"""The container of a dossier, and the verifier inside it (evidence.md, Dossier, 8).

Sound ones are verified claim by claim. Every kind of fact is then changed, removed, swapped, cut, or exchanged with
another envelope's: all of it is found, and named.
"""

import ast
import json
import re
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from evidence import files
from evidence.dossier.container import container, members
from signing.engine.levels import Level
from tests.backend import bare_orders
from tests.evidence import pki, trails
from tests.evidence.trails import Walk
from tests.signing import walks
from tests.verification.containers import built, contained, judged, listed_anew, read, rewritten, verified

ALL = [
    "Forme de l’archive et de dossier.xml",
    "Empreintes de tous les fichiers",
    "Cachet et horodatage de l’archive",
    "Cachet de dossier.xml",
    "Cachet de dossier.pdf, qui contient dossier.xml",
    "Chaîne et valeurs du journal",
    "Lien entre signataire, documents et textes",
    "Registre de la plateforme",
    "Document 1 présenté",
    "Document 2 présenté",
    "Signature du document 1",
    "Schéma de dossier.xml",
]
Members = dict[str, bytes]


def false(claims: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    return {claim: reason for claim, (state, reason) in claims.items() if state == "false"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make", "left_out"),
    [
        (trails.signed, []),
        (trails.refused, ["Signature du document 1"]),
        (lambda: trails.closed("EXPIRED"), ["Signature du document 1"]),
        (trails.locked, ["Signature du document 1"]),
    ],
    ids=["signed", "refused", "expired", "locked"],
)
def test_a_sound_container_is_verified_claim_by_claim(
    make: Callable[[], Walk], left_out: list[str], tmp_path: Path
) -> None:
    contained(make(), tmp_path / "dossier.asice")
    status, claims = verified(tmp_path / "dossier.asice")
    assert (status, false(claims)) == (0, {})
    assert list(claims) == [claim for claim in ALL if claim not in left_out]
    assert [claim for claim, (state, _) in claims.items() if state == "unchecked"] == ["Schéma de dossier.xml"]


@pytest.mark.django_db
def test_an_english_one_speaks_english(tmp_path: Path) -> None:
    contained(trails.signed(language="en"), tmp_path / "dossier.asice")
    status, claims = verified(tmp_path / "dossier.asice")
    assert (status, false(claims)) == (0, {})
    texts = json.loads((members.HERE / "verifier.en.json").read_text())
    assert list(claims) == [
        texts.get(claim)
        or texts[re.sub(r"\d", "%s", claim)].replace("%s", claim[-1] if claim[-1].isdigit() else claim.split()[1])
        for claim in ALL
    ]


def test_every_sentence_of_the_verifier_has_an_english_one() -> None:
    source = (members.HERE / "verifier.py").read_text()
    texts = json.loads((members.HERE / "verifier.en.json").read_text())
    said = {"vérifié", "FAUX", "non vérifiable ici"}
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        at = {"say": 0, "need": 1, "claim": 1}.get(name)
        text = call.args[at] if at is not None else None
        if isinstance(text, ast.Constant):
            said.add(str(text.value))
    assert set(texts) == said | {"Signature du document %s"}
    assert {text for text, english in texts.items() if re.findall("%.", text) != re.findall("%.", english)} == set()


def test_it_is_one_readable_file_that_knows_nothing_of_ours() -> None:
    source = (members.HERE / "verifier.py").read_text()
    assert len(source.splitlines()) <= 400
    found = re.findall(r"(?m)^(?:from|import) (.*)", source)
    assert found == [
        "base64, calendar, hashlib, json, os, re, subprocess, sys, tempfile, time, zipfile, zlib",
        "xml.parsers import expat",
    ]


@pytest.fixture(scope="module")
def two(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """The containers of two envelopes, made once: what follows only reads them."""
    folder = tmp_path_factory.mktemp("containers")
    with pytest.MonkeyPatch.context() as patched, django_db_blocker.unblock(), transaction.atomic():
        patched.setattr(settings, "CHECKPOINTS_DIR", folder / "checkpoints")
        contained(trails.signed(), folder / "one.asice")
        contained(
            trails.signed(last_name="Durand", papers=(trails.contract(5), trails.terms())), folder / "other.asice"
        )
        transaction.set_rollback(True)
    return folder / "one.asice", folder / "other.asice"


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
    assert (status, false(claims)) == (1, {"Empreintes de tous les fichiers": "fichier en trop : more.txt"})


EXCHANGED = ["dossier.xml", "dossier.pdf", "presente-1.pdf", "signe-1.pdf", "journal.jsonl"]
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


def another_digest(text: str, _members: Members) -> str:
    digest = re.search(r'<Document [^>]*sha256="([0-9a-f]{64})"', text)
    assert digest
    return text.replace(f'sha256="{digest[1]}"', f'sha256="{"0" * 64}"')


def another_binding(text: str, _members: Members) -> str:
    return re.sub(r'(<Summary [^>]*binding=")[0-9a-f]{64}', r"\g<1>" + "0" * 64, text)


def another_reference(text: str, _members: Members) -> str:
    return re.sub(r'(<Transaction [^>]*reference=")[^"]*', r"\g<1>EXS-2026-999999", text)


def a_second_seal(text: str, _members: Members) -> str:
    seal = re.search(r"<ds:Signature .*</ds:Signature>", text, re.DOTALL)
    assert seal
    return text.replace(seal[0], seal[0] + seal[0])


def a_document_type(text: str, _members: Members) -> str:
    return text.replace("?>", '?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/hostname">]>', 1)


CLAIMS: dict[Callable[[str, Members], str], str] = {
    changed_entry: "Chaîne et valeurs du journal",
    without_an_entry: "Chaîne et valeurs du journal",
    swapped_entries: "Chaîne et valeurs du journal",
    cut_tail: "Chaîne et valeurs du journal",
    another_name: "Chaîne et valeurs du journal",
    another_digest: "Document 1 présenté",
    another_binding: "Lien entre signataire, documents et textes",
    another_reference: "Lien entre signataire, documents et textes",
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


@pytest.mark.parametrize(
    ("name", "at", "claim"),
    [
        ("presente-1.pdf", 0.5, "Document 1 présenté"),
        ("signe-1.pdf", 0.05, "Signature du document 1"),
        ("signe-1.pdf", 0.3, "Signature du document 1"),
        ("dossier.pdf", 0.2, "Cachet de dossier.pdf, qui contient dossier.xml"),
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


def hostile(one: Path) -> dict[str, Path]:
    """Files that are no containers, or are made to harm."""
    made = {}
    for name, content in {"empty": b"", "text": b"no container", "pdf": b"%PDF-1.7\n%%EOF\n"}.items():
        made[name] = one.with_name(f"{name}.bin")
        made[name].write_bytes(content)
    made["bomb"] = one.with_name("bomb.asice")
    with zipfile.ZipFile(made["bomb"], "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), b"application/vnd.etsi.asic-e+zip")
        archive.writestr("dossier.xml", b"\0" * 200_000_000)
    made["path"] = rewritten(one, {"../../outside": b"x"}, name="path.asice")
    made["deep"] = rewritten(one, {"dossier.xml": b"<a>" * 200_000 + b"</a>" * 200_000}, name="deep.asice")
    made["twice"] = one.with_name("twice.asice")
    made["twice"].write_bytes(one.read_bytes())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(made["twice"], "a") as archive:
        archive.writestr("dossier.xml", b"<a/>")
    return made


def test_hostile_files_are_answered_in_words(two: tuple[Path, Path]) -> None:
    """No traceback, nothing written outside, within ten seconds."""
    one, _ = two
    script = one.with_name("verifier.py")
    script.write_bytes(read(one)["verifier.py"])
    before = set(one.parent.parent.iterdir())
    said = {name: judged(script, file) for name, file in hostile(one).items()}
    assert {name: (status, list(claims)) for name, (status, claims) in said.items()} == {
        name: (1, [ALL[0]]) for name in said
    }
    reasons = {name: claims[ALL[0]][1] for name, (_, claims) in said.items()}
    assert reasons["bomb"] == "compression démesurée : dossier.xml"
    assert reasons["path"] == "chemin interdit : ../../outside"
    assert reasons["twice"] == "deux fichiers du même nom"
    assert set(one.parent.parent.iterdir()) == before


def test_the_seal_is_what_the_standards_call_for(two: tuple[Path, Path], tmp_path: Path) -> None:
    """EN 319 162-1: mimetype first and stored; manifests; openssl on seal and token, as dossier-toolchain.md has it."""
    one, _ = two
    with zipfile.ZipFile(one) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert one.read_bytes()[30:69] == b"mimetypeapplication/vnd.etsi.asic-e+zip"
        archive.extractall(tmp_path)
    root = pki.hold() / "root.crt"
    seal = "cms -verify -cades -binary -inform DER -in META-INF/signature001.p7s -content META-INF/ASiCManifest001.xml"
    token = "ts -verify -data META-INF/ASiCManifest002.xml -in META-INF/timestamp001.tst -token_in"
    issuing = ["-untrusted", pki.hold() / "issuing.crt"]
    for words, more in ((seal, ["-purpose", "any", "-out", "/dev/null"]), (token, issuing)):
        command = ["openssl", *words.split(), "-CAfile", root, *more]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
    told = subprocess.run(["file", "--brief", one], capture_output=True, text=True, check=True, timeout=60)
    assert "Zip" in told.stdout or "asic" in told.stdout


@pytest.mark.django_db
def test_it_is_put_together_the_same_every_time(tmp_path: Path) -> None:
    """Of what is kept by digest; where one file is gone, nothing is handed out in its place."""
    told, sealing = built(trails.signed())
    for name in ("one", "again"):
        with (tmp_path / name).open("wb") as out:
            container.write(sealing, out)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "again").read_bytes()
    held = container.held(sealing)
    assert len(held) == len(read(tmp_path / "one")) - 4  # mimetype, and of the four of the seal one is kept
    assert {document.sha256 for document in told.documents.document} < set(held)
    files.path_of(told.documents.document[0].sha256).unlink()
    with pytest.raises(files.Missing), (tmp_path / "broken").open("wb") as out:
        container.write(sealing, out)


def test_an_order_of_the_service_has_one_too(walk: Path) -> None:
    """Chapters of the path are the client's; what is there is verified, signatures of every level."""
    pki.hold()
    order = bare_orders.opened()
    for level, digest in zip(Level, ("sha256", "sha512", "sha256", "sha512"), strict=True):
        bare_orders.with_document(order, walk, level=level, digest=digest)
    bare_orders.sign(order)
    walks.work(kinds=bare_orders.ALL)
    contained(order, walk / "dossier.asice")
    status, claims = verified(walk / "dossier.asice")
    assert (status, false(claims)) == (0, {})

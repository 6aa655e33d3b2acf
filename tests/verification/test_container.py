"""The container of a dossier, and the verifier inside it (evidence.md, Dossier, 8).

Sound ones are verified claim by claim; for changed ones see test_container_changed.
"""

import ast
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from evidence import files
from evidence.dossier.container import container, members
from signing.engine.levels import Level
from tests.backend import bare_orders
from tests.evidence import pki, trails
from tests.evidence.trails import Walk
from tests.signing import walks
from tests.verification.containers import (
    ALL,
    another_binding,
    built,
    contained,
    false,
    listed_anew,
    read,
    rewritten,
    verified,
)


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
    assert [claim for claim, (state, _) in claims.items() if state == "unchecked"] == ALL[-2:]


def said_by_command(*arguments: object) -> list[dict[str, Any]]:
    out = io.StringIO()
    with suppress(SystemExit):
        call_command("verify", *map(str, arguments), stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.django_db
def test_the_command_proves_the_loop_and_names_what_breaks(two: tuple[Path, Path], tmp_path: Path) -> None:
    """Sound: every claim holds. Changed: which one does not, and why, in both languages. Below another root: that."""
    one, _ = two
    (sound,) = said_by_command(one)
    names = ["form", "digests", "seal", "xml_seal", "pdf_seal", "attestation", "journal", "binding", "register"]
    assert (sound["verdict"], [each["claim"] for each in sound["claims"]]) == (
        "valid",
        [*names, "presented", "presented", "signature"],
    )
    assert all(each["holds"] for each in sound["claims"])
    whole = read(one)
    text = another_binding(whole["dossier.xml"].decode())
    changed = rewritten(one, listed_anew({**whole, "dossier.xml": text.encode()}), name="command.asice")
    for language, sentence in (("fr", "Le lien entre"), ("en", "The binding of")):
        (found,) = said_by_command(changed, "--lang", language)
        broken = {each["claim"]: each for each in found["claims"] if not each["holds"]}
        assert found["verdict"] == "invalid"
        assert {"xml_seal", "binding"} <= set(broken)
        assert broken["binding"]["code"] == "binding"
        assert broken["binding"]["reason"].startswith(sentence)
    (tmp_path / "other.pem").write_bytes((pki.hold() / "access.crt").read_bytes())
    (other,) = said_by_command(one, "--root", tmp_path / "other.pem")
    assert other["verdict"] == "untrusted"
    assert {each["code"] for each in other["claims"] if not each["holds"]} == {"issuer_unknown"}


@pytest.mark.django_db
def test_an_english_one_speaks_english(tmp_path: Path) -> None:
    contained(trails.signed(language="en"), tmp_path / "dossier.asice")
    status, claims = verified(tmp_path / "dossier.asice")
    assert (status, false(claims)) == (0, {})
    assert list(claims)[6:10] == [
        "Chain and values of the journal",
        "Binding of signer, documents and texts",
        "Register of the platform",
        "Document 1 as presented",
    ]


def test_every_sentence_of_the_verifier_has_an_english_one() -> None:
    source = (members.HERE / "verifier.py").read_text()
    texts = json.loads((members.HERE / "verifier.en.json").read_text())
    said = {"vérifié", "FAUX", "non vérifiable ici"}
    for node in ast.walk(ast.parse(source)):
        texts_of: list[ast.AST] = []
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            texts_of = [node.value.elts[1]]  # what is held, and what the claim is called
        elif isinstance(node, ast.Call) and (at := {"say": 0, "need": 1}.get(getattr(node.func, "id", ""))) is not None:
            texts_of = [node.args[at]]
        whole = (each for text in texts_of for each in ast.walk(text) if isinstance(each, ast.Constant))
        said |= {str(each.value) for each in whole}
    assert set(texts) == said
    assert {text for text, english in texts.items() if re.findall("%.", text) != re.findall("%.", english)} == set()


def test_it_is_one_readable_file_that_knows_nothing_of_ours() -> None:
    source = (members.HERE / "verifier.py").read_text()
    assert len(source.splitlines()) <= 400
    found = re.findall(r"(?m)^(?:from|import) (.*)", source)
    assert found == [
        "base64, calendar, hashlib, json, os, re, subprocess, sys, tempfile, time, zipfile, zlib",
        "xml.parsers import expat",
    ]


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
    own = (
        "mimetype",
        "LISEZMOI.txt",
        "journal.jsonl",
        *(f"log/{n}" for n in range(4)),
        *(f"META-INF/{n}" for n in range(4)),
    )
    assert len(held) == len(read(tmp_path / "one")) - len(own) + 1  # and the sealing part itself
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

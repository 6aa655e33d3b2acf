"""Texts at the doors: what is refused with a sentence and leaves nothing, what is made harmless."""

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils.timezone import now
from hypothesis import given
from hypothesis import strategies as st

from evidence import trail
from signing.actions import texts
from signing.actions.arming import NewSigner
from signing.actions.envelopes import NewDocument, create_envelope
from signing.engine import names
from signing.management.commands.create_envelope import signer as read_signer
from signing.models import Document, Envelope, Signer
from tests.evidence import pki
from tests.pdfs import make
from tests.signing import walks
from tests.signing.texts import REFUSED, TAKEN


@pytest.mark.parametrize("kind", TAKEN)
def test_a_name_that_is_seen_is_taken(kind: str) -> None:
    texts.check_name(TAKEN[kind], "")
    texts.check_name("", TAKEN[kind])


@pytest.mark.parametrize("kind", REFUSED)
def test_a_name_that_is_none_is_refused_with_a_sentence(kind: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        texts.check_name(REFUSED[kind], "")
    (sentence,) = refusal.value.messages
    assert sentence.endswith(".")
    assert "%(" not in sentence


@pytest.mark.parametrize("kind", ["newline", "nul", "half-a-pair", "too-long", "nothing-but-direction"])
def test_the_command_refuses_a_name_and_leaves_nothing(kind: str, walk: Path) -> None:
    """No envelope half made, no mail."""
    walks.a_client()
    asked = ["--to-sign", str(make.write("contract", walk)), "--signer", f"{REFUSED[kind]};Martin;c@exemple.fr;"]
    if kind == "nothing-but-direction":
        asked[-1] = f"{REFUSED[kind]};;c@exemple.fr;"
    with pytest.raises(CommandError) as refusal:
        call_command("create_envelope", *asked, stdout=io.StringIO())
    assert str(refusal.value).isprintable()
    assert not Envelope.objects.exists()
    assert walks.rung() == []


def test_a_purpose_of_two_lines_is_refused_before_anything_is_stored(walk: Path) -> None:
    walks.a_client()
    asked = ["--to-sign", str(make.write("contract", walk)), "--signer", "Camille;Martin;c@exemple.fr;"]
    with pytest.raises(CommandError, match="caractère invisible"):
        call_command("create_envelope", *asked, "--purpose", "Bail\r\nBcc: a@exemple.fr", stdout=io.StringIO())
    assert not Envelope.objects.exists()


def test_the_trail_keeps_what_was_declared_and_the_row_what_is_shown(walk: Path) -> None:
    """signing/engine/names.py: an override goes no further than the trail."""
    pki.hold()
    source = make.write("contract", walk)
    created = create_envelope(
        client=walks.a_client(),
        documents=[NewDocument(source, "Contrat\u202e", source.name, Document.Role.TO_SIGN)],
        signers=[NewSigner(TAKEN["override"], TAKEN["decomposed"], "c@exemple.fr")],
        actor=walks.CLIENT,
        at=now(),
    )
    row = Signer.objects.get()
    declared = next(each for each in trail.entries(created.envelope.trail) if each.kind == "signer.declared")
    assert (row.first_name, row.last_name) == ("CamnitraM ellim", names.clean(TAKEN["decomposed"]))
    assert declared.openings["first_name"][1] == TAKEN["override"]
    assert declared.openings["last_name"][1] == TAKEN["decomposed"]
    assert Document.objects.get().title == "Contrat"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("../x.pdf", "x"),
        ("Contrat_de_bail.pdf", "Contrat de bail"),
        ("contrat", "contrat"),
        (".pdf", ".pdf"),
        ("_.pdf", "Document"),
        ("deux\nlignes.pdf", "deux lignes"),
        ("<script>.pdf", "<script>"),
        ("a\u202efdp.exe", "afdp"),
        ("\udcff\udcfe.pdf", "Document"),
        ("é" * 250 + ".pdf", "é" * 200),
    ],
)
def test_a_title_is_made_of_any_file_name(name: str, title: str) -> None:
    assert texts.title_of(name) == title


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Documents\\bail.pdf", "bail.pdf"),
        ("a\r\nb.pdf", "a b.pdf"),
        ("\udcff.pdf", ".pdf"),
        ("dir/", "document.pdf"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_a_file_name_is_told_without_its_folders(given_name: str, kept: str) -> None:
    assert texts.file_name(given_name) == kept


@given(st.text(max_size=300))
def test_a_download_has_a_name_that_every_system_takes(title: str) -> None:
    """RFC 6266, 4.3; names that Windows keeps for devices are none for a file."""
    name = Document(title=texts.title(title)).file_name()
    stem = name.removesuffix(".pdf")
    assert name == f"{stem}.pdf"
    assert 0 < len(stem) <= 70
    assert set(stem) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize(
    ("title", "name"), [("CON", "document-con.pdf"), ("Lpt1", "document-lpt1.pdf"), ("王小明", "document.pdf")]
)
def test_a_device_is_no_file(title: str, name: str) -> None:
    assert Document(title=title).file_name() == name


@pytest.mark.parametrize("kind", ["contract", "wrong-offsets"])
def test_a_file_whose_name_is_not_utf_8_is_handed_in(kind: str, walk: Path) -> None:
    """What the system cannot decode is neither stored nor printed, and keeps no PDF from being read."""
    walks.a_client()
    told = handed_in(undecodable(walk, kind))
    assert told["documents"][0]["title"] == Document.objects.get().title == kind


def test_a_refusal_of_a_file_whose_name_is_not_utf_8_can_be_printed(walk: Path) -> None:
    walks.a_client()
    assert handed_in(undecodable(walk, "zero-bytes"), status=2)["document"] == "zero-bytes.pdf"


def undecodable(folder: Path, kind: str) -> Path:
    path = Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe" + kind.encode() + b".pdf"))
    path.write_bytes(make.KINDS[kind]())
    return path


def handed_in(path: Path, *, status: int = 0) -> dict[str, Any]:
    """Run the command; gives what it printed, which is UTF-8."""
    out = io.StringIO()
    asked = ["--to-sign", str(path), "--signer", "A;B;c@exemple.fr;"]
    if status:
        with pytest.raises(SystemExit) as left:
            call_command("create_envelope", *asked, stdout=out)
        assert left.value.code == status
    else:
        call_command("create_envelope", *asked, stdout=out)
    return dict(json.loads(out.getvalue().encode()))


def test_a_reader_of_signers_takes_odd_names_whole() -> None:
    """A semicolon ends a part, so it is in no name that this door takes."""
    for text in TAKEN.values():
        if ";" not in text:
            assert read_signer(f"{text};Martin;c@exemple.fr;").first_name == text.strip()

"""Every text of the table on the stamp and in the certificate (signing-engine.md, trap 2; RFC 5280, appendix A.1)."""

import re
import subprocess
import unicodedata
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.engine import names
from signing.engine.ca import SignerSubject
from signing.engine.keys import OneUseKey
from tests.engine.authority import certify, sign, stamp
from tests.signing.texts import TAKEN
from tests.verification import pictures

NEUTRAL = "Nom porté au certificat"
NAME_ROOM = pictures.Area(0, 0.27, 0.15, 0.97, 0.55)
"""Where the name stands on a page that is the stamp and nothing else."""

LIMITS = {"common_name": 64, "given_name": 32768, "surname": 32768, "serial_number": 64}
"""ub-common-name, ub-name, ub-serial-number, in characters."""

LINES = 5
"""Who signed, the name, when, which dossier, which digits; the initials where there are some."""

DRAWN_WHOLE = {"plain", "letter", "override", "isolates", "markup", "script", "percent-name", "braces"}
DRAWN_WHOLE |= {"decomposed", "quotes", "ampersand", "equals", "line-separator"}
DRAWN_WHOLE |= {"chinese", "arabic", "persian-joiner"}

TURNS = dict.fromkeys(map(ord, "\u202a\u202b\u202c"))
"""What pdftotext puts around words that run from right to left; and the joiner of Persian, which draws nothing."""
JOINER = {ord("\u200c"): None}


def stamped(text: str, folder: Path) -> Path:
    """A page of the stamp's own size, signed in this name."""
    source, target = folder / "source.pdf", folder / "signed.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 70))
        pdf.save(source)
    sign(source, target, name=text, stamp=stamp(name=text, x=0, y=0))
    return target


def said(signed: Path) -> str:
    done = subprocess.run(["pdftotext", "-raw", signed, "-"], capture_output=True, check=True, text=True, timeout=60)
    return done.stdout.translate(TURNS)


@pytest.mark.parametrize("kind", TAKEN)
def test_a_stamp_is_never_empty_and_never_reversed(kind: str, tmp_path: Path) -> None:
    """As text and as picture; a text that is drawn whole stands in the order in which it is read."""
    signed = stamped(TAKEN[kind], tmp_path)
    text = said(signed)
    assert not [each for each in text if each not in "\n\f" and unicodedata.category(each) in {"Cc", "Cf", "Co", "Cn"}]
    shown = text.partition("par\n")[2].partition("\nle 23 novembre")[0]
    assert shown.strip(" …?")
    (page,) = pictures.drawn(signed)
    blank = pictures.Picture(page.width, page.height, tuple(b"\xff" * len(row) for row in page.rows))
    assert pictures.changed(blank, page, inside=NAME_ROOM)
    if kind in DRAWN_WHOLE:
        assert "".join(shown.split()) == "".join(names.clean(TAKEN[kind]).translate(JOINER).split())


@pytest.mark.parametrize("kind", ["emoji", "invisible-letter", "percent"])
def test_what_no_face_draws_is_named_elsewhere(kind: str, tmp_path: Path) -> None:
    """A letter without a glyph is never drawn as nothing: the stamp says where the name stands. Signs alone too."""
    assert NEUTRAL in said(stamped(TAKEN[kind], tmp_path))


@pytest.mark.parametrize("kind", TAKEN)
def test_a_certificate_keeps_its_limits_and_is_read_by_openssl(kind: str, tmp_path: Path) -> None:
    """RFC 5280: lengths, UTF8String; nothing in it that turns a text or ends a line."""
    certificate = certify(OneUseKey.generate(), given_name=TAKEN[kind], surname="")
    subject = x509.Certificate.load(certificate.public_bytes(Encoding.DER)).subject
    parts = [part for relative in subject.chosen for part in relative]
    for part in parts:
        name, value = part["type"].native, part["value"]
        assert value.name == ("printable_string" if name in {"country_name", "serial_number"} else "utf8_string")
        assert 0 < len(value.native) <= LIMITS.get(name, 2)
        assert not [
            each for each in value.native if unicodedata.category(each)[0] == "C" and each not in "\u200c\u200d"
        ]
        assert value.native == unicodedata.normalize("NFC", value.native)
    assert {"common_name", "serial_number", "country_name"} < {part["type"].native for part in parts}
    file = tmp_path / "certificate.pem"
    file.write_bytes(certificate.public_bytes(Encoding.PEM))
    command = [
        "openssl",
        "x509",
        "-in",
        str(file),
        "-noout",
        "-subject",
        "-nameopt",
        "utf8,sep_multiline,space_eq,lname",
    ]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    common = next(part["value"].native for part in parts if part["type"].native == "common_name")
    assert f"commonName = {common}\n" in done.stdout.decode()


_anything = st.text(max_size=400).filter(names.is_seen)


@given(_anything, st.text(max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_a_subject_within_limits_and_a_line_on_the_stamp(first: str, last: str) -> None:
    subject = SignerSubject(first, last, "FR", "EXS-2026-000001-00112233").name()
    values = {each.oid._name: str(each.value) for each in subject}
    assert 0 < len(values["commonName"].encode()) <= 64
    assert all(0 < len(value) <= 1200 for value in values.values())
    lines = re.findall(r"BT\n(.*?)\nET", stamp(name=f"{first} {last}").draw().content.decode(), flags=re.DOTALL)
    assert len(lines) >= LINES
    assert all(re.search("<[0-9A-F]{4}", line) for line in lines)

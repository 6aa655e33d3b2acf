"""Files that are no containers, or are made to harm: a verdict in words, soon, whatever they ask of their reader."""

import re
import zipfile
from pathlib import Path

import pytest

from tests.verification.containers import ALL, claims_of, false, judged, listed_anew, read, rewritten, verified

pytestmark = pytest.mark.django_db  # the containers that all look at are made with a database

PDF_SEAL = "Cachet de dossier.pdf, qui contient dossier.xml"


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
    tags = b"".join(b'<a b="%d"/>' % n for n in range(600_000))
    made["tags"] = rewritten(one, {"dossier.xml": b"<a>" + tags + b"</a>"}, name="tags.asice")
    spaces = b"".join(b' xmlns:n%d="u:%d"' % (n, n) for n in range(1001))
    values = b"".join(b' a%d="1"' % n for n in range(1_000_001))
    made["values"] = rewritten(one, {"dossier.xml": b"<a%s/>" % values}, name="values.asice")
    made["spaces"] = rewritten(one, {"dossier.xml": b"<a%s/>" % spaces}, name="spaces.asice")
    end = b"</a>" * 101
    made["depths"] = rewritten(one, {"dossier.xml": b"<a>" * 101 + end}, name="depths.asice")
    lists = {f"pki/{n}.crl": b"" for n in range(100)}
    made["lists"] = rewritten(one, lists, name="lists.asice")
    whole = one.read_bytes()
    made["directory"] = one.with_name("directory.asice")
    made["directory"].write_bytes(whole[:-10] + (9 << 20).to_bytes(4, "little") + whole[-6:])
    made["locator"] = one.with_name("locator.asice")
    made["locator"].write_bytes(whole[:-22] + b"PK\6\7" + b"\0" * 16 + whole[-22:])
    made["behind"] = one.with_name("behind.asice")
    made["behind"].write_bytes(b"%PDF-1.7\n" + one.read_bytes())
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
    assert reasons["behind"] == "mimetype n’est pas en tête"
    assert {reasons[name] for name in ("tags", "values", "spaces", "deep", "depths")} == {"XML démesuré"}
    assert {reasons[name] for name in ("directory", "locator")} == {"octets d’aucun fichier : ZIP"}
    assert reasons["lists"] == "certificats et listes démesurés"
    assert reasons["twice"] == "deux fichiers du même nom"
    assert set(one.parent.parent.iterdir()) == before


def test_a_gap_that_is_named_again_and_again_is_looked_at_once(two: tuple[Path, Path]) -> None:
    """What each covers would be read, and what stands in the gap, as often as somebody names it."""
    one, _ = two
    whole = read(one)
    named = re.findall(rb"/ByteRange\s*\[[\d\s]+\]", whole["dossier.pdf"])[-1]
    file = rewritten(one, listed_anew({**whole, "dossier.pdf": whole["dossier.pdf"] + named * 2}))
    assert verified(file)[1][PDF_SEAL] == ("false", "ByteRange faux")


def test_signatures_without_end_in_a_pdf_are_not_looked_at(two: tuple[Path, Path]) -> None:
    one, _ = two
    whole = read(one)
    content, added = whole["dossier.pdf"], b""
    for _ in range(100):
        at = len(content) + len(added)
        named = b"/ByteRange[0 %010d %010d 1]" % (at + 39, at + 39 + 6)
        added += named + b" <3000>"[-6:].rjust(39 - len(named) + 6)
    file = rewritten(one, listed_anew({**whole, "dossier.pdf": content + added}))
    assert verified(file)[1][PDF_SEAL] == ("false", "ByteRange faux")


def test_a_seal_that_refers_to_the_dossier_again_and_again_is_not_followed(two: tuple[Path, Path]) -> None:
    """Each reference is a canonical form and a digest of the whole, before any signature value is held."""
    one, _ = two
    whole = read(one)
    document = whole["dossier.xml"]
    reference = re.search(rb"<ds:Reference .*?</ds:Reference>", document, re.DOTALL)
    assert reference is not None
    again = re.sub(rb' Id="[^"]*"', b"", reference[0]) * 8
    more = document[: reference.start()] + again + document[reference.start() :]
    file = rewritten(one, listed_anew({**whole, "dossier.xml": more}))
    assert verified(file)[1]["Cachet de dossier.xml"] == ("false", "cachet démesuré")


def test_a_signature_of_no_document_is_false_in_words(two: tuple[Path, Path]) -> None:
    one, _ = two
    whole = read(one)
    document = whole["dossier.xml"].replace(b"</Signatures>", b'<Signature document="none"/></Signatures>')
    assert document != whole["dossier.xml"]
    status, claims = verified(rewritten(one, {"dossier.xml": document}))
    assert status == 1
    assert claims["Signature du document None"][0] == "false"


def test_what_a_hostile_file_is_called_moves_no_cursor(two: tuple[Path, Path]) -> None:
    """A name could write "vérifié" over a line that says otherwise; and a console may lack our letters."""
    one, _ = two
    script = one.with_name("verifier.py")
    script.write_bytes(read(one)["verifier.py"])
    file = rewritten(one, {"more\x1b[1A\x9b2K\u202e.txt": b"more"}, name="cursor.asice")
    _, claims, _ = claims_of(script, file)
    assert false(claims)["Empreintes des fichiers du dossier"] == "fichier en trop : more?[1A?2K?.txt"
    status, claims, _ = claims_of(script, one, PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert (status, len(claims)) == (0, len(ALL))


def test_what_takes_long_is_left_once_something_is_false(two: tuple[Path, Path]) -> None:
    """A sound one may take as long as it needs; a false one may ask for hours."""
    one, _ = two
    whole = read(one)
    script = one.with_name("hasty.py")
    hasty = re.sub(rb"MOST_SECONDS = 8 << 20, 99, 99, 5", b"MOST_SECONDS = 8 << 20, 99, 99, 0", whole["verifier.py"])
    assert hasty != whole["verifier.py"]
    script.write_bytes(hasty)
    assert claims_of(script, one)[0] == 0
    file = rewritten(one, {"journal.jsonl": b"{}\n"}, name="false.asice")
    status, claims, _ = claims_of(script, file)
    assert status == 1
    assert list(claims) == [*ALL[:2], "Tout le reste", *ALL[-2:]]
    assert claims["Tout le reste"] == ("unchecked", "trop long, et c’est faux déjà")

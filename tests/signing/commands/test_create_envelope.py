import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from evidence import files
from signing.models import Document, Envelope, Signer
from tests.pdfs import make
from tests.signing import walks

CAMILLE = "Camille;Martin;camille@exemple.fr;+33612345642"


def create(*arguments: str | Path) -> dict[str, Any]:
    """Run the command as a shell would; gives what it printed."""
    out = io.StringIO()
    try:
        call_command("create_envelope", *map(str, arguments), stdout=out)
    finally:
        told = out.getvalue()
    return dict(json.loads(told))


def sound(folder: Path) -> Path:
    return make.write("contract", folder)


def test_it_prints_reference_documents_and_links(walk: Path) -> None:
    """Issue, Interfaces: what create_envelope prints."""
    walks.a_client()
    contract, terms = sound(walk), make.write("terms", walk)
    told = create("--to-sign", contract, "--for-information", terms, "--signer", CAMILLE)
    envelope = Envelope.objects.get()
    assert told["reference"] == envelope.reference
    assert [set(each) for each in told["documents"]] == [{"title", "sha256", "pages", "checks", "repaired"}] * 2
    assert told["documents"][0]["sha256"] == Document.objects.get(n=1).sha256
    (signer,) = told["signers"]
    assert signer["name"] == "Camille Martin"
    assert signer["link"].startswith("https://")
    assert files.intact(told["documents"][0]["sha256"])


def test_a_refused_pdf_prints_why_exits_2_and_leaves_nothing(walk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Issue: a refused PDF prints {"error", "error_en", "label", "document"} and exits 2; nothing left behind."""
    walks.a_client()
    good, bad = sound(walk), make.write("zero-bytes", walk)
    out = io.StringIO()
    with pytest.raises(SystemExit) as error:
        call_command("create_envelope", "--to-sign", str(good), str(bad), "--signer", CAMILLE, stdout=out)
    assert error.value.code == 2
    told = json.loads(out.getvalue())
    assert set(told) == {"error", "error_en", "label", "document"}
    assert told["document"] == bad.name
    assert told["label"].startswith("PDF_")
    assert not Envelope.objects.exists()
    assert not Signer.objects.exists()
    assert not list(walk.glob("mailbox/*"))
    assert walks.rung() == []


def test_several_documents_and_signers(walk: Path) -> None:
    walks.a_client()
    told = create("--to-sign", sound(walk), "--signer", CAMILLE, "--signer", "Jean;Dupont;jean@exemple.fr")
    assert [each["name"] for each in told["signers"]] == ["Camille Martin", "Jean Dupont"]
    assert len({each["link"] for each in told["signers"]}) == 2


@pytest.mark.parametrize(
    "signer",
    [
        "Camille",
        "Camille;Martin;no mail;",
        "Camille;Martin;a@exemple.fr;abc",
        ";;camille@exemple.fr;",
        "a;b;c@d.fr;e;f",
    ],
)
def test_a_signer_that_is_not_well_formed_is_refused(walk: Path, signer: str) -> None:
    walks.a_client()
    with pytest.raises(CommandError):
        create("--to-sign", sound(walk), "--signer", signer)
    assert not Envelope.objects.exists()


def test_more_documents_than_an_envelope_takes_are_refused_before_any_is_judged(walk: Path) -> None:
    walks.a_client()
    files_given = [walk / f"{n}.pdf" for n in range(101)]
    for place in files_given:
        place.write_bytes(b"no PDF")
    with pytest.raises(CommandError, match="100 documents au plus"):
        create("--to-sign", *files_given, "--signer", CAMILLE)
    assert not Envelope.objects.exists()


def test_a_file_that_is_not_there_is_told(walk: Path) -> None:
    walks.a_client()
    with pytest.raises(CommandError, match="pas de fichier"):
        create("--to-sign", walk / "none.pdf", "--signer", CAMILLE)


def test_without_a_client_it_says_what_to_do(walk: Path) -> None:
    with pytest.raises(CommandError, match="aucun client"):
        create("--to-sign", sound(walk), "--signer", CAMILLE)


@pytest.mark.parametrize(
    ("asked", "channel"),
    [([], "email"), (["--otp", "email"], "email"), (["--otp", "sms"], "sms"), (["--no-otp"], "none")],
)
def test_the_way_of_the_code_is_that_of_every_signer(walk: Path, asked: list[str], channel: str) -> None:
    """Issue, Interfaces: --otp email|sms, --no-otp."""
    walks.a_client()
    create("--to-sign", sound(walk), "--signer", CAMILLE, "--signer", "Jean;Dupont;jean@exemple.fr;0612345678", *asked)
    assert list(Signer.objects.order_by("n").values_list("code_channel", flat=True)) == [channel] * 2
    kept = "+33612345678" if channel == "sms" else "0612345678"
    assert Signer.objects.get(n=2).mobile == kept


@pytest.mark.parametrize("person", ["Jean;Dupont;jean@exemple.fr", "Jean;Dupont;jean@exemple.fr;612345678"])
def test_a_code_by_sms_without_a_number_for_it_is_a_usage_error(walk: Path, person: str) -> None:
    walks.a_client()
    with pytest.raises(CommandError, match=r"^Jean Dupont : .*SMS") as error:
        create("--to-sign", sound(walk), "--signer", CAMILLE, "--signer", person, "--otp", "sms")
    assert error.value.returncode == 2
    assert not Envelope.objects.exists()
    assert walks.rung() == []


@pytest.mark.parametrize(
    "asked",
    [
        ["--otp", "sms", "--no-otp"],
        ["--no-otp", "--otp", "email"],
        ["--otp", "fax"],
        ["--lang", "de"],
        ["--days", "0"],
        ["--days", "366"],
        ["--days", "ten"],
    ],
)
def test_what_does_not_go_together_is_refused(walk: Path, asked: list[str]) -> None:
    walks.a_client()
    with pytest.raises(CommandError):
        create("--to-sign", sound(walk), "--signer", CAMILLE, *asked)
    assert not Envelope.objects.exists()


@pytest.mark.parametrize(("asked", "turns"), [([], [1, 1]), (["--in-turn"], [1, 2])])
def test_signers_sign_at_once_or_in_the_order_given(walk: Path, asked: list[str], turns: list[int]) -> None:
    walks.a_client()
    told = create("--to-sign", sound(walk), "--signer", CAMILLE, "--signer", "Jean;Dupont;jean@exemple.fr", *asked)
    assert list(Signer.objects.order_by("n").values_list("turn", flat=True)) == turns
    assert len(told["signers"]) == 2
    walks.work()
    assert len(list(walk.glob("mailbox/*.eml"))) == turns.count(1)


@pytest.mark.parametrize(("asked", "language"), [([], "fr"), (["--lang", "fr"], "fr"), (["--lang", "en"], "en")])
def test_the_language_is_that_of_envelope_and_signers(walk: Path, asked: list[str], language: str) -> None:
    walks.a_client()
    create("--to-sign", sound(walk), "--signer", CAMILLE, *asked)
    envelope = Envelope.objects.get()
    assert (envelope.language, envelope.signers.get().language) == (language, language)


@pytest.mark.parametrize(("asked", "days"), [([], 14), (["--days", "1"], 1), (["--days", "365"], 365)])
def test_the_days_are_those_asked_for(walk: Path, asked: list[str], days: int) -> None:
    walks.a_client()
    create("--to-sign", sound(walk), "--signer", CAMILLE, *asked)
    envelope = Envelope.objects.get()
    assert (envelope.expires_at - envelope.created_at).days == days

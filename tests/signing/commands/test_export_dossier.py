import hashlib
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from signing.actions import signature
from signing.models import Document
from tests.signing import walks
from tests.signing.walks import now
from tests.verification.containers import verified

EVERYTHING = ("signing.tasks.", "evidence.tasks.")


def test_it_writes_presented_and_signed_files_and_the_dossier(walk: Path) -> None:
    """Issue, Interfaces: export_dossier."""
    created = walks.an_envelope(walk)
    walks.signed(created)
    walks.work(kinds=EVERYTHING)
    out = walk / "out"
    call_command("export_dossier", created.envelope.reference, out=out, stdout=io.StringIO())
    names = sorted(str(path.relative_to(out)) for path in out.rglob("*.*"))
    assert names == [
        "presented/01-contrat.pdf",
        "presented/02-conditions.pdf",
        "signed/01-contrat.pdf",
        "signer-1/attestation.pdf",
        f"signer-1/dossier-{created.envelope.reference}-1.asice",
        "signer-1/dossier.pdf",
        "signer-1/dossier.xml",
    ]
    assert verified(out / names[4])[0] == 0
    document = Document.objects.get(n=1)
    prefix = (out / "signed" / "01-contrat.pdf").read_bytes()[: document.size]
    assert hashlib.sha256(prefix).hexdigest() == document.sha256


def test_a_refused_envelope_has_a_dossier_and_no_signed_file(walk: Path) -> None:
    created = walks.an_envelope(walk)
    signer = walks.opened(created)
    signature.refuse(signer=signer, choice="content", reason="Trop cher", actor=walks.actor(), at=now())
    walks.work(kinds=EVERYTHING)
    call_command("export_dossier", created.envelope.reference, out=walk / "out", stdout=io.StringIO())
    assert (walk / "out" / "signer-1" / "dossier.pdf").is_file()
    assert not (walk / "out" / "signed").exists()


def test_a_path_that_has_not_ended_exits_3_with_a_sentence(walk: Path) -> None:
    """Issue, Interfaces: any path not ended: exit 3 and a sentence."""
    created = walks.an_envelope(walk)
    err = io.StringIO()
    with pytest.raises(SystemExit) as error:
        call_command("export_dossier", created.envelope.reference, out=walk / "out", stderr=err)
    assert error.value.code == 3
    assert "en cours" in err.getvalue()
    assert not (walk / "out").exists()


def test_an_unknown_reference_is_told(walk: Path) -> None:
    with pytest.raises(CommandError, match="aucune enveloppe"):
        call_command("export_dossier", "EXS-2026-999999", out=walk / "out")

"""Walking a path by its actions and jobs, with real files and the real PKI, time given by the test."""

import email
import email.policy
import importlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.utils.timezone import now

from evidence import bell, trail
from evidence.bell import Next
from evidence.trail import Actor, Terminal
from otp.models import Policy
from signing import access
from signing.actions import paths, reading, signature
from signing.actions.arming import NewSigner
from signing.actions.envelopes import Created, NewDocument, create_envelope
from signing.clients.models import Client, ConsentText, Terms
from signing.models import Document, Signer
from tests.evidence import pki
from tests.pdfs import sound

CLIENT = Actor(role="client")
CAMILLE = NewSigner("Camille", "Martin", "camille@exemple.fr")
TASKS_BELOW = ("signing.tasks.",)


def actor() -> Actor:
    return Actor(role="signer", session="s" * 64, request="r", terminal=Terminal("192.0.2.1", "50000", "Firefox"))


def _statements() -> None:
    """The product's own statements and terms: migrations write them, emptying the database between tests takes them."""
    if not ConsentText.objects.filter(client=None, version="1").exists():
        ConsentText.objects.bulk_create(
            ConsentText(client=None, key=key, version="1", language=language, position=position, text=text)
            for language, name in (("fr", "0002_default_statements"), ("en", "0005_english_statements"))
            for position, (key, text) in enumerate(
                importlib.import_module(f"signing.clients.migrations.{name}").STATEMENTS, start=1
            )
        )
    default = importlib.import_module("signing.clients.migrations.0017_default_terms")
    if not Terms.objects.filter(version=default.VERSION).exists():
        Terms.objects.bulk_create(
            Terms(version=default.VERSION, language=language, in_force_from=default.FROM, text=text)
            for language, text in default.TEXTS.items()
        )


def a_client(code: str = "EXS", **policy: int) -> Client:
    _statements()
    row = Policy.objects.create(name=code, **policy)
    return Client.objects.create(code=code, name="Exemple SA", policy=row, created_at=now())


def standing(at: datetime) -> Callable[[], datetime]:
    """A clock that says one instant."""
    return lambda: at


def an_envelope(
    folder: Path, *, client: Client | None = None, signers: tuple[NewSigner, ...] = (CAMILLE,), pages: int = 2
) -> Created:
    """An envelope with a contract to sign and one page for information."""
    pki.hold()
    contract, terms = folder / "contrat.pdf", folder / "cgu.pdf"
    contract.write_bytes(sound.contract(pages))
    terms.write_bytes(sound.terms())
    return create_envelope(
        client=client or a_client(),
        documents=[
            NewDocument(contract, "Contrat", contract.name, Document.Role.TO_SIGN),
            NewDocument(terms, "Conditions", terms.name, Document.Role.FOR_INFORMATION),
        ],
        signers=signers,
        actor=CLIENT,
        at=now(),
    )


def an_envelope_of(file: Path) -> Created:
    """An envelope with one document, to sign."""
    pki.hold()
    return create_envelope(
        client=a_client(),
        documents=[NewDocument(file, "Bail", file.name, Document.Role.TO_SIGN)],
        signers=(CAMILLE,),
        actor=CLIENT,
        at=now(),
    )


def opened(created: Created, n: int = 1) -> Signer:
    link = access.link_of(created.tokens[n - 1])
    session = access.Session(token=f"t{n}", digest=access.digest_of(f"t{n}"))
    return paths.confirm_access(link=link, session=session, actor=actor(), at=now())


def read(signer: Signer) -> Signer:
    """Read every page by its button, each after its time; gives the signer as the database has it."""
    at = now()
    for document in signer.envelope.documents.order_by("n"):
        paths.present_document(signer=signer, document=document, actor=actor(), at=at)
        for page in range(1, document.pages + 1):
            at += timedelta(seconds=1)
            reading.declare_page(signer=signer, document=document.n, page=page, actor=actor(), at=at)
    return fresh(signer)


def agreed(signer: Signer) -> Signer:
    for row in signer.consents.all():
        reading.set_consent(signer=signer, consent=row.key, checked=True, actor=actor(), at=now())
    return fresh(signer)


def ready(created: Created, n: int = 1) -> Signer:
    """A path that is read and agreed to."""
    return agreed(read(opened(created, n)))


def with_code(created: Created, n: int = 1) -> tuple[Signer, str]:
    """A path whose code has been sent, and the code, as the mailbox has it."""
    signer = ready(created, n)
    signature.click_sign(signer=signer, actor=actor(), at=now())
    work()
    signer = fresh(signer)
    return signer, newest_code()


def signed(created: Created, n: int = 1) -> Signer:
    """A path walked to its end."""
    signer, code = with_code(created, n)
    signature.submit_code(signer=signer, code=code, actor=actor(), at=now())
    work()
    return fresh(signer)


def fresh(signer: Signer) -> Signer:
    return Signer.objects.select_related("envelope__client__policy", "envelope__trail").get(pk=signer.pk)


def newest_code() -> str:
    """The code in the newest mail that holds one."""
    for file in sorted(Path(settings.MAILBOX_DIR).glob("*.eml"), reverse=True):
        found = (
            re.search(r"\b\d{3}[\s\u00a0\u202f]?\d{3}\b", text_of(file)) if "code" in subject_of(file).lower() else None
        )
        if found:
            return re.sub(r"\D", "", found[0])
    raise AssertionError("no code in the mailbox")


def text_of(file: Path) -> str:
    parsed = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    body = parsed.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text


def subject_of(file: Path) -> str:
    return str(email.message_from_bytes(file.read_bytes(), policy=email.policy.default)["Subject"])


def entries(signer: Signer) -> list[str]:
    return [entry.kind for entry in trail.entries(signer.envelope.trail)]


_rung: list[Next] = []


@contextmanager
def _bells_kept() -> Iterator[None]:
    """Keep what is rung instead of telling a broker: a test works it off by `work()`."""
    patched = pytest.MonkeyPatch()
    patched.setattr(bell, "_send", _rung.append)
    _rung.clear()
    yield
    patched.undo()


@pytest.fixture
def walk(transactional_db: None, tmp_path: Path, settings: object) -> Iterator[Path]:
    """A folder for the test's PDFs, an empty mailbox, bells kept; transactions are real, so on_commit happens."""
    settings.EMAIL_BACKEND = "otp.delivery.mailbox.MailboxBackend"  # type: ignore[attr-defined]  # pytest-django sets another
    settings.MAILBOX_DIR = tmp_path / "mailbox"  # type: ignore[attr-defined]  # pytest-django's settings
    with _bells_kept():
        yield tmp_path


def work(*, kinds: tuple[str, ...] = TASKS_BELOW) -> int:
    """Do what was rung, and what that rings, as a worker would; gives how many tasks ran."""
    assert not transaction.get_connection().in_atomic_block
    done = 0
    while waiting := [each for each in _rung if each.task.startswith(kinds)]:
        for each in waiting:
            _rung.remove(each)
            module, name = each.task.rsplit(".", 1)
            getattr(importlib.import_module(module), name)(**each.ids)
            done += 1
    return done


def rung() -> list[str]:
    """Names of the tasks that were rung and not worked off."""
    return [each.task for each in _rung]

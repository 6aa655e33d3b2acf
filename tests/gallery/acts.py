"""The journey, act by act: each makes a path with real actions and yields the scenes to be seen at that point of it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

from django.db import connections
from django.utils.timezone import now

from evidence.events import Language
from otp.models import Policy
from otp.wishes import addresses
from signing import access, sample
from signing.actions import signature
from signing.actions.envelopes import Created, NewDocument, create_envelope
from signing.clients import terms
from signing.clients.models import Client, ConsentText, Terms
from signing.models import AccessLink, CodeChannel, Document, Envelope, Signer
from signing.states import SignerState
from tests.gallery.scene import Scene, camille
from tests.signing import walks

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from signing.actions.arming import NewSigner

Done = TypeVar("Done")
TITLES = {"fr": ("Contrat de location", "Conditions générales"), "en": ("Rental agreement", "General conditions")}
MENTIONS = {"fr": "Lu et approuvé", "en": "Read and approved"}
PURPOSES = {"fr": "La location du box de stockage n° 214", "en": "The rental of storage unit 214"}


@lru_cache
def drawn(name: str) -> bytes:
    """The sample's documents, drawn once."""
    target = Path(walks.settings.WORK_DIR) / f"{name}-{uuid4().hex}.pdf"
    target.parent.mkdir(parents=True, exist_ok=True)
    getattr(sample, name)(target)
    written = target.read_bytes()
    target.unlink()
    return written


def a_house() -> Client:
    """The client of the pictures."""
    found = Client.objects.filter(code="EXS").first()
    if found:
        return found
    client = walks.a_client()
    contact = {"contact_name": "Julie Perrin", "contact_phone": "02 40 00 00 00"}
    Client.objects.filter(pk=client.pk).update(**contact, contact_email="julie.perrin@exemple.fr")
    client.refresh_from_db()
    return client


def an_envelope(folder: Path, language: Language, *signers: "NewSigner") -> Created:
    """A contract to sign and conditions for information, to be signed by Camille where nobody else is named."""
    walks.pki.hold()
    contract, conditions = folder / "contrat.pdf", folder / "conditions.pdf"
    contract.write_bytes(drawn("contract"))
    conditions.write_bytes(drawn("conditions"))
    first, second = TITLES[language]
    return create_envelope(
        client=a_house(),
        documents=[
            NewDocument(contract, first, contract.name, Document.Role.TO_SIGN),
            NewDocument(conditions, second, conditions.name, Document.Role.FOR_INFORMATION),
        ],
        signers=signers or (_mail(language),),
        purpose=PURPOSES[language],
        actor=walks.CLIENT,
        at=now(),
    )


def _mail(language: Language) -> "NewSigner":
    """Camille under an address of her own: codes are counted by contact and day."""
    return replace(camille(language), email=f"camille-{uuid4().hex[:6]}@exemple.fr")


def apart(do: Callable[[], Done]) -> Done:
    """Do it in a thread of its own: Playwright's loop lives in this one, and signing wants none."""

    def done() -> Done:
        try:
            return do()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(done).result()


def work_off(*kinds: str) -> None:
    """Work off what was rung."""
    apart(lambda: walks.work(kinds=kinds or walks.TASKS_BELOW))


def _set(signer: Signer, **changes: object) -> None:
    Signer.objects.filter(pk=signer.pk).update(**changes)


def landing(folder: Path, language: Language) -> Iterator[Scene]:
    """What a link opens, before and after; a link that leads nowhere."""
    yield Scene("start", "/")
    yield Scene("link-unknown", "/a/nobody-knows-this-one")
    created = an_envelope(folder, language)
    link, signer = f"/a/{created.tokens[0]}", Signer.objects.get(envelope=created.envelope)
    yield Scene("landing", link)
    _set(signer, code_channel=CodeChannel.NONE)
    yield Scene("landing-click", link)
    for state in (SignerState.SIGNED, SignerState.REFUSED, SignerState.LOCKED):
        _set(signer, state=state, ended_at=now())
        yield Scene(f"landing-{state.lower()}", link)
    _set(signer, state=SignerState.EXPIRED)
    yield Scene("link-expired", link)
    _set(signer, state=SignerState.CANCELLED)
    yield Scene("link-cancelled", link)
    two = an_envelope(folder, language, _mail(language), replace(_mail(language), last_name="Durand", turn=2))
    yield Scene("waiting", f"/a/{two.tokens[1]}")


def wishes(folder: Path, language: Language) -> Iterator[Scene]:
    """What the small links of a mail lead to, before and after their button."""
    signer = Signer.objects.get(envelope=an_envelope(folder, language).envelope)
    not_me, stop = (address.removeprefix(walks.settings.PUBLIC_URL) for address in said_back(signer))
    yield Scene("not-me", not_me)
    yield Scene("stop-letters", stop)
    _set(signer, disowned_at=now(), stopped_at=now())
    yield Scene("not-me-after-the-end", not_me)
    yield Scene("stop-letters-done", stop)
    _set(signer, state=SignerState.QUARANTINED, held_from=SignerState.OPENED)
    yield Scene("not-me-done", not_me)
    link = access.new_link(signer=signer, means=AccessLink.Means.MESSAGE, at=now())
    yield Scene("on-hold", f"/a/{link}")


def said_back(signer: Signer) -> tuple[str, str]:
    both = addresses(owner=str(signer.public_id), contact=signer.email)
    return both["not_me_link"], both["stop_link"]


def reading(folder: Path, language: Language) -> Iterator[Scene]:
    """The documents, from the first page to SIGNER."""
    created = an_envelope(folder, language)
    signer = walks.opened(created)
    path = f"/p/{signer.public_id}/"
    here = Scene("", path, visit="t1", whole=False)
    yield replace(here, name="documents", does=drawn_page)
    yield replace(here, name="documents-enlarged", does=enlarged)
    yield replace(here, name="documents-page-lost", broken=("1.pdf",), does=lost_page)
    yield replace(here, name="documents-connection-lost", broken=("/reading",), does=lost_connection)
    yield replace(here, name="documents-missing", does=pressed_too_early)
    yield replace(here, name="documents-in-pictures", broken=("pdf.min.mjs",), does=in_pictures)
    yield replace(here, name="documents-without-script", script=False, whole=True)
    walks.read(signer)
    yield replace(here, name="documents-read", does=second_page)
    walks.agreed(walks.fresh(signer))
    yield replace(here, name="documents-ready", does=end_of_page)
    yield Scene("session-ending", f"{path}refuse", visit="t1", does=left_alone, whole=False)
    yield Scene("refuse", f"{path}refuse", visit="t1")
    yield Scene("refuse-errors", f"{path}refuse", visit="t1", does=confirmed_nothing)
    yield Scene("session-over", path)


def mention(folder: Path, language: Language) -> Iterator[Scene]:
    """A statement that asks for words to be typed."""
    demand(language)
    signer = walks.ready(an_envelope(folder, language))
    here = Scene("", f"/p/{signer.public_id}/", visit="t1", whole=False)
    yield replace(here, name="mention", does=at_the_mention)
    yield replace(here, name="mention-differs", does=typed_otherwise)
    yield replace(here, name="mention-errors", does=pressed_too_early)
    yield replace(here, name="mention-without-script", path=f"{here.path}#accord", script=False)


def demand(language: Language) -> None:
    """The client of the pictures asks for a mention, in the words of the second statement."""
    client = a_house()
    own = ConsentText.objects.get(client=None, key="whole", language=language, version="1")
    values = {"position": own.position, "text": own.text, "mention": MENTIONS[language]}
    ConsentText.objects.get_or_create(client=client, key=own.key, version="2", language=language, defaults=values)


def code(folder: Path, language: Language) -> Iterator[Scene]:
    """The code, and all that can be wrong with it."""
    signer = walks.ready(an_envelope(folder, language))
    path = f"/p/{signer.public_id}/code"
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    yield Scene("code-sending", path, visit="t1")
    _set(signer, waiting_for="mail")
    yield Scene("code-sending-late", path, visit="t1")
    work_off()
    _set(signer, waiting_for="")
    yield Scene("code", path, visit="t1")
    yield Scene("code-malformed", path, visit="t1", does=lambda page: type_code(page, "12"))
    _set(signer, code_channel=CodeChannel.SMS, code_masked="•• •• •• •• 42", code_resend_at=now())
    yield Scene("code-by-sms", path, visit="t1")
    Policy.objects.update(mail_instead=True)
    yield Scene("code-by-sms-or-mail", path, visit="t1")
    _set(signer, code_trouble=Signer.CodeTrouble.UNDELIVERED)
    yield Scene("code-undelivered-or-mail", path, visit="t1")
    Policy.objects.update(mail_instead=False)
    for trouble in Signer.CodeTrouble:
        if trouble:
            _set(signer, code_trouble=trouble, code_tries_left=2 if trouble == Signer.CodeTrouble.WRONG else 0)
            yield Scene(f"code-{trouble.lower().replace('_', '-')}", path, visit="t1")
    yield Scene("documents-after-sign", f"/p/{signer.public_id}/", visit="t1", whole=False, does=drawn_page)
    _set(signer, state=SignerState.LOCKED, ended_at=now())
    yield Scene("locked", f"/p/{signer.public_id}/closed", visit="t1")


def signing(folder: Path, language: Language) -> Iterator[Scene]:
    """The steps of a signature, and its end."""
    signer = walks.ready(an_envelope(folder, language))
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    work_off()
    signer, word = walks.fresh(signer), walks.newest_code()
    path = f"/p/{signer.public_id}"
    signature.submit_code(signer=signer, code=word, actor=walks.actor(), at=now())
    yield Scene("progress", f"{path}/progress", visit="t1")
    _set(signer, waiting_for="tsa")
    yield Scene("progress-waiting", f"{path}/progress", visit="t1")
    _set(signer, waiting_for="", state=SignerState.QUARANTINED)
    yield Scene("progress-stopped", f"{path}/progress", visit="t1")
    _set(signer, state=SignerState.SIGNING)
    work_off()
    yield Scene("done-sealing", f"{path}/done", visit="t1")
    work_off("signing.tasks.", "evidence.tasks.")
    yield Scene("done", f"{path}/done", visit="t1")
    yield Scene("complaint", f"{path}/complaint", visit="t1")
    yield Scene("complaint-errors", f"{path}/complaint", visit="t1", does=sent_empty)
    yield Scene("complaint-sent", f"{path}/complaint", visit="t1", does=objected)


def endings(folder: Path, language: Language) -> Iterator[Scene]:
    """Refused, and every way in which a path ends by itself."""
    signer = walks.opened(an_envelope(folder, language))
    path = f"/p/{signer.public_id}"
    signature.refuse(signer=signer, choice="content", reason="", actor=walks.actor(), at=now())
    work_off("signing.tasks.", "evidence.tasks.")
    yield Scene("refused", f"{path}/refused", visit="t1")
    _set(signer, state=SignerState.CANCELLED)
    yield Scene("cancelled", f"{path}/closed", visit="t1")
    _set(signer, state=SignerState.OPENED)
    Envelope.objects.filter(pk=signer.envelope_id).update(expires_at=now() - timedelta(days=1))
    yield Scene("expired", f"{path}/closed", visit="t1")


def public(_folder: Path, language: Language) -> Iterator[Scene]:
    """Pages that belong to nobody's path, and answers to what goes wrong."""
    a_house()
    for name, path in (
        *(("terms", "conditions"), ("help", "aide"), ("privacy", "donnees"), ("accessibility", "accessibilite")),
        *(("verify", "verify"), ("not-found", "nowhere")),
    ):
        yield Scene(name, f"/{path}/?lang={language}")
    text = Terms.objects.get(version="1", language=language).text
    Terms.objects.create(version="2", language=language, in_force_from=terms.day_of(now()), text=text)
    yield Scene("terms-past", f"/conditions/1/?lang={language}")


ACTS = (landing, wishes, reading, mention, code, signing, endings, public)


def opened_again(page: "Page") -> None:
    """Press the button of the landing page, where there still is one."""
    page.locator("form .button.main").click()
    page.wait_for_load_state("load")


def drawn_page(page: "Page") -> None:
    page.locator("canvas").first.wait_for(state="attached")


def enlarged(page: "Page") -> None:
    drawn_page(page)
    button = page.locator(".enlarge").first
    if button.is_visible():
        button.click()


def in_pictures(page: "Page") -> None:
    page.locator(".slot .picture").first.wait_for()
    page.locator(".bar .note:not(:empty)").wait_for()


def lost_page(page: "Page") -> None:
    page.locator(".lost").first.wait_for()


def lost_connection(page: "Page") -> None:
    drawn_page(page)
    # What is in sight is told, and cannot be. On a phone the note takes the link's place, maybe before it is pressed.
    page.evaluate("document.querySelector('.bar .next').click()")
    page.locator(".bar .note:not(:empty)").wait_for()


def pressed_too_early(page: "Page") -> None:
    """As a browser would whose scripts did not start."""
    page.evaluate("document.getElementById('signature').submit()")
    page.locator(".notice.alert").wait_for()
    page.wait_for_load_state("load")


def second_page(page: "Page") -> None:
    drawn_page(page)
    page.locator(".folio").nth(1).scroll_into_view_if_needed()
    page.locator(".folio").nth(1).locator("canvas").wait_for(state="attached")


def end_of_page(page: "Page") -> None:
    page.locator(".choice").last.scroll_into_view_if_needed()


def at_the_mention(page: "Page") -> None:
    page.locator(".mention").scroll_into_view_if_needed()


def typed_otherwise(page: "Page") -> None:
    page.locator(".mention input").fill("Lu")
    page.locator(".mention input").press("Enter")
    page.locator(".mention.wrong").wait_for()
    page.locator(".choice").last.scroll_into_view_if_needed()


def sent_empty(page: "Page") -> None:
    page.locator("form .button.main").click()
    page.locator(".notice.alert").wait_for()
    page.wait_for_load_state("load")


def objected(page: "Page") -> None:
    if page.locator("#enregistrees").count():  # in another frame, of this path
        page.goto(f"{page.url}?sent")
        return
    page.locator("#id_text").fill("I was not shown the annex that article 4 speaks of.")
    page.locator("form .button.main").click()
    page.locator("#enregistrees").wait_for()
    page.wait_for_load_state("load")


def left_alone(page: "Page") -> None:
    page.clock.install()
    page.reload()
    page.clock.run_for((walks.settings.VISIT_IDLE_SECONDS - 179) * 1000)
    page.locator(".session-ends:not([hidden])").wait_for()


def confirmed_nothing(page: "Page") -> None:
    page.locator("form .button.grave").click()
    page.locator(".notice.alert").wait_for()
    page.wait_for_load_state("load")


def type_code(page: "Page", code: str) -> None:
    page.locator("#id_code").fill(code)
    page.locator("#id_code").press("Enter")
    page.locator(".notice.alert").wait_for()
    page.wait_for_load_state("load")

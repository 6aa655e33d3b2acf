"""The journey, act by act: each makes a path with real actions and yields the scenes to be seen at that point of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from django.utils.timezone import now

from evidence.events import Language
from otp.models import Policy
from otp.wishes import addresses
from signing import access
from signing.actions import signature
from signing.clients import terms
from signing.clients.models import Terms
from signing.models import AccessLink, CodeChannel, Envelope, Signer
from signing.states import SignerState
from tests.gallery import hands
from tests.gallery.scene import Scene
from tests.gallery.stage import a_house, an_envelope, demand, mailed, work_off
from tests.signing import walks


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
    two = an_envelope(folder, language, mailed(language), replace(mailed(language), last_name="Durand", turn=2))
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
    # First, while no page has been read: how fast one is depends on the machine.
    yield replace(here, name="documents-page-lost", broken=("1.pdf",), does=hands.lost_page)
    yield replace(here, name="documents", does=hands.drawn_page)
    yield replace(here, name="documents-enlarged", does=hands.enlarged)
    yield replace(here, name="documents-connection-lost", broken=("/reading",), does=hands.lost_connection)
    yield replace(here, name="documents-missing", does=hands.pressed_too_early)
    yield replace(here, name="documents-in-pictures", broken=("pdf.min.mjs",), does=hands.in_pictures)
    yield replace(here, name="documents-without-script", script=False, whole=True)
    walks.read(signer)
    yield replace(here, name="documents-read", does=hands.second_page)
    walks.agreed(walks.fresh(signer))
    yield replace(here, name="documents-ready", does=hands.end_of_page)
    yield Scene("session-ending", f"{path}refuse", visit="t1", does=hands.left_alone, whole=False)
    yield Scene("refuse", f"{path}refuse", visit="t1")
    yield Scene("refuse-errors", f"{path}refuse", visit="t1", does=hands.confirmed_nothing)
    yield Scene("session-over", path)


def mention(folder: Path, language: Language) -> Iterator[Scene]:
    """A statement that asks for words to be typed."""
    demand(language)
    signer = walks.ready(an_envelope(folder, language))
    here = Scene("", f"/p/{signer.public_id}/", visit="t1", whole=False)
    yield replace(here, name="mention", does=hands.at_the_mention)
    yield replace(here, name="mention-differs", does=hands.typed_otherwise)
    yield replace(here, name="mention-errors", does=hands.pressed_too_early)
    yield replace(here, name="mention-without-script", path=f"{here.path}#accord", script=False)


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
    yield Scene("code-malformed", path, visit="t1", does=lambda page: hands.type_code(page, "12"))
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
    yield Scene("documents-after-sign", f"/p/{signer.public_id}/", visit="t1", whole=False, does=hands.drawn_page)
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
    yield Scene("complaint-errors", f"{path}/complaint", visit="t1", does=hands.sent_empty)
    yield Scene("complaint-sent", f"{path}/complaint", visit="t1", does=hands.objected)


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

"""The outbox, for the operator: what became of each message, what it is about, and what carriers said of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evidence import chain, events, trail, words
from evidence.models import Entry, Trail
from otp import messages
from otp.admin import LookedAt
from otp.models import Message
from signing.access import staff_of
from signing.gateway.embedded import code_in
from signing.models import Signer

TOLD: dict[str, tuple[type[events.Event], ...]] = {
    "link": (events.LinkSent, events.LinkDelayed, events.LinkBounced, events.LinkAccepted),
    "code": (events.CodeSent, events.CodeUndelivered, events.CodeDelivered),
}
OF_OTHERS = (events.DeliverySent, events.DeliveryDelayed, events.DeliveryBounced)


@dataclass(frozen=True)
class About:
    """What a message is about: in words, the page of the administration that shows it, and where it is told of."""

    said: str
    url: str = ""
    trail: Trail | None = None
    subject: str = ""


@admin.register(Message)
class OutboxAdmin(LookedAt, admin.ModelAdmin[Message]):
    list_display = ["what", "about", "channel", "outcome", "report", "attempts", "due_at", "sent_at"]
    list_filter = ["outcome", "report", "kind", "channel"]
    list_per_page = 50
    search_fields = ["owner", "message_id"]
    ordering = ["-created_at"]
    actions = ["send_again"]
    fields = [
        *("about", "what", "channel", "outcome", "attempts", "created_at", "due_at", "sent_at", "known_as"),
        *("report", "reported_at", "answers"),
    ]

    @admin.display(description=gettext_lazy("sorte"), ordering="kind")
    def what(self, message: Message) -> str:
        """`Le lien 2` is the first reminder, `Le code 2` what was sent after the first one."""
        named = {"link": _("Le lien"), "code": _("Le code")}.get(message.kind) or words.choice("content", message.kind)
        return f"{named} {message.n}" if message.n > 1 else named

    @admin.display(description=gettext_lazy("connu sous"))
    def known_as(self, message: Message) -> str:
        """Its id at whoever took it: what one asks a provider by."""
        return message.message_id or "-"

    @admin.display(description=gettext_lazy("à propos de"))
    def about(self, message: Message) -> str:
        found = about(message)
        return format_html('<a href="{}">{}</a>', found.url, found.said) if found.url else found.said

    @admin.display(description=gettext_lazy("ce qui en fut dit"))
    def answers(self, message: Message) -> str:
        """What the trail tells of it, a line each, with the words of whoever took, refused or delivered it."""
        told = _told(message, about(message))
        return format_html_join("", "<div>{}</div>", ([" · ".join(filter(None, each))] for each in told)) or "-"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One message. Carriers' words name people: that they were shown is an entry, as every look is."""
        message = self.get_object(request, object_id)
        found = about(message) if message else None
        if found and found.trail:
            looked = events.SheetConsulted(page="journal", signer=found.subject)
            with transaction.atomic():
                trail.append(found.trail, looked, actor=staff_of(request), at=now())
        return super().change_view(request, object_id, form_url, extra_context)

    @admin.action(description=gettext_lazy("Envoyer à nouveau les lettres abandonnées, refusées ou non remises"))
    def send_again(self, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        """Put dead letters back into the outbox; a code is never sent again: whoever waits asks for a new one."""
        count = messages.revive(chosen, at=now())
        told = ngettext("%(n)d message va repartir.", "%(n)d messages vont repartir.", count) % {"n": count}
        self.message_user(request, told)


def about(message: Message) -> About:
    """What a message is about; an owner that nobody knows stands for itself."""
    code = code_in(message)
    if code is None:
        return _of_path(message.owner) or About(message.owner)
    if code.alone is not None:
        return About(
            _("code seul %(n)d") % {"n": code.alone}, reverse("admin:backend_challenge_change", args=[code.alone])
        )
    # A bare order has no page, and is known by its reference.
    return _of_path(code.signer) or About(code.reference, trail=code.trail, subject=code.signer)


def _of_path(public_id: str) -> About | None:
    try:
        signer = Signer.objects.select_related("envelope__trail").get(public_id=public_id)
    except (Signer.DoesNotExist, ValidationError):  # no id of a path has another form
        return None
    envelope = signer.envelope
    said = _("%(reference)s, signataire %(n)d") % {"reference": envelope.reference, "n": signer.n}
    return About(said, reverse("admin:signing_envelope_change", args=[envelope.pk]), envelope.trail, public_id)


def _told(message: Message, found: About) -> Iterator[tuple[str, str, str]]:
    """Instant, title and a carrier's words of each entry about this very message, in order."""
    kinds = [each.kind for each in TOLD.get(message.kind, OF_OTHERS)]
    rows = Entry.objects.filter(trail=found.trail, kind__in=kinds).order_by("seq").prefetch_related("openings")
    for row in rows if found.trail else ():
        said = chain.members(bytes(row.canonical))
        data = said["data"]
        if (data["signer"], data["n"], data.get("content", message.kind)) == (found.subject, message.n, message.kind):
            answer = next((each.value for each in row.openings.all() if each.field == "answer"), None)
            erased = "answer" in said["commitments"] and answer is None
            at = localize(timezone.localtime(row.at))
            yield at, words.title(row.kind), words.erased() if erased else answer or ""

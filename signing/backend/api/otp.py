"""Codes alone: send one to a phone or an address, verify it, authenticate who has it (ours, in CertSign's manner)."""

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router

from otp.masking import masked_address, masked_number
from otp.models import Channel
from signing.backend import alone
from signing.backend.api import contacts, links, lookup, troubles, waiting
from signing.backend.api.codes import Authenticate, OtpAnswer, Send, Verify
from signing.backend.api.orders import REFUSALS
from signing.backend.api.schemas import Error
from signing.backend.api.signatures import CODE_SENT_SECONDS
from signing.backend.challenges import Challenge

router = Router(by_alias=True, tags=["otp"])


@router.post(
    "/otp/send",
    response={200: OtpAnswer, 429: Error, **REFUSALS},
    operation_id="sendOtp",
    openapi_extra=links.after_code,
)
def send(request: HttpRequest, body: Send) -> OtpAnswer:
    """Send a code to an e-mail address or a phone. The same externalOtpId with the same body sends none again."""
    channel, contact = contacts.of_code(body.contact, body.country)
    wanted = alone.Wanted(
        channel, contact, contacts.application(body.sms_application_code), body.external_otp_id or None
    )
    if against := contacts.what_forbids(lookup.caller(request), channel, contact):
        raise contacts.unreachable(against)
    row = alone.ask(client=lookup.caller(request), wanted=wanted, at=now())
    waiting.while_any(Challenge.objects.filter(pk=row.pk, state=Challenge.State.WAITING), seconds=CODE_SENT_SECONDS)
    row.refresh_from_db()
    troubles.check(row.trouble, owner=row.owner, policy=row.client.policy, at=now())
    return answer(row)


@router.post("/otp/verify", response={200: OtpAnswer, **REFUSALS}, operation_id="verifyOtp")
def verify(request: HttpRequest, body: Verify) -> OtpAnswer:
    """Judge a code by the id of its sending. A right one is used up; a wrong one says how many tries are left."""
    row = lookup.challenge(request, body.otp_id, body.external_otp_id)
    return answer(alone.judge(challenge=row, typed=body.otp, at=now()))


@router.post("/otp/authenticate", response={200: OtpAnswer, **REFUSALS}, operation_id="authenticateOtp")
def authenticate(request: HttpRequest, body: Authenticate) -> OtpAnswer:
    """The same by the contact alone, for whoever keeps no id: judged is the last code that was sent to it."""
    channel, contact = contacts.of_code(body.contact, body.country)
    row = lookup.last_challenge(request, channel, contact)
    return answer(alone.judge(challenge=row, typed=body.otp, at=now()))


def answer(row: Challenge) -> OtpAnswer:
    masked = masked_number if row.channel == Channel.SMS else masked_address
    return OtpAnswer(
        otp_id=str(row.pk),
        external_otp_id=row.external_id,
        channel="SMS" if row.channel == Channel.SMS else "EMAIL",
        masked_contact=masked(row.contact),
        status=row.state,
        valid_until=row.valid_until.isoformat(timespec="seconds") if row.valid_until else None,
        verified_at=row.verified_at.isoformat(timespec="milliseconds") if row.verified_at else None,
    )

"""Everybody but the signer: operator, client, and the intermediaries with policy and certificate of conformity."""

from dataclasses import dataclass, replace
from typing import Annotated, Literal

from evidence import events
from evidence.dossier.parts import Instant, Part
from evidence.dossier.story import Story, Value, clean, value
from evidence.trail import Read


@dataclass(frozen=True)
class Operator(Part):
    """Who runs the service."""

    name: str
    identifier: Annotated[str, "organizationIdentifier in the form of EN 319 412-1"]


@dataclass(frozen=True)
class Client(Part):
    """Who has the documents signed."""

    code: str
    name: str
    contact_name: Value | None
    contact_phone: Value | None


@dataclass(frozen=True)
class ThirdParty(Part):
    """An intermediary: what it did, under which policy, with which conformity document and for which time."""

    role: Literal["certificate_authority", "time_stamping_authority", "signing_service", "archive"]
    name: str
    policy: Annotated[str, "object identifier of the policy; empty where none is named"]
    operated_by: Annotated[Literal["operator", "third_party"], "whether the operator runs it itself"]
    conformity: Annotated[str | None, "reference of a certificate of conformity; absent where there is none"] = None
    valid_from: Annotated[Instant | None, "start of validity of that document"] = None
    valid_to: Annotated[Instant | None, "end of validity of that document"] = None


@dataclass(frozen=True)
class Parties(Part):
    """Everybody but the signer."""

    operator: Operator
    client: Client
    third_parties: tuple[ThirdParty, ...]


def parties(story: Story) -> Parties:
    """Operator and client as they stood at the creation, and the authorities that certificates and tokens name.

    Each with the certificate of conformity that the operator stated for its policy at the creation, if it did.
    """
    entry, created = story.one(events.EnvelopeCreated)
    authorities = (
        {
            ThirdParty("certificate_authority", issued.issuer, issued.policy, _kept_by(each))
            for each, issued in story.of(events.CertificateIssued)
        }
        | {
            ThirdParty("time_stamping_authority", token.authority, token.policy, token.operated_by or _kept_by(each))
            for each, token in story.of(events.TimestampObtained)
        }
        | {ThirdParty("signing_service", told.service, "", "third_party") for _, told in story.of(events.OrderTold)}
    )
    return Parties(
        operator=Operator(created.operator, created.operator_identifier),
        client=Client(
            created.client_code, created.client_name, value(entry, "contact_name"), value(entry, "contact_phone")
        ),
        third_parties=tuple(
            _conform(each, entry.at, created)
            for each in sorted(authorities, key=lambda each: (each.role, each.name, each.policy))
        ),
    )


def _conform(party: ThirdParty, created_at: str, created: events.EnvelopeCreated) -> ThirdParty:
    """Of several certificates of one policy the one in force at the creation, else the first."""
    own = [each for each in created.conformity or () if party.policy and each.policy == party.policy]
    now = [each for each in own if each.valid_from <= created_at <= each.valid_to]
    if not own:
        return party
    told = (now or own)[0]
    return replace(party, conformity=clean(told.reference), valid_from=told.valid_from, valid_to=told.valid_to)


def _kept_by(entry: Read) -> Literal["operator", "third_party"]:
    """Who chose the authority that an entry names: whoever told of it."""
    return "third_party" if entry.members["source"] == "provider" else "operator"

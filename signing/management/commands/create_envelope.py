"""`manage.py create_envelope`: hand over PDFs and the people who must sign, from the shell."""

import argparse
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from evidence.events import ExtrinsicType
from evidence.trail import Actor
from otp import addresses
from signing import access
from signing.actions import texts
from signing.actions.arming import Declared, NewSigner, NoMobile
from signing.actions.envelopes import Created, NewDocument, create_envelope
from signing.clients.models import Client
from signing.engine.intake import Refused
from signing.models import CodeChannel, Document

REFUSED = 2
USAGE = 2  # as argparse ends a command that was not called rightly
MOST_DAYS = 365
MOBILE = re.compile(r"\+?[0-9][0-9 .()-]{5,24}")
FIELDS = 4
DECLARABLE = ("IDCARD", "PASSPORT", "DRIVING", "RESIDENCE", "payment", "three_d_secure", "login", "capacity")


class Command(BaseCommand):
    help = "Create an envelope, send the links, and print it as JSON with one link per signer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to-sign", nargs="+", type=Path, required=True, action="extend", metavar="FILE")
        parser.add_argument("--for-information", nargs="+", type=Path, default=[], action="extend", metavar="FILE")
        parser.add_argument("--signer", action="append", required=True, type=signer, metavar="Prénom;Nom;mail;mobile")
        parser.add_argument("--extrinsic", action="append", default=[], type=extrinsic, metavar="N;TYPE;REFERENCE")
        code = parser.add_mutually_exclusive_group()
        code.add_argument("--otp", choices=["email", "sms"], help="how the code is sent: email where not given")
        code.add_argument("--no-otp", action="store_true", help="ask for no code: the click on SIGNER signs")
        parser.add_argument("--lang", choices=["fr", "en"], default="fr", help="language of the signers")
        parser.add_argument("--in-turn", action="store_true", help="signers sign one after the other, in this order")
        parser.add_argument("--days", type=days, help="how long one may sign; ENVELOPE_DAYS where not given")
        parser.add_argument("--client", default="", help="code of the client; needed where there are several")
        parser.add_argument("--purpose", default="", help="what it is for, as the signer reads it")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the envelope; a refused PDF prints why and exits 2, as what is not well asked for does."""
        at = now()
        documents = [
            *(_document(path, Document.Role.TO_SIGN) for path in options["to_sign"]),
            *(_document(path, Document.Role.FOR_INFORMATION) for path in options["for_information"]),
        ]
        try:
            created = create_envelope(
                client=_client(options["client"]),
                documents=documents,
                signers=_signers(options),
                purpose=options["purpose"],
                actor=Actor(role="client"),
                at=at,
                language=options["lang"],
                expires_at=_end(options["days"], at),
            )
        except NoMobile as error:
            raise CommandError(_no_mobile(error.signer), returncode=USAGE) from error
        except Refused as error:
            self._print(
                {
                    "error": error.sentence,
                    "error_en": error.sentence_en,
                    "label": error.label,
                    "document": error.document,
                }
            )
            raise SystemExit(REFUSED) from error
        except ValidationError as error:
            raise CommandError(error.messages[0], returncode=USAGE) from error
        self._print(_told(created))

    def _print(self, body: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(body, ensure_ascii=False))


def signer(value: str) -> NewSigner:
    """Read `Prénom;Nom;mail;mobile` (the mobile may be left out)."""
    parts = [part.strip() for part in value.split(";")]
    if len(parts) == FIELDS - 1:
        parts.append("")
    if len(parts) != FIELDS:
        raise argparse.ArgumentTypeError("un signataire s'écrit Prénom;Nom;mail;mobile")
    first_name, last_name, email, mobile = parts
    try:
        texts.check_name(first_name, last_name)
    except ValidationError as error:
        raise argparse.ArgumentTypeError(f"{value!r} : {error.messages[0]}") from error
    try:
        addresses.check(email)
    except ValidationError as error:
        raise argparse.ArgumentTypeError(f"{email!r} n'est pas une adresse e-mail") from error
    if mobile and not MOBILE.fullmatch(mobile):
        raise argparse.ArgumentTypeError(f"{mobile!r} n'est pas un numéro de téléphone")
    return NewSigner(first_name, last_name, email, mobile)


def extrinsic(value: str) -> tuple[int, Declared]:
    """Read `N;TYPE;REFERENCE`: something that the client declares of the Nth signer, such as `1;payment;PAY-42`."""
    parts = [part.strip() for part in value.split(";", 2)]
    if len(parts) != len(("N", "TYPE", "REFERENCE")) or not parts[0].isdecimal() or not parts[2]:
        raise argparse.ArgumentTypeError("un élément déclaré s'écrit N;TYPE;RÉFÉRENCE")
    if parts[1] not in DECLARABLE:
        raise argparse.ArgumentTypeError(f"{parts[1]!r} : un élément déclaré est {', '.join(DECLARABLE)}")
    return int(parts[0]), Declared(cast("ExtrinsicType", parts[1]), parts[2])


def days(value: str) -> int:
    """Read how many days one may sign: from 1 to 365."""
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{value!r} : un délai va de 1 à {MOST_DAYS} jours")
    return int(value)


def _signers(options: dict[str, Any]) -> list[NewSigner]:
    """Everybody with the language, the way of the code and the turn that were asked for."""
    if any(not 1 <= whose <= len(options["signer"]) for whose, _declared in options["extrinsic"]):
        raise CommandError("un élément est déclaré d'un signataire qui n'est pas là", returncode=USAGE)
    channel = CodeChannel.NONE if options["no_otp"] else CodeChannel(options["otp"] or "email")
    return [
        replace(
            each,
            language=options["lang"],
            code_channel=channel,
            turn=n if options["in_turn"] else 1,
            extrinsic=tuple(declared for whose, declared in options["extrinsic"] if whose == n),
        )
        for n, each in enumerate(options["signer"], start=1)
    ]


def _end(days: int | None, at: datetime) -> datetime | None:
    return at + timedelta(days=days) if days else None


def _no_mobile(signer: NewSigner) -> str:
    name = f"{signer.first_name} {signer.last_name}".strip()
    if not signer.mobile:
        return f"{name} : un code par SMS demande un numéro de mobile"
    return (
        f"{name} : {signer.mobile!r} ne peut pas recevoir de SMS ; écrivez-le avec son pays, par exemple +33612345678"
    )


def _document(path: Path, role: Document.Role) -> NewDocument:
    if not path.is_file():
        raise CommandError(f"pas de fichier {path}")
    return NewDocument(source=path, title=texts.title_of(path.name), filename=path.name, role=role)


def _client(code: str) -> Client:
    rows = list(Client.objects.filter(code=code) if code else Client.objects.all()[:2])
    if len(rows) != 1:
        raise CommandError(
            "indiquez le client par --client CODE" if len(rows) > 1 else "aucun client : lancez « manage.py sandbox »"
        )
    return rows[0]


def _told(created: Created) -> dict[str, Any]:
    envelope = created.envelope
    signers = envelope.signers.order_by("n")
    return {
        "reference": envelope.reference,
        "documents": [
            {"title": each.title, "sha256": each.sha256, "pages": each.pages, "checks": each.checks}
            | {"repaired": each.repaired}
            for each in envelope.documents.order_by("n")
        ],
        "signers": [
            {"name": each.full_name, "link": access.link_url(token)}
            # A code mailed to the mailbox that gets the link is no second way.
            | {"independent_channel": each.code_channel == CodeChannel.SMS}
            for each, token in zip(signers, created.tokens, strict=True)
        ],
    }

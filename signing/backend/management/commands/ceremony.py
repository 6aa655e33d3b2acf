"""`manage.py ceremony`: make the sandbox PKI, or say that it is there."""

import ipaddress
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from evidence import disk
from evidence.keys import NAMES, token
from signing.backend import log_key
from signing.backend.ceremony import Ceremony, CeremonyRefused, Place, Step
from signing.backend.pki import Declaration, declared

WORDS = {"made": "fait", "kept": "déjà là", "renewed": "renouvelé"}

README = """Bac à sable de Paraphe

root.crt      Racine de signature. Importez-la dans le lecteur de PDF (Adobe : Préférences, Signatures, Identités et
              certificats approuvés) pour que les signatures y soient dites de confiance. Elle n'est celle de personne
              d'autre : sans cet import, tout lecteur dit l'identité du signataire inconnue, et il a raison.
tls-root.crt  Racine d'accès (TLS). Importez-la dans le navigateur pour qu'il ne mette plus en garde contre {url}.

Les clés de ce bac à sable sont des fichiers ({keys}). Ne signez avec lui rien qui compte.
"""

PRACTICES = """Paraphe : énoncé des pratiques{sandbox}

Exploitant : {operator} ({identifier}).
Certificats d'un seul usage, au nom déclaré par le client, sans vérification d'identité par l'exploitant ; validité de
60 minutes au plus. Signature électronique simple au sens du règlement (UE) 910/2014. Aucun audit, aucune qualification.

Politiques
  {signer}  certificat de signataire à usage unique
  {signer_test}  certificat de signataire à usage unique, bac à sable : essai, sans valeur
  {time_stamp}  jetons d'horodatage
  {seal}  cachet de la plateforme
"""


class Command(BaseCommand):
    requires_system_checks = ()  # it runs first, before there is anything to check
    help = "Fait les clés, les certificats et les premières listes du bac à sable ; garde ce qui est déjà là."

    def handle(self, *_args: Any, **_options: Any) -> None:
        declaration = declared(arc=settings.POLICY_ARC)
        keys = disk.folder(settings.KEYS_DIR, mode=0o700)
        public = disk.folder(settings.PKI_DIR, mode=0o755)
        hosts = tls_hosts(settings.PUBLIC_URL)
        in_token = frozenset(settings.PKCS11_KEYS)
        if unknown := sorted(in_token - NAMES):  # a key that was meant for the token would be made in a file
            raise CommandError(f"PKCS11_KEYS nomme ce qui n'est pas une clé : {', '.join(unknown)}")
        place = Place(keys, public, settings.PKI_URL, hosts, settings.OPERATOR, token(), in_token)
        try:
            with disk.alone(keys):
                steps = list(Ceremony(declaration, place, at=timezone.now()).steps())
                steps.append(log_key.step(keys, public))
                steps += _papers(declaration, public, settings.SANDBOX_DIR)
        except CeremonyRefused as error:
            raise CommandError(str(error)) from error
        self._tell(steps)

    def _tell(self, steps: Sequence[Step]) -> None:
        for step in steps:
            self.stdout.write(f"{step.file:<14} {WORDS[step.outcome]}")
            if step.until:
                self.stdout.write(f"{'':<14} jusqu'au {step.until:%d/%m/%Y} : install_authority --root-list, avant.")
        if all(step.outcome == "kept" for step in steps):
            self.stdout.write("La cérémonie a déjà eu lieu : rien n'a changé.")


def tls_hosts(public_url: str) -> tuple[str, ...]:
    """Names of the TLS certificate: this machine, and the host people use."""
    own = ("localhost", "127.0.0.1", "::1", urlsplit(public_url).hostname or "localhost")
    return tuple(dict.fromkeys(_canonical(host) for host in own))


def _papers(declaration: Declaration, public: Path, sandbox: Path) -> list[Step]:
    """What people are handed: the two roots, how to use them, the practice statement."""
    disk.folder(sandbox, mode=0o755)
    operator = settings.OPERATOR
    practices = PRACTICES.format(
        operator=operator["name"],
        identifier=operator["organization_identifier"],
        sandbox=", bac à sable" if settings.SANDBOX else "",
        **declaration.policies,
    )
    readme = README.format(url=settings.PUBLIC_URL, keys=settings.KEYS_DIR)
    papers = [
        _paper(sandbox / "root.crt", (public / "root.crt").read_bytes()),
        _paper(sandbox / "tls-root.crt", (public / "access.crt").read_bytes()),
        # In production the statement is the operator's, who may have put his own in its place.
        _paper(public / declaration.practice_statement, practices.encode(), once=not settings.SANDBOX),
    ]
    if settings.SANDBOX:  # others add to the README (passwords)
        papers.append(_paper(sandbox / "README", readme.encode(), once=True))
    return papers


def _paper(path: Path, content: bytes, *, once: bool = False) -> Step:
    there = path.exists()
    if there and once:
        return Step(path.name, "kept")
    if not disk.write(path, content, mode=0o644):
        return Step(path.name, "kept")
    return Step(path.name, "renewed" if there else "made")


def _canonical(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return host

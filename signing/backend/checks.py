"""`manage.py check --deploy`: what stands in the way of production, each with what to do about it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.db import DatabaseError
from django.utils.timezone import now

from evidence import authorities, keys
from evidence.time_tokens import TimestampRefused
from otp.models import Policy
from signing.backend import root_list, validity
from signing.engine import crls

MAILBOX = "otp.delivery.mailbox."


@checks.register(checks.Tags.security, deploy=True)
def production(app_configs: Any, **_options: Any) -> list[checks.CheckMessage]:  # noqa: ARG001 - as Django calls it
    """Errors for an installation that would sign in earnest with what is a sandbox's."""
    if settings.SANDBOX:
        hint = "SANDBOX=0 ferme le bac à sable."
        return [checks.Error("C'est un bac à sable : rien de ce qu'il signe ne vaut.", hint=hint, id="paraphe.E001")]
    return [*_of_keys(), *_of_settings()]


def _of_keys() -> Iterator[checks.CheckMessage]:
    yield from _of_token()
    try:
        authorities.roots()
    except TimestampRefused as error:
        hint = "TSA_ROOTS : un fichier PEM des racines de vos autorités d'horodatage."
        yield checks.Error(f"Les racines des horodatages ne se lisent pas : {error}", hint=hint, id="paraphe.E009")
    for name in ("root", "issuing", "tsa", "seal"):
        try:
            keys.certificate(name)
        except keys.KeyUnavailable as error:
            hint = "Tenez la cérémonie (manage.py ceremony), ou installez votre autorité (install_authority)."
            yield checks.Error(f"Il manque le certificat « {name} » : {error}", hint=hint, id="paraphe.E002")
            return
    yield from _of_use()
    yield from _of_ends()
    if keys.are_of_sandbox():
        hint = "Donnez votre arc (POLICY_ARC) et tenez une cérémonie dans des dossiers vides."
        yield checks.Error("Les clés sont celles d'un bac à sable.", hint=hint, id="paraphe.E003")
    elsewhere = [url for name in ("tsa", "seal") for url in keys.list_addresses(keys.certificate(name))]
    if not all(url.startswith(settings.PKI_URL) for url in elsewhere):
        hint = "Tenez une cérémonie dans des dossiers vides, avec le PKI_URL de production."
        yield checks.Error("Les certificats disent leurs listes ailleurs qu'à PKI_URL.", hint=hint, id="paraphe.E010")


def _of_token() -> Iterator[checks.CheckMessage]:
    """A name that is none leaves a key in a file that the operator takes to be in the token."""
    unknown = sorted(set(settings.PKCS11_KEYS) - keys.NAMES)
    if unknown:
        hint = f"PKCS11_KEYS : {', '.join(sorted(keys.NAMES))}."
        yield checks.Error(
            f"PKCS11_KEYS nomme ce qui n'est pas une clé : {', '.join(unknown)}", hint=hint, id="paraphe.E011"
        )


def _of_use() -> Iterator[checks.CheckMessage]:
    """Whether the keys that workers use open: those of a token anywhere, those in files where there are such files."""
    stamping = () if settings.TSA_URLS else ("tsa",)
    here = Path(settings.KEYS_DIR).is_dir()
    for name in ("issuing", "seal", "access", *stamping):
        if name not in settings.PKCS11_KEYS and not here:
            continue
        try:
            keys.open_identity(name)
        except keys.KeyUnavailable as error:
            hint = "PKCS11_MODULE, PKCS11_TOKEN, PKCS11_PIN, PKCS11_KEYS ; pour un fichier, KEYS_DIR."
            yield checks.Error(f"La clé « {name} » ne s'ouvre pas : {error}", hint=hint, id="paraphe.E012")


def _of_ends() -> Iterator[checks.CheckMessage]:
    """Nothing is signed after the end of a certificate that it leads to, nor without a list of the root in force."""
    try:
        validity.check(now())
        root_list.current(now())
    except keys.KeyUnavailable as error:
        hint = "docs/keys.md, When the certificates near their end."
        yield checks.Error(f"Un certificat de ce qui signe est échu : {error}", hint=hint, id="paraphe.E015")
    except crls.StaleRevocationList as error:
        hint = "manage.py ceremony ; d'une autorité donnée : install_authority --root-list."
        yield checks.Error(f"La liste de la racine n'est pas en vigueur : {error}", hint=hint, id="paraphe.E014")


def _of_messages() -> Iterator[checks.CheckMessage]:
    """Mail always goes out; SMS wherever a client's policy lets them."""
    if settings.EMAIL_BACKEND.startswith(MAILBOX):
        hint = "EMAIL_BACKEND nomme qui porte les messages."
        yield checks.Error("Les messages vont à la boîte du bac à sable.", hint=hint, id="paraphe.E005")
    if settings.SMS_CARRIER.startswith(MAILBOX) and _may_send_sms():
        hint = "SMS_CARRIER nomme qui les porte. Sans SMS : « e-mail seulement » dans chaque politique de code."
        yield checks.Error("Les SMS vont à la boîte du bac à sable.", hint=hint, id="paraphe.E005")


def _may_send_sms() -> bool:
    """Whether a policy lets SMS go out: also where there is none yet, for the first client's does, and no table."""
    try:
        ways = set(Policy.objects.values_list("way", flat=True))
    except DatabaseError:
        return True
    return ways != {Policy.Way.EMAIL}


def _of_settings() -> Iterator[checks.CheckMessage]:
    if settings.OPERATOR["organization_identifier"] == keys.SANDBOX_OPERATOR:
        hint = "OPERATOR_NAME, OPERATOR_COUNTRY, OPERATOR_IDENTIFIER (EN 319 412-1, 5.1.4)."
        yield checks.Error("L'exploitant est celui du bac à sable.", hint=hint, id="paraphe.E004")
    yield from _of_messages()
    if urlsplit(settings.PUBLIC_URL).scheme != "https" or keys.is_local(settings.PUBLIC_URL):
        hint = "PUBLIC_URL : l'adresse https que les signataires ouvrent."
        yield checks.Error("PUBLIC_URL n'est pas une adresse publique en https.", hint=hint, id="paraphe.E006")
    if keys.is_local(settings.PKI_URL):
        hint = "PKI_URL : l'adresse http où chacun lit listes et certificats ; elle est écrite dans chaque certificat."
        yield checks.Error("PKI_URL n'est pas une adresse publique.", hint=hint, id="paraphe.E007")
    if not all(urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname for url in settings.TSA_URLS):
        hint = "TSA_URLS : les adresses http ou https de vos autorités, séparées par des virgules."
        yield checks.Error("TSA_URLS nomme ce qui n'est pas une adresse.", hint=hint, id="paraphe.E013")
    if settings.CALLBACK_PRIVATE:
        hint = "CALLBACK_PRIVATE=0."
        yield checks.Error("Les rappels peuvent viser des adresses internes.", hint=hint, id="paraphe.E008")

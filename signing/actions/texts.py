"""Texts as a client declares them: what is taken, what is refused with a sentence, what is shown.

A name that is taken goes into the trail as it was declared; rows, pages, mails, stamp and certificate have it as
`names.clean` gives it. Control characters have no place in any text (XML 1.0 has none either) and are refused, for
nobody means them: they are pasted by accident, or to forge a line. A file's name was not typed for us: its title and
its name are made harmless instead.
"""

from collections.abc import Iterable, Sized
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from signing.actions.arming import NewSigner
from signing.engine import names

NAME_LIMIT, PURPOSE_LIMIT, REFERENCE_LIMIT = 300, 200, 120
TITLE_LIMIT = 200
MOST_DOCUMENTS = 100
"""Of one envelope: each signer's documents are signed, and told in a dossier, in one piece."""
FILE_NAME_LIMIT = 255


def check_plain(text: str) -> None:
    """Raise ValidationError where a text holds what is no text."""
    if names.has_controls(text):
        raise ValidationError(
            _("Retirez le caractère invisible (retour à la ligne, tabulation, caractère de commande) de ce texte.")
        )


def check_name(first_name: str, last_name: str) -> None:
    """Raise ValidationError where nothing of a name would be seen, or more of it than can be kept."""
    for part in (first_name, last_name):
        check_plain(part)
        _check_length(part, NAME_LIMIT)
    if not names.is_seen(first_name + last_name):
        raise ValidationError(_("Un signataire a un nom."))


def check_envelope(*, signers: Iterable[NewSigner], purpose: str, external_reference: str) -> None:
    """Check the texts of an envelope before anything of it is stored; raises ValidationError."""
    for signer in signers:
        check_name(signer.first_name, signer.last_name)
        for each in signer.extrinsic:
            check_plain(each.number)
            _check_length(each.number, REFERENCE_LIMIT)
    for text, most in ((purpose, PURPOSE_LIMIT), (external_reference, REFERENCE_LIMIT)):
        check_plain(text)
        _check_length(text, most)


def check_count(documents: Sized) -> None:
    """Raise ValidationError where an envelope would hold more documents than one can."""
    if len(documents) > MOST_DOCUMENTS:
        raise ValidationError(
            _("Une enveloppe compte %(most)s documents au plus : répartissez-les sur plusieurs."),
            params={"most": MOST_DOCUMENTS},
        )


def title(text: str) -> str:
    """Give a document's title as it is shown, 200 characters at most; never empty."""
    return names.clean(text)[:TITLE_LIMIT].strip() or "Document"


def title_of(file_name: str) -> str:
    """What a document is called until somebody says otherwise: its file's name, in words."""
    return title(PurePath(file_name).stem.replace("_", " "))


def file_name(text: str) -> str:
    """Give the last part of a file's name without what cannot be written down; it is told, never opened."""
    return names.clean(text.replace("\\", "/").rpartition("/")[2])[-FILE_NAME_LIMIT:].strip() or "document.pdf"


def _check_length(text: str, most: int) -> None:
    """Both as declared and in NFC, which can be longer."""
    if max(len(text), len(names.clean(text))) > most:
        raise ValidationError(_("Ce texte compte plus de %(most)s caractères."), params={"most": most})

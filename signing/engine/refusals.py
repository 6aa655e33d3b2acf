"""Why a PDF is refused: labels that machines read, sentences that people read.

Each sentence names the cause and says what to do. French is what people read; English stands beside it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Label(StrEnum):
    """Stable spelling of each cause, the same in every door (command, admin, API)."""

    EMPTY = "PDF_EMPTY"
    TOO_LARGE = "PDF_TOO_LARGE"
    NOT_PDF = "PDF_NOT_PDF"
    FOREIGN_CONTENT = "PDF_FOREIGN_CONTENT"
    TRUNCATED = "PDF_TRUNCATED"
    DAMAGED = "PDF_DAMAGED"
    PASSWORD = "PDF_PASSWORD"  # noqa: S105 a label, not a secret
    ENCRYPTED = "PDF_ENCRYPTED"
    NO_PAGE = "PDF_NO_PAGE"
    PAGE_TREE = "PDF_PAGE_TREE"
    MISSING_PAGE = "PDF_MISSING_PAGE"
    TOO_MANY_PAGES = "PDF_TOO_MANY_PAGES"
    XFA = "PDF_XFA"
    JAVASCRIPT = "PDF_JAVASCRIPT"
    LAUNCH = "PDF_LAUNCH"
    SUBMIT_FORM = "PDF_SUBMIT_FORM"
    IMPORT_DATA = "PDF_IMPORT_DATA"
    REMOTE_FILE = "PDF_REMOTE_FILE"
    MULTIMEDIA = "PDF_MULTIMEDIA"
    EXTERNAL_CONTENT = "PDF_EXTERNAL_CONTENT"
    OPEN_FORM = "PDF_OPEN_FORM"
    HIDDEN_CONTENT = "PDF_HIDDEN_CONTENT"
    UNPRINTED_COVER = "PDF_UNPRINTED_COVER"
    HIDING_ACTION = "PDF_HIDING_ACTION"
    TRANSPARENCY = "PDF_TRANSPARENCY"
    CERTIFIED = "PDF_CERTIFIED"
    SIGNATURE_BROKEN = "PDF_SIGNATURE_BROKEN"
    SIGNED_UNSOUND = "PDF_SIGNED_UNSOUND"
    COMPRESSION = "PDF_COMPRESSION"
    BOMB = "PDF_BOMB"
    TOO_COMPLEX = "PDF_TOO_COMPLEX"


class Wording(NamedTuple):
    french: str
    english: str


_REEXPORT = Wording(
    "Enregistrez-le à nouveau depuis le logiciel d’origine, puis renvoyez-le.",
    "Export it again from the program it comes from, then send it again.",
)
_FINAL = Wording(
    "Imprimez-le dans un nouveau PDF (« Imprimer en PDF »), puis envoyez ce fichier.",
    "Print it to a new PDF (“Print to PDF”) and send that file.",
)


def _cause(french: str, english: str, remedy: Wording) -> Wording:
    return Wording(f"{french} {remedy.french}", f"{english} {remedy.english}")


WORDINGS: dict[Label, Wording] = {
    Label.EMPTY: _cause("Ce fichier est vide (0 octet).", "This file is empty (0 bytes).", _REEXPORT),
    Label.TOO_LARGE: Wording(
        "Ce fichier dépasse la taille admise ({limit} Mo). Réduisez la résolution des images ou séparez-le.",
        "This file is larger than allowed ({limit} MB). Lower the resolution of its images or split it.",
    ),
    Label.NOT_PDF: Wording(
        "Ce fichier n’est pas un PDF, quel que soit son nom. Convertissez-le en PDF, puis renvoyez-le.",
        "This file is not a PDF, whatever its name says. Convert it to PDF, then send it again.",
    ),
    Label.FOREIGN_CONTENT: _cause(
        "Ce fichier contient autre chose que le PDF, avant son début ou après sa fin.",
        "This file holds something else than the PDF, before its start or after its end.",
        _REEXPORT,
    ),
    Label.TRUNCATED: Wording(
        "Ce PDF est tronqué : sa fin manque. Vérifiez l’original et envoyez-le à nouveau en entier.",
        "This PDF is truncated: its end is missing. Check the original and send it again, whole.",
    ),
    Label.DAMAGED: _cause(
        "Ce PDF est endommagé et ne peut pas être lu sans risque d’en perdre une partie.",
        "This PDF is damaged and cannot be read without the risk of losing a part of it.",
        _REEXPORT,
    ),
    Label.PASSWORD: Wording(
        "Ce PDF est protégé par un mot de passe. Enregistrez-le sans mot de passe, puis renvoyez-le.",
        "This PDF is protected by a password. Save it without a password, then send it again.",
    ),
    Label.ENCRYPTED: Wording(
        "Ce PDF est chiffré (impression ou modification restreinte). Enregistrez-le sans protection et renvoyez-le.",
        "This PDF is encrypted (printing or changes restricted). Save it without protection, then send it again.",
    ),
    Label.NO_PAGE: _cause("Ce PDF n’a aucune page lisible.", "This PDF has no readable page.", _REEXPORT),
    Label.PAGE_TREE: _cause(
        "La table des pages de ce PDF tourne en boucle : son contenu ne peut pas être établi.",
        "The page tree of this PDF runs in a loop: what it contains cannot be told.",
        _REEXPORT,
    ),
    Label.MISSING_PAGE: _cause(
        "La table des pages de ce PDF annonce une page qui manque : selon le logiciel, d’autres pages s’affichent.",
        "The page tree of this PDF names a page that is missing: which pages are shown depends on the program.",
        _REEXPORT,
    ),
    Label.TOO_MANY_PAGES: Wording(
        "Ce PDF a plus de {limit} pages. Séparez-le en plusieurs documents.",
        "This PDF has more than {limit} pages. Split it into several documents.",
    ),
    Label.XFA: _cause(
        "Ce PDF est un formulaire XFA : ce qu’il affiche n’est pas un contenu de page fixe.",
        "This PDF is an XFA form: what it shows is not fixed page content.",
        _FINAL,
    ),
    Label.JAVASCRIPT: _cause(
        "Ce PDF contient du code JavaScript, qui pourrait changer ce qui est affiché.",
        "This PDF contains JavaScript, which could change what is shown.",
        _FINAL,
    ),
    Label.LAUNCH: _cause(
        "Ce PDF contient une action qui lance un programme ou ouvre un fichier.",
        "This PDF contains an action that launches a program or opens a file.",
        _FINAL,
    ),
    Label.SUBMIT_FORM: _cause(
        "Ce PDF contient une action qui envoie des données de formulaire.",
        "This PDF contains an action that submits form data.",
        _FINAL,
    ),
    Label.IMPORT_DATA: _cause(
        "Ce PDF contient une action qui importe des données d’un autre fichier.",
        "This PDF contains an action that imports data from another file.",
        _FINAL,
    ),
    Label.REMOTE_FILE: _cause(
        "Ce PDF contient un lien qui ouvre un autre document.",
        "This PDF contains a link that opens another document.",
        _FINAL,
    ),
    Label.MULTIMEDIA: _cause(
        "Ce PDF contient du son, de la vidéo ou un contenu animé.",
        "This PDF contains sound, video or animated content.",
        _FINAL,
    ),
    Label.EXTERNAL_CONTENT: _cause(
        "Une partie du contenu de ce PDF se trouve dans un autre fichier.",
        "A part of the content of this PDF lies in another file.",
        _FINAL,
    ),
    Label.OPEN_FORM: Wording(
        "Ce PDF contient des champs de formulaire encore modifiables. Remplissez-le, puis imprimez-le dans un nouveau "
        "PDF (« Imprimer en PDF ») et envoyez ce fichier.",
        "This PDF contains form fields that can still be changed. Fill it in, print it to a new PDF (“Print to PDF”) "
        "and send that file.",
    ),
    Label.HIDDEN_CONTENT: _cause(
        "Ce PDF contient des calques masqués ou un contenu réservé à l’impression : tout n’est pas affiché.",
        "This PDF contains hidden layers or content for print only: not all of it is shown.",
        _FINAL,
    ),
    Label.UNPRINTED_COVER: _cause(
        "Ce PDF contient une annotation qui cache une partie d’une page à l’écran mais pas à l’impression, ou qui "
        "change sous la souris.",
        "This PDF contains an annotation that hides a part of a page on the screen but not in print, or that changes "
        "under the mouse.",
        _FINAL,
    ),
    Label.HIDING_ACTION: _cause(
        "Ce PDF contient une action qui masque ou montre une partie de son contenu.",
        "This PDF contains an action that hides or shows a part of its content.",
        _FINAL,
    ),
    Label.TRANSPARENCY: Wording(
        "Ce PDF contient des transparences, que ce compte n’accepte pas. Exportez-le en PDF/A-1 ou aplatissez-le "
        "(« Imprimer en PDF »), puis renvoyez-le.",
        "This PDF contains transparency, which this account does not accept. Export it as PDF/A-1 or flatten it "
        "(“Print to PDF”), then send it again.",
    ),
    Label.CERTIFIED: Wording(
        "Ce PDF est certifié par son auteur, qui n’y permet aucune modification, pas même une signature. "
        "Demandez-lui un exemplaire non certifié.",
        "This PDF is certified by its author, who permits no change to it, not even a signature. "
        "Ask for a copy that is not certified.",
    ),
    Label.SIGNATURE_BROKEN: Wording(
        "Ce PDF porte déjà une signature, et elle n’est plus intacte. Envoyez l’exemplaire signé d’origine.",
        "This PDF already carries a signature, and it is no longer intact. Send the signed original.",
    ),
    Label.SIGNED_UNSOUND: Wording(
        "Ce PDF est déjà signé et sa structure est défectueuse ; le réparer détruirait la signature. "
        "Envoyez l’exemplaire signé d’origine ou un exemplaire non signé.",
        "This PDF is signed already and its structure is faulty; a repair would destroy the signature. "
        "Send the signed original or a copy that is not signed.",
    ),
    Label.COMPRESSION: _cause(
        "Ce PDF utilise une compression qui n’est pas prise en charge ou mal employée.",
        "This PDF uses a compression that is not supported or is misused.",
        _REEXPORT,
    ),
    Label.BOMB: _cause(
        "Une fois décompressé, le contenu de ce PDF est démesuré.",
        "Once decompressed, the content of this PDF is out of all proportion.",
        _FINAL,
    ),
    Label.TOO_COMPLEX: _cause(
        "Ce PDF n’a pas pu être examiné dans les limites de temps et de mémoire admises.",
        "This PDF could not be examined within the time and memory allowed.",
        _FINAL,
    ),
}


class Refused(Exception):
    """A PDF is not taken. `sentence` (French) and `sentence_en` name the cause and the remedy; no names of people.

    `document`: the title under which the file was handed in, set by whoever knows it.
    """

    def __init__(self, label: str, sentence: str, document: str | None = None, *, sentence_en: str = "") -> None:
        super().__init__(sentence)
        self.label = label
        self.sentence = sentence
        self.sentence_en = sentence_en
        self.document = document


def refused(label: Label, *, limit: int = 0) -> Refused:
    """Build the refusal of a cause; `limit` is the number told in the sentences that have one."""
    wording = WORDINGS[label]
    return Refused(
        str(label),
        wording.french.format(limit=limit),
        sentence_en=wording.english.format(limit=limit),
    )

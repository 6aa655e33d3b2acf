"""How far an envelope is prepared: its forms, its files with their verdicts in words, and what is still missing."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evidence import words
from signing.actions import arming
from signing.actions.drafts import Wanted
from signing.admin.draft_forms import EnvelopeForm, SignerForm, filled, first_typed, signer_forms
from signing.models import CodeChannel, Document, Draft, DraftDocument


@dataclass(frozen=True)
class Judged:
    """A file and what its intake said, in the reader's language."""

    row: DraftDocument

    @property
    def refusal(self) -> str:
        """Why it is refused and what to do; empty for an accepted one."""
        english = (get_language() or "fr").startswith("en")
        return self.row.sentence_en if english and self.row.sentence_en else self.row.sentence

    @property
    def checks(self) -> list[str]:
        return [words.check(each) for each in self.row.checks]

    @property
    def repaired(self) -> bool:
        return "repaired" in self.row.checks


@dataclass(frozen=True)
class Prepared:
    """Everything on the page, and whether it may be sent. `missing`: sentences on the files."""

    form: EnvelopeForm
    signers: list[SignerForm]
    documents: list[Judged]
    missing: list[str]
    checked: bool

    @property
    def complete(self) -> bool:
        """Whether nothing is wrong and nothing is missing; only of what was checked."""
        sound = [self.form.is_valid(), *(each.is_valid() for each in filled(self.signers))]
        return self.checked and all(sound) and not self.missing

    def wanted(self) -> Wanted:
        """What is to be sent; call it only where it is complete."""
        channel = CodeChannel(self.form.cleaned_data["code_channel"])
        return Wanted(
            signers=tuple(each.signer(channel) for each in filled(self.signers)),
            purpose=self.form.cleaned_data["purpose"],
            expires_at=self.form.ends_at(),
        )


def prepared(draft: Draft | None, *, checked: bool) -> Prepared:
    """Read a draft (None: an empty page); `checked`: with what is wrong."""
    typed = first_typed() | (draft.typed if draft else {})
    documents = [Judged(row) for row in draft.documents.order_by("n")] if draft else []
    held = Prepared(
        form=EnvelopeForm(data=typed if checked else None, initial=typed, label_suffix=""),
        signers=signer_forms(typed, checked=checked),
        documents=documents,
        missing=_missing(documents) if checked else [],
        checked=checked,
    )
    if draft and held.complete:
        held.missing.extend(_forbidden(draft, held))
    return held


def _forbidden(draft: Draft, held: Prepared) -> list[str]:
    """To whom the client's policy lets no code go, a sentence each."""
    found = []
    for signer in held.wanted().signers:
        try:
            arming.check_policy(draft.client, arming.reachable([signer]))
        except arming.NoMobile:
            name = f"{signer.first_name} {signer.last_name}".strip()
            found.append(_("%(name)s : ce numéro ne reçoit pas de SMS, ou fait payer qui lui écrit.") % {"name": name})
        except arming.Forbidden as error:
            found += error.messages
    return found


def _missing(documents: list[Judged]) -> list[str]:
    found = []
    if not any(each.row.role == Document.Role.TO_SIGN and not each.row.label for each in documents):
        found.append(_("Ajoutez au moins un document à signer."))
    if any(each.row.label for each in documents):
        found.append(_("Remplacez ou retirez les documents refusés."))
    return found

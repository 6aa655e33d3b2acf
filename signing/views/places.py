"""Where a path stands, as a page."""

from django.urls import reverse
from django.utils.timezone import now

from signing.models import Signer
from signing.states import ENDED, READING, SignerState

PAGES = {
    SignerState.OPENED: "documents",
    SignerState.CODE_SENT: "sign_code",
    SignerState.SIGNING: "progress",
    SignerState.QUARANTINED: "progress",
    SignerState.SIGNED: "done",
    SignerState.REFUSED: "refused",
}
UNTIL_THE_LAST_DAY = READING | {SignerState.WAITING, SignerState.INVITED}


def state_of(signer: Signer) -> SignerState:
    """The state as people are told it: past its day a path is over, also in the seconds before the sweeper ends it."""
    state = SignerState(signer.state)
    late = state in UNTIL_THE_LAST_DAY and signer.envelope.expires_at <= now()
    return SignerState.EXPIRED if late else state


def has_a_dossier(signer: Signer) -> bool:
    """Whether a path that came to nothing was opened by its signer: whoever comes is led to what was recorded."""
    return signer.state in ENDED and signer.opened_at is not None


def home(signer: Signer) -> str:
    """The URL of the page a signer belongs on now."""
    page = PAGES.get(state_of(signer), "closed")
    if page == "documents" and signer.work == Signer.Work.SEND_CODE:
        page = "sign_code"
    return reverse(page, kwargs={"path": signer.public_id})

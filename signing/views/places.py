"""Where a path stands, as a page."""

from django.urls import reverse

from signing.models import Signer
from signing.states import SignerState

PAGES = {
    SignerState.OPENED: "documents",
    SignerState.CODE_SENT: "sign_code",
    SignerState.SIGNING: "progress",
    SignerState.QUARANTINED: "progress",
    SignerState.SIGNED: "done",
    SignerState.REFUSED: "refused",
}


def home(signer: Signer) -> str:
    """The URL of the page a signer belongs on now."""
    page = PAGES.get(SignerState(signer.state), "closed")
    if page == "documents" and signer.work == Signer.Work.SEND_CODE:
        page = "sign_code"
    return reverse(page, kwargs={"path": signer.public_id})

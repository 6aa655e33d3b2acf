"""Two signers of one envelope, one after the other: one trail, two dossiers."""

from evidence import events
from tests.evidence.trails import Walk
from tests.pdfs import signed


def second(**given: object) -> Walk:
    """The path of the second signer, walked to its end after that of the first.

    The file it signs carries a signature already: a stranger's, which stands for the one that the trail tells of.
    """
    first = Walk(**given).create(turn=1)  # type: ignore[arg-type]  # a factory's fields
    last = Walk(**given, first_name="Dominique", last_name="Petit", reference=first.reference, after=first)  # type: ignore[arg-type]  # as above
    last.arm(n=2, turn=2)
    last.at = first.open().look().agree().code().sign().at
    last.newest = {document: signed.sign(paper.content) for document, paper in zip(last.ids, last.papers, strict=True)}
    last.say(events.SignerInvited(signer=last.signer, turn=2))
    return last.open().look().agree().code().sign().deliver()

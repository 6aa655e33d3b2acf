"""Two signers of one envelope, one after the other: one trail, two dossiers."""

import hashlib
from datetime import timedelta

from django.utils import timezone

from evidence import events, files
from tests.evidence.trails import Walk
from tests.pdfs import signed


def second(**given: object) -> Walk:
    """The path of the second signer, walked to its end after that of the first.

    The file it signs carries a signature already, made with a throwaway certificate; the trail tells of it.
    """
    first = Walk(start=timezone.now() - timedelta(minutes=28), **given).create(turn=1)  # type: ignore[arg-type]  # a factory's fields
    last = Walk(**given, first_name="Dominique", last_name="Petit", reference=first.reference, after=first)  # type: ignore[arg-type]  # as above
    last.arm(n=2, turn=2)
    first.at = last.at
    first.open().look().agree().code()
    for paper, document in zip(first.papers, first.ids, strict=True):
        if paper.role == "to_sign":
            last.newest[document] = signed.sign(paper.content)
            files.put_bytes(last.newest[document])
            first.say(_made(first, document, presented=paper.content, whole=last.newest[document]))
    last.at = first.at
    last.say(events.SignerInvited(signer=last.signer, turn=2))
    return last.open().look().agree().code().sign().deliver()


def _made(walk: Walk, document: str, *, presented: bytes, whole: bytes) -> events.SignatureMade:
    return events.SignatureMade(
        signer=walk.signer,
        document=document,
        sha256=hashlib.sha256(whole).hexdigest(),
        bytes=len(whole),
        presented_sha256=hashlib.sha256(presented).hexdigest(),
        prefix_length=len(presented),
        byte_range=[0, len(presented), len(presented) + 2, len(whole) - len(presented) - 2],
        signature_sha256=hashlib.sha256(b"the first signature").hexdigest(),
        field="Signature",
        level="B-B",
        binding=walk.binding,
    )

"""Work of pyHanko that comes out the same for all signatures of a file, and is done once for it.

EN 319 102-1, 5.6.3 judges a signature with all document time stamps of its file. PyHanko reads them, the evidence that
each covers and the store of the document anew for every signature, and asks every revocation list again for every time
stamp: the cost grows with the cube of the signers. Here these are kept, for one file, with all that they depend on.
Nothing is left out, and only what was found good is kept: what fails is looked at again wherever it is met.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, wraps
from typing import Any

from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.keys import PublicKeyInfo
from pyhanko.sign.validation import ades
from pyhanko_certvalidator import validate
from pyhanko_certvalidator.sig_validate import (
    DEFAULT_VALIDATION_CONTEXT,
    DefaultSignatureValidator,
    SignatureValidationContext,
)

from evidence.verify.object_streams import read_tables_once


@dataclass
class Work:
    """What was done for one file.

    `evidence`, `stores`: by the reader and how it was asked. `unlisted`: certificates that no list names, by all that
    this depends on, with the objects that it was asked of.
    """

    evidence: dict[Any, list[Any]] = field(default_factory=dict)
    stores: dict[Any, Any] = field(default_factory=dict)
    unlisted: dict[Any, tuple[Any, ...]] = field(default_factory=dict)


_current: ContextVar[Work | None] = ContextVar("work", default=None)


@contextmanager
def sharing(work: Work) -> Iterator[None]:
    """Let pyHanko take from `work`, and add to it, what it does inside."""
    token = _current.set(work)
    try:
        yield
    finally:
        _current.reset(token)


def _evidence_once(read: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """The document time stamps of a file, and what each proves to have existed; whether they hold is judged later."""

    @wraps(read)
    def known(r: Any, include_content_ts: bool, diff_policy: Any) -> list[Any]:  # noqa: FBT001 - pyHanko's own order
        work = _current.get()
        if work is None:
            return read(r, include_content_ts, diff_policy)
        asked = (r, include_content_ts, diff_policy)
        if asked not in work.evidence:
            work.evidence[asked] = read(r, include_content_ts, diff_policy)
        return list(work.evidence[asked])

    return known


def _store_once(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Lists, answers and certificates of the document security store, parsed."""

    @wraps(read)
    def known(reader: Any) -> Any:
        work = _current.get()
        if work is None:
            return read(reader)
        if reader not in work.stores:
            work.stores[reader] = read(reader)
        return work.stores[reader]

    return known


def _lists_once(verify: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Whether a certificate of a path is on no list at a time; raises where it is, or where that is not known."""

    @wraps(verify)
    async def known(cert: Any, path: Any, validation_context: Any, *, proc_state: Any) -> None:
        work = _current.get()
        if work is None or proc_state.cert_path_stack.tail:  # on the way to the issuer of another list
            return await verify(cert, path, validation_context, proc_state=proc_state)
        asked, kept = _question(cert, path, validation_context)
        if asked not in work.unlisted:
            await verify(cert, path, validation_context, proc_state=proc_state)
            work.unlisted[asked] = kept
        return None

    return known


def _question(cert: Any, path: Any, context: Any) -> tuple[Any, tuple[Any, ...]]:
    """All that the answer depends on, and the objects to keep, as they are told apart by their identity.

    When something existed is no part of it: only the sliding back in time asks that, and it has its own way.
    """
    manager = context.revinfo_manager
    settings = (context.algorithm_policy, context.sig_validator, context.path_builder.trust_manager)
    kept = (*manager.crls, *manager.ocsps, *settings)
    asked = (
        cert.sha256,
        tuple(each.sha256 for each in path.iter_certs(include_root=True)),
        context.timing_params.timing_info,
        context.timing_params.time_tolerance,
        context.revinfo_policy,
        frozenset(each.sha256 for each in context.certificate_registry),
        tuple(map(id, kept)),
    )
    return asked, kept


class VerifiedOnce(DefaultSignatureValidator):
    """Arithmetic over the same bytes with the same key: what was right once is right again."""

    def __init__(self) -> None:
        self._right: set[tuple[bytes, ...]] = set()

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: PublicKeyInfo,
        signature_algorithm: SignedDigestAlgorithm,
        context: SignatureValidationContext = DEFAULT_VALIDATION_CONTEXT,
    ) -> None:
        key, algorithm = public_key_info.dump(), signature_algorithm.dump()
        asked = (signature, hashlib.sha512(signed_data).digest(), key, algorithm, repr(context).encode())
        if asked not in self._right:
            super().validate_signature(signature, signed_data, public_key_info, signature_algorithm, context)
            self._right.add(asked)


def share() -> None:
    """Put the wrappers into pyHanko's places, in this process; done once, however often it is called."""
    for module, name, once in (
        (ades, "_build_prima_facie_poe_index_from_pdf_timestamps", _evidence_once),
        (ades, "_dss_to_local_knowledge", _store_once),
        (validate, "verify_crl", _lists_once),
    ):
        there: Any = getattr(module, name)
        if not hasattr(there, "__wrapped__"):
            setattr(module, name, once(there))


def quicken(reader: Any) -> None:
    """Let an open reader look up once what came in which revision, when it last changed, and where it is."""
    table = reader.xrefs
    table.get_introducing_revision = cache(table.get_introducing_revision)
    table.get_last_change = cache(table.get_last_change)
    table.explicit_refs_in_revision = cache(table.explicit_refs_in_revision)
    read_tables_once(reader)

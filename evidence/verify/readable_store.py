"""The document security store without what cannot be read in it (EN 319 142-1, 5.4.2).

Anybody can append a store with one stream more, and some programs write empty ones. PyHanko reads all of it or nothing;
what is no certificate, no list and no answer is no evidence, and takes none of the others' worth.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import SimpleNamespace
from typing import Any

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils import generic
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError

_KINDS: dict[str, Any] = {"/Certs": x509.Certificate, "/CRLs": crl.CertificateList, "/OCSPs": ocsp.OCSPResponse}


def read_what_is_readable() -> None:
    """Have pyHanko do so, in this process; done once, however often it is called."""
    there: Any = DocumentSecurityStore.read_dss
    if not hasattr(there, "__wrapped__"):
        DocumentSecurityStore.read_dss = _leniently(there)  # type: ignore[method-assign]


def _leniently(read: Callable[[Any], Any]) -> Any:
    @wraps(read)
    def known(handler: Any) -> Any:
        try:
            return read(handler)
        except (NoDSSFoundError, MemoryError):
            raise
        except Exception:  # noqa: BLE001 asn1crypto raises anything on what is none of its own
            return read(SimpleNamespace(root={"/DSS": _readable(handler.root["/DSS"])}))

    return known


def _readable(store: Any) -> Any:
    """The same dictionary, with what can be read in its arrays."""
    entries = {key: store.raw_get(key) for key in store}
    for key, kind in _KINDS.items():
        if key in store:
            entries[key] = generic.ArrayObject(each for each in store[key] if _is_readable(each, kind))
    return generic.DictionaryObject(entries)  # type: ignore[no-untyped-call]  # pyHanko's has no types


def _is_readable(reference: Any, kind: Any) -> bool:
    try:
        kind.load(reference.get_object().data, strict=True).native  # noqa: B018 - all of it is parsed for that
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 asn1crypto raises anything on what is none of its own
        return False
    return True

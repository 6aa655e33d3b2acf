"""The document security store: certificates and lists beside the signature (EN 319 142-1, 5.4.2). No VRI."""

from collections.abc import Iterable, Iterator, Sequence

from asn1crypto import cms
from cryptography import x509
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.timestamps import TimeStamper

from signing.engine import fields, resources
from signing.engine.credential import to_der


def supply(writer: BasePdfFileWriter, certificates: Iterable[bytes], crls: Iterable[bytes]) -> None:
    """Add what is not there yet (DER) to the store of the revision being written; make it where there is none."""
    root = writer.root
    if "/DSS" not in root:
        root[resources.Name("/DSS")] = writer.add_object(resources.dictionary({}))
        writer.update_root()  # type: ignore[no-untyped-call]  # pyHanko's has no types
    store = root["/DSS"]
    added = [_add(writer, store, "/Certs", certificates), _add(writer, store, "/CRLs", crls)]
    if any(added):
        fields.mark(writer, root.raw_get("/DSS"))


def _add(writer: BasePdfFileWriter, store: DictionaryObject, key: str, contents: Iterable[bytes]) -> bool:
    """Add what is new to one of the store's arrays, which then is written anew; tell whether anything was."""
    kept = list(_references(store, key))
    known = {resources.resolved(each).data for each in kept}
    new = [each for each in dict.fromkeys(contents) if each not in known]
    if new:
        made = [writer.add_object(StreamObject(stream_data=each)) for each in new]
        store[resources.Name(key)] = ArrayObject([*kept, *made])
    return bool(new)


def _references(store: DictionaryObject, key: str) -> Iterator[IndirectObject]:
    if key in store:
        array = store[key]
        yield from (array.raw_get(number) for number in range(len(array)))


def certificates(known: Sequence[x509.Certificate], timestamper: TimeStamper) -> list[bytes]:
    """What is known before a token has come: the signer's own, and the time stamper's where it has them already."""
    return [*map(to_der, known), *(each.dump() for each in timestamper.cert_registry)]


def certificates_of(token: bytes) -> list[bytes]:
    """The certificates that a token (DER) brings along, DER."""
    carried = cms.ContentInfo.load(token)["content"]["certificates"]
    return [entry.chosen.dump() for entry in carried if entry.name == "certificate"]

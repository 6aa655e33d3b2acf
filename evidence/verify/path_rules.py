"""What authorities may certify, beside that they did (RFC 5280, 6.1.3 and 6.1.4): for whom, how far down, and at all.

Not checked: policies; which of them a certificate falls under, nobody here asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cryptography import x509
from cryptography.x509.oid import ExtensionOID, NameOID

_UNDERSTOOD = {
    ExtensionOID.BASIC_CONSTRAINTS,
    ExtensionOID.KEY_USAGE,
    ExtensionOID.EXTENDED_KEY_USAGE,
    ExtensionOID.NAME_CONSTRAINTS,
    ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    ExtensionOID.ISSUER_ALTERNATIVE_NAME,
    ExtensionOID.SUBJECT_KEY_IDENTIFIER,
    ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
    ExtensionOID.CERTIFICATE_POLICIES,
    ExtensionOID.POLICY_MAPPINGS,
    ExtensionOID.POLICY_CONSTRAINTS,
    ExtensionOID.INHIBIT_ANY_POLICY,
    ExtensionOID.CRL_DISTRIBUTION_POINTS,
    ExtensionOID.FRESHEST_CRL,
    ExtensionOID.AUTHORITY_INFORMATION_ACCESS,
    ExtensionOID.OCSP_NO_CHECK,
}


def follows_rules(certificate: x509.Certificate, chain: Sequence[x509.Certificate]) -> bool:
    """Whether each of a chain (issuer first, root last) may certify what is below it, and nothing is left unread.

    That they are authorities, and signed, is asked elsewhere. A root may carry what it likes: it is trusted as it is.
    """
    path = [certificate, *chain]
    try:
        if any(each.critical and each.oid not in _UNDERSTOOD for one in path[:-1] for each in one.extensions):
            return False
        return all(_may_certify(authority, path[: place + 1]) for place, authority in enumerate(chain))
    except ValueError:  # an extension that cannot be read
        return False


def _may_certify(authority: x509.Certificate, below: Sequence[x509.Certificate]) -> bool:
    """`below`: what stands below an authority, the lowest first."""
    usage, basic, names = (
        _extension(authority, kind) for kind in (x509.KeyUsage, x509.BasicConstraints, x509.NameConstraints)
    )
    if usage and not usage.key_cert_sign:
        return False
    between = [each for each in below[1:] if each.subject != each.issuer]
    if basic and basic.path_length is not None and len(between) > basic.path_length:
        return False
    return not names or all(_is_permitted(each, names) for each in (below[0], *between))


def _extension(certificate: x509.Certificate, kind: type[Any]) -> Any:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _is_permitted(certificate: x509.Certificate, constraints: x509.NameConstraints) -> bool:
    for name in _names(certificate):
        permitted = [each for each in constraints.permitted_subtrees or () if type(each) is type(name)]
        if permitted and not any(_is_within(name, each, or_=False) for each in permitted):
            return False
        excluded = (each for each in constraints.excluded_subtrees or () if type(each) is type(name))
        if any(_is_within(name, each, or_=True) for each in excluded):
            return False
    return True


def _names(certificate: x509.Certificate) -> Iterator[x509.GeneralName]:
    if list(certificate.subject):
        yield x509.DirectoryName(certificate.subject)
    others = _extension(certificate, x509.SubjectAlternativeName)
    yield from others or ()
    if not others:  # old certificates have it in their subject (4.2.1.10)
        for each in certificate.subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS):
            yield x509.RFC822Name(str(each.value))


def _is_within(name: Any, tree: Any, *, or_: bool) -> bool:
    """Whether a name is in a subtree of its kind (4.2.1.10). `or_`: what is said of kinds that are not known here."""
    if isinstance(name, x509.DirectoryName):
        parts, above = (list(map(_folded, each.value.rdns)) for each in (name, tree))
        return parts[: len(above)] == above
    if isinstance(name, x509.DNSName):
        return ("." + name.value.lower()).endswith("." + tree.value.lower().lstrip(".")) or not tree.value
    if isinstance(name, x509.RFC822Name):
        return _is_address_within(name.value, tree.value)
    return or_


def _is_address_within(address: str, tree: str) -> bool:
    """Of one mailbox, of a host, or of all hosts below a domain."""
    host = address.rpartition("@")[2].lower()
    if "@" in tree:
        return address.rpartition("@")[0] == tree.rpartition("@")[0] and host == tree.rpartition("@")[2].lower()
    return host.endswith(tree.lower()) if tree.startswith(".") else host == tree.lower()


def _folded(rdn: x509.RelativeDistinguishedName) -> frozenset[tuple[str, str]]:
    """Parts of a name as they are compared (7.1): without regard to case and to how many blanks there are."""
    return frozenset((each.oid.dotted_string, " ".join(str(each.value).split()).casefold()) for each in rdn)

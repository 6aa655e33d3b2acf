"""Certificate and CRL profiles: the table of evidence.md ("Certificates") as one function per column.

Every profile takes serial and validity from its caller (serials: 128 or more random bits, stored before signing) and
gives a DER-ready `x509.Certificate`. Criticalities follow RFC 5280, 4.2; extension order is fixed, so that two
certificates of one profile can be compared line by line.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

SigningKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey

ANY_POLICY = "2.5.29.32.0"

_NO_USAGE = dict.fromkeys(
    (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    ),
    False,
)


@dataclass(frozen=True)
class Validity:
    """Aware instants; certificates carry whole seconds."""

    not_before: datetime
    not_after: datetime


@dataclass(frozen=True)
class Policies:
    """Policy OIDs in dotted form, where the practice statement is published, and what readers of PDF show of it.

    `notice`: 200 characters at most (RFC 5280, 4.2.1.4); empty for none.
    """

    oids: tuple[str, ...]
    cps_uri: str
    notice: str = ""


@dataclass(frozen=True)
class Content:
    """What one certificate says beyond its profile."""

    subject: x509.Name
    public_key: PublicKey
    serial: int
    validity: Validity
    policies: Policies | None = None


@dataclass(frozen=True)
class Issuer:
    """A CA that signs; `published` is the URL of its CRL and certificate without their endings (.crl, .cer)."""

    key: SigningKey
    certificate: x509.Certificate
    published: str


def organization(country: str, name: str, identifier: str, common_name: str) -> x509.Name:
    """C, O, organizationIdentifier (X.520; EN 319 412-3, 4.2.1) and CN of a legal person's certificate."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, country),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, identifier),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def root(key: SigningKey, content: Content) -> x509.Certificate:
    """Self-signed root of signing. No path length, no pointers: there is nothing above it."""
    builder = _authority(_body(content.subject, content), path_length=None)
    return _identified(builder, content, _own(key)).sign(key, digest_for(key))


def issuing(issuer: Issuer, content: Content) -> x509.Certificate:
    """CA of people's certificates, time stamps and seals; no CA is issued below it (pathLen 0)."""
    return _issued(_authority(_body(issuer.certificate.subject, content), path_length=0), issuer, content)


def signer(issuer: Issuer, content: Content) -> x509.Certificate:
    """One-use certificate of a natural person: nonRepudiation alone."""
    return _issued(_end_entity(issuer, content, "content_commitment"), issuer, content)


def time_stamping_unit(issuer: Issuer, content: Content) -> x509.Certificate:
    """TSA unit: extendedKeyUsage is critical and holds timeStamping only (RFC 3161, 2.3)."""
    builder = _end_entity(issuer, content, "digital_signature")
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    return _issued(builder.add_extension(usage, critical=True), issuer, content)


def seal(issuer: Issuer, content: Content) -> x509.Certificate:
    """Platform seal. digitalSignature beside nonRepudiation: signxml refuses a seal without it."""
    return _issued(_end_entity(issuer, content, "digital_signature", "content_commitment"), issuer, content)


def access(key: SigningKey, content: Content) -> x509.Certificate:
    """Self-signed root of TLS; it shares nothing with the root of signing."""
    builder = _authority(_body(content.subject, content), path_length=0)
    return _identified(builder, content, _own(key)).sign(key, digest_for(key))


def tls_server(issuer: Issuer, content: Content, hosts: Sequence[str]) -> x509.Certificate:
    """TLS server certificate for host names and IP addresses (RFC 9525: only the subjectAltName counts)."""
    builder = _end_entity(issuer, content, "digital_signature")
    builder = _add(builder, x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]))
    builder = _add(builder, x509.SubjectAlternativeName([_host(host) for host in hosts]))
    return _issued(builder, issuer, content)


def tls_client(issuer: Issuer, content: Content) -> x509.Certificate:
    """TLS client certificate of a machine: clientAuth alone, so that it can never pass for a server."""
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    return _issued(_add(_end_entity(issuer, content, "digital_signature"), usage), issuer, content)


def key_identifier(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    """How what `issuer` signs names its key: as its own certificate does (RFC 5280, 4.2.1.1), else by SHA-1.

    A CA from elsewhere may have made its identifier in another way (RFC 7093), and validators compare the two.
    """
    try:
        own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    except x509.ExtensionNotFound:
        return x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key())  # type: ignore[arg-type]  # a CA's
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)


def digest_for(key: SigningKey) -> hashes.SHA256 | hashes.SHA384:
    """Give the digest that matches a key's strength (TS 119 312, clause 6)."""
    return hashes.SHA384() if key.key_size in {384, 4096} else hashes.SHA256()


def _body(issuer: x509.Name, content: Content) -> x509.CertificateBuilder:
    if not 2**63 <= content.serial < 2**159:
        raise ValueError("a serial has 64 to 159 bits, 128 of them random (evidence.md, Certificates)")
    return (
        x509.CertificateBuilder()
        .issuer_name(issuer)
        .subject_name(content.subject)
        .public_key(content.public_key)
        .serial_number(content.serial)
        .not_valid_before(content.validity.not_before)
        .not_valid_after(content.validity.not_after)
    )


def _authority(builder: x509.CertificateBuilder, path_length: int | None) -> x509.CertificateBuilder:
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
    return builder.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)


def _end_entity(issuer: Issuer, content: Content, *usages: str) -> x509.CertificateBuilder:
    builder = _body(issuer.certificate.subject, content)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    return builder.add_extension(_usage(*usages), critical=True)


def _usage(*names: str) -> x509.KeyUsage:
    return x509.KeyUsage(**_NO_USAGE | dict.fromkeys(names, True))


def _own(key: SigningKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _identified(
    builder: x509.CertificateBuilder, content: Content, above: x509.AuthorityKeyIdentifier
) -> x509.CertificateBuilder:
    """Add what every certificate carries: both key identifiers, and its policies where it has any."""
    builder = _add(builder, x509.SubjectKeyIdentifier.from_public_key(content.public_key))
    builder = _add(builder, above)
    if content.policies is None:
        return builder
    qualifiers: list[str | x509.UserNotice] = [content.policies.cps_uri]
    if content.policies.notice:
        qualifiers.append(x509.UserNotice(None, content.policies.notice))
    listed = [x509.PolicyInformation(x509.ObjectIdentifier(oid), qualifiers) for oid in content.policies.oids]
    return _add(builder, x509.CertificatePolicies(listed))


def _issued(builder: x509.CertificateBuilder, issuer: Issuer, content: Content) -> x509.Certificate:
    """Add the pointers of a certificate below a root, and sign it."""
    crl = x509.DistributionPoint([x509.UniformResourceIdentifier(f"{issuer.published}.crl")], None, None, None)
    above = x509.UniformResourceIdentifier(f"{issuer.published}.cer")
    builder = _identified(builder, content, key_identifier(issuer.certificate))
    builder = _add(builder, x509.CRLDistributionPoints([crl]))
    pointer = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, above)
    return _add(builder, x509.AuthorityInformationAccess([pointer])).sign(issuer.key, digest_for(issuer.key))


def _add(builder: x509.CertificateBuilder, extension: x509.ExtensionType) -> x509.CertificateBuilder:
    return builder.add_extension(extension, critical=False)


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)

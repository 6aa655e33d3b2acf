"""Access CAs of the tests, and certificates that should not open anything."""

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from signing.engine import profiles
from signing.engine.ca import new_serial
from signing.engine.profiles import Content, Issuer, Validity


def authority(at: datetime) -> Issuer:
    """An access CA of its own, made now."""
    key = ec.generate_private_key(ec.SECP384R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Racine d'accès d'essai")])
    validity = Validity(at - timedelta(days=700), at + timedelta(days=3000))
    certificate = profiles.access(key, Content(name, key.public_key(), new_serial(), validity))
    return Issuer(key, certificate, "http://127.0.0.1:8080/pki/access")


def issued(issuer: Issuer, *, begin: datetime, end: datetime) -> tuple[x509.Certificate, bytes]:
    """A client certificate that nobody has registered, and its key as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "essai")])
    certificate = profiles.tls_client(issuer, Content(name, key.public_key(), new_serial(), Validity(begin, end)))
    return certificate, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

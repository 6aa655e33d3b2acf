"""pyHanko's signer over a one-use key: it never sees the secret, only asks for signatures."""

from collections.abc import Sequence

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.engine.keys import OneUseKey

DIGEST = "sha256"


class CredentialSigner(Signer):
    """Makes the CMS of a PAdES signature: content type, digest, signing-certificate-v2, and the whole chain."""

    def __init__(self, key: OneUseKey, certificate: x509.Certificate, chain: Sequence[x509.Certificate]) -> None:
        self.own = to_asn1(certificate)
        self.certificate = certificate
        self._key = key
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko's constructor has no types
        store.register_multiple(to_asn1(above) for above in chain)
        super().__init__(signing_cert=self.own, cert_registry=store)

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,  # noqa: FBT001, FBT002 pyHanko's signature
    ) -> bytes:
        """Sign `data` with the key; a dry run would be a use of it, and no caller needs one."""
        if dry_run:
            raise NotImplementedError("the size of a signature is known: no dry run with a one-use key")
        return self._key.sign(data, digest_algorithm)

    async def sign_document(self, digest: bytes, timestamper: TimeStamper) -> cms.ContentInfo:
        """Give the CMS over a document's digest, with a time stamp over the signature (EN 319 122-1, 5.3)."""
        return await self.async_sign(digest, DIGEST, use_pades=True, timestamper=timestamper)


def to_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """The same certificate for the libraries that speak asn1crypto."""
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))

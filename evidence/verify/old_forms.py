"""Signatures of forms that ISO 32000-2 (12.8.3) withdrew and that old files have: SHA-1, without or inside a CMS.

They are read so that a sound old file is not called altered; SHA-1 is believed no further than that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from asn1crypto import cms, core
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa, utils
from django.utils.translation import gettext

from evidence.verify import coverage
from evidence.verify.failures import NotSound

if TYPE_CHECKING:
    from evidence.verify.coverage import Embedded

INSIDE, WITHOUT = "/adbe.pkcs7.sha1", "/adbe.x509.rsa_sha1"


def is_old(embedded: Embedded) -> bool:
    """Whether a signature says that it is of one of these forms."""
    return embedded.sub_filter in {INSIDE, WITHOUT}


def check(file: BinaryIO, embedded: Embedded) -> None:
    """Check that an old signature is about the covered bytes. Raises `NotSound` (digest, cryptography).

    Not checked: of the form with a CMS, that this CMS is sound; anybody's certificate.
    """
    covered = coverage.digest(file, embedded, "sha1")
    try:
        if embedded.sub_filter == INSIDE:
            said = cms.ContentInfo.load(embedded.contents)["content"]["encap_content_info"]["content"].native
            if said != covered:
                raise NotSound("digest", gettext("L’empreinte signée n’est pas celle du contenu."))
            return
        key = x509.load_der_x509_certificate(embedded.certificate).public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            raise NotSound("cryptography", gettext("L’algorithme de signature n’est pas admis."))
        value = core.OctetString.load(embedded.contents).native
        key.verify(value, covered, padding.PKCS1v15(), utils.Prehashed(hashes.SHA1()))  # noqa: S303 - as it was made
    except InvalidSignature as error:
        raise NotSound("digest", gettext("La signature ne correspond pas à son certificat.")) from error
    except (ValueError, TypeError, KeyError) as error:
        raise NotSound("format", gettext("La signature n’a pas la forme attendue.")) from error

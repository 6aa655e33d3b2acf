"""What a certificate says that its key is for (RFC 5280, 4.2.1.3 and 4.2.1.12), where somebody signs documents with it.

There is no purpose that all agree on for documents: authorities write those of e-mail, of logging in, their own, or
none. So nothing is asked but that it is not made for something else alone.
"""

from __future__ import annotations

from typing import Any

_USAGES = {"digital_signature", "non_repudiation"}
_FOR_OTHER_THINGS = {  # by the names of asn1crypto
    "server_auth",
    "code_signing",
    "time_stamping",
    "ocsp_signing",
    "ipsec_end_system",
    "ipsec_tunnel",
    "ipsec_user",
    "ipsec_ike",
    "pkinit_kpkdc",
    "microsoft_time_stamp_signing",
    "microsoft_trust_list_signing",
    "microsoft_efs",
    "microsoft_efs_recovery",
    "apple_time_stamping",
    "apple_code_signing",
}


def may_sign_documents(certificate: Any) -> bool:
    """Whether nothing in a certificate of asn1crypto's says that its key signs other things, or nothing at all."""
    usages, purposes = certificate.key_usage_value, certificate.extended_key_usage_value
    if usages is not None and not _USAGES & set(usages.native):
        return False
    return purposes is None or not set(purposes.native) <= _FOR_OTHER_THINGS

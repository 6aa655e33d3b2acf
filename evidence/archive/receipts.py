"""Sealing what an archive of our own says: canonical JSON, a detached seal of the platform with a time stamp.

`openssl cms -verify -binary -inform DER -in receipt.p7s -content receipt.json` checks one without us.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import rfc8785
from django.conf import settings

from evidence import keys, seal, timestamps

LISTS = ("issuing.crl", "root.crl")


def sealed(said: Mapping[str, Any], *, at: datetime) -> tuple[bytes, bytes]:
    """The canonical bytes of what is said, and the seal over them (CAdES-B-LT, DER).

    Raises `keys.KeyUnavailable`, `seal.StaleRevocationList`, `timestamps.TimestampRefused`.
    """
    content = rfc8785.dumps(dict(said))
    stamper = timestamps.timestamper()
    crls = [*((Path(settings.PKI_DIR) / name).read_bytes() for name in LISTS), *stamper.lists()]
    return content, seal.seal_detached(content, keys.open_identity("seal"), stamper, crls=crls, at=at)

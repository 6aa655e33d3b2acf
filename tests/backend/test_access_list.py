"""The access CA's list as files: stack facts, section 3 (an expired list refuses everybody)."""

from datetime import timedelta

import pytest
from cryptography import x509
from django.conf import settings

from signing.backend import access_list, heartbeat
from signing.clients import certificates
from signing.clients.models import AccessCertificate
from tests.evidence import pki
from tests.signing import walks
from tests.signing.clients import access

AT = walks.now()


def published() -> tuple[x509.CertificateRevocationList, x509.CertificateRevocationList]:
    """What `/pki/` gives, and what the listener loads."""
    folder = settings.PKI_DIR
    return (
        x509.load_der_x509_crl((folder / "access.crl").read_bytes()),
        x509.load_pem_x509_crl((folder / "access.crl.pem").read_bytes()),
    )


@pytest.mark.django_db
def test_the_worker_keeps_it_in_force_and_tells_how_long() -> None:
    """Renewed by the heartbeat twenty days before its end; the ceremony's own counts as one."""
    pki.hold()
    later = AT + timedelta(days=25)

    ends = access_list.publish(later)

    der, pem = published()
    assert der == pem
    assert der.next_update_utc == ends == later.replace(microsecond=0) + timedelta(days=30)


@pytest.mark.django_db
def test_a_revoked_certificate_is_on_it_at_the_next_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    pki.hold()
    at = walks.now()  # the lists of the ceremony are in force from its instant on
    monkeypatch.setattr(certificates, "KEY_BITS", 2048)
    made = certificates.make(walks.a_client(), access.authority(at), at=at)
    certificates.revoke(AccessCertificate.objects.get(), at=at)

    beat = heartbeat.beat(at)

    assert beat.good
    der, pem = published()
    serial = x509.load_pem_x509_certificate(made.certificate).serial_number
    assert der.get_revoked_certificate_by_serial_number(serial)
    assert pem.get_revoked_certificate_by_serial_number(serial)
    assert der.next_update_utc
    assert beat.facts["access_crl_next_update"] == der.next_update_utc.isoformat()

"""Access certificates in the administration: whose, until when; to read, for the operator."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import now

from signing.clients.models import AccessCertificate
from tests.signing import walks
from tests.signing.admin.people import member_browser, operator_browser
from tests.signing.views.browser import words_of

pytestmark = pytest.mark.django_db
LIST = "/admin/clients/accesscertificate/"


def test_the_operator_reads_the_end_of_each_and_writes_none() -> None:
    client, at = walks.a_client(), now()
    rows = [
        AccessCertificate.objects.create(
            client=client,
            fingerprint=f"{n:064x}",
            serial=f"5f{n}",
            not_before=at - timedelta(days=400),
            not_after=at + timedelta(days=days),
            revoked_at=revoked,
        )
        for n, (days, revoked) in enumerate([(10, None), (20, at), (-1, None)])
    ]
    browser = operator_browser()
    page = words_of(browser.get(LIST))
    assert re.findall('class="field-state">([^<]+)<', page) == ["échu", "valable", "révoqué"]
    assert all(row.fingerprint in page and row.serial in page for row in rows)
    assert browser.get(f"{LIST}add/").status_code == 403
    assert browser.post(f"{LIST}{rows[0].pk}/delete/", {"post": "yes"}).status_code == 403
    assert member_browser(client).get(LIST).status_code in {302, 403, 404}

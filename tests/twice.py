"""Which tests run on SQLite and once more on PostgreSQL with Redis: those whose outcome can differ between the two.

Locks, triggers, constraints, searches, kinds of columns, the broker. A test is left out of the second run where the
statements it has the product run are run by tests that stay in it, as measured, and what it shows is something else.
"""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent
STORE_FIXTURES = {"db", "transactional_db", "stack", "new_stack", "wired"}
ONCE = (
    # What judges or draws files, through whichever door these were made.
    "engine",
    "verification",
    "golden",
    "signing/test_verdicts.py",
    "evidence/test_pdf.py",
    "evidence/test_pdf_form.py",
    "evidence/test_names.py",
    "evidence/test_court_lessons.py",
    "backend/test_panel.py",
    "service/test_visible.py",
    # What pages and dossiers say, in which language: the words are of rows that other tests read on both.
    "front",
    "signing/admin/test_languages.py",
    "evidence/test_conditions.py",
    "evidence/test_claims.py",
    "evidence/test_dossier_languages.py",
    "evidence/test_provider.py",
    "evidence/test_second_signer.py",
    "evidence/test_xml.py",
    "service/test_extrinsic.py",
    # Keys, certificates, and authorities of others.
    "backend/test_environments.py",
    "backend/test_external_stamps.py",
    "backend/test_given.py",
    "backend/test_token.py",
    "service/test_clock.py",
    "signing/clients/test_certificates.py",
    # Talk over HTTP and TLS: what is sent, refused, and left of a connection.
    "backend/test_callbacks.py",
    "config/test_service.py",
    "service/test_connections.py",
    "service/test_curl.py",
    "service/test_documents.py",
    "service/test_refused.py",
    # Processes as such: the shared Paraphe is started and ended on both stores, and the composed one runs on these.
    "config/test_parts.py",
    "config/test_run.py",
)


def uses_stores(item: pytest.Item) -> bool:
    """Whether a test touches the database or starts Paraphe, and may come out otherwise on the other stores.

    Once is enough for the browser too, and for the faults of a neighbour: that its rows are kept by both is shown where
    both adapters are held to one contract.
    """
    fixtures = getattr(item, "fixturenames", ())
    place = item.path.relative_to(ROOT)
    once = any(place.is_relative_to(each) for each in ONCE) or "neighbour" in fixtures
    if once or item.get_closest_marker("browser"):
        return False
    return item.get_closest_marker("django_db") is not None or not STORE_FIXTURES.isdisjoint(fixtures)

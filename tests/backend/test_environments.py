"""Issue, part 2: sandbox or production: what a trial says of itself, and that no production is signed with its keys."""

import io
import itertools
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from cryptography import x509
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from evidence import files, keys, trail
from evidence.models import Dossier
from signing.backend.models import Order
from signing.backend.states import OrderStatus
from signing.clients.models import Client
from tests.backend import bare_orders
from tests.backend.bare_orders import ALL
from tests.signing import walks
from tests.verification import judges

ARC = "1.3.6.1.4.1.99999.7"


@pytest.fixture
def own_keys(walk: Path, settings: Any) -> None:
    """Keys as an operator has them who has an arc of his own."""
    bare_orders.pki.hold()  # what other tests share is made in its own place, before the settings say another
    settings.SANDBOX = False
    settings.POLICY_ARC = ARC
    settings.OPERATOR = {**settings.OPERATOR, "organization_identifier": "NTRFR-552100554"}
    settings.PKI_URL = "http://pki.exemple.fr/pki"
    for name in ("KEYS_DIR", "PKI_DIR", "SANDBOX_DIR"):
        setattr(settings, name, walk / name)
    call_command("ceremony", stdout=io.StringIO())


def opened(environment: Client.Environment) -> Order:
    client = walks.a_client(cooldown_seconds=0)
    Client.objects.filter(pk=client.pk).update(environment=environment)
    return bare_orders.opened()


def signed(folder: Path, environment: Client.Environment) -> Order:
    order = opened(environment)
    bare_orders.with_document(order, folder, stamp={"slot": 0})
    order = bare_orders.sign(order)
    walks.work(kinds=ALL)
    order.refresh_from_db()
    return order


def policies(order: Order) -> list[str]:
    """Of the certificate, and what was asked for, as the trail has it."""
    told = {entry.kind: entry.members["data"] for entry in trail.entries(order.trail)}
    issued, requested = told["certificate.issued"], told["certificate.requested"]
    message = cms.ContentInfo.load(judges.cut(order.requests.get().path)[0].message)
    (own,) = (each.chosen for each in message["content"]["certificates"] if not each.chosen.ca)
    certificate = x509.load_der_x509_certificate(own.dump())
    found = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    return [*(each.policy_identifier.dotted_string for each in found), issued["policy"], requested["policy"]]


def test_a_trial_says_so_everywhere(walk: Path) -> None:
    """In the stamp, the reason, the certificate's policy, the trail and the dossier."""
    order = signed(walk, Client.Environment.SANDBOX)
    file = order.requests.get().path
    assert "TEST" in judges.text(file).split()
    assert judges.reasons(file) == [
        f"TEST, sans valeur : Signature électronique simple, dossier {order.reference}, empreinte {order.digits}"
    ]
    assert policies(order) == ["1.3.6.1.4.1.32473.1.4"] * 3
    dossier = walk / "dossier.pdf"
    dossier.write_bytes(files.read(Dossier.objects.get().pdf_sha256))
    assert "essai du bac à sable" in " ".join(judges.text(dossier).split())


@pytest.mark.usefixtures("own_keys")
def test_the_real_thing_does_not(walk: Path) -> None:
    order = signed(walk, Client.Environment.PRODUCTION)
    assert order.status == OrderStatus.CLOSED
    file = order.requests.get().path
    assert "TEST" not in judges.text(file)
    assert "TEST" not in judges.reasons(file)[0]
    assert policies(order) == [f"{ARC}.1"] * 3


@pytest.mark.usefixtures("own_keys")
def test_a_trial_beside_it_still_is_one(walk: Path) -> None:
    order = signed(walk, Client.Environment.SANDBOX)
    assert policies(order) == [f"{ARC}.4"] * 3


@pytest.mark.parametrize(
    ("opened_in", "moved_to"), list(itertools.permutations([Client.Environment.SANDBOX, Client.Environment.PRODUCTION]))
)
@pytest.mark.usefixtures("own_keys")
def test_an_account_that_is_moved_changes_no_order_that_is_open(
    walk: Path, opened_in: Client.Environment, moved_to: Client.Environment
) -> None:
    """Signature, certificate and dossier of one order all say what it was opened as."""
    order = opened(opened_in)
    bare_orders.with_document(order, walk, stamp={"slot": 0})
    Client.objects.filter(pk=order.client_id).update(environment=moved_to)
    order = bare_orders.sign(Order.objects.get(pk=order.pk))
    walks.work(kinds=ALL)
    trial = opened_in == Client.Environment.SANDBOX
    file = order.requests.get().path
    assert ("TEST" in judges.text(file).split()) is trial
    assert judges.reasons(file)[0].startswith("TEST") is trial
    assert policies(order) == [f"{ARC}.{4 if trial else 1}"] * 3
    dossier = walk / "dossier.pdf"
    dossier.write_bytes(files.read(Dossier.objects.get().pdf_sha256))
    assert ("essai du bac à sable" in " ".join(judges.text(dossier).split())) is trial


def test_no_production_is_signed_with_the_keys_of_a_sandbox(walk: Path) -> None:
    """It fails closed: the order waits, and no certificate was made."""
    order = signed(walk, Client.Environment.PRODUCTION)
    assert (order.status, order.waiting_for) == (OrderStatus.VALIDATED, "keys")
    assert not order.certificates.exists()


@pytest.mark.parametrize(("sandbox", "arc"), [(True, ARC), (False, ""), (False, ARC)])
def test_what_tells_the_keys_of_a_sandbox(walk: Path, settings: Any, *, sandbox: bool, arc: str) -> None:
    """The settings, or certificates under the arc of examples whatever the settings say."""
    bare_orders.pki.hold()
    settings.SANDBOX, settings.POLICY_ARC = sandbox, arc
    assert keys.are_of_sandbox()


@pytest.mark.django_db
def test_no_account_of_production_is_opened_in_a_sandbox(tmp_path: Path) -> None:
    bare_orders.pki.hold()
    with pytest.raises(CommandError, match="bac à sable"):
        call_command("open_account", "PRO", "Vraie SA", "--production", "--out", str(tmp_path))
    assert not Client.objects.exists()
    assert not list(tmp_path.iterdir())
    client = walks.a_client()
    client.environment = Client.Environment.PRODUCTION
    with pytest.raises(ValidationError, match="bac à sable"):
        client.full_clean()


@pytest.mark.usefixtures("own_keys")
def test_one_is_opened_where_the_keys_are_the_operator_s(tmp_path: Path) -> None:
    call_command("open_account", "PRO", "Vraie SA", "--production", "--out", str(tmp_path / "p"), stdout=io.StringIO())
    assert not Client.objects.get(code="PRO").is_test

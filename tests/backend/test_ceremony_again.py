"""The ceremony held again: what is there is kept, renewed in time, completed where it was cut short, or refused."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509

from signing.backend import pki
from signing.backend.ceremony import Ceremony, CeremonyRefused, Place
from tests.backend.ceremonies import AT, HOSTS, hold, read, snapshot


def test_a_second_one_changes_nothing(place: Place) -> None:
    hold(place)
    before = snapshot(place.keys.parent)
    assert set(hold(place, AT + timedelta(days=1)).values()) == {"kept"}
    assert snapshot(place.keys.parent) == before


def test_a_tls_certificate_near_its_end_is_renewed_with_its_key(place: Place) -> None:
    hold(place)
    old = read(place, "tls")
    later = old.not_valid_after_utc - timedelta(days=29)
    assert hold(place, later)["tls.crt"] == "renewed"
    assert read(place, "tls").not_valid_after_utc > later + timedelta(days=300)
    assert read(place, "tls").public_key() == old.public_key()


def test_a_tls_certificate_with_other_names_is_renewed(place: Place) -> None:
    hold(place)
    moved = Place(place.keys, place.public, place.pki_url, (*HOSTS[:3], "signer.example.org"), place.operator)
    outcomes = hold(moved)
    assert outcomes.pop("tls.crt") == "renewed"
    assert set(outcomes.values()) == {"kept"}


def test_the_list_of_the_root_near_its_end_is_renewed_with_the_next_number(place: Place) -> None:
    """The others' next lists name revoked certificates, which the database knows and the ceremony does not."""
    hold(place)
    outcomes = hold(place, AT + timedelta(days=320))
    assert (outcomes["root.crl"], outcomes["issuing.crl"], outcomes["access.crl"]) == ("renewed", "kept", "kept")
    crl = x509.load_der_x509_crl((place.public / "root.crl").read_bytes())
    assert crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 2


@pytest.mark.parametrize("name", ["seal", "tls", "issuing"])
def test_a_ceremony_cut_short_after_a_key_is_completed(name: str, place: Place) -> None:
    """Partial state is completed: a key without a certificate gets one, and keeps being itself."""
    for step in Ceremony(pki.declared(), place, at=AT).steps():
        if step.file == f"{name}.key":
            break
    key = (place.keys / f"{name}.key").read_bytes()
    assert hold(place)[f"{name}.crt"] == "made"
    assert (place.keys / f"{name}.key").read_bytes() == key


def no_key(place: Place) -> str:
    (place.keys / "issuing.key").unlink()
    return r"sa clé issuing\.key manque"


def another_key(place: Place) -> str:
    (place.keys / "tsa.key").write_bytes((place.keys / "seal.key").read_bytes())
    return "ne vont pas ensemble"


def another_root(place: Place) -> str:
    for path in (place.keys / "root.key", place.public / "root.crt"):
        path.unlink()
    return "n'a pas été émis par"


def broken_key(place: Place) -> str:
    (place.keys / "root.key").write_text("junk")
    return "ne se lit pas"


def broken_certificate(place: Place) -> str:
    (place.public / "root.crt").write_text("junk")
    return "ne se lit pas"


@pytest.mark.parametrize("spoil", [no_key, another_key, another_root, broken_key, broken_certificate])
def test_what_cannot_be_completed_is_refused_in_a_sentence(spoil: Any, place: Place) -> None:
    hold(place)
    sentence = spoil(place)
    with pytest.raises(CeremonyRefused, match=sentence):
        hold(place)

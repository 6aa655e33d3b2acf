"""The ceremony of the sandbox PKI, held in folders of its own."""

import io
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from django.core.management import call_command
from django.core.management.base import CommandError

from evidence import disk
from signing.backend import pki
from signing.backend.ceremony import Ceremony, CeremonyRefused, Place
from signing.backend.management.commands.ceremony import tls_hosts
from signing.engine.crls import EXPIRED_CERTS_ON_CRL
from tests.verification import judges

AT = datetime(2026, 11, 23, 13, 29, 3, tzinfo=UTC)
NAMES = ("root", "issuing", "tsa", "seal", "access", "tls")
HOSTS = ("localhost", "127.0.0.1", "::1", "paraphe.example.com")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    keys, public = disk.folder(tmp_path / "keys", mode=0o700), disk.folder(tmp_path / "pki", mode=0o755)
    operator = {"name": "Exemple SA", "country": "FR", "organization_identifier": "NTRFR-552100554"}
    return Place(keys, public, "http://pki.example.com/pki", HOSTS, operator)


def hold(place: Place, at: datetime = AT) -> dict[str, str]:
    """Outcomes by file."""
    return {step.file: step.outcome for step in Ceremony(pki.declared(), place, at=at).steps()}


def read(place: Place, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((place.public / f"{name}.crt").read_bytes())


def snapshot(folder: Path) -> dict[Path, tuple[bytes, int]]:
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


def test_it_makes_all_that_is_declared(place: Place) -> None:
    """PLAN of the state folder: keys PKCS#8 0600 in a folder 0700, certificates PEM and DER, lists DER."""
    outcomes = hold(place)
    assert set(outcomes.values()) == {"made"}
    assert {path.name for path in place.keys.iterdir()} == {f"{name}.key" for name in NAMES}
    assert stat.S_IMODE(place.keys.stat().st_mode) == 0o700
    for path in place.keys.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")
    for name in NAMES:
        key = load_pem_private_key((place.keys / f"{name}.key").read_bytes(), None)
        assert key.public_key() == read(place, name).public_key()
        assert x509.load_der_x509_certificate((place.public / f"{name}.cer").read_bytes()) == read(place, name)


def test_a_second_one_changes_nothing(place: Place) -> None:
    hold(place)
    before = snapshot(place.keys.parent)
    assert set(hold(place, AT + timedelta(days=1)).values()) == {"kept"}
    assert snapshot(place.keys.parent) == before


@pytest.mark.parametrize(
    ("name", "years", "curve"),
    [("root", 20, 384), ("issuing", 10, 384), ("tsa", 3, 256), ("seal", 3, 256), ("access", 10, 384), ("tls", 1, 256)],
)
def test_validities_and_keys_are_those_of_the_table(name: str, years: int, curve: int, place: Place) -> None:
    """evidence.md, Certificates; a TLS certificate lasts 398 days at most."""
    hold(place)
    certificate = read(place, name)
    lifetime = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert abs(lifetime / timedelta(days=365.25) - years) < 0.1
    assert certificate.public_key().key_size == curve  # type: ignore[union-attr]  # an EC key
    assert certificate.not_valid_before_utc == AT - timedelta(minutes=1)


def test_the_operators_name_stands_in_every_certificate_of_the_service(place: Place) -> None:
    hold(place)
    for name in ("root", "issuing", "tsa", "seal", "access"):
        subject = read(place, name).subject.rfc4514_string()
        assert "C=FR" in subject
        assert "O=Exemple SA" in subject
        assert "2.5.4.97=NTRFR-552100554" in subject
        assert "CN=Exemple SA" in subject


@pytest.mark.parametrize(("name", "within"), [("root", 365), ("issuing", 1), ("access", 365)])
def test_the_first_lists(name: str, within: int, place: Place) -> None:
    """evidence.md: root within a year, issuing within 24 h; number 1, from which the database goes on."""
    hold(place)
    crl = x509.load_der_x509_crl((place.public / f"{name}.crl").read_bytes())
    assert crl.is_signature_valid(read(place, name).public_key())  # type: ignore[arg-type]  # an EC key
    assert crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 1
    crl.extensions.get_extension_for_oid(EXPIRED_CERTS_ON_CRL)
    assert crl.last_update_utc == AT
    assert crl.next_update_utc is not None
    assert crl.next_update_utc - AT <= timedelta(days=within)


@pytest.mark.parametrize(
    ("name", "root", "purpose"),
    [("tsa", "root", "timestampsign"), ("seal", "root", "any"), ("tls", "access", "sslserver")],
)
def test_openssl_builds_every_chain_strictly(name: str, root: str, purpose: str, place: Place, tmp_path: Path) -> None:
    hold(place)
    lists = tmp_path / "lists.pem"
    crls = [x509.load_der_x509_crl(path.read_bytes()) for path in place.public.glob("*.crl")]
    lists.write_bytes(b"".join(crl.public_bytes(Encoding.PEM) for crl in crls))
    anchor, chain = place.public / f"{root}.crt", place.public / "issuing.crt"
    judges.openssl_chain(place.public / f"{name}.crt", root=anchor, chain=chain, crls=lists, at=AT, purpose=purpose)


def test_the_tls_certificate_names_this_machine_and_the_public_host(place: Place) -> None:
    hold(place)
    names = read(place, "tls").extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == list(HOSTS)
    assert tls_hosts("https://Paraphe.example.com:8443/x") == HOSTS
    assert tls_hosts("https://[::1]:8443") == HOSTS[:3]
    assert tls_hosts("https://localhost:8443") == HOSTS[:3]


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


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    disk.write(path, b"old", mode=0o600)

    def full(_: int) -> None:
        raise OSError("no space")

    monkeypatch.setattr("evidence.disk.os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        disk.write(path, b"new", mode=0o600)
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
    assert path.read_bytes() == b"old"


@pytest.fixture
def state(tmp_path: Path, settings: Any) -> Path:
    settings.KEYS_DIR, settings.PKI_DIR, settings.SANDBOX_DIR = (
        tmp_path / "keys",
        tmp_path / "pki",
        tmp_path / "sandbox",
    )
    settings.PUBLIC_URL = "https://paraphe.example.com"
    return tmp_path


def command() -> str:
    said = io.StringIO()
    call_command("ceremony", stdout=said)
    return said.getvalue()


def test_the_command_hands_out_the_roots_and_says_what_it_did(state: Path) -> None:
    """Interfaces: STATE_DIR/sandbox/ root.crt, tls-root.crt, README."""
    first = command()
    assert "fait" in first or "faite" in first
    sandbox, public = state / "sandbox", state / "pki"
    assert (sandbox / "root.crt").read_bytes() == (public / "root.crt").read_bytes()
    assert (sandbox / "tls-root.crt").read_bytes() == (public / "access.crt").read_bytes()
    assert "Adobe" in (sandbox / "README").read_text(encoding="utf-8")
    assert pki.declared().policies["signer"] in (public / "cps.txt").read_text(encoding="utf-8")


def test_the_command_said_twice_changes_nothing_and_says_so(state: Path) -> None:
    command()
    (state / "sandbox" / "README").write_text("with passwords")
    before = snapshot(state)
    assert "rien n'a changé" in command()
    assert snapshot(state) == before


def test_the_command_fails_in_a_sentence(state: Path) -> None:
    command()
    (state / "keys" / "root.key").unlink()
    with pytest.raises(CommandError, match=r"sa clé root\.key manque"):
        command()


def test_no_policy_is_one_of_others() -> None:
    """evidence.md: never LCP, NCP without an audit."""
    for oid in pki.declared().policies.values():
        assert not oid.startswith("0.4.0.")
        assert all(int(arc) < 2**31 for arc in oid.split("."))

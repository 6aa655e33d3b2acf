"""Long-lived keys in a PKCS#11 token (issue, part 7), with SoftHSM: signatures come out, the key never does."""

import copy
import io
import multiprocessing
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.management import CommandError, call_command

from evidence import keys, tokens
from evidence.keys import KeyUnavailable
from evidence.tokens import Token
from tests.evidence import softhsm


@pytest.fixture
def token() -> Token:
    return softhsm.token(f"t-{uuid.uuid4().hex[:12]}")


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1()], ids=["P-256", "P-384"])
def test_a_key_signs_and_stays(token: Token, curve: ec.EllipticCurve) -> None:
    made = token.generate("issuing", curve)
    found = token.key("issuing")
    assert isinstance(found, tokens.TokenKey)
    assert found.public_key() == made.public_key()
    assert (found.curve.name, found.key_size) == (curve.name, curve.key_size)
    for digest in (hashes.SHA256(), hashes.SHA384()):
        signature = found.sign(b"what is signed", ec.ECDSA(digest))
        found.public_key().verify(signature, b"what is signed", ec.ECDSA(digest))
    with pytest.raises(TypeError):
        found.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(TypeError):
        found.private_numbers()
    with pytest.raises(TypeError):
        found.exchange(ec.ECDH(), found.public_key())
    assert copy.deepcopy(found) is copy.copy(found) is found
    with tokens._session(token) as session:
        secret = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label="issuing")
        assert secret[pkcs11.Attribute.NEVER_EXTRACTABLE]
        with pytest.raises(pkcs11.AttributeSensitive):
            secret[pkcs11.Attribute.VALUE]


def test_an_rsa_key_signs_and_stays(token: Token) -> None:
    """RFC 8017, 8.2; judged by OpenSSL's RSA."""
    softhsm.with_rsa(token, "issuing")
    found = token.key("issuing")
    assert isinstance(found, rsa.RSAPrivateKey)
    assert found.key_size == 3072
    for digest in (hashes.SHA256(), hashes.SHA384()):
        signature = found.sign(b"what is signed", PKCS1v15(), digest)
        found.public_key().verify(signature, b"what is signed", PKCS1v15(), digest)
    for refused in (
        lambda: found.sign(b"x", PSS(MGF1(hashes.SHA256()), 32), hashes.SHA256()),
        lambda: found.sign(bytes(32), PKCS1v15(), Prehashed(hashes.SHA256())),
        lambda: found.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        found.private_numbers,
        lambda: found.decrypt(b"x", PKCS1v15()),
    ):
        with pytest.raises(TypeError):
            refused()  # type: ignore[no-untyped-call]  # the extension has no types
    assert copy.deepcopy(found) is copy.copy(found) is found


def test_two_keys_under_one_label_are_told(token: Token) -> None:
    token.generate("issuing", ec.SECP256R1())
    softhsm.with_rsa(token, "issuing", bits=2048)
    with pytest.raises(KeyUnavailable, match="not one EC or RSA"):
        token.key("issuing")


def test_a_key_of_another_kind_is_told(token: Token) -> None:
    with tokens._session(token, writing=True) as session:
        parameters = {pkcs11.Attribute.EC_PARAMS: bytes.fromhex("130c") + b"edwards25519"}
        made = session.create_domain_parameters(pkcs11.KeyType.EC_EDWARDS, parameters, local=True)
        made.generate_keypair(store=True, label="seal", mechanism=pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN)
    with pytest.raises(KeyUnavailable, match="not one EC or RSA"):
        token.key("seal")


def test_many_threads_share_one_session(token: Token) -> None:
    key = token.generate("seal", ec.SECP256R1())
    with ThreadPoolExecutor(8) as pool:
        signatures = list(pool.map(lambda n: (n, key.sign(b"%d" % n, ec.ECDSA(hashes.SHA256()))), range(200)))
    for n, signature in signatures:
        key.public_key().verify(signature, b"%d" % n, ec.ECDSA(hashes.SHA256()))


def test_a_forked_worker_opens_a_session_of_its_own(token: Token) -> None:
    """PKCS #11: what a parent has open is not its child's. Celery's workers are forked."""
    key = token.generate("seal", ec.SECP256R1())
    key.sign(b"in the parent", ec.ECDSA(hashes.SHA256()))
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=lambda: queue.put(key.sign(b"in the child", ec.ECDSA(hashes.SHA256()))))
    child.start()
    key.public_key().verify(queue.get(timeout=20), b"in the child", ec.ECDSA(hashes.SHA256()))
    child.join(20)
    assert child.exitcode == 0
    key.public_key().verify(key.sign(b"again", ec.ECDSA(hashes.SHA256())), b"again", ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize("half", [pkcs11.ObjectClass.PRIVATE_KEY, pkcs11.ObjectClass.PUBLIC_KEY])
def test_half_a_pair_is_no_key(token: Token, half: pkcs11.ObjectClass) -> None:
    """What lost its private half would open, and fail at the first order."""
    token.generate("issuing", ec.SECP256R1())
    with tokens._session(token, writing=True) as session:
        session.get_key(object_class=half, label="issuing").destroy()
    with pytest.raises(KeyUnavailable, match="not one EC or RSA"):
        token.key("issuing")


def test_what_is_not_there_is_told(token: Token) -> None:
    assert token.key("absent") is None
    gone = token.generate("gone", ec.SECP256R1())
    with tokens._session(token, writing=True) as session:
        for each in (pkcs11.ObjectClass.PRIVATE_KEY, pkcs11.ObjectClass.PUBLIC_KEY):
            session.get_key(object_class=each, label="gone").destroy()
    with pytest.raises(KeyUnavailable, match="gone"):
        gone.sign(b"x", ec.ECDSA(hashes.SHA256()))
    with pytest.raises(KeyUnavailable):
        replace(token, label="another").key("issuing")
    with pytest.raises(KeyUnavailable):
        replace(token, module="/nowhere/lib.so").key("issuing")
    tokens._forget(token)
    with pytest.raises(KeyUnavailable, match="PinIncorrect"):
        replace(token, pin="000000").key("issuing")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # pkcs11 tidies up in vain
def test_a_token_that_fails_is_opened_anew(token: Token) -> None:
    key = token.generate("seal", ec.SECP256R1())
    with tokens._session(token) as session:
        session.close()
    with pytest.raises(KeyUnavailable):
        key.sign(b"x", ec.ECDSA(hashes.SHA256()))
    key.public_key().verify(key.sign(b"x", ec.ECDSA(hashes.SHA256())), b"x", ec.ECDSA(hashes.SHA256()))


@pytest.fixture
def held(token: Token, tmp_path: Path, settings: Any) -> Path:
    """A ceremony whose issuing key and seal are in the token."""
    settings.PKCS11_MODULE, settings.PKCS11_TOKEN, settings.PKCS11_PIN = token.module, token.label, token.pin
    settings.PKCS11_KEYS = ["issuing", "seal"]
    for name in ("KEYS_DIR", "PKI_DIR", "SANDBOX_DIR"):
        setattr(settings, name, tmp_path / name)
    call_command("ceremony", stdout=io.StringIO())
    return tmp_path


def test_the_ceremony_makes_its_keys_in_the_token(held: Path, token: Token) -> None:
    assert not {"issuing.key", "seal.key"} & {path.name for path in (held / "KEYS_DIR").iterdir()}
    for name in ("issuing", "seal"):
        identity = keys.open_identity(name)
        assert isinstance(identity.key, tokens.TokenKey)
        assert identity.chain[-1] == keys.root()
    out = io.StringIO()
    call_command("ceremony", stdout=out)
    assert "rien n'a changé" in out.getvalue()


def test_an_rsa_key_that_is_too_short_issues_nothing(token: Token, tmp_path: Path, settings: Any) -> None:
    softhsm.with_rsa(token, "issuing", bits=2048)
    settings.PKCS11_MODULE, settings.PKCS11_TOKEN, settings.PKCS11_PIN = token.module, token.label, token.pin
    settings.PKCS11_KEYS = ["issuing"]
    for name in ("KEYS_DIR", "PKI_DIR", "SANDBOX_DIR"):
        setattr(settings, name, tmp_path / name)
    with pytest.raises(CommandError, match="trop courte"):
        call_command("ceremony", stdout=io.StringIO())
    assert not (tmp_path / "PKI_DIR" / "issuing.crt").exists()


def test_a_ceremony_without_its_token_is_refused(held: Path, settings: Any) -> None:
    settings.PKCS11_PIN = "000000"
    tokens._forget(keys.token())
    with pytest.raises(CommandError, match="jeton"):
        call_command("ceremony", stdout=io.StringIO())


def test_a_certificate_whose_key_is_not_in_the_token_is_refused(held: Path, settings: Any) -> None:
    settings.PKCS11_TOKEN = softhsm.token(f"t-{uuid.uuid4().hex[:12]}").label
    with pytest.raises(CommandError, match="n'est pas dans le jeton"):
        call_command("ceremony", stdout=io.StringIO())
    with pytest.raises(KeyUnavailable):
        keys.open_identity("issuing")

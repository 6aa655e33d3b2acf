"""The gateway's seven verbs, the same cases on both adapters (DESIGN, "The gateway's seven verbs").

Embedded: our service in this process. Remote: our service in processes of its own, over TLS with a client certificate.
"""

import hashlib
import uuid

import pytest

from signing.backend.models import OrderMoved
from signing.gateway.certsign import Lost
from signing.gateway.contract import (
    CodeGone,
    CodeLocked,
    OrderRef,
    RequestRef,
    Signed,
    Status,
    Typed,
    Unavailable,
    WrongCode,
)
from tests.signing.gateway.sides import Case, Side, a_case, wrong


def sign(case: Case, order: OrderRef, request: RequestRef, code: str | None, *, try_id: str = "") -> list[str]:
    """Ask for the signature; gives one word for each time that the order was told to need no code any more."""
    told: list[str] = []
    typed = Typed(code, try_id or uuid.uuid4().hex) if code else None
    case.side.service().sign(
        order, code=typed, revisions={request: case.frozen}, validated=lambda: told.append("validated")
    )
    return told


def fetched(case: Case, request: RequestRef) -> Signed | Status:
    return case.side.service().fetch(request)


def is_signed(case: Case, request: RequestRef) -> Signed:
    """The signed file begins with the presented one and is kept under its digest."""
    result = fetched(case, request)
    assert isinstance(result, Signed)
    content = result.path.read_bytes()
    assert content.startswith(case.frozen.read_bytes())
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (result.sha256, result.size)
    return result


def test_the_same_subject_gives_the_same_order(side: Side) -> None:
    case, other = a_case(side), a_case(side)
    assert case.create() == case.create() != other.create()


def test_a_document_added_again_keeps_its_request(side: Side) -> None:
    case = a_case(side)
    order, request = case.ready()
    assert side.service().add_documents(order, [case.document()]) == [request]


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_a_code_goes_out_by_the_channel_asked_for(side: Side, channel: str) -> None:
    """The contact is masked for the screen; each asking is one message."""
    case = a_case(side, channel=channel)
    order, _ = case.ready()
    sent = side.service().send_code(order, "")
    masked = f"•• •• •• •• {case.contact.address[-2:]}" if channel == "sms" else "c•••••@exemple.fr"
    assert (sent.channel, sent.masked, sent.certain) == (channel, masked, True)
    assert len(case.codes()) == len(case.messages()) == 1
    side.service().send_code(order, "")
    _, second = case.codes()
    assert [kind for kind, _ in case.kinds()].count("code.sent") == 2
    with pytest.raises(WrongCode):
        sign(case, *case.ready(), wrong(second))


def test_a_wrong_code_says_how_many_tries_are_left(side: Side) -> None:
    """The same try has the same verdict, and is counted and told once."""
    case = a_case(side)
    order, request, code = case.sent()
    for _ in range(2):
        with pytest.raises(WrongCode) as caught:
            sign(case, order, request, wrong(code), try_id="t1")
        assert caught.value.left == 1
    assert [kind for kind, _ in case.kinds()].count("code.refused") == 1
    assert isinstance(fetched(case, request), Status)
    assert sign(case, order, request, code) != []
    is_signed(case, request)


def test_too_many_wrong_codes_lock(side: Side) -> None:
    """First the code, then all codes of the order; nothing is sent after that."""
    case = a_case(side)
    order, request, code = case.sent()
    with pytest.raises(WrongCode):
        sign(case, order, request, wrong(code))
    with pytest.raises(CodeLocked) as caught:
        sign(case, order, request, wrong(code), try_id="t2")
    assert not caught.value.final
    side.service().send_code(order, "")
    for _ in range(2):
        with pytest.raises(CodeLocked) as caught:
            sign(case, order, request, wrong(case.codes()[-1]), try_id="t3")
        assert caught.value.final
    with pytest.raises(CodeLocked) as caught:
        side.service().send_code(order, "")
    assert caught.value.final
    assert len(case.codes()) == 2
    kinds = [kind for kind, _ in case.kinds()]
    assert (kinds.count("code.refused"), kinds.count("code.locked")) == (3, 1)


def test_a_code_that_was_never_sent_is_gone(side: Side) -> None:
    case = a_case(side)
    order, request = case.ready()
    with pytest.raises(CodeGone):
        sign(case, order, request, "123456")
    with pytest.raises(CodeGone):
        sign(case, order, request, None)


def test_a_code_replaced_by_another_is_not_taken(side: Side) -> None:
    case = a_case(side)
    order, request, first = case.sent()
    side.service().send_code(order, "")
    second = case.codes()[-1]
    with pytest.raises(WrongCode):
        sign(case, order, request, first)
    assert sign(case, order, request, second) != []
    is_signed(case, request)


def test_signed_twice_is_signed_once(side: Side) -> None:
    """Before it is signed there is a word, then the file; asked again, the same file, and no code is needed."""
    case = a_case(side)
    order, request, code = case.sent()
    before = fetched(case, request)
    assert isinstance(before, Status)
    assert before.word != "SIGNED"
    assert sign(case, order, request, code) != []
    result = is_signed(case, request)
    assert sign(case, order, request, None) == ["validated"]
    assert fetched(case, request) == result
    kinds = [kind for kind, _ in case.kinds()]
    told = ("code.accepted", "certificate.issued", "signature.made", "signature.verified")
    assert [kinds.count(kind) for kind in told] == [1, 1, 1, 1]
    assert kinds.count("timestamp.obtained") == 2


def test_without_a_code_the_click_is_enough(side: Side) -> None:
    case = a_case(side, otp=False)
    order, request = case.ready()
    assert sign(case, order, request, None) != []
    is_signed(case, request)
    assert not case.messages()
    assert "code.accepted" not in [kind for kind, _ in case.kinds()]


@pytest.mark.parametrize("verb", ["refuse", "discard"])
def test_what_is_given_up_is_never_signed(side: Side, verb: str) -> None:
    case = a_case(side)
    order, request, code = case.sent()
    for _ in range(2):
        getattr(side.service(), verb)(order)
    result = fetched(case, request)
    assert isinstance(result, Status)
    assert result.word in {"REFUSED", "DISCARDED"}
    with pytest.raises((Lost, OrderMoved, Unavailable, CodeGone)):
        sign(case, order, request, code)
    assert isinstance(fetched(case, request), Status)


@pytest.mark.parametrize("verb", ["refuse", "discard"])
def test_what_is_signed_already_stays_signed(side: Side, verb: str) -> None:
    case = a_case(side, otp=False)
    order, request = case.ready()
    sign(case, order, request, None)
    getattr(side.service(), verb)(order)
    is_signed(case, request)


def test_an_order_that_waits_is_signed_once_it_can_be(side: Side) -> None:
    """Unavailable says that it waits, and for what; the code that was typed counts when it is asked again."""
    case = a_case(side)
    order, request, code = case.sent()
    with side.gone(), pytest.raises(Unavailable) as caught:
        sign(case, order, request, code, try_id="t1")
    assert caught.value.waits_for in {"keys", "remote"}
    assert caught.value.retry_after > 0
    assert sign(case, order, request, code, try_id="t1") != []
    is_signed(case, request)
    assert len(case.codes()) == 1

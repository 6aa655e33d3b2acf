"""What a refusal leaves of the connection: the next call on it is answered, or it says that it ends."""

import http.client
import ssl
from collections.abc import Iterator

import pytest

from tests.stack import Stack

PLACE = "/ephemeral/signatures"


@pytest.fixture
def connection(stack: Stack) -> Iterator[http.client.HTTPSConnection]:
    """One that is not made again where it was closed."""
    sandbox = stack.state / "sandbox"
    context = ssl.create_default_context(cafile=sandbox / "tls-root.crt")
    context.load_cert_chain(sandbox / "client.crt", sandbox / "client.key")
    made = http.client.HTTPSConnection("localhost", stack.service_port, context=context, timeout=20)
    made.connect()
    made.auto_open = 0
    yield made
    made.close()


def answered(connection: http.client.HTTPSConnection) -> http.client.HTTPResponse:
    answer = connection.getresponse()
    answer.read()
    return answer


@pytest.mark.parametrize("size", [5, 3_000_000])
def test_after_another_media_type_the_next_call_is_answered(connection: http.client.HTTPSConnection, size: int) -> None:
    for _ in range(3):
        connection.request("POST", PLACE, bytes(size), {"Content-Type": "text/plain"})
        assert answered(connection).status == 415
        connection.request("GET", "/openapi.json")
        assert answered(connection).status == 200


@pytest.mark.parametrize(
    ("header", "status"), [("Transfer-Encoding: chunked", 411), ("Content-Length: 900000000", 413)]
)
def test_behind_a_body_that_is_not_read_it_ends(
    connection: http.client.HTTPSConnection, header: str, status: int
) -> None:
    connection.putrequest("POST", PLACE)
    connection.putheader("Content-Type", "application/json")
    connection.putheader(*header.split(": "))
    connection.endheaders()
    answer = answered(connection)
    assert (answer.status, answer.getheader("Connection")) == (status, "close")


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("size", [100_000, 3_000_000])
@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "/ephemeral/signatures/sign?orderRequestId=999999", JSON, 404),
        ("POST", "/ephemeral/nothing", JSON, 404),
        ("POST", PLACE, JSON | {"X-Client-Code": "AUTRE"}, 403),
        ("PUT", PLACE, JSON, 405),
        ("DELETE", "/ephemeral/orders?id=999999", JSON, 404),
        ("GET", "/openapi.json", JSON, 200),
    ],
)
def test_a_body_that_a_call_does_not_need_is_no_harm(
    connection: http.client.HTTPSConnection, size: int, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    """certsign-api.md, Transport: an echo of an earlier answer may come with any call, contents and all."""
    for _ in range(2):
        connection.request(method, path, b'"' + b"x" * size + b'"', headers)
        assert answered(connection).status == status
        connection.request("GET", "/openapi.json")
        assert answered(connection).status == 200


def test_who_has_no_certificate_is_told_so_and_nothing_more_is_read(stack: Stack) -> None:
    context = ssl.create_default_context(cafile=stack.state / "sandbox" / "tls-root.crt")
    made = http.client.HTTPSConnection("localhost", stack.service_port, context=context, timeout=20)
    made.request("POST", PLACE, bytes(1_000_000), JSON)
    answer = answered(made)
    assert (answer.status, answer.getheader("Connection")) == (401, "close")
    made.close()


@pytest.mark.parametrize(
    ("path", "headers", "length", "status"),
    [
        (PLACE, JSON, 900_000_000, 413),
        (PLACE, {"Content-Type": "text/plain"}, 5, 415),
        (PLACE, JSON | {"X-Client-Code": "AUTRE"}, 100_000, 403),
        ("/ephemeral/nothing", JSON, 100_000, 404),
    ],
)
def test_a_body_that_is_refused_is_not_asked_for(
    connection: http.client.HTTPSConnection, path: str, headers: dict[str, str], length: int, status: int
) -> None:
    """RFC 9110, 10.1.1: who expects to be told to go on is told the refusal instead, and that the connection ends."""
    assert first_line(connection, path, headers | {"Content-Length": str(length)}) == f"HTTP/1.1 {status}"


def test_a_body_that_is_read_is_asked_for(connection: http.client.HTTPSConnection) -> None:
    assert first_line(connection, PLACE, JSON | {"Content-Length": "2"}) == "HTTP/1.1 100"
    connection.sock.sendall(b"[]")
    assert connection.sock.recv(65536).startswith(b"HTTP/1.1 422")


def first_line(connection: http.client.HTTPSConnection, path: str, headers: dict[str, str]) -> str:
    """Version and status of what comes first; http.client would pass over a 100."""
    named = {"Host": "localhost", "Expect": "100-continue"} | headers
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items()), "", ""]
    connection.sock.sendall("\r\n".join(lines).encode())
    head = connection.sock.recv(65536).decode()
    status = head[: len("HTTP/1.1 413")]
    assert status.endswith("100") or "Connection: close" in head
    return status

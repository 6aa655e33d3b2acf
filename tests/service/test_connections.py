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

"""A broker that is silent at the moment of an acknowledgement."""

from pathlib import Path
from typing import Any

import pytest
from kombu import Connection, Queue
from kombu.exceptions import OperationalError

import config.celery  # noqa: F401 - puts the transport in place, as in every process of ours
from config.stores import broker_options
from tests.servers import Redis, running

QUEUE = Queue("bell", routing_key="bell")


def test_an_acknowledgement_that_nobody_answered_keeps_no_place(tmp_path: Path) -> None:
    with running(Redis) as server:
        options = broker_options(server.url(), folder=tmp_path)
        with Connection(server.url(), transport_options=options) as connection:
            channel: Any = connection.default_channel
            bound = QUEUE.bind(channel)
            bound.declare()
            with connection.Producer() as producer:
                producer.publish({}, routing_key="bell")
            channel.qos.prefetch_count = 1
            message = bound.get(no_ack=False)
            assert message is not None
            assert not channel.qos.can_consume()
            server.freeze()
            try:
                with pytest.raises((OperationalError, *connection.connection_errors)):
                    message.ack()
            finally:
                server.thaw()
            assert channel.qos.can_consume()

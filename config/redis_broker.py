"""Redis as Celery's broker, where a message whose acknowledgement failed keeps no place.

kombu 5.7 forgets a message that a worker had in hand only after Redis has answered; Celery tells the failure and goes
on. With one place for each process, a worker whose broker was silent at that moment fetched nothing ever again.
"""

from typing import Any

from kombu.transport import redis, virtual


class QoS(redis.QoS):
    """The messages that a worker has in hand."""

    def ack(self, delivery_tag: Any) -> None:
        """Forget a message, whatever Redis says; raises what it raises.

        One that Redis keeps comes back after the visibility timeout: a bell that rings twice.
        """
        try:
            super().ack(delivery_tag)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise


def register() -> None:
    """Make it that of every Redis connection of this process."""
    redis.Channel.QoS = QoS

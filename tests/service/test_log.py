"""What the contract puts into an address (`otp=`) is in no line that the service logs (issue 8, 3)."""

import io
import logging

from pytest_django.fixtures import Settings

from config.logs import JsonFormatter
from tests.service.conftest import Machine
from tests.service.test_validate import SIGN, without_code


def test_a_code_in_an_address_is_logged_nowhere(machine: Machine, settings: Settings) -> None:
    """The route is; whoever reads the log learns which call it was."""
    settings.MIDDLEWARE = ["config.logs.RequestLog", *settings.MIDDLEWARE]  # as the service has it
    number = without_code(machine)
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    try:
        status, _ = machine.call("POST", SIGN, {}, orderRequestId=number, otp="831467")
    finally:
        logging.getLogger().removeHandler(handler)
    assert status == 409
    assert '"route"' in written.getvalue()
    assert "831467" not in written.getvalue()

"""What this installation trusts, and why; and what is left where a file is not on this host."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pytest_django.fixtures import Settings

from evidence.time_tokens import TimestampRefused
from evidence.verify import anchors
from evidence.verify.roots import NoCertificate
from tests.engine import authority


@pytest.fixture
def three(settings: Settings, tmp_path: Path) -> Path:
    """A root of our own, one for time stamps, one of a signing service."""
    settings.PKI_DIR = tmp_path
    pem = authority.pki().root.certificate.public_bytes(Encoding.PEM)
    for name in ("root.crt", "time.pem", "service.pem"):
        (tmp_path / name).write_bytes(pem)
    settings.TSA_URLS, settings.TSA_ROOTS = ["https://tsa.example"], str(tmp_path / "time.pem")
    settings.CERTSIGN = {**settings.CERTSIGN, "roots": str(tmp_path / "service.pem")}
    return tmp_path


def test_every_root_says_why_it_is_trusted(three: Path) -> None:
    assert [each.why for each in anchors.trusted()] == [anchors.OWN, anchors.TIME, anchors.SERVICE]
    assert {each.sha256 for each in anchors.at_hand()} == {anchors.trusted()[0].sha256}


def test_nothing_is_trusted_where_there_is_nothing(settings: Settings, tmp_path: Path) -> None:
    settings.PKI_DIR = tmp_path
    assert anchors.trusted() == []


@pytest.mark.parametrize("name", ["time.pem", "service.pem"])
def test_a_root_on_another_host_is_left_out_by_the_page_and_told_by_the_command(
    name: str, three: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """docs/gateway.md: files of other services are needed by workers only."""
    (three / name).unlink()
    with pytest.raises((NoCertificate, TimestampRefused)):
        anchors.trusted()
    with caplog.at_level(logging.WARNING):
        assert len(anchors.at_hand()) == 2
    assert "roots not at hand" in caplog.text

import threading
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from celery import current_app
from kombu import Connection
from kombu.exceptions import ChannelError

from config import broker


@pytest.fixture
def channel(tmp_path: Path) -> Any:
    folder = tmp_path / "in"
    for each in (folder, tmp_path / "control"):
        each.mkdir()
    options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(tmp_path / "control"),
    }
    with Connection(f"{broker.SCHEME}://localhost", transport_options=options) as connection:
        yield connection.channel()


def test_a_message_comes_out_as_it_went_in(channel: Any) -> None:
    channel._put("celery", {"body": "é"})
    assert channel._get("celery") == {"body": "é"}


def test_a_message_has_its_name_only_when_it_is_whole(
    channel: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that lists the folder at any moment finds whole messages or none."""
    seen: list[str] = []
    rename = Path.rename

    def look_and_rename(self: Path, target: Path) -> Path:
        seen.extend(path.name for path in tmp_path.glob("in/*.msg"))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", look_and_rename)
    channel._put("celery", {"body": 1})
    assert seen == []
    assert [path.suffix for path in tmp_path.glob("in/*")] == [".msg"]


def test_a_folder_that_cannot_be_written_is_told_and_left_clean(
    channel: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(ChannelError):
        channel._put("celery", {"body": 1})
    assert not list(tmp_path.glob("in/*"))


def test_a_folder_that_is_gone_and_a_message_cut_short_are_no_message(channel: Any, tmp_path: Path) -> None:
    """reliability.md, Faults: the broker is down; a worker waits for it."""
    (tmp_path / "in" / "1_a.celery.msg").write_text('{"body"')
    with pytest.raises(Empty):
        channel._get("celery")
    (tmp_path / "in").rmdir()
    with pytest.raises(Empty):
        channel._get("celery")


def test_bindings_are_all_kept_and_never_seen_in_part(channel: Any, tmp_path: Path) -> None:
    """Two workers that start together bind at once; kombu's own reads the table while the other has it empty."""
    barrier = threading.Barrier(8)
    errors: list[Exception] = []

    def bind(n: int) -> None:
        barrier.wait()
        try:
            channel._queue_bind("celery", "celery", "", f"queue-{n}")
        except Exception as error:  # noqa: BLE001 - any is one too many
            errors.append(error)

    threads = [threading.Thread(target=bind, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(each.queue for each in channel.get_table("celery")) == [f"queue-{n}" for n in range(8)]
    assert [path.name for path in (tmp_path / "control").iterdir()] == ["celery.exchange"]


def test_bindings_that_cannot_be_written_are_told(channel: Any, tmp_path: Path) -> None:
    (tmp_path / "control").rmdir()
    (tmp_path / "control").touch()
    with pytest.raises(ChannelError):
        channel._queue_bind("celery", "celery", "", "celery")


def test_it_is_the_broker_of_a_single_machine() -> None:
    assert current_app.conf.broker_url.startswith(f"{broker.SCHEME}://")

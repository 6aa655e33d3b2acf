"""What `make run` does to the static files before it serves."""

import os
from pathlib import Path

import brotli
import pytest
from pytest_django.fixtures import Settings

from config.prepare import collect_static


@pytest.fixture
def sources(settings: Settings, tmp_path: Path) -> Path:
    """A folder of sources, collected and compressed as in the product."""
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "page.css").write_text("body { color: black }\n" * 100)
    (sources / "fetch.py").write_text("raise SystemExit\n")
    settings.STATICFILES_DIRS = [sources]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    storage = {"BACKEND": "config.static_storage.StaticStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": storage}
    return sources


def test_static_files_are_collected_once(sources: Path, tmp_path: Path) -> None:
    """ "collectstatic when needed": not again while no source has changed."""
    assert collect_static()
    assert (tmp_path / "collected" / "staticfiles.json").exists()
    assert not (tmp_path / "collected" / "fetch.py").exists()
    assert not collect_static()
    assert sources.exists()


def test_a_changed_source_is_collected_and_the_old_one_goes(sources: Path, tmp_path: Path) -> None:
    collect_static()
    before = set((tmp_path / "collected").glob("page.*.css"))
    (sources / "page.css").write_text("body { color: white }\n")
    os.utime(sources / "page.css", (1, 1))

    assert collect_static()

    after = set((tmp_path / "collected").glob("page.*.css"))
    assert len(after) == 1
    assert after != before


def test_collected_files_are_compressed(sources: Path, tmp_path: Path) -> None:
    """Brotli and gzip stand beside the file, and brotli gives the file back."""
    collect_static()

    compressed = tmp_path / "collected" / "page.css.br"
    assert brotli.decompress(compressed.read_bytes()) == (sources / "page.css").read_bytes()
    assert compressed.with_suffix(".gz").exists()


def test_what_a_phone_waits_for_is_made_as_small_as_can_be(sources: Path, tmp_path: Path) -> None:
    """signer-page.md, budget: pdf.js is most of what stands between a signer and the first page."""
    words = [f"const part{n} = {n * n % 977};" for n in range(20_000)]
    content = "\n".join(words).encode()
    (sources / "large.mjs").write_bytes(content)
    (sources / "small.mjs").write_bytes(content[:100_000])
    collect_static()

    large, small = ((tmp_path / "collected" / f"{name}.mjs.br").read_bytes() for name in ("large", "small"))
    assert large == brotli.compress(content, quality=11)
    assert len(large) < len(brotli.compress(content, quality=6))
    assert small == brotli.compress(content[:100_000], quality=6)

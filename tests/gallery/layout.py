"""What is wrong with how a page is laid out: found in the page itself, told in words. No pixels are compared."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

LEAST_TARGET = 24  # CSS pixels, WCAG 2.2, 2.5.8
FAULTS = (Path(__file__).parent / "layout.js").read_text(encoding="utf-8")


def faults(page: "Page") -> list[str]:
    """Give what sticks out, is cut, overlaps or is too small to be pressed; empty where all is well."""
    found: list[str] = page.evaluate(FAULTS, LEAST_TARGET)
    return found

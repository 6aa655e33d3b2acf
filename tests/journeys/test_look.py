"""The operator sets the look of a client's signatures at the screen, and sees it before anybody signs."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw

from tests.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
INK = (20, 70, 140)


def logo(folder: Path) -> Path:
    made = Image.new("RGBA", (120, 160), (0, 0, 0, 0))
    ImageDraw.Draw(made).ellipse((10, 30, 110, 130), fill=(*INK, 255))
    out = io.BytesIO()
    made.save(out, "PNG")
    file = folder / "logo.png"
    file.write_bytes(out.getvalue())
    return file


@pytest.fixture
def operator(stack: Stack) -> "Iterator[str]":
    """An account of the operator's; it goes, and the look with it: the stack is other tests' too."""
    password = "mot de passe de l’exploitant"
    stack.environment["DJANGO_SUPERUSER_PASSWORD"] = password
    stack.manage("createsuperuser", "--no-input", "--username", "exploitant", "--email", "e@exemple.fr")
    yield password
    for gone in ("clients.models.Look", "clients.models.User"):
        module, name = f"signing.{gone}".rsplit(".", 1)
        chosen = "filter(username='exploitant')" if name == "User" else "all()"
        stack.manage("shell", "-c", f"from {module} import {name}; {name}.objects.{chosen}.delete()")
    del stack.environment["DJANGO_SUPERUSER_PASSWORD"]


def test_a_look_is_set_and_seen(stack: Stack, operator: str, page: "Page", tmp_path: Path) -> None:
    """Issue, part 6: defaults per client with a preview in the admin; at both widths nothing sticks out."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    page.set_viewport_size({"width": 1280, "height": 844})
    page.goto(f"https://localhost:{stack.https_port}/admin/clients/look/add/")
    page.locator("#id_username").fill("exploitant")
    page.locator("#id_password").fill(operator)
    page.get_by_role("button", name="Connexion").click()
    page.locator("#id_client").select_option(label="Exemple SA")
    page.get_by_label("Première ligne").fill("Bon pour accord, Exemple SA")
    page.locator("#id_image").set_input_files(logo(tmp_path))
    page.locator("#id_x").fill("60")
    page.locator("#id_y").fill("120")
    page.get_by_role("button", name="Enregistrer et continuer les modifications").click()
    first = page.locator(".look-preview img").first
    expect(first).to_be_visible()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.reload()
        page.wait_for_function("[...document.querySelectorAll('.look-preview img')].every(one => one.naturalWidth)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.screenshot(path=tmp_path / f"look-{width}.png", full_page=True)
    blue = first.evaluate(
        """(image, [red, green, blue]) => {
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
          const drawn = canvas.getContext("2d");
          drawn.drawImage(image, 0, 0);
          const pixels = drawn.getImageData(0, 0, canvas.width, canvas.height).data;
          const near = (one, other) => Math.abs(one - other) < 24;
          for (let n = 0; n < pixels.length; n += 4)
            if (near(pixels[n], red) && near(pixels[n + 1], green) && near(pixels[n + 2], blue))
              return n / 4 / canvas.width / canvas.height;
          return 0;
        }""",
        list(INK),
    )
    assert 0.75 < blue < 0.87  # from the top: 120 to 190 points of 842, from below

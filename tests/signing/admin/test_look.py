"""The look of a client's visible signatures: logo, first line and place, set by the operator, seen beforehand."""

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Http
from PIL import Image, ImageChops

from signing.clients.models import Look
from signing.engine import pages, painting, preview
from tests.backend import bare_orders
from tests.backend.bare_orders import ALL
from tests.signing import walks
from tests.signing.admin import people
from tests.verification import judges
from tests.verification.pictures import drawn

ADD = "/admin/clients/look/add/"
BLUE = (0, 0, 200)


def logo(kind: str = "PNG", size: tuple[int, int] = (80, 80)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, BLUE).save(out, kind)
    return out.getvalue()


def form(client: Any, **changes: object) -> dict[str, object]:
    return {"client": client.pk, "label": "", "page": "", "x": "", "y": "", **changes}


@pytest.fixture
def operator(walk: Path) -> Http:
    return people.operator_browser()


def test_logo_line_and_place_are_kept_and_shown(operator: Http, tmp_path: Path) -> None:
    client = walks.a_client()
    sent = form(
        client, label="Bon pour accord, Exemple SA", page=1, x=40, y=50, image=SimpleUploadedFile("l.png", logo())
    )
    assert operator.post(ADD, sent).status_code == 302
    look = Look.objects.get()
    assert bytes(look.logo) == logo()
    answer = operator.get(f"/admin/clients/look/{look.pk}/portrait.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in answer["Cache-Control"]
    sheet = tmp_path / "sheet.pdf"
    sheet.write_bytes(answer.content)
    judges.qpdf_check(sheet)
    assert "Bon pour accord, Exemple SA" in judges.text(sheet)
    assert "Camille Martin" in judges.text(sheet)
    (seen,) = drawn(sheet)
    assert any(bytes(BLUE) in row for row in seen.rows)


def test_it_is_seen_on_pages_of_every_kind(operator: Http, tmp_path: Path) -> None:
    """Issue 4, part 6: right on rotated, cropped and UserUnit pages: 40 by 50 points from the corner as it is shown."""
    look = Look.objects.create(client=walks.a_client(), logo=logo(), x=40, y=50)
    page = operator.get(f"/admin/clients/look/{look.pk}/change/").content.decode()
    shapes = set()
    for name, box in preview.SHEETS.items():
        assert f'src="/admin/clients/look/{look.pk}/{name}.webp" width="{box.width:.0f}"' in page
        assert f'href="/admin/clients/look/{look.pk}/{name}.pdf"' in page
        answer = operator.get(f"/admin/clients/look/{look.pk}/{name}.webp")
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        with Image.open(io.BytesIO(answer.content)) as picture:
            assert picture.width / picture.height == pytest.approx(box.width / box.height, abs=0.01)
            scale = picture.width / box.width
            left, upper, right, lower = blue(picture)
        assert 40 < left / scale < right / scale < 40 + 44  # in the stamp's margin
        assert 50 < box.height - lower / scale < box.height - upper / scale < 50 + 70
        sheet = tmp_path / f"{name}.pdf"
        sheet.write_bytes(operator.get(f"/admin/clients/look/{look.pk}/{name}.pdf").content)
        judges.qpdf_check(sheet)
        with pikepdf.open(sheet) as pdf:
            shapes.add((int(pdf.pages[0].Rotate), float(pdf.pages[0].UserUnit), round(box.width)))
        assert pages.page_boxes(pikepdf.open(sheet))[0] == box
    assert shapes == {(0, 1.0, 595), (0, 1.0, 842), (90, 1.0, 842), (0, 2.0, 595)}


def blue(picture: Image.Image) -> tuple[int, int, int, int]:
    """What the logo covers."""
    channels = picture.convert("RGB").split()
    mask = Image.eval(channels[0], lambda red: 255 * (red < 60))
    found = ImageChops.multiply(mask, Image.eval(channels[2], lambda value: 255 * (value > 150))).getbbox()
    assert found is not None
    return found


def test_a_sheet_that_is_none_and_one_that_cannot_be_drawn(operator: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    look = Look.objects.create(client=walks.a_client())
    assert operator.get(f"/admin/clients/look/{look.pk}/a3.webp").status_code == 404

    def busy(*_arguments: object, **_named: object) -> bytes:
        raise painting.NotDrawn

    monkeypatch.setattr(painting, "picture", busy)
    assert operator.get(f"/admin/clients/look/{look.pk}/scaled.webp").status_code == 503


def test_what_is_signed_looks_like_it(operator: Http, walk: Path) -> None:
    """Issue, part 6: defaults per client: logo, text, position; an order's own words come first."""
    order = bare_orders.opened()
    Look.objects.create(client=order.client, logo=logo(), label="Pour Exemple SA", page=9, x=40, y=50)
    bare_orders.with_document(order, walk, pages=2, stamp={"slot": 0})
    bare_orders.with_document(order, walk, pages=2, stamp={"lines": [line("Signé")]})
    bare_orders.with_document(order, walk, pages=2, stamp={"lines": [line("Signé")], "page": 1, "x": 300, "y": 400})
    bare_orders.sign(order)
    walks.work(kinds=ALL)
    stamped, default, own = (widget(request.path) for request in order.requests.order_by("n"))
    assert stamped == (2, 40, 50)  # its last page: the document has no ninth
    assert default == (2, 40, 50)
    assert own == (1, 300, 400)
    first = order.requests.get(n=1).path
    assert "Pour Exemple SA" in judges.text(first)
    assert any(bytes(BLUE) in row for row in drawn(first)[1].rows)


def line(text: str) -> dict[str, Any]:
    return {"text": text, "font": "Helvetica", "size": 10, "colour": [0, 0, 0], "x": 2, "y": 2}


def widget(file: Path) -> tuple[int, float, float]:
    """Page and lower left corner of the one visible signature."""

    with pikepdf.open(file) as pdf:
        for number, page in enumerate(pdf.pages, start=1):
            for each in page.obj.get("/Annots", []):
                left, bottom, right, _ = map(float, each.Rect.as_list())
                if right > left > 0:
                    return number, round(left), round(bottom)
    raise AssertionError("no visible signature")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"image": SimpleUploadedFile("l.gif", b"GIF89a")}, "n’est pas une image PNG ou JPEG"),
        ({"image": SimpleUploadedFile("l.png", b"\x89PNG" + bytes(600_000))}, "dépasse 500"),
        ({"x": 10}, "Indiquez x et y"),
        ({"page": 0}, "à partir de 1"),
        ({"label": "x" * 61}, "60"),
    ],
    ids=["no image", "too large", "half a place", "no page", "too long"],
)
def test_what_cannot_be_kept_is_told(operator: Http, changes: dict[str, object], told: str) -> None:
    response = operator.post(ADD, form(walks.a_client(), **changes))
    assert response.status_code == 200
    assert told in response.content.decode()
    assert not Look.objects.exists()


def test_far_too_large_a_file_is_not_read(operator: Http) -> None:
    client = walks.a_client()
    response = operator.post(ADD, form(client, image=SimpleUploadedFile("l.png", bytes(2_100_000))))
    assert "dépasse 500" in response.content.decode()
    assert not Look.objects.exists()


def test_a_logo_is_taken_away(operator: Http) -> None:
    look = Look.objects.create(client=walks.a_client(), logo=logo())
    change = f"/admin/clients/look/{look.pk}/change/"
    operator.post(change, form(look.client, label="Signé"))
    look.refresh_from_db()
    assert (bytes(look.logo), look.label) == (logo(), "Signé")
    operator.post(change, form(look.client, without_logo="on"))
    look.refresh_from_db()
    assert bytes(look.logo) == b""


def test_the_pages_that_take_a_file_are_protected(walk: Path) -> None:
    strict = Http(enforce_csrf_checks=True)
    strict.force_login(people.the_operator())
    assert strict.post(ADD, form(walks.a_client())).status_code == 403

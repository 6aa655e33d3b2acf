"""Where the stamp is seen on the page: its corner, its size, upright, the page that was chosen."""

import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from tests.engine.authority import sign, stamp
from tests.pdfs import sound


def box_seen(signed: Path, page: int) -> tuple[float, float, float, float]:
    """Where ink is on a rendered page (crop box, 72 dpi), as parts of its width and height from the bottom left."""
    made = signed.with_suffix("")
    arguments = ["-r", "72", "-gray", "-cropbox", "-f", str(page), "-l", str(page), "-singlefile"]
    subprocess.run(["pdftoppm", *arguments, signed, made], check=True, timeout=60)
    header, pixels = made.with_suffix(".pgm").read_bytes().split(b"\n255\n", 1)
    width, height = map(int, header.split(b"\n")[1].split())
    dark = [(n % width, n // width) for n, value in enumerate(pixels) if value < 128]
    xs, ys = [x for x, _ in dark], [y for _, y in dark]
    return min(xs) / width, 1 - (max(ys) + 1) / height, (max(xs) + 1) / width, 1 - min(ys) / height


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("unit", [1, 2])
def test_it_is_seen_at_the_bottom_right_of_the_crop_box_in_its_size(rotate: int, unit: int, tmp_path: Path) -> None:
    """signing-engine.md, trap 6: CropBox origin, Rotate, UserUnit; 24 pt from the edges, 200 x 70 pt as displayed."""
    source, target = tmp_path / "source.pdf", tmp_path / "signed.pdf"
    page: dict[str, Any] = {"MediaBox": [-50, 30, 700, 900], "CropBox": [20, 90, 620, 690], "Rotate": rotate}
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        for key, value in page.items():
            pdf.pages[0].obj[f"/{key}"] = pikepdf.Array(value) if isinstance(value, list) else value
        pdf.pages[0].obj.UserUnit = unit
        pdf.save(source)
    sign(source, target)
    left, bottom, right, top = (part * 600 * unit for part in box_seen(target, 1))
    assert (left, right) == pytest.approx((600 * unit - 224, 600 * unit - 24), abs=1.5 * unit)
    assert (bottom, top) == pytest.approx((24, 94), abs=1.5 * unit)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_it_is_upright_on_turned_pages(rotate: int, tmp_path: Path) -> None:
    """A reader's own text extraction reads it from left to right, in order."""
    source, target = tmp_path / "source.pdf", tmp_path / "signed.pdf"
    source.write_bytes(sound.rotated(rotate))
    sign(source, target)
    done = subprocess.run(["pdftotext", "-layout", target, "-"], capture_output=True, check=True, text=True, timeout=60)
    assert "le 23 novembre 2026 à 14:29:03 (Paris)" in done.stdout


def test_a_page_smaller_than_the_stamp_shrinks_it(tmp_path: Path) -> None:
    source, target = tmp_path / "source.pdf", tmp_path / "signed.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(150, 100))
        pdf.save(source)
    sign(source, target)
    with pikepdf.open(target) as pdf:
        left, bottom, right, top = map(float, pdf.Root.AcroForm.Fields[0].Rect.as_list())
    assert 0 <= left < right <= 150
    assert 0 <= bottom < top <= 100
    assert (right - left) / (top - bottom) == pytest.approx(200 / 70, rel=0.01)


@pytest.mark.parametrize(("wanted", "index"), [(None, 2), (1, 0), (2, 1)])
def test_the_page_can_be_chosen(wanted: int | None, index: int, tmp_path: Path) -> None:
    source, target = tmp_path / "source.pdf", tmp_path / "signed.pdf"
    source.write_bytes(sound.contract())
    sign(source, target, stamp=stamp(page=wanted))
    with pikepdf.open(target) as pdf:
        stamped = [n for n, page in enumerate(pdf.pages) for a in page.obj.get("/Annots", []) if a.Rect[0] >= 0]
    assert stamped == [index]


def test_the_place_can_be_chosen_and_stays_on_the_page(tmp_path: Path) -> None:
    source, target = tmp_path / "source.pdf", tmp_path / "signed.pdf"
    source.write_bytes(sound.contract())
    sign(source, target, stamp=stamp(x=100, y=9999))
    with pikepdf.open(target) as pdf:
        left, _, _, top = map(float, pdf.Root.AcroForm.Fields[0].Rect.as_list())
        assert left == 100
        assert top == pytest.approx(float(pdf.pages[0].mediabox[3]), abs=0.01)

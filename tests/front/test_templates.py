"""The rules that hold for every page and mail, read off the templates and style sheets themselves."""

import html
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template, render_to_string

from tests.typography import loose

TEMPLATES, STATIC = settings.BASE_DIR / "templates", settings.BASE_DIR / "static"
PAGES = sorted(
    path
    for folder in ("_partials", "signing", "verify", "sandbox", ".")
    for path in (TEMPLATES / folder).glob("*.html" if folder == "." else "**/*.html")
)
MAILS = sorted((TEMPLATES / "mail").rglob("*.*"))
SHEETS = sorted((STATIC / "css").glob("*.css"))
OURS = [*PAGES, *MAILS]
# On the documents page the names of buttons are fixed, with a straight apostrophe, for those who look for them.
TYPESET = [path for path in OURS if path.parent.name != "_reader" and path.name != "documents.html"]
SAYING = [*OURS, *sorted((TEMPLATES / "admin").rglob("*.html"))]
# PDF pages are white with dark text and ink in both schemes.
ON_PAPER = {"#fff", "#1a2133", "#24408e", "#0000"}
FONT_BUDGET = 75_000
AT = datetime(2026, 11, 23, 13, 29, 3, tzinfo=UTC)


def name_of(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR))


def text_of(path: Path) -> str:
    return re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL)


TELLING_HOURS = sorted(
    {path.stem for path in (TEMPLATES / "mail").glob("*.*") if re.search(r"\|(?:hour|moment)\b", text_of(path))}
)


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_a_template_can_be_read(path: Path) -> None:
    get_template(str(path.relative_to(TEMPLATES)))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_keeps_to_its_content_security_policy(path: Path) -> None:
    """signer-page.md, Safety: no inline style, no inline script, no handler, nothing from elsewhere."""
    page = text_of(path)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)


@pytest.mark.parametrize("path", TYPESET, ids=name_of)
def test_typography_is_french(path: Path) -> None:
    """look/README, Fonts: curly apostrophes, no ordinary space before `: ; ? !`."""
    text = re.sub(r"""{% translate "(.*?)".*?%}""", r"\1", text_of(path))
    words = re.sub(r"{%.*?%}|{{.*?}}|<[^>]*>", "", text, flags=re.DOTALL)
    assert not re.search(r"[A-Za-zÀ-ÿ]'[A-Za-zÀ-ÿ]", words)
    assert not re.search(r"[^\s] [;?!:](?:\s|$)", words)


@pytest.mark.parametrize("path", SAYING, ids=name_of)
def test_each_text_to_be_translated_is_set_as_french(path: Path) -> None:
    """Also those in attributes, and the administration's; « J'ai lu la page » is the name of a button (see above)."""
    text = text_of(path)
    said = [found[2] for found in re.finditer(r"""{% translate (["'])(.*?)\1""", text)]
    said += re.findall(r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}", text, re.DOTALL)
    wrong = [found for each in said for found in loose(html.unescape(each)) if "J'ai" not in found]
    assert not wrong


@pytest.mark.parametrize("kind", TELLING_HOURS)
@pytest.mark.parametrize("form", ["html", "txt"])
def test_a_mail_with_hours_says_whose_they_are(kind: str, form: str) -> None:
    """In the words of the pages: who reads it far away has no script that compares."""
    told = {"at": AT, "envelope": {"expires_at": AT}, "to_sign_count": 1, "documents_count": 1, "code": "418205"}
    mail = render_to_string(f"mail/{kind}.{form}", told | dict.fromkeys(("signed_at", "valid_until", "ended_at"), AT))
    assert mail.count("Les heures sont celles de Paris.") == 1


@pytest.mark.parametrize("path", MAILS, ids=name_of)
def test_a_mail_fetches_nothing(path: Path) -> None:
    """look/README, E-mail: no image, no web font."""
    assert not re.search(r"<img|<link|@font-face|url\(|<script", path.read_text())


def test_a_code_is_found_on_a_line_of_its_own() -> None:
    """The code comes first, grouped, then what it signs, then the warning never to pass it on."""
    told = {
        "code": "418205",
        "digits": "7f3a9c1e",
        "reference": "EXS-2026-000001",
        "documents_count": 2,
        "valid_until": AT,
    }
    mail = render_to_string("mail/code.txt", told)
    assert mail.startswith("418 205\n")
    assert "deux documents" in mail
    assert "7f3a\u00a09c1e" in mail
    assert "Ne communiquez ce code à personne." in mail
    assert "418" not in render_to_string("mail/code.subject.txt", told)


@pytest.mark.parametrize("kind", ["link", "code", "signed", "refused", "expired", "disowned", "stopped"])
def test_names_are_escaped_in_html_and_plain_in_text(kind: str) -> None:
    context = {
        "client": {"name": "A & <b>"},
        "signer": {"full_name": "Zoé <script>"},
        "envelope": {"expires_at": AT},
        **dict.fromkeys(("at", "signed_at", "valid_until"), AT),
        "to_sign_count": 1,
        "documents_count": 1,
        "code": "418205",
        "digits": "7f3a9c1e",
        "link": "https://localhost/a/x?a=1&b=2",
    }
    assert "<script>" not in render_to_string(f"mail/{kind}.html", context)
    assert "Zoé <script>" in render_to_string(f"mail/{kind}.txt", context)
    assert "\n" not in render_to_string(f"mail/{kind}.subject.txt", context).strip()


def test_a_failure_page_needs_nothing() -> None:
    """Django renders it without context or request, when the database or the list of static files may be gone."""
    assert "{% load" not in (TEMPLATES / "500.html").read_text()
    page = render_to_string("500.html")
    for address in re.findall(r'(?:href|src)="/static/([^"]+)"', page):
        assert (STATIC / address).is_file()


@pytest.mark.parametrize("path", SHEETS, ids=name_of)
def test_a_sheet_takes_its_colours_from_the_tokens(path: Path) -> None:
    """look/README, Palette: a client replaces three tokens and nothing else."""
    if path.name != "tokens.css":
        colours = set(re.findall(r"#[0-9a-f]{3,8}\b", re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)))
        assert colours <= ON_PAPER


@pytest.mark.parametrize("path", SHEETS, ids=name_of)
def test_a_line_under_words_is_drawn_by_every_browser(path: Path) -> None:
    """WebKit takes no thickness in the shorthand, and would draw no line at all: a button would look like words."""
    assert not re.findall(r"text-decoration:[^;]*\d[^;]*;", path.read_text())


def test_the_fonts_stay_within_their_budget() -> None:
    """look/README, Fonts: 75 kB in all."""
    assert sum(path.stat().st_size for path in (STATIC / "fonts").glob("*.woff2")) <= FONT_BUDGET

"""The bytes of documents as the page gets them: whole, by range, to keep and to print."""

from pathlib import Path
from typing import Any

from signing.models import Document, Presentation, Signer
from tests.signing import walks
from tests.signing.views.browser import Browser, visit, words_of


def test_the_bytes_are_served_whole_by_range_and_not_again(walk: Path) -> None:
    """signer-page.md: 206, Accept-Ranges, Content-Length, strong ETag (the SHA-256), private no-cache; a 304 counts."""
    browser, url = visit(walk)
    signer = Signer.objects.get()
    document = signer.envelope.documents.get(n=1)
    content = document.path.read_bytes()
    whole: Any = browser.get(f"{url}presented/1.pdf")
    assert b"".join(whole.streaming_content) == content
    assert whole["ETag"] == f'"{document.sha256}"'
    assert whole["Cache-Control"] == "private, no-cache"
    assert "Content-Encoding" not in whole
    for asked, first, last in (
        ("bytes=0-9", 0, 9),
        ("bytes=5-", 5, len(content) - 1),
        ("bytes=-7", len(content) - 7, len(content) - 1),
    ):
        part: Any = browser.get(f"{url}presented/1.pdf", headers={"range": asked})
        assert part.status_code == 206
        assert part["Content-Range"] == f"bytes {first}-{last}/{len(content)}"
        assert b"".join(part.streaming_content) == content[first : last + 1]
    assert browser.get(f"{url}presented/1.pdf", headers={"range": f"bytes={len(content)}-"}).status_code == 416
    changed = browser.get(f"{url}presented/1.pdf", headers={"range": "bytes=0-9", "if-range": '"other"'})
    assert changed.status_code == 200
    assert browser.get(f"{url}presented/1.pdf", headers={"if-none-match": f'"{document.sha256}"'}).status_code == 304
    assert Presentation.objects.filter(signer=signer).count() == 1
    assert walks.entries(signer).count("document.presented") == 1


def test_a_download_before_signing_is_traced_and_is_no_reading(walk: Path) -> None:
    browser, url = visit(walk)
    response = browser.get(f"{url}presented/1.pdf?download")
    assert response["Content-Disposition"].startswith("attachment")
    assert walks.entries(Signer.objects.get())[-1] == "document.downloaded"
    assert not Presentation.objects.exists()


def test_a_document_whose_bytes_have_changed_is_not_shown(walk: Path) -> None:
    """reliability.md, swap between display and signing: frozen digest checked when served."""
    browser, url = visit(walk)
    path = Signer.objects.get().envelope.documents.get(n=1).path
    path.chmod(0o640)
    before = path.read_bytes()
    path.write_bytes(before + b"%")
    browser.raise_request_exception = False
    assert browser.get(f"{url}presented/1.pdf").status_code == 500
    assert not Presentation.objects.exists()
    path.write_bytes(before)


def test_where_nginx_sends_the_files_it_is_told_which_and_all_else_is_decided_here(walk: Path, settings: Any) -> None:
    """Issue 7, part 1: access, presentation and 304 as ever; no byte of the file comes from this process."""
    browser, url = visit(walk)
    settings.FILES_BY_PROXY = True
    document = Document.objects.get(n=1)
    answer = browser.get(f"{url}presented/1.pdf", headers={"range": "bytes=0-9"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["X-Accel-Redirect"] == f"/.files/{document.sha256[:2]}/{document.sha256}"
    assert (answer["ETag"], answer["Cache-Control"]) == (f'"{document.sha256}"', "private, no-cache")
    assert "Accept-Ranges" not in answer  # nginx would say it twice
    assert Presentation.objects.get().document == document
    known = browser.get(f"{url}presented/1.pdf", headers={"if-none-match": answer["ETag"]})
    assert known.status_code == 304
    assert "X-Accel-Redirect" not in known
    assert Browser().get(f"{url}presented/1.pdf").status_code == 403


def test_a_range_of_absurd_length_is_ignored(walk: Path) -> None:
    browser, url = visit(walk)
    answer = browser.get(f"{url}presented/1.pdf", headers={"range": "bytes=" + "9" * 5000 + "-"})
    assert answer.status_code == 200


def test_a_copy_for_printing_is_traced_and_opens_in_the_browser(walk: Path) -> None:
    """signer-page.md: download and print before signing, traced, not reading."""
    browser, url = visit(walk)
    assert f"{url}presented/1.pdf?print" in words_of(browser.get(url))
    answer = browser.get(f"{url}presented/1.pdf?print")
    assert answer["Content-Disposition"] == "inline"
    assert "sandbox" not in answer["Content-Security-Policy"]
    assert walks.entries(Signer.objects.get())[-1] == "document.downloaded"
    assert not Presentation.objects.exists()

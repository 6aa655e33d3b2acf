"""The judge of HTML is not asleep, and where rules are left out for mails they hold for pages."""

import pytest

from tests import markup

PAGE = '<!doctype html>\n<html lang="fr"><head><meta charset="utf-8"><title>T</title></head><body>{}</body></html>\n'
TABLE = '<table width="600"><tr><td>a</td></tr></table>'


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("<p><div>a</div></p>", "close-order"),
        ("<ul><p>a</p></ul>", "element-permitted-content"),
        ('<p id="a">a</p><p id="a">b</p>', "no-dup-id"),
        ('<p aria-labelledby="nowhere">a</p>', "no-missing-references"),
        ("<img src=a.png>", "wcag/h37"),
        (TABLE, "no-deprecated-attr"),
    ],
)
def test_what_the_standard_forbids_is_told(body: str, rule: str) -> None:
    found = markup.faults({"page": PAGE.format(body)})
    assert any(f" {rule}: " in each for each in found), found
    assert all(each.startswith("page:") for each in found)


def test_what_is_right_is_not_told() -> None:
    assert not markup.faults({"page": PAGE.format("<p>a</p>")})
    assert not markup.faults({"mail": PAGE.format(TABLE)}, leave_out=markup.OF_MAILS)

"""reliability.md, Threats, "other client's data": 404; generated matrix, a new URL without a row fails.

Every address of the administration is tried by everybody: an administrator of the client (own), one of another client
(other), staff without any client, the operator, and somebody who is not logged in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.urls import URLPattern, URLResolver
from django.utils.timezone import now

from signing.clients.models import Client
from signing.models import Draft, Envelope
from tests.signing import walks
from tests.signing.admin import people
from tests.signing.admin.headings import jumps_of
from tests.signing.admin.world import World, made
from tests.typography import loose_of

HOME = "/admin/"
SECRETS = ("Camille", "camille@", "EXS-", "Exemple SA", "Bail confidentiel")
CLIENTS_WORDS = {"clients/consenttext/"}  # a text is shown as its digest was taken
ANONYMOUS = 302  # to the login page


@dataclass(frozen=True)
class Row:
    """What each gets for GET; `address` is filled with the ids of the world."""

    address: str
    own: int = 200
    other: int = 404
    operator: int = 200
    anonymous: int = ANONYMOUS
    nobody: int = 404


def everybody(address: str, *, status: int = 200, anonymous: int = ANONYMOUS) -> Row:
    return Row(address, own=status, other=status, operator=status, anonymous=anonymous, nobody=status)


def lists(address: str) -> Row:
    """What shows only rows of one's own: reached by every member."""
    return Row(address, other=200)


ENVELOPE = "signing/envelope/"
ROWS: Mapping[str, Row] = {
    "": Row("", own=302, other=302, nobody=200),
    "login/": everybody("login/", status=302, anonymous=200),
    "logout/": everybody("logout/", status=405),
    "password_change/": everybody("password_change/"),
    "password_change/done/": everybody("password_change/done/"),
    "autocomplete/": Row("autocomplete/?app_label=signing&model_name=envelope&field_name=client", 403, 403, nobody=403),
    "jsi18n/": everybody("jsi18n/"),
    "r/<path:content_type_id>/<path:object_id>/": everybody("r/{envelope_type}/{envelope}/", status=404),
    "^(?P<app_label>APPS)/$": Row("signing/", other=200),
    "(?P<url>.*)$": everybody("signing/envelope/{envelope}/history/", status=404),
    ENVELOPE: Row(ENVELOPE, other=200, nobody=403),
    f"{ENVELOPE}new/": lists(f"{ENVELOPE}new/"),
    f"{ENVELOPE}draft/<uuid:draft>/": Row(f"{ENVELOPE}draft/{{draft}}/"),
    f"{ENVELOPE}draft/<uuid:draft>/review/": Row(f"{ENVELOPE}draft/{{draft}}/review/"),
    f"{ENVELOPE}<int:pk>/change/": Row(f"{ENVELOPE}{{envelope}}/change/"),
    f"{ENVELOPE}<int:pk>/journal/": Row(f"{ENVELOPE}{{envelope}}/journal/"),
    f"{ENVELOPE}<int:pk>/rollup/": Row(f"{ENVELOPE}{{envelope}}/rollup/"),
    f"{ENVELOPE}<int:pk>/hold/": Row(f"{ENVELOPE}{{envelope}}/hold/"),
    f"{ENVELOPE}<int:pk>/eliminate/": Row(f"{ENVELOPE}{{envelope}}/eliminate/"),
    f"{ENVELOPE}<int:pk>/certificate/": Row(f"{ENVELOPE}{{envelope}}/certificate/"),
    f"{ENVELOPE}<int:pk>/proof/<int:n>/": Row(f"{ENVELOPE}{{envelope}}/proof/1/"),
    f"{ENVELOPE}<int:pk>/compare/<int:n>/": Row(f"{ENVELOPE}{{envelope}}/compare/1/"),
    f"{ENVELOPE}<int:pk>/receipt/<uuid:deposit>/": Row(f"{ENVELOPE}{{envelope}}/receipt/{{deposit}}/"),
    f"{ENVELOPE}bundle/<uuid:bundle>/": Row(f"{ENVELOPE}bundle/{{bundle}}/", operator=404),
    f"{ENVELOPE}bundle/<uuid:bundle>/status/": Row(f"{ENVELOPE}bundle/{{bundle}}/status/", operator=404),
    f"{ENVELOPE}bundle/<uuid:bundle>/file/": Row(f"{ENVELOPE}bundle/{{bundle}}/file/", operator=404),
    f"{ENVELOPE}<int:pk>/cancel/": Row(f"{ENVELOPE}{{open}}/cancel/"),
    f"{ENVELOPE}<int:pk>/resume/<int:n>/": Row(f"{ENVELOPE}{{open}}/resume/1/", own=302, operator=302),
    f"{ENVELOPE}<int:pk>/presented/<int:n>/": Row(f"{ENVELOPE}{{envelope}}/presented/1/"),
    f"{ENVELOPE}<int:pk>/signed/<int:n>/": Row(f"{ENVELOPE}{{envelope}}/signed/1/"),
    f"{ENVELOPE}<int:pk>/dossier/<int:n>/<str:form>/": Row(f"{ENVELOPE}{{envelope}}/dossier/1/xml/"),
    "evidence/deposit/": Row("evidence/deposit/", other=200, nobody=403),
    "evidence/deposit/<uuid:pk>/container/": Row("evidence/deposit/{deposit}/container/", own=404, operator=404),
    "clients/look/<int:pk>/<str:sheet>.pdf": Row("clients/look/{look}/portrait.pdf", own=404),
    "clients/look/<int:pk>/<str:sheet>.webp": Row("clients/look/{look}/portrait.webp", own=404),
    "clients/consenttext/preview/": Row("clients/consenttext/preview/", 404, operator=405),
    "clients/consenttext/<int:pk>/preview/": Row("clients/consenttext/{text}/preview/", own=404),
    "auth/user/<id>/password/": Row("auth/user/{user}/password/", own=404),
}
# What only the operator reaches: the model's place, the id of a row, and what the operator gets for adding, changing
# and deleting one.
OPERATED = {
    "clients/client/": ("{client}", 200, 200, 200),
    "clients/accesscertificate/": ("{access}", 403, 200, 403),
    "clients/consenttext/": ("{text}", 200, 200, 403),
    "clients/look/": ("{look}", 200, 200, 200),
    "clients/terms/": ("{terms}", 200, 200, 403),
    "clients/application/": ("{application}", 200, 200, 200),
    "backend/callback/": ("{callback}", 403, 200, 403),
    "backend/challenge/": ("{challenge}", 403, 200, 403),
    "evidence/dossier/": ("{stopped}", 403, 200, 403),
    "auth/user/": ("{user}", 200, 200, 200),
    "otp/policy/": ("{policy}", 200, 200, 200),
    "otp/alarm/": ("{alarm}", 403, 200, 403),
    "otp/message/": ("{message}", 403, 200, 403),
}


def operated() -> dict[str, Row]:
    """The rows of Django's own pages for what is the operator's alone."""
    rows: dict[str, Row] = {}
    for place, (pk, add, change, delete) in OPERATED.items():
        shut = {"own": 404, "other": 404, "nobody": 404}
        rows |= {
            place: Row(place, 403, 403, nobody=403),
            f"{place}add/": Row(f"{place}add/", 403, 403, operator=add, nobody=403),
            f"{place}<path:object_id>/history/": Row(f"{place}{pk}/history/", **shut),
            f"{place}<path:object_id>/delete/": Row(f"{place}{pk}/delete/", operator=delete, **shut),
            f"{place}<path:object_id>/change/": Row(f"{place}{pk}/change/", operator=change, **shut),
            f"{place}<path:object_id>/": everybody(f"{place}{pk}/", status=302),
        }
    return rows


def routes(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    """Every route of the administration, without its own prefix."""
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, prefix + str(each.pattern))
        elif isinstance(each, URLPattern):
            route = prefix + str(each.pattern)
            yield "^(?P<app_label>APPS)/$" if route.startswith("^(?P<app_label>") else route


def table() -> dict[str, Row]:
    return dict(ROWS) | operated()


def test_every_address_has_a_row() -> None:
    assert set(routes(admin.site.urls[0])) == set(table())


@pytest.fixture
def world(walk: Path) -> World:
    return made(walk)


def body(response: Any) -> str:
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode("latin-1")


def test_everybody_gets_what_is_theirs(world: World) -> None:
    """For GET: the status of the table; and no page says anything of a client to somebody who is not of it."""
    wrong, told = {}, {}
    jumps: dict[str, list[str]] = {}
    badly_set: dict[str, list[str]] = {}
    for route, row in table().items():
        address = HOME + row.address.format(**world.ids)
        for who, browser in world.browsers.items():
            response = browser.get(address)
            if response.status_code != getattr(row, who):
                wrong[route, who] = (response.status_code, getattr(row, who))
            said = body(response) if response.status_code < 300 else ""
            if who in {"other", "nobody", "anonymous"} and any(secret in said for secret in SECRETS):
                told[route, who] = address
            if said.lstrip().startswith("<!DOCTYPE html>"):
                jumps |= {route: jumped} if (jumped := jumps_of(said)) else {}
                found = [] if route in CLIENTS_WORDS else loose_of(response.content.decode())
                badly_set |= {route: found} if found else {}

    assert not wrong
    assert not told
    assert not jumps
    assert not badly_set


def test_nobody_else_changes_anything(world: World) -> None:
    """For POST: everything is shut to others, and nothing has moved."""
    before = moved(world)
    wrong = {}
    for route, row in table().items():
        if route in {"login/", "logout/", "password_change/"}:
            continue
        address = HOME + row.address.format(**world.ids)
        for who in ("other", "nobody", "anonymous"):
            status = world.browsers[who].post(address, {"action": "review", "client": "EXS"}).status_code
            expected = {302, 403} if who == "anonymous" else {403, 404, 405}
            if status not in expected and getattr(table()[route], who) not in {200, 302}:
                wrong[route, who] = status

    assert not wrong
    assert moved(world) == before


def moved(world: World) -> list[object]:
    """What would show that somebody changed something of EXS."""
    heads = Envelope.objects.of(Client.objects.filter(pk=world.exs.pk)).values_list("trail__head_seq", "state")
    held = Draft.objects.of(Client.objects.filter(pk=world.exs.pk)).values_list("typed", "documents__title")
    return [*heads, *held, User.objects.count(), Client.objects.count()]


QUERIES = (
    "q=Camille",
    "q=EXS",
    "q=camille%40exemple.fr",
    "state__exact=COMPLETED",
    "client__id__exact={client}",
    "client={client}",
    "client__code=EXS",
    "created_at__gte=2000-01-01T00:00:00Z",
    "signers__email__startswith=cam",
    "_facets=True",
    "all=&o=1",
    "id__in={envelope}",
)


def test_no_search_filter_or_completion_leaks(world: World) -> None:
    """The same question finds something for the client's own member and nothing for another's."""
    rows = 'class="field-signer_names"'
    for query in QUERIES:
        address = f"{HOME}{ENVELOPE}?{query.format(**world.ids)}"
        response = world.browsers["other"].get(address, follow=True)
        assert response.status_code in {200, 400}, query
        assert rows not in body(response), query
    assert rows in body(world.browsers["own"].get(f"{HOME}{ENVELOPE}?q=Camille"))
    completion = f"{HOME}autocomplete/?app_label=signing&model_name=document&field_name=envelope&term=EXS"
    assert "EXS-" in body(world.browsers["own"].get(completion))
    assert world.browsers["other"].get(completion).json()["results"] == []


def test_a_member_of_two_clients_sees_both(walk: Path) -> None:
    exs = walks.a_client("EXS")
    aut = Client.objects.create(code="AUT", name="Autre SARL", policy=exs.policy, created_at=now())
    both = people.member_browser(exs, aut)
    for client in (exs, aut):
        assert walks.an_envelope(walk, client=client).envelope.reference in body(both.get(f"{HOME}{ENVELOPE}"))


def test_permissions_picked_by_hand_open_nothing(world: World) -> None:
    """Rights come from membership, not from Django's permissions."""
    user = people.a_member("choisi")
    user.user_permissions.set(Permission.objects.all())
    browser = people.browser_of(user)
    for place in (ENVELOPE, "clients/client/", "auth/user/", "otp/message/"):
        assert browser.get(HOME + place).status_code == 403

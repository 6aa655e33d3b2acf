import io
import json
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from signing.clients.models import FirstPassword, Member
from tests.signing import walks

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("add_member", *arguments, stdout=out)
    return dict(json.loads(out.getvalue()))


def test_a_new_account_gets_a_password_to_be_changed() -> None:
    client = walks.a_client()
    told = run("EXS", "julie")
    user = authenticate(username="julie", password=told["password"])
    assert isinstance(user, User)
    assert user.is_staff
    assert not user.is_superuser
    assert Member.objects.get(user=user).client == client
    assert FirstPassword.objects.filter(user=user).exists()


def test_an_account_that_is_there_keeps_its_password_and_gains_a_client() -> None:
    walks.a_client("EXS")
    walks.a_client("AUT")
    password = run("EXS", "julie")["password"]
    assert run("AUT", "julie")["password"] == ""
    assert run("AUT", "julie")["client"] == "AUT"
    assert authenticate(username="julie", password=password)
    assert Member.objects.filter(user__username="julie").count() == 2


def test_unknown_clients_and_accounts_without_access_are_told() -> None:
    with pytest.raises(CommandError, match="aucun client XXX"):
        run("XXX", "julie")
    walks.a_client("EXS")
    User.objects.create_user("dehors")
    with pytest.raises(CommandError, match="pas accès"):
        run("EXS", "dehors")
    assert not Member.objects.exists()

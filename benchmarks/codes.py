"""What one code costs, and N codes that are due: `python -m benchmarks.codes N`, as `benchmarks.messages` calls it.

Reads the settings of the stack whose environment it is given. Issues and checks codes one after the other, then puts
N codes alone into its database, each for a telephone of its own; the sweeper finds them. Prints the costs as JSON.
"""

import json
import os
import sys
from functools import partial

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.utils.timezone import now

from benchmarks.figures import summary, timed
from otp import codes
from signing.backend.challenges import Challenge
from signing.clients.models import Client

CODES = 200


def costs(client: Client) -> dict[str, dict[str, float]]:
    """Seconds of issuing and of checking."""
    issuing, checking = [], []
    for n in range(CODES):
        issue = partial(codes.issue, owner=f"bench-{n}", binding="b", policy=client.policy, at=now())
        issued, seconds = timed(issue)
        issuing.append(seconds)
        judge = partial(codes.judge, owner=f"bench-{n}", binding="b", policy=client.policy, at=now())
        checking.append(timed(partial(judge, typed=issued.plain, try_id="t", record=lambda _: None))[1])
    return {"issue": summary(issuing), "check": summary(checking)}


def put(client: Client, count: int) -> None:
    """Codes alone that are due now."""
    at = now()
    numbers = [f"+3361{n:07d}" for n in range(count)]
    Challenge.objects.bulk_create(
        Challenge(
            client=client,
            owner=Challenge.owner_of(client, number),
            body_sha256="0" * 64,
            channel="sms",
            contact=number,
            due_at=at,
            created_at=at,
        )
        for number in numbers
    )


def main() -> None:
    client = Client.objects.select_related("policy").get()
    told = costs(client)
    put(client, int(sys.argv[1]))
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()

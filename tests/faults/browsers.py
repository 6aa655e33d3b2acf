"""People who press SIGN in the pages of a house, over HTTPS."""

import threading
from collections.abc import Callable
from typing import TypeVar

from signing import access
from signing.models import Signer
from tests.faults.house import House
from tests.http_signer import HttpSigner
from tests.signing import walks

T = TypeVar("T")
THREAD_SECONDS = 60.0


def at_code_page(house: House) -> tuple[Signer, HttpSigner, str]:
    """A path opened by a browser, read by the product's actions, its code sent: signer, browser and code."""
    web = house.serve()
    created = house.created()
    browser = HttpSigner(web.root)
    browser.open(f"{web.url}/a/{created.tokens[0]}")
    signer = walks.agreed(walks.read(access.link_of(created.tokens[0]).signer))
    signer, code = house.coded(signer)
    return signer, browser, code


def at_once(*calls: Callable[[], T]) -> list[T | Exception]:
    """Run calls in threads that start together; gives what each gave or raised, in their order."""
    barrier = threading.Barrier(len(calls))
    ends: dict[int, T | Exception] = {}

    def run(n: int, call: Callable[[], T]) -> None:
        barrier.wait()
        try:
            ends[n] = call()
        except Exception as error:  # noqa: BLE001 - what it is, is what the test looks at
            ends[n] = error

    threads = [threading.Thread(target=run, args=(n, call)) for n, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(THREAD_SECONDS)
    return [ends[n] for n in range(len(calls))]

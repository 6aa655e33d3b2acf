"""docs/backup.md, as it is printed: a state is saved while Paraphe runs, lost, and restored."""

import json
import os
import re
import subprocess
from pathlib import Path

import environ

from tests import stores
from tests.http_signer import HttpSigner
from tests.pdfs import sound
from tests.stack import ROOT, Stack

BLOCK = re.compile(r"```sh ([\w-]+)\n(.*?)```", re.DOTALL)


def block(name: str) -> str:
    blocks: dict[str, str] = dict(BLOCK.findall((ROOT / "docs" / "backup.md").read_text()))
    return blocks[name]


def run(name: str, environment: dict[str, str]) -> str:
    """Run one block as a person pastes it, stopping at the first command that fails; gives what it printed."""
    done = subprocess.run(
        ["sh", "-euc", block(name)], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def database(url: str) -> dict[str, str]:
    """How PostgreSQL's own programs are told of a database."""
    place = environ.Env.db_url_config(url)
    return {"PGHOST": place["HOST"], "PGUSER": place["USER"], "PGDATABASE": place["NAME"]}


def test_what_was_saved_while_it_ran_is_found_again(stack: Stack, tmp_path: Path) -> None:
    """A signed path and its dossier come back whole; a path that was open goes on to its end on the restored state."""
    contract = tmp_path / "contrat.pdf"
    contract.write_bytes(sound.contract(1))
    people = [("--signer", f"Camille;Martin;camille{n}@exemple.fr;") for n in (1, 2)]
    told = [json.loads(stack.manage("create_envelope", "--to-sign", contract, *each).stdout) for each in people]
    signed, opened = (each["signers"][0]["link"] for each in told)
    root = stack.state / "sandbox" / "tls-root.crt"
    HttpSigner(root).sign(signed, stack.state / "mailbox")
    stack.export(told[0]["reference"], tmp_path / "before")
    waiting = HttpSigner(root)
    waiting.open(opened)
    waiting.read()

    postgresql = "DATABASE_URL" in stack.environment
    environment = stack.environment | {"BACKUP": str(tmp_path / "backup")}
    own = stores.fresh(os.environ) if postgresql else {}
    suffix = "-postgresql" if postgresql else ""
    saved = environment | (database(stack.environment["DATABASE_URL"]) if postgresql else {})
    run(f"backup{suffix}", saved)
    again = Stack(tmp_path / "restored", **own)
    target = again.environment | {"BACKUP": environment["BACKUP"]}
    checked = json.loads(run(f"restore{suffix}", target | (database(own["DATABASE_URL"]) if postgresql else {})))
    assert checked["valid"]
    assert checked["files"] > 10

    again.start()
    try:
        again.export(told[0]["reference"], tmp_path / "after")
        assert files(tmp_path / "after") == files(tmp_path / "before")
        person = HttpSigner(again.state / "sandbox" / "tls-root.crt")
        page = person.open(opened.replace(stack.url, again.url))
        assert 'data-state="read"' in page.text
        person.press_sign()
        person.enter(person.code(again.state / "mailbox"))
        assert person.end().endswith("/done")
    finally:
        again.stop()


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

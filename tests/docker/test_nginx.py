"""docker/nginx.conf in a real nginx, before the processes that compose.yml starts: what is handed over, what is not."""

import http.client
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.http_signer import HttpSigner
from tests.pdfs import sound
from tests.stack import ROOT, Stack, free_ports

NGINX = "/usr/sbin/nginx"
FORGED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http", "Forwarded": "for=203.0.113.9"}
START_SECONDS = 30.0


@dataclass(frozen=True)
class Proxy:
    """nginx with its three ports, in front of processes that work on the state of a running Paraphe."""

    stack: Stack
    configuration: Path
    people: int
    service: int
    pki: int

    def ask(
        self, port: int, path: str, *, certificate: Path | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str, http.client.HTTPMessage]:
        """GET over TLS, or plain from the PKI's port."""
        connection: http.client.HTTPConnection
        if port == self.pki:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        else:
            context = ssl.create_default_context(cafile=self.stack.state / "sandbox" / "tls-root.crt")
            if certificate:
                context.load_cert_chain(certificate.with_suffix(".crt"), certificate.with_suffix(".key"))
            connection = http.client.HTTPSConnection("localhost", port, timeout=10, context=context)
        try:
            connection.request("GET", path, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace"), answer.headers
        finally:
            connection.close()


@pytest.fixture(scope="module")
def proxy(stack: Stack) -> Iterator[Proxy]:
    """The file as it is, but for folders, ports and the names of secrets."""
    folder = Path(tempfile.mkdtemp(prefix="nginx-"))  # a socket's path has 107 bytes at most
    people, service, pki = free_ports(3)
    configuration = folder / "nginx.conf"
    configuration.write_text(placed(folder, stack.state, {8443: people, 8444: service, 8080: pki}))
    environment = stack.environment | {"BEHIND_PROXY": "1", "PUBLIC_URL": f"https://localhost:{people}"}
    with ExitStack() as ended:
        ended.callback(shutil.rmtree, folder, ignore_errors=True)
        for name in ("people", "service", "pki"):
            command = [sys.executable, "-m", "config.parts", name]
            started(ended, command, folder, environment | {"BIND": f"unix:{folder}/{name}.sock"})
        # As root it would become another user, who may not reach the sockets; the container never is root.
        globally = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")
        started(ended, [NGINX, "-c", str(configuration), "-g", globally], folder, dict(os.environ))
        running = Proxy(stack, configuration, people, service, pki)
        log = folder / "processes.log"
        until(lambda: running.ask(people, "/health/live")[0] == 200, log)
        until(lambda: running.ask(service, "/", certificate=stack.state / "sandbox" / "client")[0] == 404, log)
        until(lambda: running.ask(pki, "/pki/root.crl")[0] == 200, log)
        yield running


def placed(folder: Path, state: Path, ports: dict[int, int]) -> str:
    text = (ROOT / "docker" / "nginx.conf").read_text()
    moved = {
        "/run/paraphe/": f"{folder}/",
        "/run/secrets/tls_certificate": f"{state}/pki/tls.crt",
        "/run/secrets/tls_key": f"{state}/keys/tls.key",
        "/srv/pki/": f"{state}/pki/",
        "/tmp/": f"{folder}/",
        "/dev/stderr": f"{folder}/error.log",
    }
    found = re.compile("|".join(map(re.escape, moved)))
    assert set(found.findall(text)) == set(moved)
    text = found.sub(lambda there: moved[there[0]], text)
    for there_port, port in ports.items():
        assert f"listen {there_port}" in text
        text = text.replace(f"listen {there_port}", f"listen 127.0.0.1:{port}")
    return text


def started(ended: ExitStack, command: list[str], folder: Path, environment: dict[str, str]) -> None:
    with (folder / "processes.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    ended.callback(process.wait, timeout=20)
    ended.callback(process.terminate)


def until(holds: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            if holds():
                return
        except OSError:
            pass
        assert time.monotonic() < deadline, f"nothing answers behind the proxy: {log.read_text()}"
        time.sleep(0.05)


def test_nginx_takes_the_file(proxy: Proxy) -> None:
    done = subprocess.run(
        [NGINX, "-t", "-q", "-c", str(proxy.configuration)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_path_is_walked_through_the_proxy_and_its_trail_has_the_callers_own_address(
    proxy: Proxy, tmp_path: Path
) -> None:
    """reliability.md, forged headers: what a client says of its address is overwritten."""
    contract = tmp_path / "contrat.pdf"
    contract.write_bytes(sound.contract(1))
    answer = proxy.stack.manage(
        "create_envelope", "--to-sign", contract, "--signer", "Camille;Martin;nginx@exemple.fr;"
    )
    told = json.loads(answer.stdout)
    link = told["signers"][0]["link"].replace(proxy.stack.url, f"https://localhost:{proxy.people}")
    signer = HttpSigner(proxy.stack.state / "sandbox" / "tls-root.crt")
    signer.say_always(FORGED)
    assert signer.sign(link, proxy.stack.state / "mailbox").endswith("/done")
    question = (
        "from evidence.models import Opening; "
        f"print(sorted(set(Opening.objects.filter(field='ip', entry__trail__reference='{told['reference']}')"
        ".values_list('value', flat=True))))"
    )
    assert proxy.stack.manage("shell", "-v0", "-c", question).stdout.strip() == "['127.0.0.1']"


def test_a_client_is_known_by_the_certificate_that_the_proxy_saw(proxy: Proxy) -> None:
    client = proxy.stack.state / "sandbox" / "client"
    assert proxy.ask(proxy.service, "/health/live", certificate=client)[0] == 200
    forged = proxy.ask(proxy.service, "/health/live", certificate=client, headers={"X-Client-Cert": "forged"})
    assert forged[0] == 200


@pytest.mark.parametrize("header", ["X-Client-Cert", "X_Client_Cert"])
def test_who_has_no_certificate_gains_nothing_by_a_header(proxy: Proxy, header: str) -> None:
    own = (proxy.stack.state / "sandbox" / "client.crt").read_text().replace("\n", "%0A")
    status, body, headers = proxy.ask(proxy.service, "/health/live", headers={header: own})
    assert status == 401
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body)["errorLabel"] == "ERROR_CLIENT_CERTIFICATE"


def test_a_certificate_of_somebody_else_is_refused_in_json(proxy: Proxy, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-subj", "/CN=x", "-days", "1", "-keyout", f"{foreign}.key", "-out", f"{foreign}.crt"),
        ],
        check=True,
        capture_output=True,
    )
    status, body, _ = proxy.ask(proxy.service, "/health/live", certificate=foreign)
    assert status == 401
    assert json.loads(body)["errorLabel"] == "ERROR_CLIENT_CERTIFICATE"


def test_plain_http_answers_lists_and_certificates_only(proxy: Proxy) -> None:
    status, _, headers = proxy.ask(proxy.pki, "/pki/issuing.crl")
    assert (status, headers["Content-Type"]) == (200, "application/pkix-crl")
    for path in ("/", "/a/token", "/admin/", "/pki/secret.key"):
        assert proxy.ask(proxy.pki, path)[0] == 404, path


def test_nothing_that_the_proxy_writes_holds_an_address(proxy: Proxy) -> None:
    proxy.ask(proxy.people, "/a/" + "y" * 43)
    assert "y" * 43 not in (proxy.configuration.parent / "error.log").read_text()

"""docker/, judged by reading it: the Dockerfile by hadolint, compose.yml by what reliability.md asks of images."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from config import bootstrap, parts, probe

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "docker" / "Dockerfile"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker" / "compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = sorted(name for name, service in SERVICES.items() if service["image"].startswith("paraphe:"))
ONCE = {"migrate"}


def test_hadolint_finds_nothing() -> None:
    judge = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([judge, str(DOCKERFILE)], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout


def test_the_image_has_the_debian_packages_that_make_run_installs() -> None:
    (line,) = re.findall(r"apt-get install --yes --no-install-recommends (.+?) \\", DOCKERFILE.read_text())
    assert tuple(line.split()) == bootstrap.PANGO


def test_what_the_image_copies_is_there_and_is_let_through() -> None:
    let_through = (DOCKERFILE.parent / "Dockerfile.dockerignore").read_text()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE.read_text(), re.MULTILINE)
    names = [name for line in copied for name in line.split()]
    assert len(names) >= 8
    for name in names:
        assert (ROOT / name).exists(), name
        assert f"!{name}\n" in let_through, name


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_root_nothing_writable_no_capability_and_limits(name: str) -> None:
    service = SERVICES[name]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["pids_limit"] > 0
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}
    assert not service.get("privileged")


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ONCE))
def test_each_says_whether_it_is_well(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert check["retries"] > 0
    assert {"interval", "timeout"} <= set(check)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_images_have_a_version(name: str) -> None:
    _, _, tag = SERVICES[name]["image"].partition(":")
    assert tag
    assert tag != "latest"


def test_the_signing_keys_are_mounted_in_the_worker_only() -> None:
    assert [name for name in sorted(SERVICES) if any(volume.startswith("keys:") for volume in mounts(name))] == [
        "worker"
    ]


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["proxy"]
    assert COMPOSE["networks"]["stores"] == {"internal": True}
    assert all("stores" not in SERVICES[name]["networks"] for name in ("proxy",))


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_secrets_are_files(name: str) -> None:
    """No password, key or address with a password in an environment."""
    for variable, value in SERVICES[name].get("environment", {}).items():
        if re.search(r"SECRET|PASSWORD|DATABASE_URL|BROKER_URL|KEY", variable):
            assert variable.endswith("_FILE"), variable
            assert value.startswith("/run/secrets/"), variable
    for secret in SERVICES[name].get("secrets", []):
        assert COMPOSE["secrets"][secret]["file"].startswith("./secrets/")


def test_volumes_networks_and_files_that_are_named_are_there() -> None:
    for name, service in SERVICES.items():
        for volume in mounts(name):
            source = volume.split(":")[0]
            known = source in COMPOSE["volumes"] or (ROOT / "docker" / source).exists()
            assert known, f"{name}: {source}"
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])


@pytest.mark.parametrize("name", [name for name in OURS if name not in ONCE])
def test_each_process_is_started_as_make_run_starts_it(name: str) -> None:
    assert "entrypoint" not in SERVICES[name]
    (part,) = SERVICES[name]["command"]
    line, _ = parts.command(part)
    assert line[0] == sys.executable
    assert SERVICES[name]["healthcheck"]["test"][:4] == ["CMD", "python", "-m", "config.probe"]
    assert SERVICES[name]["healthcheck"]["test"][4] in probe.PROBES
    assert 'ENTRYPOINT ["python", "-m", "config.parts"]' in DOCKERFILE.read_text()


def mounts(name: str) -> list[str]:
    return [str(volume) for volume in SERVICES[name].get("volumes", [])]

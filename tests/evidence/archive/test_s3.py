"""Issue, part 7: S3 with Object Lock, against a server of the tests' own."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from django.utils import timezone
from moto.server import ThreadedMotoServer

from evidence.archive.package import NotKept, Package, Refused, Unavailable
from evidence.archive.s3 import S3
from tests.evidence import pki
from tests.evidence.archive.packages import a_package

GIVEN = {"bucket": "archive", "region": "eu-west-3", "key_id": "test", "secret": "test", "lock_mode": "COMPLIANCE"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


def client(url: str) -> Any:
    return boto3.client(
        "s3", endpoint_url=url, region_name="eu-west-3", aws_access_key_id="test", aws_secret_access_key="test"
    )


@pytest.fixture
def bucket(server: str, settings: Any) -> Any:
    pki.hold()
    settings.S3 = GIVEN | {"url": server, "lock_days": 30}
    s3 = client(server)
    if not any(each["Name"] == "archive" for each in s3.list_buckets()["Buckets"]):
        place = {"LocationConstraint": "eu-west-3"}
        s3.create_bucket(Bucket="archive", CreateBucketConfiguration=place, ObjectLockEnabledForBucket=True)
    return s3


@pytest.fixture
def package(tmp_path: Path) -> Package:
    return a_package(tmp_path / "source")


def test_what_is_deposited_is_locked_and_comes_back(bucket: Any, package: Package) -> None:
    receipt = S3().deposit(package, at=timezone.now())
    said = json.loads(receipt.content)
    assert said["manifest_sha256"] == package.sha256
    assert receipt.seal
    assert S3().deposit(package, at=timezone.now()) == receipt
    assert S3().manifest(package.section, receipt.archive_id) == package.manifest()
    for item in package.items:
        with S3().open(package.section, receipt.archive_id, item.sha256) as pieces:
            assert b"".join(pieces) == item.path.read_bytes()
        key = f"{package.section}/{package.id}/{item.sha256}"
        held = bucket.head_object(Bucket="archive", Key=key)
        assert held["ObjectLockMode"] == "COMPLIANCE"
        assert held["ObjectLockRetainUntilDate"] > timezone.now() + timedelta(days=29)
        with pytest.raises(ClientError):
            bucket.delete_object(Bucket="archive", Key=key, VersionId=said["versions"][item.sha256])
    assert S3().check(package.section, receipt.archive_id, at=timezone.now()).damaged == ()


def test_another_version_on_top_changes_nothing(bucket: Any, package: Package) -> None:
    receipt = S3().deposit(package, at=timezone.now())
    item = package.items[0]
    bucket.put_object(Bucket="archive", Key=f"{package.section}/{package.id}/{item.sha256}", Body=b"other")
    with S3().open(package.section, receipt.archive_id, item.sha256) as pieces:
        assert b"".join(pieces) == item.path.read_bytes()


def test_what_is_locked_is_not_destroyed_and_what_is_no_longer_is(bucket: Any, package: Package, settings: Any) -> None:
    del bucket
    receipt = S3().deposit(package, at=timezone.now())
    with pytest.raises(Refused):
        S3().destroy(package.section, receipt.archive_id, reason="1", at=timezone.now())
    assert S3().manifest(package.section, receipt.archive_id)
    settings.S3 = settings.S3 | {"lock_days": -1}
    other = a_package(package.items[0].path.parent, text="autre")
    receipt = S3().deposit(other, at=timezone.now())
    S3().destroy(other.section, receipt.archive_id, reason="1", at=timezone.now())
    with pytest.raises(NotKept):
        S3().manifest(other.section, receipt.archive_id)
    assert S3().check(other.section, receipt.archive_id, at=timezone.now()).lost


def test_the_same_id_with_other_contents_is_refused(bucket: Any, package: Package, tmp_path: Path) -> None:
    del bucket
    S3().deposit(package, at=timezone.now())
    with pytest.raises(Refused):
        S3().deposit(a_package(tmp_path / "other", identifier=package.id, text="x"), at=timezone.now())


def test_a_store_that_is_not_there_is_asked_again(bucket: Any, package: Package, settings: Any) -> None:
    del bucket
    settings.S3 = settings.S3 | {"url": "http://127.0.0.1:1"}
    with pytest.raises(Unavailable):
        S3().deposit(package, at=timezone.now())
    settings.S3 = settings.S3 | {"url": GIVEN["region"] and settings.S3["url"], "bucket": "none"}
    with pytest.raises(Unavailable):
        S3().deposit(package, at=timezone.now())

"""Deposits in an S3 bucket with Object Lock: every object is locked in one version until a day, by the store itself.

A package is `<section>/<id>/<sha256>` for each file, then `manifest.json`, then the receipt and its seal, which say by
which version each object is known. The manifest comes after the files: where it is, the package is whole.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

from evidence import chain
from evidence.archive import receipts
from evidence.archive.package import CHUNK, Condition, Item, NotKept, Package, Receipt, Refused, Unavailable

MEDIA = "application/json"
MANIFEST, RECEIPT, SEAL = "manifest.json", "receipt.json", "receipt.p7s"
ABSENT = {"404", "NoSuchKey", "NoSuchVersion", "NotFound"}
LOCKED = {"AccessDenied", "InvalidRequest", "403"}


class S3:
    """The adapter over one bucket, which has versions and Object Lock."""

    name = "s3"

    def __init__(self) -> None:
        self._given = settings.S3

    def deposit(self, package: Package, *, at: datetime) -> Receipt:
        """Put what is not there yet, locked; the store compares each digest. Raises `Refused`, `Unavailable`."""
        place = f"{package.section}/{package.id}"
        try:
            known = self._get(f"{place}/{MANIFEST}")
            if known not in {None, package.manifest()}:
                raise Refused(f"{package.id} is kept with other contents")
            kept = self._receipt(package.section, package.id)
            if kept is not None:
                return kept
            until = at + timedelta(days=self._given["lock_days"])
            versions = {item.sha256: self._put_file(f"{place}/{item.sha256}", item, until) for item in package.items}
            versions[MANIFEST] = self._put(f"{place}/{MANIFEST}", package.manifest(), until)
            content, seal = receipts.sealed(self._said(package, versions, until, at), at=at)
            self._put(f"{place}/{SEAL}", seal, until)
            self._put(f"{place}/{RECEIPT}", content, until)
        except ClientError as error:
            raise Unavailable(_code(error)) from error
        except BotoCoreError as error:
            raise Unavailable(type(error).__name__) from error
        return Receipt(package.id, content, MEDIA, seal)

    def manifest(self, section: str, archive_id: str) -> bytes:
        """The description as it was deposited, in the version that the receipt names."""
        said = self._known(section, archive_id)
        content = self._get(f"{section}/{archive_id}/{MANIFEST}", version=said["versions"][MANIFEST])
        if content is None or hashlib.sha256(content).hexdigest() != said["manifest_sha256"]:
            raise NotKept(f"{archive_id} has no manifest")
        return content

    @contextmanager
    def open(self, section: str, archive_id: str, sha256: str) -> Iterator[Iterator[bytes]]:
        """One file, in the version that the receipt names."""
        version = self._known(section, archive_id)["versions"].get(sha256)
        body = self._body(f"{section}/{archive_id}/{sha256}", version) if version else None
        if body is None:
            raise NotKept(f"{archive_id} has no {sha256}")
        with body:
            yield body.iter_chunks(CHUNK)

    def check(self, section: str, archive_id: str, *, at: datetime) -> Condition:  # noqa: ARG002 - nothing is mended here
        """Read every file of the package."""
        try:
            for each in json.loads(self.manifest(section, archive_id))["files"]:
                digest = hashlib.sha256()
                with self.open(section, archive_id, each["sha256"]) as pieces:
                    for piece in pieces:
                        digest.update(piece)
                if digest.hexdigest() != each["sha256"]:
                    return Condition(archive_id, 1, (1,))
        except NotKept:
            return Condition(archive_id, 1, (1,))
        return Condition(archive_id, 1, ())

    def destroy(self, section: str, archive_id: str, *, reason: str, at: datetime) -> None:  # noqa: ARG002 - the store keeps no journal
        """Remove every version of every object. Raises `Refused` while the store's lock holds."""
        try:
            pages = self._client.get_paginator("list_object_versions").paginate(
                Bucket=self._given["bucket"], Prefix=f"{section}/{archive_id}/"
            )
            found = [each for page in pages for kind in ("Versions", "DeleteMarkers") for each in page.get(kind, [])]
            for each in sorted(found, key=lambda found: found["Key"].endswith((RECEIPT, MANIFEST))):
                self._client.delete_object(Bucket=self._given["bucket"], Key=each["Key"], VersionId=each["VersionId"])
        except ClientError as error:
            if _code(error) in LOCKED:
                raise Refused(f"{archive_id} is locked") from error
            raise Unavailable(_code(error)) from error
        except BotoCoreError as error:
            raise Unavailable(type(error).__name__) from error

    @cached_property
    def _client(self) -> Any:
        given = self._given
        return boto3.session.Session().client(
            "s3",
            endpoint_url=given["url"] or None,
            region_name=given["region"] or None,
            aws_access_key_id=given["key_id"] or None,
            aws_secret_access_key=given["secret"] or None,
            config=Config(
                connect_timeout=5, read_timeout=60, retries={"max_attempts": 1}, s3={"addressing_style": "path"}
            ),
        )

    def _said(self, package: Package, versions: dict[str, str], until: datetime, at: datetime) -> dict[str, Any]:
        """What the receipt states."""
        return {
            "form": "paraphe-receipt-1",
            "archive": self.name,
            "operator": settings.OPERATOR["name"],
            "package": package.id,
            "section": package.section,
            "manifest_sha256": package.sha256,
            "files": len(package.items),
            "bytes": sum(each.size for each in package.items),
            "bucket": self._given["bucket"],
            "versions": versions,
            "locked_until": chain.instant(until),
            "deposited_at": chain.instant(at),
        }

    def _put_file(self, key: str, item: Item, until: datetime) -> str:
        with item.path.open("rb") as body:
            return self._send(key, body, item.sha256, until)

    def _put(self, key: str, content: bytes, until: datetime) -> str:
        return self._send(key, content, hashlib.sha256(content).hexdigest(), until)

    def _send(self, key: str, body: Any, sha256: str, until: datetime) -> str:
        """Put one object, locked from its first moment; gives its version."""
        answer = self._client.put_object(
            Bucket=self._given["bucket"],
            Key=key,
            Body=body,
            ChecksumAlgorithm="SHA256",
            ChecksumSHA256=base64.b64encode(bytes.fromhex(sha256)).decode(),
            ObjectLockMode=self._given["lock_mode"],
            ObjectLockRetainUntilDate=until,
        )
        version: str | None = answer.get("VersionId")
        if not version:
            raise Refused("the bucket has no versions, so no Object Lock")
        return version

    def _known(self, section: str, archive_id: str) -> dict[str, Any]:
        receipt = self._receipt(section, archive_id)
        if receipt is None:
            raise NotKept(f"{archive_id} has no receipt")
        said: dict[str, Any] = json.loads(receipt.content)
        return said

    def _receipt(self, section: str, archive_id: str) -> Receipt | None:
        content = self._get(f"{section}/{archive_id}/{RECEIPT}")
        seal = self._get(f"{section}/{archive_id}/{SEAL}") if content is not None else None
        return None if content is None or seal is None else Receipt(archive_id, content, MEDIA, seal)

    def _get(self, key: str, *, version: str = "") -> bytes | None:
        body = self._body(key, version)
        if body is None:
            return None
        with body:
            content: bytes = body.read()
        return content

    def _body(self, key: str, version: str) -> Any:
        given = {"Bucket": self._given["bucket"], "Key": key} | ({"VersionId": version} if version else {})
        try:
            return self._client.get_object(**given)["Body"]
        except ClientError as error:
            if _code(error) in ABSENT:
                return None
            raise Unavailable(_code(error)) from error
        except BotoCoreError as error:
            raise Unavailable(type(error).__name__) from error


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "unknown"))[:60]

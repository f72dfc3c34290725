"""Where status lists are published: a folder, an HTTP server, an S3 bucket. A one-way gateway carries them on.

folder            /srv/status
https://…/        PUT below the address, with the bearer token of MEIBO_STATUS_TOKEN
s3://bucket/path  with the credentials that boto3 finds by itself (`pip install meibo[s3]`)
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from dataclasses import dataclass, field
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx

from meibo.errors import OperatorError
from meibo.fetching import anchors, is_fetchable

SECONDS = 10.0
S3 = "s3+"


class Target(Protocol):
    """Takes documents by name; one of a name that is there is replaced whole."""

    async def put(self, name: str, content: bytes, media_type: str) -> None:
        """Publish a document; raises OSError where that fails, and then the older one still stands."""


@dataclass(frozen=True, slots=True)
class FolderTarget:
    """A folder that a web server or a gateway reads."""

    folder: Path

    async def put(self, name: str, content: bytes, media_type: str) -> None:
        await asyncio.to_thread(self._write, name, content)

    def _write(self, name: str, content: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=self.folder, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(draft, 0o644)
            os.replace(draft, self.folder / name)
        except BaseException:
            os.unlink(draft)
            raise


@dataclass(frozen=True, slots=True)
class HTTPTarget:
    """A server that takes PUT."""

    address: str
    token: str = field(default="", repr=False)

    async def put(self, name: str, content: bytes, media_type: str) -> None:
        headers = {"content-type": media_type} | (
            {"authorization": f"Bearer {self.token}"} if self.token else {}
        )
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=SECONDS, verify=anchors()) as client:
                answer = await client.put(self.address + name, content=content, headers=headers)
        except httpx.HTTPError as error:
            raise OSError("The status target cannot be reached.") from error
        if not answer.is_success:
            raise OSError(f"The status target answered {answer.status_code}.")


@dataclass(frozen=True, slots=True)
class S3Target:
    """A bucket, and the prefix of the names in it."""

    client: Any
    bucket: str
    prefix: str

    async def put(self, name: str, content: bytes, media_type: str) -> None:
        await asyncio.to_thread(self._put, self.prefix + name, content, media_type)

    def _put(self, key: str, content: bytes, media_type: str) -> None:
        errors = (import_module("minio.error").MinioException, import_module("urllib3.exceptions").HTTPError)
        try:
            self.client.put_object(self.bucket, key, BytesIO(content), len(content), media_type)
        except errors as error:
            raise OSError("The status bucket cannot be written.") from error


def open_target(address: str, token: str = "") -> Target:
    """The target of an address; raises OperatorError for one that nothing can be published to."""
    if address.startswith(S3):
        return _bucket(address.removeprefix(S3))
    if urlsplit(address).scheme in ("http", "https"):
        if not _is_below(address):
            raise OperatorError("A status target by HTTP is an https address that ends in a slash.")
        return HTTPTarget(address, token)
    return FolderTarget(Path(address))


def _is_below(address: str) -> bool:
    return is_fetchable(address) and address.endswith("/")


def _bucket(address: str) -> S3Target:
    """The bucket at `https://host/bucket/path/`."""
    parts = urlsplit(address)
    bucket, _, prefix = parts.path.lstrip("/").partition("/")
    if not _is_below(address) or not bucket:
        raise OperatorError("A bucket's address is s3+https://host/bucket/path/, with a slash at its end.")
    try:
        minio, credentials = import_module("minio"), import_module("minio.credentials")
    except ImportError as error:
        raise OperatorError("Publishing to S3 needs a client: pip install meibo[s3].") from error
    client = minio.Minio(
        parts.netloc,
        credentials=credentials.EnvAWSProvider(),
        region=os.environ.get("AWS_REGION", "us-east-1"),
        secure=parts.scheme == "https",
        http_client=import_module("urllib3").PoolManager(timeout=SECONDS, retries=False),
    )
    return S3Target(client, bucket, prefix)

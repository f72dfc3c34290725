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
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx

from meibo.errors import OperatorError
from meibo.fetching import is_fetchable

SECONDS = 10.0


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
            async with httpx.AsyncClient(trust_env=False, timeout=SECONDS) as client:
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
        errors = import_module("botocore.exceptions")
        try:
            self.client.put_object(Bucket=self.bucket, Key=key, Body=content, ContentType=media_type)
        except (errors.BotoCoreError, errors.ClientError) as error:
            raise OSError("The status bucket cannot be written.") from error


def open_target(address: str, token: str = "") -> Target:
    """The target of an address; raises OperatorError for one that nothing can be published to."""
    parts = urlsplit(address)
    if parts.scheme == "s3":
        return S3Target(_s3(), parts.netloc, parts.path.lstrip("/"))
    if parts.scheme in ("http", "https"):
        if not is_fetchable(address) or not address.endswith("/"):
            raise OperatorError("A status target by HTTP is an https address that ends in a slash.")
        return HTTPTarget(address, token)
    return FolderTarget(Path(address))


def _s3() -> Any:
    try:
        return import_module("boto3").client("s3")
    except ImportError as error:
        raise OperatorError("Publishing to S3 needs boto3: pip install meibo[s3].") from error

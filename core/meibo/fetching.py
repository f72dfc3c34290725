"""Fetching a document from an address that the operator named: https, capped, timed, never redirected.

Plain http is for this machine alone, where stand-ins listen.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

from meibo.errors import SourceUnavailable

MOST_BYTES = 262_144
SECONDS = 5.0


def origin_of(url: str) -> str:
    """`https://id.example.jp:8443` of an address below it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def is_fetchable(url: str) -> bool:
    """Whether an address may be asked at all: https, or http on this machine; no user, no fragment."""
    parts = urlsplit(url)
    if not parts.hostname or parts.username is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(parts.hostname))


async def fetch_json(url: str) -> Mapping[str, Any]:
    """The JSON object at an address; raises SourceUnavailable for anything else that comes, or does not."""
    body = await fetch_bytes(url, accept="application/json")
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise SourceUnavailable from error
    if not isinstance(found, dict):
        raise SourceUnavailable
    return found


async def fetch_bytes(url: str, *, accept: str, most: int = MOST_BYTES) -> bytes:
    """What stands at an address; raises SourceUnavailable where nothing does, or more than `most` bytes."""
    if not is_fetchable(url):
        raise SourceUnavailable
    try:
        async with asyncio.timeout(2 * SECONDS):  # However slowly it trickles.
            return await _body(url, accept, most)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        raise SourceUnavailable from error


async def _body(url: str, accept: str, most: int) -> bytes:
    """What a 200 says, cut off where it would be larger than what is asked for can be."""
    body = bytearray()
    # Proxies come from no environment: an address is asked where the operator said that it is.
    async with (
        httpx.AsyncClient(
            follow_redirects=False, trust_env=False, timeout=SECONDS, verify=anchors()
        ) as client,
        client.stream("GET", url, headers={"accept": accept, "accept-encoding": "identity"}) as response,
    ):
        if response.status_code != 200:
            raise SourceUnavailable
        async for part in response.aiter_raw():
            body += part
            if len(body) > most:
                raise SourceUnavailable
    return bytes(body)


@cache
def anchors() -> ssl.SSLContext:
    """Whom this process believes to be whom, as HTTPX does; read once, since that takes 30 ms."""
    return httpx.create_ssl_context(trust_env=False)


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

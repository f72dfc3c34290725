"""Status list tokens: from a folder where one stands there, else from the address, if its issuer may serve there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from meibo.certificates.outcomes import Reason, Refusal
from meibo.certificates.trust.issuers import NAME
from meibo.errors import SourceUnavailable
from meibo.fetching import fetch_bytes

LARGEST = 8 * 2**20
"""Bytes of a token: of ten million entries, all of them random, and some more."""


class StatusFetcher:
    """Where tokens come from. A token says which list it is and is signed, so that a folder can say nothing false.
    What stands below `local`, our own lists, is in the folders or nowhere: we never ask ourselves by HTTP."""

    def __init__(self, folders: Sequence[Path], local: str | None = None) -> None:
        self.folders = folders
        self.local = local

    async def fetch(self, uri: str) -> bytes:
        """The token at an address, whose issuer was asked already whether its lists may stand there."""
        name = uri.rpartition("/")[2]
        if not NAME.fullmatch(name):
            raise Refusal(Reason.STATUS_FORBIDDEN)
        found = await asyncio.to_thread(self._in_folder, name)
        if found is None and self.local and uri.startswith(self.local):
            raise Refusal(Reason.STATUS_UNREACHABLE)
        return await self._by_http(uri) if found is None else found

    def _in_folder(self, name: str) -> bytes | None:
        for folder in self.folders:
            file = folder / name
            if file.is_file():
                if file.stat().st_size > LARGEST:
                    raise Refusal(Reason.STATUS_SIZE)
                return file.read_bytes()
        return None

    async def _by_http(self, uri: str) -> bytes:
        try:
            return await fetch_bytes(uri, accept="application/statuslist+jwt", most=LARGEST)
        except SourceUnavailable as error:
            raise Refusal(Reason.STATUS_UNREACHABLE) from error

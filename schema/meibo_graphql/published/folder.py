"""The folder to which the publisher writes, read for those who ask: each file once for every change of it."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

MOST_FILES = 256
"""Files that are kept in memory at once."""


@dataclass(frozen=True)
class Published:
    """One document as it stands."""

    content: bytes

    @cached_property
    def etag(self) -> str:
        """Of the content, weak: it is the same under gzip."""
        return f'W/"{hashlib.sha256(self.content).hexdigest()[:32]}"'

    @cached_property
    def gzipped(self) -> bytes:
        """Under gzip, made once; a list in a JWT is Base64, of which a quarter is air."""
        return gzip.compress(self.content, mtime=0)


class PublishedFolder:
    """Documents by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept: OrderedDict[str, tuple[tuple[int, ...], Published]] = OrderedDict()

    def read(self, name: str) -> Published | None:
        """The document of a name that holds no path; None where nothing was published under it."""
        try:
            with (self.folder / name).open("rb") as file:
                stamp = _stamp(file.fileno())
                known, document = self._kept.get(name, (None, None))
                if document is None or known != stamp:
                    document = Published(file.read())
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None
        self._keep(name, stamp, document)
        return document

    def _keep(self, name: str, stamp: tuple[int, ...], document: Published) -> None:
        self._kept[name] = stamp, document
        self._kept.move_to_end(name)
        if len(self._kept) > MOST_FILES:
            self._kept.popitem(last=False)


def _stamp(handle: int) -> tuple[int, ...]:
    """What tells one version of a file from the next: the publisher replaces files and never writes into them."""
    found = os.fstat(handle)
    return found.st_ino, found.st_mtime_ns, found.st_size

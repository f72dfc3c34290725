"""A surface's trusted documents in a file of the installation: `documents/registry.json` under its data."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from meibo.errors import OperatorError
from meibo.settings import Settings
from meibo_graphql.documents.manifests import read_manifest


@dataclass(frozen=True, slots=True)
class DocumentStore:
    """Texts by id. The file is a manifest itself, so it may also be put there by whatever deploys the server."""

    path: Path

    @classmethod
    def of(cls, settings: Settings, surface: str) -> DocumentStore:
        """The store of a surface."""
        return cls(settings.path("documents") / f"{surface}.json")

    def changed_at(self) -> int:
        """When the file was written last, in nanoseconds; 0 where there is none."""
        try:
            return self.path.stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def read(self) -> dict[str, str]:
        """All documents; raises OperatorError for a file that is no manifest."""
        if not self.changed_at():
            return {}
        try:
            content = self.path.read_bytes()
            return {} if content.strip() == b"{}" else read_manifest(content)
        except OperatorError as error:
            raise OperatorError(f"{self.path}: {error.en}") from error

    def add(self, more: Mapping[str, str]) -> int:
        """Add documents, all or none, and tell how many are new.

        Raises OperatorError where an id stands for another text already: a client would be answered another question.
        """
        held = self.read()
        if other := [id for id, text in more.items() if held.get(id, text) != text]:
            raise OperatorError(f"The id {other[0]!r} stands for another document: withdraw that first.")
        self._write({**held, **more})
        return len(more.keys() - held.keys())

    def withdraw(self, id: str) -> None:
        """Trust a document no longer; raises OperatorError where there is none of that id."""
        held = self.read()
        if id not in held:
            raise OperatorError(f"There is no document {id[:50]!r}: see `meibo documents list`.")
        self._write({key: text for key, text in held.items() if key != id})

    def _write(self, documents: Mapping[str, str]) -> None:
        """Whole or not at all: servers read the file whenever it changes."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.path.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(orjson.dumps(documents, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
        unfinished.replace(self.path)

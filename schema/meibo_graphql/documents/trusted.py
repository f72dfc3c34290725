"""Which document a request means, and whether a surface takes it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from enum import StrEnum

from meibo.errors import OperatorError, SettingsError
from meibo_graphql.documents.manifests import SHA256
from meibo_graphql.documents.store import DocumentStore
from meibo_graphql.http import GraphQLRequest, inline_document
from meibo_graphql.sanitizing import ErrorCode, SafeError

log = logging.getLogger("meibo_graphql.documents")


class Trust(StrEnum):
    """What a surface makes of trusted documents."""

    OFF = "off"
    PREFER = "prefer"
    REQUIRE = "require"

    @classmethod
    def of(cls, setting: str, text: str) -> Trust:
        """The setting's value; raises SettingsError for any other text."""
        try:
            return cls(text)
        except ValueError:
            raise SettingsError(f"The setting {setting} is one of {', '.join(cls)}.") from None


class TrustedDocuments:
    """Finds documents by id, in the store as it stands."""

    def __init__(self, store: DocumentStore, trust: Trust) -> None:
        """Raises OperatorError where the store cannot be read."""
        self.store, self.trust = store, trust
        self.read_at = 0
        self.by_id: Mapping[str, str] = {}
        self.texts: frozenset[str] = frozenset()
        if trust is not Trust.OFF:
            self._read()

    def __call__(self, request: GraphQLRequest) -> str:
        """The document of a request; raises SafeError for one that is unknown or not trusted."""
        if self.trust is Trust.OFF:
            return inline_document(request)
        if request.document_id is None:
            return self._inline(request)
        found = self.find(request.document_id)
        if found is None and (request.query is None or self.trust is Trust.REQUIRE):
            sentence = "No trusted document has this id."
            raise SafeError(ErrorCode.PERSISTED_QUERY_NOT_FOUND, sentence)
        if None not in (found, request.query) and found != request.query:
            raise SafeError(ErrorCode.BAD_REQUEST, "`query` is not the document that the id stands for.")
        return inline_document(request) if found is None else found

    def find(self, id: str) -> str | None:
        """The document of an id: the manifest's, or the SHA-256 of the text."""
        self._refresh()
        return self.by_id.get(id.removeprefix(SHA256))

    def holds(self, text: str) -> bool:
        """Whether a document is trusted, however it was asked for."""
        if self.trust is not Trust.OFF:
            self._refresh()
        return text in self.texts

    def _inline(self, request: GraphQLRequest) -> str:
        text = inline_document(request)
        if self.trust is Trust.REQUIRE and not self.holds(text):
            sentence = "Only trusted documents are answered here: have it added, and send its `documentId`."
            raise SafeError(ErrorCode.DOCUMENT_NOT_TRUSTED, sentence)
        return text

    def _refresh(self) -> None:
        """Read the store if it has changed; one that is broken by then leaves what was read before."""
        if self.store.changed_at() == self.read_at:
            return
        try:
            self._read()
        except OperatorError as error:
            log.error("trusted documents", extra={"reason": error.en})

    def _read(self) -> None:
        self.read_at = self.store.changed_at()
        held = self.store.read()
        hashed = {hashlib.sha256(text.encode()).hexdigest(): text for text in held.values()}
        self.by_id, self.texts = {**hashed, **held}, frozenset(held.values())

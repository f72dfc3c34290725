"""How much of a request is looked at, and for how long."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """Bounds of one endpoint; each is checked before the work that it bounds."""

    body_bytes: int = 1_000_000
    """Size of a request body."""
    body_seconds: float = 10.0
    """Time in which a body must have come."""
    execution_seconds: float = 30.0
    """Time in which an operation must have been answered."""
    document_tokens: int = 4_000
    """Lexical tokens of a document; the introspection query of codegen has about 300."""
    document_comments: int = 500
    """Comments of a document, which the token limit does not count."""
    reported_errors: int = 20
    """Errors after which checking a document or its variables stops."""
    prepared_documents: int = 256
    """Valid documents that stay parsed in memory."""

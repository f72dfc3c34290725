"""How much of a request is looked at, and for how long."""

from __future__ import annotations

from dataclasses import dataclass, field

from meibo_graphql.limits.operations import OperationLimits, limit


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """Bounds of one endpoint; each is checked before the work that it bounds."""

    body_bytes: int = limit(1_048_576, "Bytes of a request body.")
    body_seconds: float = limit(10, "Seconds in which a body must have come.")
    execution_seconds: float = limit(30, "Seconds in which an operation must have been answered.")
    reported_errors: int = limit(20, "Errors after which checking a document or its variables stops.")
    prepared_characters: int = limit(
        250_000, "Characters of valid documents that stay prepared: about 65 MiB of memory."
    )
    operation: OperationLimits = field(default_factory=OperationLimits)

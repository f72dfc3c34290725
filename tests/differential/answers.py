"""One operation asked on both paths, compiled and plain, and what each shows, refuses and leaves in the audit log."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
import strawberry
from graphql import GraphQLError

from meibo.access.guard import Guard
from meibo.access.principals import Principal
from meibo.audit.leaves import Leaf
from meibo.audit.log import AuditLog
from meibo.installation import Installation
from meibo_graphql.context import RegistryContext
from meibo_graphql.http import Operation, Outcome
from meibo_graphql.sanitizing import sanitize
from meibo_graphql.surfaces import RegistrySurface

LISTED = frozenset({"nodes", "edges"})
Seen = frozenset[tuple[str, str]]


class GatheringAuditLog(AuditLog):
    """The installation's log, which here tells its leaves instead of writing them: no test waits for a disk."""

    def __init__(self, real: AuditLog) -> None:
        super().__init__(real._database, real._keys)
        self.leaves: list[Leaf] = []

    def begin(self, leaves: Sequence[Leaf]) -> asyncio.Future[None]:
        """Keep the leaves."""
        self.leaves += leaves
        done = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    @contextmanager
    def gathering(self) -> Iterator[list[Leaf]]:
        """The leaves from here on."""
        self.leaves = []
        yield self.leaves


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation led to, in a form that compares."""

    data: bytes
    errors: Counter[tuple[str, str]]
    subjects: Seen
    terms: Seen
    refusals: frozenset[tuple[str, str | None, str]]


@dataclass(frozen=True, slots=True)
class Both:
    """The answers of both paths; `compiled` is None where the compiled one left the operation to the other."""

    plain: Answer
    compiled: Answer | None

    @property
    def found_rows(self) -> bool:
        """Whether a connection of the answer has rows."""
        data = orjson.loads(self.plain.data or b"null")
        return any(_has_rows(value) for value in (data or {}).values())


@dataclass(frozen=True)
class Asked:
    """A registry whose audit log is at hand."""

    registry: RegistrySurface
    audit: GatheringAuditLog = field(repr=False)

    @classmethod
    def over(cls, installation: Installation, schema: strawberry.Schema) -> Asked:
        """The registry over an open installation."""
        audit = GatheringAuditLog(installation.audit)
        gathering = replace(installation, audit=audit, guard=Guard(audit))
        return cls(RegistrySurface(gathering, schema), audit)

    async def both(self, caller: Principal, operation: Operation) -> Both:
        """The operation, on either path with a context of its own."""
        return Both(await self.plain(caller, operation), await self.compiled(caller, operation))

    async def plain(self, caller: Principal, operation: Operation) -> Answer:
        """By graphql-core: the oracle."""
        context = self._context(caller)
        with self.audit.gathering() as leaves:
            outcome = await self.registry.execute_plain(operation, context)
        return _answer(outcome, context, leaves)

    async def compiled(self, caller: Principal, operation: Operation) -> Answer | None:
        """By the compiled path; None where it leaves the operation to graphql-core, having noted nothing."""
        context = self._context(caller)
        with self.audit.gathering() as leaves:
            outcome = await self._compiled(operation, context)
        if outcome is None:
            noted = context.reader.log
            assert not [*leaves, *noted.subjects, *noted.terms]
            return None
        return _answer(outcome, context, leaves)

    async def _compiled(self, operation: Operation, context: RegistryContext) -> Outcome | None:
        reads = getattr(self.registry, "reads", None)
        if reads is None:
            return await self.registry.execute_plain(operation, context)
        found: Outcome | None = await reads(operation, context)
        return found

    def _context(self, caller: Principal) -> RegistryContext:
        installation = self.registry.installation
        return RegistryContext(installation, caller, installation.reader(caller, "test"), self.registry.ids)


def _answer(outcome: Outcome, context: RegistryContext, leaves: list[Leaf]) -> Answer:
    log = context.reader.log
    data, errors = _written(outcome) if outcome.body is not None else _told(outcome)
    return Answer(
        data,
        errors,
        frozenset((code, each) for code, seen in log.subjects.items() for each in seen),
        frozenset((code, each) for code, terms in log.terms.items() for each in terms),
        frozenset((leaf.operation, leaf.profession, leaf.outcome) for leaf in leaves),
    )


def _told(outcome: Outcome) -> tuple[bytes, Counter[tuple[str, str]]]:
    """Data as the endpoint would write it, and the errors."""
    errors = Counter(_place(sanitize(error)) for error in outcome.errors)
    return orjson.dumps(outcome.data) if outcome.executed else b"", errors


def _written(outcome: Outcome) -> tuple[bytes, Counter[tuple[str, str]]]:
    """Data and errors of a body that the compiled path has written."""
    body = bytes(outcome.body or b"")
    told = orjson.loads(body)
    errors = Counter(
        (_path(error.get("path")), str(error["extensions"]["code"])) for error in told.get("errors", ())
    )
    before, separator, rest = body.partition(b'"data":')
    while separator and not _is_json(rest[:-1]):  # A message may hold the separator.
        more, separator, rest = rest.partition(b'"data":')
        before += more
    return rest[:-1], errors


def _is_json(text: bytes) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _place(error: GraphQLError) -> tuple[str, str]:
    return _path(error.path), str((error.extensions or {})["code"])


def _path(path: Any) -> str:
    return ".".join(map(str, path or ()))


def _has_rows(value: object) -> bool:
    """Whether `nodes` or `edges`, under any alias of the composer's, hold something below a value."""
    if isinstance(value, list):
        return any(map(_has_rows, value))
    if not isinstance(value, Mapping):
        return False
    return any(
        (name.partition("_")[0] in LISTED and bool(found)) or _has_rows(found)
        for name, found in value.items()
    )

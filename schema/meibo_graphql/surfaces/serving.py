"""What surfaces share: an address, limits, and the leaf of what was looked at before the answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Protocol, cast

from graphql import NoSchemaIntrospectionCustomRule
from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from meibo.errors import AuditUnavailable, Unauthenticated
from meibo.registry.readlog import ReadLog
from meibo.settings import Settings
from meibo_graphql.documents import DocumentStore, Trust, TrustedDocuments
from meibo_graphql.http import GraphQLEndpoint, HttpLimits, Operation, Outcome, SchemaExecutor
from meibo_graphql.http.requests import first_name
from meibo_graphql.http.sharing import Sharing
from meibo_graphql.limits import Callers, OperationLimits
from meibo_graphql.sanitizing import sanitize


class Asked(Protocol):
    """The context of one request, as every surface needs it."""

    @property
    def caller(self) -> str:
        """Whose allowance the request counts against."""

    @property
    def log(self) -> ReadLog:
        """What the request looks at."""


class ServedSurface(ABC):
    """Executes a surface's operations: who asks comes from the request, what was seen goes to the audit log first."""

    prefix: ClassVar[str]
    """What the paths of its routes begin with."""
    asks_whence: ClassVar[bool] = False
    """Whether its contexts depend on a caller's address, which a proxy in front of us may know alone."""

    def __init__(self, settings: Settings, limits: HttpLimits, requests: int) -> None:
        """`requests` of one caller may be under way."""
        self.limits = limits
        store = DocumentStore.of(settings, self.prefix.strip("/"))
        self.documents = TrustedDocuments(store, self.trust)
        self.callers = Callers(requests, settings.documents_per_second)
        self.rules = () if settings.introspection else (NoSchemaIntrospectionCustomRule,)
        self.execute_plain = self.executor()
        self.execute_plain.prepared.prefers = lambda text: text in self.documents.texts

    @property
    @abstractmethod
    def origins(self) -> str:
        """The origins whose pages may call, comma-separated."""

    @property
    def trust(self) -> Trust:
        """What it makes of trusted documents; nothing unless the surface has a setting."""
        return Trust.OFF

    @abstractmethod
    def executor(self) -> SchemaExecutor:
        """What executes documents on the surface's schema."""

    @abstractmethod
    async def context(self, request: Request) -> Asked:
        """The context of a request; raises Unauthenticated where nobody is known to ask."""

    async def answer(self, operation: Operation, context: Asked) -> Outcome:
        """The answer to an operation, before its leaf."""
        return await self.execute_plain(operation, context)

    def operation_name(self, operation: Operation) -> str:
        """What the log calls the operation: the caller's own name of it."""
        return operation.operation_name or first_name(operation.document)

    def together(self, sharing: Sharing) -> bool:
        """Whether a request is answered together with others; see `meibo_graphql.http.sharing`."""
        return False

    async def execute(self, operation: Operation, context: object) -> Outcome:
        """Answer, once the leaf of what was looked at is durable; without it, nothing leaves."""
        asked = cast(Asked, context)  # The endpoint hands back what `context` made.
        asked.log.operation = self.operation_name(operation)
        with self.callers.request(asked.caller):
            if not self.execute_plain.knows(operation) and not self.documents.holds(operation.document):
                self.callers.prepare(asked.caller)
            outcome = await self.answer(operation, asked)
        try:
            await asked.log.write()
        except AuditUnavailable as error:
            return Outcome.refused(sanitize(error))
        return outcome

    def routes(self) -> list[BaseRoute]:
        """Where the surface is served."""
        origins = frozenset(o.strip() for o in self.origins.split(",") if o.strip())
        endpoint = GraphQLEndpoint(
            self.execute,
            self.context,
            limits=self.limits,
            allowed_origins=origins,
            documents=self.documents,
            together=self.together,
            asks_whence=self.asks_whence,
        )
        return [Route(f"{self.prefix}/graphql", endpoint)]


def limits_of(settings: Settings, cost: int) -> HttpLimits:
    """The limits of a surface, as set."""
    operation = OperationLimits(cost=cost, depth=settings.max_depth)
    return HttpLimits(body_bytes=settings.max_body_bytes, operation=operation)


def bearer_token(request: Request) -> str:
    """The bearer token of a request; raises Unauthenticated where it has none."""
    for name, value in request.scope["headers"]:
        if name == b"authorization":
            scheme, _, token = value.decode("latin-1").partition(" ")
            if scheme.lower() == "bearer":
                return str(token).strip()
            break
    raise Unauthenticated

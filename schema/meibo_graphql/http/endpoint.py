"""The ASGI endpoint of one surface."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import strawberry
from graphql import GraphQLSchema
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from meibo_graphql.http.answers import Answer, answer, refusal
from meibo_graphql.http.deadlines import Deadlines
from meibo_graphql.http.execution import Execute, SchemaExecutor
from meibo_graphql.http.limits import HttpLimits
from meibo_graphql.http.negotiation import MediaType, negotiate
from meibo_graphql.http.requests import (
    PREFLIGHT_HEADERS,
    Documents,
    GraphQLRequest,
    Operation,
    inline_document,
    read_request,
    read_whole,
)
from meibo_graphql.http.sharing import Sharing, Together, Turn
from meibo_graphql.sanitizing import ErrorCode, SafeError, sanitize

METHODS = ("GET", "POST")

CORS_HEADERS = ("Authorization", "Content-Type", *PREFLIGHT_HEADERS)
"""What a page of an allowed origin may send."""

Context = Callable[[Request], Awaitable[object]]
"""Makes the context of one request: who asks, and what they may. May raise a MeiboError."""


class GraphQLEndpoint:
    """GraphQL over HTTP at one address: `Route("/registry/graphql", GraphQLEndpoint(...))`."""

    def __init__(
        self,
        execute: strawberry.Schema | GraphQLSchema | Execute,
        context: Context,
        *,
        limits: HttpLimits | None = None,
        allowed_origins: frozenset[str] = frozenset(),
        documents: Documents = inline_document,
        together: Together | None = None,
        asks_whence: bool = False,
    ) -> None:
        """`allowed_origins` are the pages of other origins that may call; none by default. `together` answers some
        requests with others. `asks_whence` says that the context depends on the caller's address."""
        self.asks_whence = asks_whence
        self.limits = limits or HttpLimits()
        self.deadlines = Deadlines(self.limits.execution_seconds)
        self.context = context
        self.documents = documents
        self.together = together
        self.execute: Execute = (
            SchemaExecutor(execute, limits=self.limits)
            if isinstance(execute, strawberry.Schema | GraphQLSchema)
            else execute
        )
        self.app: ASGIApp = CORSMiddleware(
            self.serve,
            allow_origins=sorted(allowed_origins),
            allow_methods=METHODS,
            allow_headers=CORS_HEADERS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI. Only what a page sends has an origin, and preflights are OPTIONS."""
        if scope["method"] in METHODS and not any(name == b"origin" for name, _ in scope["headers"]):
            await self.serve(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, whatever it is; a client that has gone gets nothing."""
        try:
            response = await self.respond(Request(scope, receive))
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def respond(self, request: Request) -> Answer:
        """The answer in the negotiated media type."""
        media_type = negotiate(", ".join(request.headers.getlist("accept")))
        try:
            if request.method not in METHODS:
                raise SafeError(ErrorCode.METHOD_NOT_ALLOWED, "Use GET or POST.", allow=", ".join(METHODS))
            if media_type is None:
                offered = " or ".join(MediaType)
                raise SafeError(ErrorCode.NOT_ACCEPTABLE, f"Accept {offered}.")
            asked = await read_request(request, self.limits)
        except ClientDisconnect:
            raise
        except Exception as error:
            return _refused(error, media_type or MediaType.JSON)
        return await self.answer(asked, request, media_type)

    def take(self, request: Request, body: bytes, media_type: MediaType, turn: Turn) -> None:
        """Have a POST of plain JSON answered that has come whole; see `meibo_graphql.http.direct`."""
        try:
            asked = read_whole(body, self.limits)
        except Exception as error:
            turn.reply(_refused(error, media_type))
            return
        sharing = Sharing(self, turn, request, asked, media_type)
        if not (self.together and self.together(sharing)):
            turn.settle(self.answer(asked, request, media_type))

    async def answer(self, asked: GraphQLRequest, request: Request, media_type: MediaType) -> Answer:
        """Sign in, find the document, execute within the time limit and write the answer."""
        try:
            context = await self.context(request)
            document = self.documents(asked)
        except Exception as error:
            return _refused(error, media_type)
        operation = Operation(document, asked.variables, asked.operation_name, asked.read_only)
        deadline = self.deadlines.set()
        try:
            with deadline:
                outcome = await self.execute(operation, context)
        except Exception as error:
            return self.too_late(media_type) if deadline.passed else refusal([sanitize(error)], media_type)
        return answer(outcome, media_type)

    def too_late(self, media_type: MediaType) -> Answer:
        """The answer to an operation that was given up."""
        return refusal([_too_late()], media_type)


def _refused(error: Exception, media_type: MediaType) -> Answer:
    """The answer to what is no operation of somebody known."""
    return refusal([sanitize(error, fallback=ErrorCode.BAD_REQUEST)], media_type)


def _too_late() -> SafeError:
    """The sentence for an operation that was given up."""
    sentence = "This took too long and was given up. Send a change again with the same idempotencyKey."
    return SafeError(ErrorCode.TIMEOUT, sentence)

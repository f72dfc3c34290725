"""What the operator alone is told: figures and health, on an address of its own that no caller of a surface reaches."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from meibo import clock
from meibo.database.stores import Databases
from meibo.installation import Installation
from meibo.verifying import Verifying
from meibo_graphql.links import erasure_lines, exchange_lines, family_lines, job_lines, link_lines
from meibo_graphql.oauth import sign_in_lines
from meibo_graphql.published import age_lines
from meibo_graphql.reads import CompiledReads

OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
Figures = Callable[[], Awaitable[Iterable[str]]]
"""The figures of a process as lines of OpenMetrics' text. They tell of nobody."""


def operator_app(databases: Databases, figures: Figures) -> Starlette:
    """`/metrics`, and the health checks that the surfaces have too."""

    async def metrics(_request: Request) -> Response:
        lines = [*await figures(), "# EOF"]
        return Response("\n".join(lines) + "\n", media_type=OPEN_METRICS)

    return Starlette(routes=[*health_routes(databases), Route("/metrics", metrics)])


def health_routes(databases: Databases) -> Sequence[BaseRoute]:
    """`/healthz`, and `/readyz` for the stores that a process reaches."""

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_request: Request) -> Response:
        for store, database in databases.items():
            try:
                async with asyncio.timeout(2), database.read() as connection:
                    await connection.exec_driver_sql("SELECT 1")
            except Exception:
                return JSONResponse({"status": "unavailable", "store": store.value}, 503)
        return JSONResponse({"status": "ready"})

    return [Route("/healthz", healthz), Route("/readyz", readyz)]


def registry_figures(
    installation: Installation, reads: CompiledReads, verifying: Verifying | None = None
) -> Figures:
    """How operations were answered, how old status lists are, how jobs and links stand; a demo's sign-ins too."""

    async def figures() -> Iterable[str]:
        return [
            *_operations(reads),
            *age_lines(await installation.authority.publisher.ages(), clock.now()),
            *(await verify_figures(verifying)() if verifying else ()),
            *job_lines(await installation.jobs.counts()),
            *link_lines(await installation.links.office.states(), installation.links.inbox.refused),
            *erasure_lines(await installation.exchange.numbers.overdue()),
            *family_lines(await installation.family.overdue()),
            *exchange_lines(await installation.exchange.inbound.office.overdue_counts()),
        ]

    return figures


def verify_figures(verifying: Verifying) -> Figures:
    """How partners' sign-ins went."""

    async def figures() -> Iterable[str]:
        return sign_in_lines(verifying.sign_in.counted)

    return figures


async def portal_figures() -> Iterable[str]:
    """A portal counts nothing of its own."""
    return ()


def _operations(reads: CompiledReads) -> Iterable[str]:
    yield "# TYPE meibo_operations counter"
    yield "# HELP meibo_operations Operations of the registry by how they were answered: by plan, or why not."
    for how, count in sorted(reads.answered.items()):
        yield f'meibo_operations_total{{answered="{how}"}} {count}'

"""The page of this distribution in the reference: the codes of errors, made from their one list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, fields
from datetime import date, datetime
from typing import Any, get_args, get_origin

from meibo.items.kinds import KINDS, Kind, NumberKind, PseudonymKind
from meibo.reference.markdown import code, page, table
from meibo.settings import PREFIX, Settings
from meibo_graphql import scalars
from meibo_graphql.groups import INPUT, OUTPUT
from meibo_graphql.http import HttpLimits
from meibo_graphql.http.connections import HEADER_BYTES, HEADER_SECONDS, KEEP_ALIVE_SECONDS
from meibo_graphql.limits import Callers, CheckAllowances, OperationLimits, Searches
from meibo_graphql.sanitizing import ErrorCode


def pages() -> dict[str, str]:
    """File name -> text, for `meibo docs`."""
    return {"api-errors.md": _errors(), "limits.md": _limits(), "scalars.md": _scalars()}


def _scalars() -> str:
    told = (
        "A custom scalar travels as a JSON string. Generate types with the column that is yours; with"
        " graphql-codegen set `strictScalars`, with Relay `requireCustomScalarTypes`, so that none is left out"
        " ([how](../how-to/frontend.md#generated-types)). `@specifiedBy` in the SDL names the same specification."
    )
    headers = ("scalar", "what it is", "format", "TypeScript", "Python", "example")
    rows = [
        (
            code(s.name), s.description, f"[{s.format}]({s.specified_by})",
            code(s.typescript), code(s.python), code(s.example),
        )
        for s in scalars.PUBLISHED
    ]  # fmt: skip
    return page("Scalars of the API", told, table(headers, rows), _BUILT_IN, _KINDS, _kinds())


def _kinds() -> str:
    """What each kind of item is on its way in and out."""
    rows = [
        (code(kind.name.upper()), code(_going_in(kind)), code(spelt(OUTPUT[kind.name]))) for kind in KINDS
    ]
    return table(("`ItemKind`", "goes in as", "comes out as"), rows)


def _going_in(kind: Kind) -> str:
    never = isinstance(kind, NumberKind | PseudonymKind)
    return "" if never else spelt(INPUT.get(kind.name, str))


def spelt(annotation: Any) -> str:
    """A type as GraphQL writes it, without the mark of what is never null."""
    if get_origin(annotation) is list:
        return f"[{spelt(*get_args(annotation))}!]"
    if get_args(annotation):
        return spelt(next(each for each in get_args(annotation) if each is not type(None)))
    return BUILT_IN.get(annotation, annotation.__name__)


BUILT_IN: Mapping[Any, str] = {
    str: "String", int: "Int", bool: "Boolean", date: scalars.DATE.name, datetime: scalars.DATE_TIME.name,
}  # fmt: skip
_KINDS = (
    "## Kinds of items\n\nThe scalar or object that a value of each [kind](kinds.md) travels as. A pseudonym is"
    " issued, and a number goes in by a field of the act or by `enrolNumber`: no item takes one."
)
_BUILT_IN = (
    "GraphQL's own mean what they always mean: `String` is text as it was given, `ID` is opaque, `Int` has 32 bits,"
    " `Boolean` is true or false; `Float` is not used. An era date goes in as `String`, because the office's own"
    " spelling is kept: see [kinds](kinds.md)."
)


SETTINGS = {
    "cost": ("max_cost", "portal_max_cost", "verify_max_cost"),
    "depth": ("max_depth",) * 3,
    "body_bytes": ("max_body_bytes", "max_body_bytes", "verify_max_body_bytes"),
    "requests": ("requests_per_caller", "portal_requests_per_caller", "verify_requests_per_caller"),
    "documents_per_second": ("documents_per_second",) * 3,
}
"""The settings that change a limit, at `/registry`, at `/portal` and at `/verify`."""


def _limits() -> str:
    told = (
        "What is over a limit is refused before any work is done: `TOO_COMPLEX`, `TOO_LARGE`, `TOO_SLOW`,"
        " `TIMEOUT` or `RATE_LIMITED`, with `extensions.limit`, `allowed` and `found`, or `retryAfter` in seconds (also"
        " as the header `Retry-After`). The table shows what each surface allows unless its [setting](settings.md) says"
        " otherwise. Every surface counts for itself: what a caller has under way at one is not counted at another."
    )
    parts = (OperationLimits, HttpLimits, Callers)
    rows = [_limit(f) for part in parts for f in fields(part) if "help" in f.metadata]
    rows += [
        _of_verify(f) for part in (Searches, CheckAllowances) for f in fields(part) if "help" in f.metadata
    ]
    of_connections = (
        ("header_seconds", HEADER_SECONDS, "Seconds in which the headers of a request must have come."),
        ("header_bytes", HEADER_BYTES, "Bytes of a request's address and headers."),
        ("keep_alive_seconds", KEEP_ALIVE_SECONDS, "Seconds after which an idle connection is closed."),
    )
    rows += [(code(name), *[f"{most:,g}"] * 3, "", help) for name, most, help in of_connections]
    headers = ("limit", "`/registry`", "`/portal`", "`/verify`", "setting", "what it counts")
    return page("Limits of the API", told, table(headers, rows))


def _limit(limit: Field[Any]) -> tuple[str, ...]:
    """A line: what each surface allows, and by which settings."""
    names = SETTINGS.get(limit.name, ())
    allowed = [getattr(Settings(), name) for name in names] or [limit.default] * 3
    by = ", ".join(code(f"{PREFIX}{name.upper()}") for name in dict.fromkeys(names))
    return code(limit.name), *(f"{most:,}" for most in allowed), by, str(limit.metadata["help"])


def _of_verify(limit: Field[Any]) -> tuple[str, ...]:
    """A line about what is at `/verify` alone."""
    name = f"verify_{limit.name}"
    by = code(f"{PREFIX}{name.upper()}") if hasattr(Settings(), name) else ""
    return code(limit.name), "", "", f"{limit.default:,}", by, str(limit.metadata["help"])


def _errors() -> str:
    rows = [(code(c.value), c.status, c.description) for c in ErrorCode]
    told = (
        "`errors[].extensions.code` is one of these. The status counts where nothing was executed; an answer that"
        " was executed is a 200, whatever errors its fields have. Why a verb was refused is data:"
        " [errors](errors.md)."
    )
    return page("Errors of the API", told, table(("code", "status", "meaning"), rows))

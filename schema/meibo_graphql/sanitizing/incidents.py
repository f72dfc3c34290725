"""What is logged about a fault: where it happened, never what it was about.

The text of an exception may hold personal data (a driver prints the row that it refused), and so may the
locals of a frame. The log therefore has classes, files, lines and functions only.
"""

from __future__ import annotations

import logging
import secrets
import traceback

INCIDENT_BYTES = 8
"""Length of a random incident id."""

log = logging.getLogger("meibo.graphql")


def log_incident(error: BaseException) -> str:
    """Log `error` without its text; returns the id that the caller is shown."""
    incident = secrets.token_hex(INCIDENT_BYTES)
    log.error("incident %s\n%s", incident, "\n".join(outline(error)))
    return incident


def outline(error: BaseException) -> list[str]:
    """The error's classes and frames, its causes below it."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(f"{type(current).__module__}.{type(current).__qualname__}")
        lines += [f"  {f.filename}:{f.lineno} {f.name}" for f in _frames(current)]
        current = getattr(current, "original_error", None) or current.__cause__ or current.__context__
    return lines


def _frames(error: BaseException) -> traceback.StackSummary:
    """The frames of the traceback, without locals and without source text."""
    return traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), lookup_lines=False)

"""The page of this distribution in the reference: the codes of errors, made from their one list."""

from __future__ import annotations

from meibo.reference.markdown import code, page, table
from meibo_graphql.sanitizing import ErrorCode


def pages() -> dict[str, str]:
    """File name -> text, for `meibo docs`."""
    rows = [(code(c.value), c.status, c.description) for c in ErrorCode]
    told = (
        "`errors[].extensions.code` is one of these. The status counts where nothing was executed; an answer that"
        " was executed is a 200, whatever errors its fields have. Why a verb was refused is data:"
        " [errors](errors.md)."
    )
    return {"api-errors.md": page("Errors of the API", told, table(("code", "status", "meaning"), rows))}

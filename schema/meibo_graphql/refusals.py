"""What came of a verb: the thing as it is then, or why it was refused, as data."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar
from uuid import UUID

from meibo.errors import Finding, FindingCode, InvalidValue, NotFound, Refused
from meibo_graphql.types import UserError, user_error

T = TypeVar("T")
NIL = UUID(int=0)


async def attempt(
    act: Awaitable[T], path: str, rule: str, value: str = ""
) -> tuple[T | None, list[UserError]]:
    """What an act gives, and why it was refused; `path` and `rule` tell which part of the input names what is not
    there, `value` which part is no good value, if that is another."""
    try:
        return await act, []
    except Refused as error:
        return None, [user_error(finding) for finding in error.findings]
    except NotFound as error:
        return None, [user_error(Finding((path,), error.ja, error.en, FindingCode.NOT_FOUND, rule))]
    except InvalidValue as error:
        finding = Finding((value or path,), error.ja, error.en, FindingCode.INVALID_VALUE, error.rule)
        return None, [user_error(finding)]


def named(id: str) -> UUID:
    """What an id names that stands as it is; for any other text something that there is not."""
    try:
        return UUID(id)
    except ValueError:
        return NIL

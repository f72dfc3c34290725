"""Limits on a document's text, checked before it is parsed: counting takes a hundredth of the parser's time."""

from __future__ import annotations

import re

from meibo_graphql.limits.operations import OperationLimits, within

TOKEN = re.compile(
    r'(?P<open>[{(\[])|(?P<close>[})\]])|"""(?:\\"""|[^"]|"(?!""))*"""|"(?:\\.|[^"\\\n])*"|#[^\n]*'
    r"|\.\.\.|[_A-Za-z0-9.+-]+|[!$&:=@|\"]"
)
"""Strings whole, so that brackets within them do not count; every other token at least once."""


def require_text(text: str, limits: OperationLimits) -> None:
    """Raise SafeError (TOO_COMPLEX) where a document has too many tokens, or brackets open at one place."""
    nested = 0
    for tokens, found in enumerate(TOKEN.finditer(text), 1):
        if found["open"]:
            nested += 1
            within("nesting", nested, limits.nesting)
        elif found["close"]:
            nested -= 1
        if tokens > limits.tokens:
            within("tokens", tokens, limits.tokens)

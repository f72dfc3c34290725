"""Operations by name: what each feature of a read asks for, and every difference that generated operations found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Case:
    """An operation, who asks it (see `registers.callers`), and the codes of its errors.

    A text in the variables that begins with `@` stands for what is known by that name (see `known.Known.named`).
    """

    name: str
    document: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    caller: str = "officer"
    codes: tuple[str, ...] = ()
    operation_name: str | None = None

    def given(self, named: Mapping[str, str]) -> dict[str, Any]:
        """The variables, names resolved."""
        return {key: _resolved(value, named) for key, value in self.variables.items()}


def _resolved(value: Any, named: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _resolved(each, named) for key, each in value.items()}
    if isinstance(value, list):
        return [_resolved(each, named) for each in value]
    return named[value[1:]] if isinstance(value, str) and value.startswith("@") else value


def all_cases() -> Iterable[Case]:
    """Every case, module by module."""
    from tests.differential.cases import found, paging, past, reading, refusing, shaping

    for module in (reading, shaping, paging, past, refusing, found):
        yield from module.CASES

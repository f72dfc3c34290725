"""Rules: pure functions of a record, the one before it, the procedure and the day. Each cites law or item.

A rule names what it wants as parameters: groups by key (`register: DoctorRegister`; a list as a tuple of records,
`practice_periods: tuple[PracticePeriod, ...]`), `record`, `previous` (both a `Record`; `previous` is None at
registration), `procedure` (the verb) and `day` (the day it takes effect). A finding in a list names the row, counted
from 0: `practice_periods.0.end_date`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from meibo.errors import Finding, PluginError
from meibo.items.declaration import Group
from meibo.items.texts import Texts

Findings = Finding | None | Iterable[Finding]
BESIDE_GROUPS = frozenset({"record", "previous", "procedure", "day"})
"""What a rule may want that is no group."""


@dataclass(frozen=True)
class Record:
    """All groups of one licence, by key: `record.register.family_name`; a list is a tuple of records."""

    groups: Mapping[str, Any]

    def __getattr__(self, key: str) -> Any:
        if key.startswith("__") or key not in self.groups:
            raise AttributeError(key)
        return self.groups[key]

    def rows(self, key: str) -> tuple[Group, ...]:
        """The rows of a list; a group that stands once is its own one row."""
        group = self.groups[key]
        return group if isinstance(group, tuple) else (group,)

    def value(self, path: str) -> Any:
        """The value at `register.family_name`; None where there is none."""
        key, _, name = path.partition(".")
        return getattr(self.groups.get(key), name, None)

    def __repr__(self) -> str:
        return f"Record({', '.join(self.groups)})"


def given(record: Record, previous: Record | None, procedure: str, day: date) -> dict[str, Any]:
    """All that a rule may want, by the name of its parameter."""
    beside = {"record": record, "previous": previous, "procedure": procedure, "day": day}
    return {**record.groups, **beside}


class Rule(Protocol):
    """A declared rule."""

    id: str
    cites: str
    check: Callable[..., Findings]


@dataclass(frozen=True, slots=True)
class DeclaredRule:
    """`id` is open and dotted; `cites` names the law or the items; `texts` say what holds."""

    id: str
    cites: str
    check: Callable[..., Findings]
    wants: tuple[str, ...]
    texts: Texts = ("", "")
    items: tuple[str, ...] = ()
    """Paths of the items that it rests on; compiling adds their numbers to `cites`."""

    def __call__(self, *args: Any, **kwargs: Any) -> Findings:
        return self.check(*args, **kwargs)

    def findings(self, record: Record, previous: Record | None, procedure: str, day: date) -> list[Finding]:
        """What the rule finds, with its id and what it cites."""
        return self.found_in(given(record, previous, procedure, day))

    def found_in(self, given: Mapping[str, Any]) -> list[Finding]:
        """What the rule finds in what it wants of all that is `given`."""
        found = self.check(*map(given.__getitem__, self.wants))
        if found is None:
            return []
        return [self._signed(f) for f in ([found] if isinstance(found, Finding) else found)]

    def _signed(self, finding: Finding) -> Finding:
        path = finding.path
        if isinstance(path, str):
            group = next((name for name in self.wants if name not in BESIDE_GROUPS), "")
            path = tuple(path.split(".")) if "." in path or not group else (group, path)
        return replace(finding, path=path, rule=self.id, cites=self.cites)


def rule(id: str, *, cites: str, ja: str = "") -> Callable[[Callable[..., Findings]], DeclaredRule]:
    """Declare a rule: `@rule("doctor.of_age", cites="医師法3条", ja="未成年者には免許を与えない。")`.

    The docstring's first sentence says in English what holds, `ja` says it in Japanese; both are shown to people.
    Raises PluginError where a parameter goes by name alone: what a rule wants is given in its parameters' order.
    """

    def declare(check: Callable[..., Findings]) -> DeclaredRule:
        wants = inspect.signature(check).parameters
        if named := [name for name, each in wants.items() if each.kind is each.KEYWORD_ONLY]:
            raise PluginError(
                f"The rule {id!r} takes {named[0]!r} by name alone: leave out the '*' before it."
            )
        return DeclaredRule(id, cites, check, tuple(wants), (ja, _sentence(check)))

    return declare


@dataclass(frozen=True, slots=True)
class SharedRule:
    """A rule that many registers take, each under its own code and with the law that it rests on there."""

    check: Callable[..., Findings]
    ja: str
    items: tuple[str, ...]

    def __call__(self, code: str, law: str = "") -> DeclaredRule:
        """The rule of one profession: `of_age("dentist", "歯科医師法3条")` is `dentist.of_age`."""
        declared = rule(f"{code}.{self.check.__name__}", cites=law, ja=self.ja)(self.check)
        return replace(declared, items=self.items)


def shared_rule(*items: str, ja: str) -> Callable[[Callable[..., Findings]], SharedRule]:
    """Declare a rule for any register that has these items (paths such as `register.given_name`)."""
    return lambda check: SharedRule(check, ja, items)


def _sentence(check: Callable[..., Findings]) -> str:
    """The first sentence of a docstring."""
    return (inspect.getdoc(check) or "").partition("\n\n")[0].replace("\n", " ")

"""A profession as core uses it: items numbered, groups merged from their parts, every promise checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cached_property
from types import new_class
from typing import Any

from meibo.errors import Finding, PluginError
from meibo.items.declaration import Cardinality, Group, Item, Placed
from meibo.items.kinds import Kind, PairKind, Storage
from meibo.items.shared.identity import Identity
from meibo.professions import promises
from meibo.professions.certificates import ClaimSpec, claims_of
from meibo.professions.plugin import ProfessionPlugin
from meibo.professions.rules import DeclaredRule, Record, given
from meibo.professions.upcasts import Upcast, version_of
from meibo.values.eras import day_of

CODE = re.compile(r"[a-z][a-z0-9_]{1,40}\Z")


@dataclass(frozen=True, slots=True)
class NumberedItem:
    """An item at its place in the official list."""

    number: int
    heading: str
    group: str
    item: Item

    @property
    def path(self) -> str:
        """Where its value stands in a record, such as `register.family_name`."""
        return f"{self.group}.{self.item.name}"


@dataclass(frozen=True, slots=True)
class GroupSpec:
    """A group of this profession: `key` in paths and table names, its items by identifier."""

    key: str
    type: type[Group]
    items: Mapping[str, Item]
    upcasts: tuple[Upcast, ...] = ()
    pairs: tuple[Item, ...] = field(init=False, compare=False, repr=False)
    """The items that the office keeps as an era and a date."""
    required: tuple[Item, ...] = field(init=False, compare=False, repr=False)
    """The items that somebody must set."""
    clear: tuple[Item, ...] = field(init=False, compare=False, repr=False)
    """The items that have a column."""
    sealed: tuple[Item, ...] = field(init=False, compare=False, repr=False)
    """The items that the sealed blob holds: those without a column, and those that say more than theirs."""
    dumps: tuple[tuple[str, Callable[[Any], Any]], ...] = field(init=False, compare=False, repr=False)
    """What makes JSON of the values of some items; those of the others are JSON as they are."""

    def __post_init__(self) -> None:
        items = [*self.items.values()]
        clear = [i for i in items if i.storage is Storage.CLEAR]
        sealed = [i for i in items if i.storage is Storage.SEALED or (i in clear and i.kind.verbatim)]
        paired = [i for i in items if i.era and isinstance(i.kind, PairKind)]
        required = [i for i in items if i.required and i.settable]
        dumps = [(i.name, i.kind.dump) for i in items if type(i.kind).dump is not Kind.dump]
        for name, chosen in (
            ("pairs", paired), ("required", required), ("clear", clear), ("sealed", sealed), ("dumps", dumps),
        ):  # fmt: skip
            object.__setattr__(self, name, tuple(chosen))

    def __hash__(self) -> int:
        """What is worked out of a group is remembered by it."""
        return hash((self.key, self.type))

    @property
    def cardinality(self) -> Cardinality:
        """How often it stands."""
        return self.type.cardinality

    @property
    def repeats(self) -> bool:
        """Whether a version holds it as a list: any number of rows, in order."""
        return self.cardinality is Cardinality.LIST

    @property
    def shared(self) -> bool:
        """Whether core declares it for many registers."""
        return self.type.__module__.startswith("meibo.items.shared.")

    def stored(self, storage: Storage) -> Iterator[Item]:
        """The items that lie there."""
        return (item for item in self.items.values() if item.storage is storage)


@dataclass(frozen=True)
class Profession:
    """A compiled profession."""

    plugin: ProfessionPlugin
    numbered: tuple[NumberedItem, ...]
    groups: Mapping[str, GroupSpec]
    indexes: tuple[tuple[str, Item], ...] = field(default=())

    def __hash__(self) -> int:
        """What is worked out of a profession is remembered by it."""
        return hash((self.plugin.code, self.plugin.version))

    @property
    def code(self) -> str:
        """Its code, such as `doctor`."""
        return self.plugin.code

    @cached_property
    def content_groups(self) -> tuple[GroupSpec, ...]:
        """The groups that stand once for a licence, and its lists: what a version holds."""
        return self._of(Cardinality.ONE, Cardinality.LIST)

    @cached_property
    def reply_groups(self) -> tuple[GroupSpec, ...]:
        """The groups of which a licence gathers rows."""
        return self._of(Cardinality.MANY)

    @cached_property
    def view_groups(self) -> tuple[GroupSpec, ...]:
        """The groups that are computed."""
        return self._of(Cardinality.VIEW)

    @cached_property
    def code_tables(self) -> tuple[GroupSpec, ...]:
        """The installation's tables that this profession lists."""
        return self._of(Cardinality.TABLE)

    @cached_property
    def rules(self) -> tuple[DeclaredRule, ...]:
        """Its rules, each citing the numbers of the items that it rests on."""
        return tuple(_cited(rule, self.numbered) for rule in self.plugin.rules)

    @cached_property
    def claims(self) -> tuple[ClaimSpec, ...]:
        """What its certificate shows; none where it declares no certificate."""
        return claims_of(self)

    @cached_property
    def own_code_tables(self) -> tuple[GroupSpec, ...]:
        """Those that it brings itself; its migration makes them."""
        return tuple(g for g in self.code_tables if not g.shared)

    @property
    def file(self) -> str:
        """The register file that keeps its numbers; "" where it has no legal basis for any."""
        return (self.plugin.file or self.code) if self.keeps_numbers else ""

    @property
    def keeps_numbers(self) -> bool:
        """Whether the profession has a legal basis for numbers, shown by listing them."""
        return any(g.cardinality is Cardinality.VAULT for g in self.groups.values())

    def item(self, path: str) -> Item | None:
        """The item at `register.family_name`."""
        key, _, name = path.partition(".")
        return self.groups[key].items.get(name) if key in self.groups else None

    @cached_property
    def shown_to_holder(self) -> Mapping[str, tuple[Item, ...]]:
        """What holders see of their own licence: the items of each group, in the order of the list."""
        paths = frozenset(self.plugin.shown_to_holder)
        shown = {
            g.key: tuple(i for i in g.items.values() if f"{g.key}.{i.name}" in paths)
            for g in self.content_groups
        }
        return {key: items for key, items in shown.items() if items}

    @cached_property
    def unique_paths(self) -> tuple[str, ...]:
        """The items whose value no two licences may share, beside the register number."""
        paths = (f"{g.key}.{i.name}" for g in self.content_groups for i in g.items.values() if i.unique)
        return tuple(path for path in paths if path != self.plugin.number)

    def office(self, record: Record) -> str | None:
        """The code of the receiving office of an entry; None where it has none."""
        receiving = self.plugin.receiving_office
        code = record.value(receiving.item) if receiving else None
        return None if code is None else str(code)

    def registered_on(self, record: Record) -> date | None:
        """The day on which the holder was registered."""
        return day_of(record.value(self.plugin.registered))

    def table_names(self) -> frozenset[str]:
        """The names of its tables: its code, and the group's key."""
        kept = (*self.content_groups, *self.reply_groups, *self.own_code_tables)
        return frozenset(f"{self.code}_{g.key}" for g in kept)

    def empty(self) -> Record:
        """A record without values."""
        return self._empty

    @cached_property
    def _empty(self) -> Record:
        return Record({g.key: () if g.repeats else g.type.of() for g in self.content_groups})

    def findings(self, record: Record, previous: Record | None, procedure: str, day: date) -> list[Finding]:
        """What the profession's rules find."""
        wanted = given(record, previous, procedure, day)
        return [finding for rule in self.rules for finding in rule.found_in(wanted)]

    def _of(self, *cardinalities: Cardinality) -> tuple[GroupSpec, ...]:
        return tuple(g for g in self.groups.values() if g.cardinality in cardinalities)


def compile_profession(plugin: ProfessionPlugin) -> Profession:
    """Number the items, merge the parts, check names and references; raises PluginError with how to mend it."""
    if not CODE.match(plugin.code):
        raise PluginError(f"The plugin code {plugin.code!r} is not lower_snake_case: choose another.")
    placed = [g if isinstance(g, Placed) else Placed(g, g.about.heading) for g in plugin.groups]
    if not any(p.group is Identity for p in placed):
        placed.insert(0, Placed(Identity, Identity.about.heading))
    numbered, groups = _numbered(plugin.code, placed)
    profession = Profession(plugin, numbered, _with_upcasts(plugin, groups))
    promises.check(profession)
    return replace(
        profession,
        indexes=tuple((g.key, i) for g in profession.content_groups for i in g.items.values() if i.index),
    )


def _numbered(code: str, placed: list[Placed]) -> tuple[tuple[NumberedItem, ...], dict[str, GroupSpec]]:
    listed: list[NumberedItem] = []
    groups: dict[str, GroupSpec] = {}
    wholes: dict[str, type[Group]] = {}
    for place in placed:
        whole = place.group.part_of or place.group
        key = whole.about.key.removeprefix(f"{code}_")
        items = {item.name: item for item in place.items()}
        listed += [
            NumberedItem(len(listed) + n, place.heading, key, i) for n, i in enumerate(items.values(), 1)
        ]
        before = groups.get(key)
        if before and (before.items.keys() & items.keys() or wholes[key] is not whole):
            raise PluginError(f"The plugin {code!r} lists the group {key!r} twice: name parts with part_of.")
        wholes[key] = whole
        known = {**(before.items if before else {}), **items}
        groups[key] = GroupSpec(
            key, whole if known.keys() == whole.items.keys() else _with(whole, known), known
        )
    return tuple(listed), groups


def _with(whole: type[Group], items: Mapping[str, Item]) -> type[Group]:
    """The whole group with the items of all its listed parts: one record type for them."""
    space = {"__module__": whole.__module__, "__doc__": whole.__doc__}
    made: type[Group] = new_class(
        whole.__name__,
        (whole,),
        asdict(whole.about) | {"cardinality": whole.cardinality, "view": whole.view or ""},
        lambda s: s.update(space),
    )
    made.items = dict(items)
    made.name_absent()
    return made


def _with_upcasts(plugin: ProfessionPlugin, groups: Mapping[str, GroupSpec]) -> dict[str, GroupSpec]:
    """The groups with what brings their old rows forward; raises PluginError for one that can never be right."""
    for upcast in plugin.upcasts:
        before = version_of(upcast.before, f"An upcast of {plugin.code!r}")
        if upcast.group not in groups:
            raise PluginError(
                f"An upcast of {plugin.code!r} names {upcast.group!r}, which is no group of it."
            )
        if plugin.version and before > version_of(plugin.version, f"The version of {plugin.code!r}"):
            raise PluginError(
                f"An upcast of {plugin.code!r} is for rows before {upcast.before}, and this is {plugin.version}:"
                " raise the distribution's version."
            )
    return {
        key: replace(spec, upcasts=tuple(u for u in plugin.upcasts if u.group == key))
        for key, spec in groups.items()
    }


def _cited(rule: DeclaredRule, numbered: Iterable[NumberedItem]) -> DeclaredRule:
    """The rule with the numbers of its items beside its law: `戸籍法13条、items 17, 19`."""
    numbers = [n.number for n in numbered if f"{n.group}.{n.item.name}" in rule.items]
    items = f"item{'s' if len(numbers) > 1 else ''} {_ranges(numbers)}" if numbers else ""
    return replace(rule, cites="、".join(filter(None, (rule.cites, items))))


def _ranges(numbers: Iterable[int]) -> str:
    """Numbers with runs of three and more drawn together: `4, 8, 28-39`."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = (f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
    return ", ".join(told)

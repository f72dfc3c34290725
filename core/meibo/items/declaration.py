"""How a plugin declares items: the shape of `mapped_column()`. The annotation decides the kind, the call carries
labels and limits; the order in the class is the official order."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from inspect import get_annotations
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Self,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from meibo.errors import PluginError
from meibo.items.codes import CodeList
from meibo.items.kinds import BY_TYPE, Kind, NumberKind, PseudonymKind, Storage
from meibo.items.texts import Texts, in_both
from meibo.items.views import View

T = TypeVar("T")


class Privacy(StrEnum):
    """Who may read a value: it drives masking, audit and the annex."""

    PUBLIC = "public"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


Personal = Annotated[T, Privacy.PERSONAL]
"""Personal information (個人情報): masked without `registry:personal:read`."""
Sensitive = Annotated[T, Privacy.SENSITIVE]
"""Special-care information (要配慮個人情報): masked without `registry:sensitive:read`."""


class Cardinality(StrEnum):
    """How often a group stands: once for a licence, as a list that a version holds, as rows that a licence gathers,
    computed from what core keeps anyway, once for the installation, or in the vault."""

    ONE = "one"
    LIST = "list"
    MANY = "many"
    VIEW = "view"
    TABLE = "table"
    VAULT = "vault"


MOST_ROWS = 100
"""Rows of a list that one version of a licence holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of an official list."""

    name: str = ""
    label: str
    en: str
    note: str = ""
    kind: Kind = field(default_factory=Kind)
    required: bool = False
    privacy: Privacy = Privacy.PUBLIC
    max_length: int | None = None
    multiline: bool = False
    codes: CodeList | None = None
    clear: str = ""
    derived: str = ""
    index: bool = False
    unique: bool = False
    era: str = ""
    key: bool = False
    storage: Storage = field(init=False, compare=False, repr=False)
    """Where the value lies."""
    settable: bool = field(init=False, compare=False, repr=False)
    """Whether a caller may hand in a value."""

    def __post_init__(self) -> None:
        """Every row of an import asks for these two, for every item."""
        storage = self._storage()
        object.__setattr__(self, "storage", storage)
        object.__setattr__(self, "settable", storage in (Storage.CLEAR, Storage.SEALED))

    def _storage(self) -> Storage:
        if isinstance(self.kind, NumberKind):
            return Storage.VAULT
        if self.derived or isinstance(self.kind, PseudonymKind):
            return Storage.DERIVED
        return Storage.CLEAR if self.clear else Storage.SEALED


def item(
    label: str,
    *,
    en: str,
    note: str = "",
    max_length: int | None = None,
    multiline: bool = False,
    codes: CodeList | None = None,
    clear: str = "",
    derived: str = "",
    index: bool = False,
    unique: bool = False,
    era: str = "",
    key: bool = False,
) -> Any:
    """Declare an item: `label` as the official list prints it, `en` for people who read English.

    `clear` says why the value may lie unsealed (else it is sealed); `index` gives it a filter; `unique` forbids a
    second row; `derived` names what core computes it from (in a view: a field of its source, or an item's path);
    `era` names the item that is the era half of a pair; `key` marks the key of a code table.
    """
    if index and not clear:
        raise PluginError(f'The item {en!r} has an index but no reason to be clear: say why in clear="...".')
    return Item(
        label=label, en=en, note=note, max_length=max_length, multiline=multiline, codes=codes, clear=clear,
        derived=derived, index=index, unique=unique, era=era, key=key,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the privacy annex and the API say of a group."""

    title: str
    en: str
    purpose: Texts
    source: Texts
    erasure: Texts
    heading: str
    key: str
    plural: str


@dataclass_transform(field_specifiers=(item,), kw_only_default=True, frozen_default=True)
class Group:
    """A group of items, and a record of it: `DoctorRegister.of(family_name="…")`; absent items are None.

    A listed group says title, en, purpose, source and erasure; the last three in Japanese and English, or by a phrase
    that core knows in both (`PHRASES`). One without them is a part that others extend.
    `view` makes it a view: of what its rows are made.
    """

    items: ClassVar[Mapping[str, Item]] = {}
    about: ClassVar[About]
    cardinality: ClassVar[Cardinality] = Cardinality.ONE
    part_of: ClassVar[type[Group] | None] = None
    view: ClassVar[View | None] = None

    def __init_subclass__(
        cls,
        *,
        title: str = "",
        en: str = "",
        purpose: str | Texts = "",
        source: str | Texts = "",
        erasure: str | Texts = "",
        heading: str | None = None,
        key: str = "",
        plural: str = "",
        cardinality: Cardinality = Cardinality.ONE,
        part_of: type[Group] | None = None,
        view: str = "",
    ) -> None:
        items = _inherited(cls) | {i.name: i for i in _declared(cls)}
        cls.items = {name: _viewed(i) for name, i in items.items()} if view else items
        cls.cardinality = Cardinality.VIEW if view else cardinality
        cls.part_of = part_of
        cls.view = View(view) if view else None
        cls.about = About(
            title=title, en=en, purpose=in_both(purpose), source=in_both(source), erasure=in_both(erasure),
            heading=title if heading is None else heading, key=key or _snake(cls.__name__), plural=plural,
        )  # fmt: skip
        cls.name_absent()

    @classmethod
    def name_absent(cls) -> None:
        """Let every item be None where a record says nothing: found on the class, it takes no call."""
        for name in cls.items:
            if not hasattr(Group, name):
                setattr(cls, name, None)

    @classmethod
    def of(cls, **values: object) -> Self:
        """A record with these values; raises PluginError for a name that is no item."""
        return cls._holding(values)

    @classmethod
    def _holding(cls, values: Mapping[str, object]) -> Self:
        if not values.keys() <= cls.items.keys():
            unknown = sorted(values.keys() - cls.items.keys())
            raise PluginError(f"{cls.__name__} has no item {unknown[0]!r}.")
        record = cls.__new__(cls)
        record.__dict__.update(values)
        return record

    if TYPE_CHECKING:  # A rule that many registers share takes any group, and names its items.

        def __getattr__(self, name: str) -> Any: ...

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("A record does not change: make another with `with_values`.")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and dict(self.values()) == dict(other.values())

    def __hash__(self) -> int:
        return hash((type(self), tuple(sorted(name for name, _ in self.values()))))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def values(self) -> Iterator[tuple[str, Any]]:
        """(identifier, value) of the items that hold one."""
        return ((name, value) for name, value in self.__dict__.items() if value is not None)

    def with_values(self, changes: Mapping[str, object]) -> Self:
        """The record with these items changed; None clears one."""
        return self._holding({**self.__dict__, **changes})


@dataclass(frozen=True, slots=True)
class Placed:
    """A shared group as one profession's official list prints it: its heading, and labels that differ there."""

    group: type[Group]
    heading: str
    labels: Mapping[str, str] = field(default_factory=dict)

    def items(self) -> Iterator[Item]:
        """The items with that list's labels."""
        for each in self.group.items.values():
            yield replace(each, label=self.labels.get(each.name, each.label))


def headed(group: type[Group], heading: str, **labels: str) -> Placed:
    """Place a shared group under another heading: `headed(LicenceTypes, "職種マスタ情報")`."""
    return Placed(group, heading, labels)


def _inherited(cls: type[Group]) -> dict[str, Item]:
    """The items of the groups that a group extends, in their order; one declared anew keeps its place."""
    return {name: item for base in cls.__bases__ for name, item in getattr(base, "items", {}).items()}


def _viewed(item: Item) -> Item:
    """An item of a view shows what it names, else the register's item of its name; nothing of it is stored."""
    derived = item.derived or f"register.{item.name}"
    return replace(item, derived=derived, clear="", index=False, unique=False, required=False)


def _declared(cls: type) -> Iterator[Item]:
    """The items of a class body, in order, each with its name, kind, privacy and obligation."""
    hints = get_type_hints(cls, include_extras=True)
    for name in get_annotations(cls):
        declared = cls.__dict__.get(name)
        if isinstance(declared, Item):
            yield _resolved(cls, name, declared, hints[name])


def _resolved(cls: type, name: str, declared: Item, hint: Any) -> Item:
    privacy = Privacy.PUBLIC
    if get_origin(hint) is Annotated:
        hint, *marks = get_args(hint)
        privacy = next((m for m in marks if isinstance(m, Privacy)), Privacy.PUBLIC)
    required = True
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
        required = False
    if hint not in BY_TYPE:
        raise PluginError(
            f"{cls.__name__}.{name} has the type {hint!r}, which is no kind of item: see the reference."
        )
    if declared.clear and not BY_TYPE[hint].columnar:
        raise PluginError(f"{cls.__name__}.{name} may not be clear: no column holds {BY_TYPE[hint].name}.")
    return replace(declared, name=name, kind=BY_TYPE[hint], privacy=privacy, required=required)


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))

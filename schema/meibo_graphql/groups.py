"""From items to API types: one factory for what is shown, one for what is handed in.

Sources are plain dicts; a field without a resolver looks its name up. Strawberry needs real classes, so each
group becomes one, with a name of its own: two classes of one name would silently become one type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

import strawberry

from meibo.errors import PluginError
from meibo.items.declaration import Cardinality, Item
from meibo.items.kinds import NumberKind as NumberItem
from meibo.items.kinds import Storage
from meibo.items.views import View
from meibo.professions.compiled import GroupSpec, Profession
from meibo.register.tables import stored
from meibo.registry.views import GroupView, Redaction
from meibo_graphql import types
from meibo_graphql.scalars import EDTF, YearMonth
from meibo_graphql.types import camel, code_of

OUTPUT: Mapping[str, Any] = {
    "text": str | None,
    "kana": str | None,
    "integer": int | None,
    "date": date | None,
    "partial_date": types.PartialDate | None,
    "year_month": YearMonth | None,
    "datetime": datetime | None,
    "era": str | None,
    "era_date": types.EraDate | None,
    "era_month": types.EraMonth | None,
    "code": types.Code | None,
    "codes": list[types.Code],
    "flag": bool | None,
    "phone": str | None,
    "email": str | None,
    "postal_code": str | None,
    "file": types.File | None,
    "pseudonym": str | None,
    "individual_number": types.NumberStatus,
    "resident_code": types.NumberStatus,
    "institution_code": types.NumberStatus,
}
"""What each kind is in an answer."""


@strawberry.input(description="A reference to a document that was handed in before.")
class FileInput:
    sha256: str
    name: str
    media_type: str
    size: int


INPUT: Mapping[str, Any] = {
    "integer": int,
    "date": date,
    "partial_date": EDTF,
    "year_month": YearMonth,
    "datetime": datetime,
    "codes": list[str],
    "flag": bool,
    "file": FileInput,
}
"""What each kind is in an input; all others are text."""


UNDOUBTED: Mapping[str, Any] = {"is_type_of": classmethod(lambda cls, value, info: True)}
"""For a type that implements an interface but is reached by fields of its own type alone: a dict tells no type."""


class TypeRegistry:
    """Makes classes, each type name once; refuses a name that two groups would share."""

    def __init__(self) -> None:
        self.made: dict[str, type] = {}
        self.owners: dict[str, object] = {}

    def once(self, name: str, owner: object, make: Callable[[str], type]) -> type:
        """The class of a name, made on first use; raises PluginError where another owner has the name."""
        if self.owners.setdefault(name, owner) != owner:
            raise PluginError(
                f"Two things would be the API type {name!r} ({owner} and {self.owners[name]}):"
                " rename one of the groups."
            )
        if name not in self.made:
            self.made[name] = make(name)
        return self.made[name]


class Fields(dict[str, Any]):
    """The fields of a root type; a name that is there already would silently replace it, and is refused."""

    def __setitem__(self, name: str, field: Any) -> None:
        if name in self:
            raise PluginError(
                f"Two things would be the API field {camel(name)!r}: rename the code table or the profession."
            )
        super().__setitem__(name, field)


def owner_of(profession: Profession, spec: GroupSpec) -> str:
    """Who declares a group: core for all, or one profession."""
    return f"core's {spec.type.__name__}" if spec.shared else f"{profession.code}.{spec.key}"


def pascal(profession: Profession) -> str:
    """`ClinicalLaboratoryTechnologist`."""
    return "".join(part.capitalize() for part in profession.code.split("_"))


def type_name(profession: Profession, spec: GroupSpec) -> str:
    """`DoctorRegister`; groups that core declares for many registers have one type for all."""
    name, prefix = spec.type.__name__, pascal(profession)
    return name if spec.shared or name.startswith(prefix) else prefix + name


def is_of_licence(spec: GroupSpec) -> bool:
    """Whether a licence shows the group: code tables and daily counts are root queries."""
    return spec.cardinality is not Cardinality.TABLE and spec.type.view is not View.DAILY_COUNT


def field_name(spec: GroupSpec) -> str:
    """The field of a licence that shows the group."""
    gathered = spec.cardinality in (Cardinality.MANY, Cardinality.VIEW)
    return (spec.type.about.plural or spec.key) if gathered else spec.key


def root_or_field_name(profession: Profession, spec: GroupSpec) -> str:
    """The field that shows the group: of a licence, or of the root."""
    about = spec.type.about
    if spec.cardinality is Cardinality.TABLE:
        return about.plural
    return field_name(spec) if is_of_licence(spec) else f"{profession.code}_{about.plural or spec.key}"


def group_type(profession: Profession, spec: GroupSpec) -> Any:
    """A maker of the type of a group: its items, and `redacted`."""

    def make(name: str) -> type:
        numbers = _numbers(profession, spec)
        annotations = {i.name: OUTPUT[i.kind.name] for i in spec.items.values()}
        fields = {
            i.name: strawberry.field(description=_described(profession, spec, i, numbers))
            for i in spec.items.values()
        }
        if spec.cardinality is not Cardinality.TABLE:
            annotations["redacted"] = list[types.Redaction]
        body = {"__annotations__": annotations, "__module__": __name__, **UNDOUBTED, **fields}
        if spec.cardinality in (Cardinality.ONE, Cardinality.LIST) and stored(spec):
            body["stored_group"] = spec
        bases = (types.CodeTableRow,) if spec.cardinality is Cardinality.TABLE else ()
        return strawberry.type(
            type(name, bases, body), description=f"{spec.type.about.title} ({spec.type.about.en})."
        )

    return make


def group_input(profession: Profession, spec: GroupSpec) -> Any:
    """A maker of the input of a group: left out = unchanged, null = cleared."""

    def make(name: str) -> type:
        items = [i for i in spec.items.values() if i.settable]
        numbers = _numbers(profession, spec)
        annotations = {i.name: INPUT.get(i.kind.name, str) | None for i in items}
        fields = {
            i.name: strawberry.field(
                default=strawberry.UNSET, description=_described(profession, spec, i, numbers)
            )
            for i in items
        }
        body = {"__annotations__": annotations, "__module__": __name__, **fields}
        return strawberry.input(
            type(name, (), body),
            description=_ROW_TEXT if spec.repeats else _GROUP_TEXT,
        )

    return make


_GROUP_TEXT = "Left out = unchanged, null = cleared. Codes go in as text, partial dates as EDTF."
_ROW_TEXT = (
    "One row of a list, whole: the rows given take the place of all before; null or [] empties the list."
    " Codes go in as text, partial dates as EDTF."
)


class Shown(dict[str, Any]):
    """A group's values as the API shows them, each made when it is asked for; what else is told stands in it."""

    def __init__(self, spec: GroupSpec, view: GroupView, **told: Any) -> None:
        super().__init__(told)
        self.spec, self.view = spec, view

    def __missing__(self, name: str) -> Any:
        if name == "redacted":
            return redactions(self.view)
        return show(self.spec.items[name], self.view.values.get(name))


def redactions(view: GroupView) -> list[types.Redaction]:
    """What is kept back of a group, as the API shows it."""
    return told(view.redacted)


def told(redacted: Iterable[Redaction]) -> list[types.Redaction]:
    """What is kept back, as the API shows it."""
    return [types.Redaction(item=camel(each.item), reason=each.reason) for each in redacted]


def shown(spec: GroupSpec, view: GroupView, **told: Any) -> Shown:
    """A group's values as the API shows them."""
    return Shown(spec, view, **told)


def handed_in(given: object) -> dict[str, Any]:
    """An input object as raw values by identifier; what was left out is left out."""
    raw = {name: value for name, value in vars(given).items() if value is not strawberry.UNSET}
    return {
        name: {"sha256": v.sha256, "name": v.name, "mediaType": v.media_type, "size": v.size}
        if isinstance(v, FileInput)
        else v
        for name, v in raw.items()
    }


def show(item: Item, value: Any) -> Any:
    """An item's value as the API shows it."""
    if isinstance(item.kind, NumberItem):
        return types.NumberStatus(held=False, destroyed_at=None) if value is None else value
    match item.kind.name:
        case "code":
            return code_of(value, item.codes)
        case "codes":
            return [code_of(code, item.codes) for code in value or ()]
        case "partial_date":
            return value and types.PartialDate(source=value)
        case "era_date":
            return value and types.EraDate(source=value)
        case "era_month":
            return value and types.EraMonth(source=value)
        case "year_month":
            return value and value.value
        case "file":
            return value and types.File(
                sha256=value.sha256, name=value.name, media_type=value.media_type, size=value.size
            )
    return value


def _numbers(profession: Profession, spec: GroupSpec) -> dict[str, int]:
    return {n.item.name: n.number for n in profession.numbered if n.group == spec.key}


def _described(profession: Profession, spec: GroupSpec, item: Item, numbers: Mapping[str, int]) -> str:
    """`姓 · 医師 18 · Family name`; a shared group names no profession's number."""
    place = "" if spec.shared else f" · {profession.plugin.name[0]} {numbers[item.name]}"
    sealed = " · sealed" if item.storage is Storage.SEALED else ""
    return f"{item.label}{place} · {item.en}{sealed}"

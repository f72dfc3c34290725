"""Arguments of generated operations: mostly of things that exist, as literals or variables, now and then wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    is_required_argument,
)

from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from tests.differential.known import ORDERS, Known, Node
from tests.differential.tape import Tape

DAYS = ("2026-01-15", "1990-04-01", "2024-04-01", "2019-05-01", "1900-01-01", "2099-12-31")
DAYS_OF = frozenset({"asOf", "knownAt", "on"})
"""Arguments of the past, which are given more often than others."""
BAD_IDS = ("", "AAAA", "doctor", "7", "ÿ")
CODES = ("13", "1", "01", "2", "101", "999", "")
PREFECTURES = tuple(f"{number:02}" for number in range(1, 48))
PERSONAL = frozenset({"name", "birthDate", "individualNumber"})
"""Fields of inputs that demand a permission."""
TEXTS = ("佐藤", "サト", "見本", "100001", "", "\u0000")
PAGES: tuple[Mapping[str, Any], ...] = (
    {"first": 2}, {}, {"first": 4}, {"first": 1, "after": "?"}, {"last": 3}, {"last": 2, "before": "?"},
    {"first": 3, "after": "?"}, {"first": 10}, {"last": 1}, {"first": 3, "before": "?"}, {"first": 3},
    {"first": None, "last": 2}, {"first": 2, "after": None}, {"first": 5}, {"first": 1}, {}, {"first": 4},
)  # fmt: skip
"""`?` is a cursor."""
ODD_PAGES: tuple[Mapping[str, Any], ...] = (
    {"first": 0}, {"first": 500}, {"first": 1, "last": 1}, {"first": 501}, {"first": -1}, {"first": 2, "after": ""},
)  # fmt: skip
WRONG: tuple[Any, ...] = ({"a": 1}, [[]], True, "?", 1.5, 2**40, None)


@dataclass(slots=True)
class Values:
    """Writes arguments, and gathers the variables that they use."""

    known: Known
    caller: Principal
    tape: Tape
    personal: frozenset[str]
    declared: dict[str, str] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)
    """What the last ids asked for are."""
    licence: Mapping[str, Any] = field(default_factory=dict)
    """Whom the last argument is about."""

    def arguments(self, name: str, definition: GraphQLField) -> str:
        """The arguments of a field in brackets; nothing where none are given."""
        self.nodes, self.licence = [], self._somebody(name)
        chosen = self._page(name, has_order="orderBy" in definition.args) if "last" in definition.args else {}
        walking = any(isinstance(chosen.get(key), str) for key in ("after", "before"))
        often = 3 if walking else 25  # A cursor belongs to one order and one filter.
        for argument, about in definition.args.items():
            unset = argument not in PAGED and argument not in chosen
            percent = 60 if argument in DAYS_OF and not walking else often
            if is_required_argument(about) or (unset and self.tape.chance(percent)):
                chosen[argument] = self._value(argument, about.type, name)
        parts = [f"{key}: {self._text(value, definition.args[key].type)}" for key, value in chosen.items()]
        return f"({', '.join(parts)})" if parts else ""

    def condition(self) -> str:
        """The argument of `@include` and `@skip`."""
        return self._text(self.tape.chance(50), GraphQLNonNull(GraphQLBoolean))

    def _page(self, name: str, *, has_order: bool) -> dict[str, Any]:
        """The arguments of a page; one that begins or ends at a cursor comes with the cursor's order."""
        page = dict(self.tape.pick(ODD_PAGES if self.tape.chance(6) else PAGES))
        place = next((key for key in ("after", "before") if page.get(key) == "?"), None)
        if place is None:
            return page
        order = self.tape.pick(ORDERS)
        cursors = self.known.cursors.get((self.caller.account, name, order), [])
        if name == "history":
            cursors = self.tape.pick(list(self.known.histories.values()))
        elif has_order and order != ORDERS[0]:
            page["orderBy"] = order
        page[place] = self.tape.pick(BAD_IDS if self.tape.chance(6) or not cursors else cursors)
        return page

    def _value(self, name: str, type_: Any, of: str) -> Any:
        """A value for an argument or an input's field, by its name and type."""
        if not isinstance(type_, GraphQLNonNull) and self.tape.chance(6):
            return None
        named = get_named_type(type_)
        if name in ("id", "ids"):
            return self._id() if name == "id" else self._ids()
        if isinstance(named, GraphQLInputObjectType):
            return self._object(named, of)
        if name.endswith("In") and not isinstance(named, GraphQLEnumType) and self.tape.chance(60):
            return [*PREFECTURES, *CODES]
        one = self._scalar(name, named)
        listed = isinstance(getattr(type_, "of_type", type_), GraphQLList) or isinstance(type_, GraphQLList)
        return [one, *(self._scalar(name, named) for _ in range(self.tape.below(3)))] if listed else one

    def _scalar(self, name: str, named: Any) -> Any:
        pick = self.tape.pick
        if isinstance(named, GraphQLEnumType):
            return pick(list(named.values))
        match named.name:
            case "Date":
                return pick(DAYS)
            case "DateTime":
                return pick(["2099-01-01T00:00:00Z", *self.known.instants])
            case "Int":
                return pick((3, 1, 50, 0, 501, -1))
            case "Boolean":
                return self.tape.chance(50)
        return self._word(name)

    def _word(self, name: str) -> str:
        """A text: what stands in the licence that the argument is about, or anything."""
        if name == "profession":
            return self.tape.pick([*self.known.licences, "wizard"])
        if name == "name":
            return self.tape.pick(("Action", "Nothing", "DoctorLicence"))
        if self.tape.chance(10) or name.endswith("In") or name == "code":
            return self.tape.pick(CODES)
        licence, holder = self.licence, self.licence["holder"]
        words = {
            "pseudonym": licence["pseudonym"],
            "number": licence["registrationNumber"],
            "registrationNumber": licence["registrationNumber"],
            "full": holder["fullName"],
            "family": holder["fullName"].partition("　")[0],
            "kanaPrefix": holder["fullNameKana"][: 1 + self.tape.below(4)],
            "birthDate": holder["birthDate"]["value"],
        }
        return str(words.get(name) or self.tape.pick(TEXTS))

    def _somebody(self, of: str) -> Mapping[str, Any]:
        """A licence of the list that is asked, or any."""
        code = self.known.roots.get(of) or self.tape.pick(list(self.known.licences))
        return self.tape.pick(self.known.licences[code])

    def _object(self, type_: GraphQLInputObjectType, of: str) -> dict[str, Any]:
        """An input: one field of a `@oneOf`, else what is required and one or two more."""
        names = [name for name in type_.fields if self._may(name) or self.tape.chance(10)]
        chosen = {name for name, about in type_.fields.items() if isinstance(about.type, GraphQLNonNull)}
        chosen |= {self.tape.pick(names) for _ in range(1 if type_.is_one_of else 1 + self.tape.below(2))}
        types = {name: about.type for name, about in type_.fields.items() if name in chosen}
        if type_.is_one_of:  # Null is none of them.
            types = {name: GraphQLNonNull(given) for name, given in types.items()}
        value = {name: self._value(name, given, of) for name, given in types.items()}
        if "profession" in value and not self.tape.chance(10):
            value["profession"] = self._code_of(self.licence)
        return value

    def _may(self, name: str) -> bool:
        return name not in PERSONAL or self.caller.may(Permission.PERSONAL_READ)

    def _code_of(self, licence: Mapping[str, Any]) -> str:
        return next(code for code, all_ in self.known.licences.items() if licence in all_)

    def _id(self) -> str:
        if self.tape.chance(8):
            return self.tape.pick(BAD_IDS)
        node = self.tape.pick(self.known.nodes)
        self.nodes.append(node)
        return node.id

    def _ids(self) -> list[str]:
        many = self.tape.pick((2, 1, 3, 0, 5, 2, 3, 4, 1, 101))
        return [self._id() for _ in range(many)] if many <= 100 else ["AAAA"] * many

    def _text(self, value: Any, type_: Any, *, one_of: bool = False, must: bool = False) -> str:
        """A value in the document: as it is, or as a variable (`must`: personal, so never as it is)."""
        if must or self.tape.chance(30):
            return self._variable(value, type_, one_of=one_of, personal=must)
        return self._literal(value, type_)

    def _literal(self, value: Any, type_: Any, *, constant: bool = False) -> str:
        if isinstance(type_, GraphQLNonNull):
            return self._literal(value, type_.of_type, constant=constant)
        if value is None:
            return "null"
        if isinstance(type_, GraphQLList) and isinstance(value, list):
            if len(value) == 1 and self.tape.chance(30):
                return self._literal(value[0], type_.of_type, constant=True)
            return f"[{', '.join(self._part(each, type_.of_type, constant) for each in value)}]"
        if isinstance(type_, GraphQLInputObjectType):
            parts = [f"{key}: {self._field(each, type_, key, constant)}" for key, each in value.items()]
            return f"{{{', '.join(parts)}}}"
        if isinstance(type_, GraphQLEnumType):
            return str(value)
        if str(value).isdigit() and getattr(type_, "name", "") == "ID" and self.tape.chance(50):
            return str(int(value))
        return json.dumps(value, ensure_ascii=self.tape.chance(50))

    def _part(self, value: Any, type_: Any, constant: bool) -> str:
        return self._literal(value, type_, constant=True) if constant else self._text(value, type_)

    def _field(self, value: Any, type_: GraphQLInputObjectType, key: str, constant: bool) -> str:
        about = type_.fields[key].type
        if constant:
            return self._literal(value, about, constant=True)
        hidden = f"{type_.name}.{key}" in self.personal and value is not None and not self.tape.chance(2)
        return self._text(value, about, one_of=type_.is_one_of, must=hidden)

    def _variable(self, value: Any, type_: Any, *, one_of: bool, personal: bool) -> str:
        """A variable of this value: given, by its default, or both."""
        name = f"v{len(self.declared)}"
        bare = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        unsafe = one_of or personal or value is None or isinstance(value, dict)
        if not unsafe and self.tape.chance(25):
            self.declared[name] = f"${name}: {bare} = {self._literal(value, bare, constant=True)}"
            if self.tape.chance(70):
                return f"${name}"
        else:
            strict = one_of or bare is not type_ or (value is not None and self.tape.chance(20))
            self.declared[name] = f"${name}: {bare}{'!' if strict else ''}"
            if value is None and not strict and self.tape.chance(50):
                return f"${name}"
        self.given[name] = self._coerced(value, bare)
        return f"${name}"

    def _coerced(self, value: Any, type_: Any) -> Any:
        """The value as some clients send it, and in one of a hundred cases as none should."""
        if self.tape.chance(1):
            return self.tape.pick(WRONG)
        if isinstance(value, list) and len(value) == 1 and self.tape.chance(30):
            return value[0]
        if isinstance(value, int) and not isinstance(value, bool) and self.tape.chance(10):
            return float(value)
        if isinstance(value, str) and value.isdigit() and getattr(type_, "name", "") == "ID":
            return int(value)
        return value


PAGED = frozenset({"first", "last", "after", "before"})

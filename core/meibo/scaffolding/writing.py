"""Writing the distribution: pyproject.toml, the package, its tests and a README."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import east_asian_width

from meibo import __version__
from meibo.errors import OperatorError
from meibo.items.codes import CodeList
from meibo.items.shared import lists
from meibo.scaffolding.groups import OwnGroup, SharedGroup
from meibo.scaffolding.items import Line
from meibo.scaffolding.templates import CONFORMANCE, INIT, NO_RULES, PROJECT, README, RULE_TESTS, RULES

TYPES = {
    "text": "str", "kana": "Kana", "integer": "int", "date": "date", "partial_date": "PartialDate",
    "year_month": "YearMonth", "datetime": "datetime", "era": "Era", "era_date": "EraDate", "code": "Code",
    "codes": "tuple[Code, ...]", "flag": "bool", "phone": "Phone", "email": "Email", "postal_code": "PostalCode",
    "file": "File",
}  # fmt: skip
"""Kind -> annotation."""
STANDARD = ("date", "datetime")
REQUIRED = frozenset({"registration_number", "registration_date", "family_name", "family_name_kana"})
"""What an entry cannot stand without; the author adds others."""
CLEAR = {
    "registration_number": (
        'clear="tells entries apart and finds them; it says nothing of the person"',
        "index=True",
        "unique=True",
    ),
    "registration_date": ('clear="an office date, by which lists are drawn up"', "index=True"),
}
"""Why the two items that every list is searched and sorted by lie in the clear."""
HOLDER = ("family_name", "given_name", "family_name_kana", "given_name_kana", "birth_date", "sex")
WIDTH = 110


@dataclass(frozen=True, slots=True)
class Names:
    """What the list does not say of the profession; "TODO" where nobody has said it."""

    code: str
    ja: str
    en: str
    register_ja: str
    register_en: str
    law: str
    article: str
    since: str

    @property
    def package(self) -> str:
        """The package's name."""
        return f"meibo_{self.code}"


def files(names: Names, groups: Sequence[SharedGroup | OwnGroup], file: str) -> dict[str, str]:
    """Path within the distribution -> text. Raises OperatorError where no item can be the register's number or day."""
    entry = _entry(groups, file)
    given = {
        **{name: getattr(names, name) for name in Names.__slots__},
        "package": names.package,
        "dashed": names.code.replace("_", "-"),
        "version": __version__,
        "entry_class": entry.class_name,
        "register": _key(names.code, entry),
        "class_name": "".join(part.capitalize() for part in names.code.split("_")),
        "first": min(line.number for group in groups for line in _lines(group)),
        "holder": _holder(names, groups),
        "claims": _claims(groups),
        "groups": _placed(groups),
        "imports": _imports(groups, held=bool(_holder(names, groups))),
        "since_date": ", ".join(str(int(part)) for part in names.since.split("-")),
    }
    born = _born(entry)
    given |= {
        "born": 'PartialDate("1980-05-01")' if born == "partial_date" else "date(1980, 5, 1)",
        "born_import": "from meibo.plugin import PartialDate\n\n" if born == "partial_date" else "",
    }
    tested = {"tests/test_rules.py": RULE_TESTS.format(**given)} if born else {}
    return {
        "pyproject.toml": PROJECT.format(**given),
        "README.md": README.format(**given),
        f"{names.package}/__init__.py": INIT.format(**given),
        f"{names.package}/items.py": _items(names, groups),
        f"{names.package}/rules.py": RULES.format(**given) if born else NO_RULES,
        f"{names.package}/py.typed": "",
        "tests/test_conformance.py": CONFORMANCE.format(**given),
        **tested,
    }


def _born(entry: OwnGroup) -> str:
    """The kind of the entry's birth date, by which the first rule goes; "" where it has none."""
    kinds = {line.identifier: line.kind for line in entry.lines}
    born = kinds.get("birth_date", "")
    return born if born in ("date", "partial_date") else ""


def _lines(group: SharedGroup | OwnGroup) -> Sequence[Line]:
    return group.lines if isinstance(group, OwnGroup) else ()


def _key(code: str, group: OwnGroup) -> str:
    snake = re.sub("(?<!^)(?=[A-Z])", "_", group.part_of or group.class_name).lower()
    return snake.removeprefix(f"{code}_")


def _entry(groups: Sequence[SharedGroup | OwnGroup], file: str) -> OwnGroup:
    """The group that has the register's number and day."""
    for group in groups:
        names = {line.identifier for line in _lines(group)}
        if isinstance(group, OwnGroup) and {"registration_number", "registration_date"} <= names:
            return group
    raise OperatorError(
        f"{file}: no group has both a registration_number and a registration_date. Write these in the column"
        " 'identifier' beside the register's number and the day of registration."
    )


def _holder(names: Names, groups: Sequence[SharedGroup | OwnGroup]) -> str:
    """`holder=` where the items that say who somebody is lie elsewhere than by default."""
    given = []
    for fact in HOLDER:
        for group in groups:
            found = [line.identifier for line in _lines(group) if line.identifier in (fact, f"{fact}_code")]
            if isinstance(group, OwnGroup) and found:
                path = f"{_key(names.code, group)}.{found[0]}"
                default = f"register.{'sex_code' if fact == 'sex' else fact}"
                given += [f'{fact}="{path}"'] if path != default else []
                break
    return f"        holder=Holder({', '.join(given)}),\n" if given else ""


def _claims(groups: Sequence[SharedGroup | OwnGroup]) -> str:
    """The facts that core tells of every licence, as far as the list has what they are read from."""
    known = {line.identifier for group in groups for line in _lines(group)}
    claims = ['Claim("profession", disclosable=False)']
    claims += ['Claim("full_name", disclosable=False)'] if "family_name" in known else []
    claims += ['Claim("birth_date")'] if "birth_date" in known else []
    claims += ['Claim("registration_number")', 'Claim("registration_date")']
    return "".join(f"                {claim},\n" for claim in claims)


def _placed(groups: Sequence[SharedGroup | OwnGroup]) -> str:
    placed = []
    for group in groups:
        if isinstance(group, OwnGroup):
            placed.append(f"items.{group.class_name}")
        elif group.labels or group.heading != group.group.about.heading:
            labels = "".join(f", {name}={_quoted(label)}" for name, label in group.labels.items())
            placed.append(f"headed({group.group.__name__}, {_quoted(group.heading)}{labels})")
        else:
            placed.append(group.group.__name__)
    return "".join(f"            {each},\n" for each in placed)


def _imports(groups: Sequence[SharedGroup | OwnGroup], *, held: bool) -> str:
    names = {"Certificate", "Claim", "LegalBasis", "Procedure", "ProfessionPlugin", "hookimpl"}
    names |= {"Holder"} if held else set()
    names |= {group.group.__name__ for group in groups if isinstance(group, SharedGroup)}
    if any(each.strip().startswith("headed(") for each in _placed(groups).splitlines()):
        names.add("headed")
    return "".join(f"    {name},\n" for name in sorted(names, key=_import_order))


def _import_order(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def _items(names: Names, groups: Sequence[SharedGroup | OwnGroup]) -> str:
    own = [group for group in groups if isinstance(group, OwnGroup)]
    lines = [line for group in own for line in group.lines]
    codes = dict(_code_lists(lines))
    body = "\n\n".join(_group(names, group, codes) for group in own)
    used = {TYPES[line.kind] for line in lines} | (
        {"Personal"} if any(line.personal for line in lines) else set()
    )
    imported = {"Group", "item"} | {name for name in used if name[0].isupper()}
    imported |= {"Code"} if "tuple[Code, ...]" in used else set()
    imported |= {"CodeList"} if any(not code.startswith("lists.") for code, _ in codes.values()) else set()
    imported |= {"lists"} if any(code.startswith("lists.") for code, _ in codes.values()) else set()
    imported |= {"Cardinality"} if any(group.repeats for group in own) else set()
    standard = [name for name in STANDARD if name in used]
    head = (
        f'"""Items of the list of {names.en.lower()}s ({names.ja}), in its order; core prepends 1-2."""\n\n'
    )
    head += f"from datetime import {', '.join(standard)}\n\n" if standard else ""
    one = f"from meibo.plugin import {', '.join(sorted(imported, key=_import_order))}\n"
    many = "".join(f"    {name},\n" for name in sorted(imported, key=_import_order))
    head += one if len(one) <= WIDTH else f"from meibo.plugin import (\n{many})\n"
    declared = "".join(dict.fromkeys(text for _, text in codes.values() if text))
    return f"{head}\n{declared}\n\n{body}" if declared else f"{head}\n\n{body}"


def _code_lists(lines: Sequence[Line]) -> Iterator[tuple[str, tuple[str, str]]]:
    """The column's text -> (name in the code, its declaration; "" for a shared list)."""
    shared = {value.name: name for name, value in vars(lists).items() if isinstance(value, CodeList)}
    for line in lines:
        if not line.code_list or line.kind not in ("code", "codes"):
            continue
        if line.code_list in shared:
            yield line.code_list, (f"lists.{shared[line.code_list]}", "")
            continue
        constant, name = line.identifier.upper(), line.identifier
        values = "".join(f"        {_pair(part)},\n" for part in line.code_list.split(";") if "=" in part)
        if values:
            yield (
                line.code_list,
                (constant, f'{constant} = CodeList(\n    "{name}",\n    {{\n{values}    }},\n)\n'),
            )
        else:
            yield line.code_list, (constant, f'{constant} = CodeList("{name}", open=True)\n')


def _pair(part: str) -> str:
    """`1=小動物/Small animals` as an entry of a dict."""
    code, _, labels = part.partition("=")
    ja, _, en = labels.partition("/")
    return f"{_quoted(code.strip())}: ({_quoted(ja.strip())}, {_quoted(en.strip() or 'TODO')})"


def _group(names: Names, group: OwnGroup, codes: dict[str, tuple[str, str]]) -> str:
    options = [
        f"title={_quoted(group.title)}",
        f"en={_quoted(group.en)}",
        f'purpose=("{names.register_ja}への登録", "register of {names.en.lower()}s")',
        'source="application"',
        'erasure="keep"',
        *(["cardinality=Cardinality.LIST"] if group.repeats else []),
        *([f"part_of={group.part_of}"] if group.part_of else []),
    ]
    head = f"class {group.class_name}(\n    Group,\n" + "".join(f"    {each},\n" for each in options) + "):\n"
    doc = f'    """{group.en} of a {names.en.lower()}."""\n\n'
    return head + doc + "".join(_item(line, codes) for line in group.lines)


def _item(line: Line, codes: dict[str, tuple[str, str]]) -> str:
    kind = TYPES[line.kind]
    hint = kind if line.identifier in REQUIRED else f"{kind} | None"
    hint = f"Personal[{hint}]" if line.personal else hint
    options = [_quoted(line.label), f"en={_quoted(line.label_en)}"]
    options += [f"max_length={line.max_length}"] if line.max_length else []
    options += [f"codes={codes[line.code_list][0]}"] if line.code_list in codes else []
    options += CLEAR.get(line.identifier, ())
    one = f"    {line.identifier}: {hint} = item({', '.join(options)})"
    if _width(one) <= WIDTH:
        return f"{one}\n"
    inside = f"        {', '.join(options)}"
    if _width(inside) <= WIDTH:
        return f"    {line.identifier}: {hint} = item(\n{inside}\n    )\n"
    return (
        f"    {line.identifier}: {hint} = item(\n" + "".join(f"        {o},\n" for o in options) + "    )\n"
    )


def _width(text: str) -> int:
    """Columns of a line: Japanese signs take two, as formatters count them."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write(made: dict[str, str], root: Path) -> None:
    """Write the files below a folder that does not exist or is empty; raises OperatorError."""
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise OperatorError(f"{root} exists already: choose another folder with --into, or move it away.")
    for name, text in made.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

"""From what callers hand in to values: every item read by its kind, every code looked up, findings collected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from meibo.errors import Finding, FindingCode, InvalidValue
from meibo.items.codes import CodeList
from meibo.items.declaration import MOST_ROWS, Group, Item
from meibo.items.kinds import PairKind, as_text
from meibo.professions.compiled import GroupSpec, Profession
from meibo.professions.rules import Record

Raw = Mapping[str, Mapping[str, Any] | Sequence[Mapping[str, Any]]]
"""Group -> identifier -> value as handed in, None clears; a list -> its rows."""
Path = tuple[str, ...]
KnownCode = Callable[[str, str], bool]
"""(code table, code) -> whether the table has it."""


@dataclass(slots=True)
class Reading:
    """Values that were understood, and what was not."""

    patch: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read(profession: Profession, raw: Raw, known: KnownCode) -> Reading:
    """Read every value; an unknown group or item, or one that nobody may set, is a finding too."""
    reading = Reading()
    for key, values in raw.items():
        spec = profession.groups.get(key)
        if spec not in profession.content_groups or spec.repeats is isinstance(values, Mapping):
            reading.findings.append(_no_item((key,)))
        elif isinstance(values, Mapping):
            reading.patch[key] = _read_group(reading, spec, (key,), values, known)
        elif len(values) > MOST_ROWS:
            reading.findings.append(_many_rows((key,)))
        else:
            rows = [_read_group(reading, spec, (key, str(n)), row, known) for n, row in enumerate(values)]
            reading.patch[key] = tuple(spec.type.of(**row) for row in rows)
    return reading


def read_value(item: Item, raw: object, known: KnownCode, path: Path) -> tuple[Any, list[Finding]]:
    """One value, or why it was not understood."""
    try:
        value = item.kind.parse(raw, item)
    except InvalidValue as error:
        return None, [Finding(path, error.ja, error.en, FindingCode.INVALID_VALUE, error.rule)]
    if item.codes is not None and _unknown(item.codes, value, known):
        return value, [_unknown_code(path)]
    return value, []


def missing(profession: Profession, record: Record) -> Iterator[Finding]:
    """The required items that a record lacks, within the groups that hold anything or that say who the holder is;
    and the rows of lists that hold nothing."""
    for spec in profession.content_groups:
        for position, group in enumerate(record.rows(spec.key)):
            path = (spec.key, str(position)) if spec.repeats else (spec.key,)
            if any(group.values()) or spec.key == profession.plugin.number.split(".")[0]:
                yield from _missing_items(spec, path, group)
            elif spec.repeats:
                yield _empty_row(path)


def _missing_items(spec: GroupSpec, path: Path, group: Group) -> Iterator[Finding]:
    for item in spec.required:
        if getattr(group, item.name) is None:
            yield Finding(
                (*path, item.name),
                "必須の項目です。入力してください。",
                "This item is required: give a value.",
                FindingCode.REQUIRED,
                "item.required",
            )


def _read_group(
    reading: Reading, spec: GroupSpec, path: Path, values: Mapping[str, Any], known: KnownCode
) -> dict[str, Any]:
    """The values of a group, or of one row of a list, as a patch; findings go to the reading."""
    patch: dict[str, Any] = {}
    paired, findings = _paired(spec, path, values)
    reading.findings += findings
    for name, value in paired.items():
        item, where = spec.items.get(name), (*path, name)
        if item is None:
            reading.findings.append(_no_item(where))
        elif not item.settable:
            reading.findings.append(_not_settable(where))
        elif value is None or value == "":
            patch[name] = None
        else:
            patch[name], found = read_value(item, value, known, where)
            reading.findings += found
    return patch


def _paired(spec: GroupSpec, path: Path, values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Finding]]:
    """The values with each era date made of its pair, and the pairs that cannot be: an era stands by no date but its
    own, is filled in beside a whole date, and goes when the date is cleared."""
    paired, findings = dict(values), list[Finding]()
    for item in spec.pairs:
        if not {item.name, item.era} & values.keys():
            continue
        assert isinstance(item.kind, PairKind)
        made = None
        try:
            made = _of_pair(item, item.kind, values)
        except InvalidValue as error:
            findings.append(
                Finding((*path, item.name), error.ja, error.en, FindingCode.INVALID_VALUE, error.rule)
            )
        paired |= {item.name: made, item.era: made.era_text if made else None}
    return paired, findings


def _of_pair(item: Item, kind: PairKind, values: Mapping[str, Any]) -> Any:
    """The date of a pair as handed in: the verbatim pair, or an ISO date with or without its era."""
    era, given = values.get(item.era) or "", values.get(item.name) or ""
    if item.name not in values or (era and not given):
        raise InvalidValue(
            "date.era_alone",
            "元号と年月日をそろえて入力してください。",
            "Give the era together with its date.",
        )
    if not given:
        return None
    if not era:
        return kind.parse(given, item)
    return kind.of_pair(as_text(era), as_text(given))


def _unknown(codes: CodeList, value: Any, known: KnownCode) -> bool:
    """Whether a code is in no list that is closed to it."""
    if codes.open:
        return False
    if codes.table and not isinstance(value, tuple):
        return not known(codes.table, value)
    each = value if isinstance(value, tuple) else (value,)
    return not all(known(codes.table, code) if codes.table else code in codes.values for code in each)


def _unknown_code(path: Path) -> Finding:
    return Finding(
        path,
        "コード表にないコードです。一覧から選んでください。",
        "No list has this code: choose one from the list.",
        FindingCode.UNKNOWN_CODE,
        "code.unknown",
    )


def _no_item(path: Path) -> Finding:
    return Finding(
        path, "この項目はありません。", "There is no such item.", FindingCode.NOT_FOUND, "item.unknown"
    )


def _empty_row(path: Path) -> Finding:
    return Finding(
        path,
        "空の行です。入力するか、行を削除してください。",
        "This row is empty: fill it in or leave it out.",
        FindingCode.REQUIRED,
        "list.empty_row",
    )


def _many_rows(path: Path) -> Finding:
    return Finding(
        path,
        f"{MOST_ROWS}行以内で入力してください。",
        f"Give at most {MOST_ROWS} rows.",
        FindingCode.INVALID_VALUE,
        "list.many",
    )


def _not_settable(path: Path) -> Finding:
    return Finding(
        path,
        "この項目は入力できません。",
        "This item cannot be set here: the system issues it, or it belongs in the vault.",
        FindingCode.INVALID_VALUE,
        "item.not_settable",
    )

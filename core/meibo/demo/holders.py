"""Synthetic holders of any profession, as rows that its office would hand in.

Items are drawn by name and kind, the plugin's `meibo_demo_values` adds what core cannot guess, and then the
profession's rules judge: optional items that a finding names are left out until nothing is found. Rows are those of an
import file: the same headers in each, "" for none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

from meibo.demo.codes import Codes
from meibo.demo.persons import FIRST_DAY, chance, persons
from meibo.demo.values import FACTS, Values
from meibo.errors import Finding, OperatorError, PluginError
from meibo.host import Host
from meibo.importing.headers import importable, resolve
from meibo.importing.reading import sorted_out
from meibo.items.declaration import Cardinality, Item, Privacy
from meibo.items.kinds import EraKind, IndividualNumberKind
from meibo.professions.compiled import Profession
from meibo.professions.persons import SyntheticPerson
from meibo.register import validation
from meibo.register.fold import Verb, patched
from meibo.registry import checks

Row = dict[str, str]

FIRST_NUMBER = 100_000
"""Register numbers follow this one."""
LIST_ROWS = 2
"""Rows of a list."""
FILLED = 0.7
"""How often optional items are filled; those whose names begin alike are filled together."""
MOST_ROUNDS = 20
CITED = re.compile(r"items? ([0-9]+(?:-[0-9]+)?(?:, [0-9]+(?:-[0-9]+)?)*)")
"""The numbers of items in what a rule cites."""
ENDS = ("deregistration", "erasure", "striking_off", "suspension", "revocation", "cancellation", "death")
"""What ends a licence or stops it, by words in an item's name: left to the office's verbs."""


FACTS_OF_HOLDER = {
    "family_name": "family_name",
    "given_name": "given_name",
    "family_name_kana": "family_name_kana",
    "given_name_kana": "given_name_kana",
    "birth_date": "birth_date",
    "sex": "sex_code",
}
"""What a plugin's `holder` says of items -> the person's fact."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of the rows: its item, and what `alike` items are filled together with it ("": filled always)."""

    header: str
    path: tuple[str, ...]
    place: int
    item: Item
    alike: str
    required: bool
    fillable: bool
    number: bool


def holder_rows(host: Host, code: str, count: int, seed: int = 1) -> Iterator[Row]:
    """Rows of so many holders, in the order of their registration; needs the extra `demo`.

    Raises OperatorError where the rules find something in what is required.
    """
    filler = Filler(host, code, seed)
    for person in holders(host, code, count, seed):
        yield filler.row(person)


def holders(host: Host, code: str, count: int, seed: int = 1) -> Iterator[SyntheticPerson]:
    """The people of whom `holder_rows` gives the rows."""
    return persons(count, seed, of=code, since=_since(host[code]))


class Filler:
    """Fills rows of one profession."""

    def __init__(self, host: Host, code: str, seed: int) -> None:
        self.host, self.profession = host, host[code]
        self.seed = seed
        self.codes = Codes(host, code)
        self.facts = {path: fact for fact, path in asdict(self.profession.plugin.holder).items()}
        self.cells = {cell.header: cell for cell in _cells(self.profession)}
        self.columns = resolve(self.profession, list(self.cells))
        self.headers = {".".join(cell.path): cell.header for cell in self.cells.values()}

    def row(self, person: SyntheticPerson) -> Row:
        """A row that the profession's rules find sound."""
        row = self._drawn(person)
        for _ in range(MOST_ROUNDS):
            findings = self._findings(row, person.licensed_date)
            if not findings:
                return row
            mended = [self._mended(row, finding) for finding in findings]
            if not any(mended):
                break
        first = findings[0]
        raise OperatorError(
            f"No synthetic holder of {self.profession.code!r} passes {first.rule!r} ({'.'.join(first.path)}):"
            " give values with the hook meibo_demo_values."
        )

    def _drawn(self, person: SyntheticPerson) -> Row:
        """What the items' names and kinds say, then what the plugin gives."""
        random = chance(self.seed, self.profession.code, person.index)
        number = FIRST_NUMBER + person.index
        values = Values(person, number, self.codes, random)
        alike = {cell.alike: random.random() < FILLED for cell in self.cells.values()} | {"": True}
        row = {
            header: self._value(cell, values)
            if cell.required or (cell.fillable and alike[cell.alike])
            else ""
            for header, cell in self.cells.items()
        }
        answers = self.host.answers(
            "meibo_demo_values",
            of=self.profession.code,
            person=person, day=person.licensed_date, number=number, random=random, values=dict(row),
        )  # fmt: skip
        return row | {self._header(name): text for _, given in answers for name, text in given.items()}

    def _value(self, cell: Cell, values: Values) -> str:
        path = ".".join(cell.path)
        if path == self.profession.plugin.number:
            return str(values.number)
        if path == self.profession.plugin.registered:
            return values.person.licensed_date.isoformat()
        if cell.number:
            return values.person.individual_number
        return values.of(cell.item, FACTS_OF_HOLDER.get(self.facts.get(path, ""), ""))

    def _header(self, name: str) -> str:
        """The header of an item that a plugin names; raises PluginError for a name that is none."""
        header = self.headers.get(name, name)
        if header not in self.cells:
            raise PluginError(
                f"meibo_demo_values of {self.profession.code!r} gives {name!r}, which is no item of its groups"
                " (two groups may have it: name the group too)."
            )
        return header

    def _findings(self, row: Row, day: date) -> list[Finding]:
        """What an import of the row would find."""
        raw, _ = sorted_out(self.columns, list(row.values()))
        reading = validation.read(self.profession, raw, self.codes.known)
        record = patched(self.profession.empty(), reading.patch)
        found = [*reading.findings, *validation.missing(self.profession, record)]
        return found or list(
            checks.record_findings(self.profession, record, None, Verb.REGISTER, day, frozenset())
        )

    def _mended(self, row: Row, finding: Finding) -> bool:
        """Leave out the optional item that a finding names, else those that its rule cites, else those of the group,
        else all: whether anything was left out. Facts of the person are left out only by name."""
        path = tuple(finding.path)
        cited = _numbers(finding.cites)
        guessed = [cell for cell in self.cells.values() if cell.alike]
        for cells in (
            [cell for cell in self.cells.values() if cell.path == path],
            [cell for cell in guessed if cell.place in cited],
            [cell for cell in guessed if cell.path[:1] == path[:1]],
            guessed,
        ):
            filled = [cell.header for cell in cells if row[cell.header] and not cell.required]
            if filled:
                row.update(dict.fromkeys(filled, ""))
                return True
        return False


def _numbers(cites: str) -> frozenset[int]:
    """The items that a rule cites: `医師法3条、items 8, 26-28` gives 8, 26, 27, 28."""
    listed = CITED.search(cites)
    parts = [part.split("-") for part in listed[1].split(", ")] if listed else []
    return frozenset(number for part in parts for number in range(int(part[0]), int(part[-1]) + 1))


def _since(profession: Profession) -> date:
    """The first day of a profession's registrations: a year after the law that they rest on."""
    held = [basis.valid_from for basis in profession.plugin.legal_bases if basis.id == "register"]
    return date(min(held).year + 1, 4, 1) if held else FIRST_DAY


def _cells(profession: Profession) -> Iterator[Cell]:
    """The columns, in official order; a list has a set of them for each row."""
    left = frozenset(_left_to_verbs(profession))
    numbered = [n for n in profession.numbered if importable(profession, n)]
    names = Counter(n.item.name for n in numbered)
    for each in numbered:
        spec, item = profession.groups[each.group], each.item
        vault = spec.cardinality is Cardinality.VAULT
        paired = item.name in {other.era for other in spec.items.values()}
        if paired or (vault and not isinstance(item.kind, IndividualNumberKind)):
            continue
        header = item.name if names[item.name] == 1 else f"{spec.key}.{item.name}"
        for row in range(1, LIST_ROWS + 1) if spec.cardinality is Cardinality.LIST else (0,):
            yield Cell(
                header=f"{spec.key}.{item.name}[{row}]" if row else header,
                path=(spec.key, *([str(row - 1)] if row else []), item.name),
                place=each.number,
                item=item,
                alike=""
                if vault or item.name in FACTS
                else f"{spec.key}.{row or item.name.partition('_')[0]}",
                required=item.required and not row and spec.key == profession.plugin.number.partition(".")[0],
                fillable=_fillable(item)
                and not isinstance(item.kind, EraKind)
                and f"{spec.key}.{item.name}" not in left,
                number=vault,
            )


def _fillable(item: Item) -> bool:
    """Whether core may fill an optional item: nobody's sensitive facts, and nothing that ends a licence."""
    return item.privacy is not Privacy.SENSITIVE and not any(word in item.name for word in ENDS)


def _left_to_verbs(profession: Profession) -> Iterator[str]:
    """The items that verbs set, and those of an entry's term."""
    plugin = profession.plugin
    for effect in plugin.effects.values():
        yield from effect.paths()
    if plugin.term:
        yield from (plugin.term.fixed, plugin.term.until, plugin.term.lifted)

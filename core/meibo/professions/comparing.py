"""Two versions of a profession compared: what changed, what that touches, and whom it breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import chain

from packaging.version import Version

from meibo.errors import PluginError
from meibo.items.declaration import Item, Privacy
from meibo.items.kinds import Storage
from meibo.professions.certificates import ClaimSpec
from meibo.professions.compiled import Profession


class Party(StrEnum):
    """Who relies on a declaration."""

    CLIENTS = "clients"
    ROWS = "rows"
    CERTIFICATES = "certificates"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an item or a claim; `breaks` names those who cannot go on as before."""

    path: str
    what: str
    tables: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    api: tuple[str, ...] = ()
    breaks: tuple[Party, ...] = ()

    def __str__(self) -> str:
        touched = [
            f"{name} {', '.join(found)}"
            for name, found in (("table", self.tables), ("claim", self.claims), ("API", self.api))
            if found
        ]
        end = f"breaks {', '.join(self.breaks)}" if self.breaks else "breaks nothing"
        return "; ".join([f"{self.path}: {self.what}", *touched, end])


def compare(old: Profession, new: Profession) -> list[Change]:
    """Every change from one version to another; raises PluginError for two professions."""
    if old.code != new.code:
        raise PluginError(f"{old.code!r} and {new.code!r} are two professions: name two versions of one.")
    return list(chain(_Comparison(old, new).items(), _claims(old, new)))


class _Comparison:
    def __init__(self, old: Profession, new: Profession) -> None:
        self.old, self.new = old, new
        self.before, self.after = _paths(old), _paths(new)
        self.renamed = _renamed(self.before, self.after)

    def items(self) -> Iterator[Change]:
        """In the order of the new list, what was removed last."""
        moved = self._moved()
        for path, item in self.after.items():
            origin = {new: old for old, new in self.renamed.items()}.get(path)
            if origin:
                yield self._renaming(origin, path)
            elif path not in self.before:
                yield self._added(path, item)
            if origin or path in self.before:
                yield from self._changed(origin or path, path)
            if path in moved:
                yield self._change(path, "moved in the official list: its number is another", ())
        for path in self.before:
            if path not in self.after and path not in self.renamed:
                yield self._change(path, "removed", self._lost(path), at=path)

    def _added(self, path: str, item: Item) -> Change:
        needed = item.required and item.settable
        return self._change(
            path, "added, and required" if needed else "added", (Party.CLIENTS, Party.ROWS) if needed else ()
        )

    def _renaming(self, old: str, new: str) -> Change:
        group, name = old.split(".")[0], new.split(".")[0]
        what = f"moved to {new}" if group != name else f"renamed to {new.partition('.')[2]}"
        breaks = (Party.CLIENTS, *(() if group == name and self._carried(name) else (Party.ROWS,)))
        return self._change(old, what, breaks, at=new)

    def _lost(self, path: str) -> tuple[Party, ...]:
        certified = (Party.CERTIFICATES,) if _claims_of(self.old, path) else ()
        return (Party.CLIENTS, Party.ROWS, *certified)

    def _changed(self, old: str, new: str) -> Iterator[Change]:
        a, b, key = self.before[old], self.after[new], new.partition(".")[0]
        rows = () if self._carried(key) else (Party.ROWS,)
        if a.kind.name != b.kind.name:
            certified = (Party.CERTIFICATES,) if _claims_of(self.old, old) else ()
            what = f"kind {a.kind.name} became {b.kind.name}"
            yield self._change(new, what, (Party.CLIENTS, *rows, *certified))
        for what, breaks in chain(_limits(a, b), _privacy(a, b), _storage(a, b), _codes(a, b), _labels(a, b)):
            yield self._change(new, what, breaks)
        before, after = self.old.groups[old.partition(".")[0]], self.new.groups[key]
        if before.cardinality is not after.cardinality:
            what = f"its group stood as {before.cardinality} and stands as {after.cardinality}"
            yield self._change(new, what, (Party.CLIENTS, Party.ROWS))

    def _moved(self) -> set[str]:
        """Items that stand in both lists, but not in the same order among those."""
        lists = [p for p in self.before if p in self.after], [p for p in self.after if p in self.before]
        blocks = SequenceMatcher(None, *lists, autojunk=False).get_matching_blocks()
        kept = {path for block in blocks for path in lists[0][block.a : block.a + block.size]}
        return set(lists[0]) - kept

    def _carried(self, group: str) -> bool:
        """Whether an upcast brings the group's rows of the old version forward."""
        spec = self.new.groups.get(group)
        written = Version(self.old.plugin.version)
        return spec is not None and any(Version(u.before) > written for u in spec.upcasts)

    def _change(self, path: str, what: str, breaks: tuple[Party, ...], *, at: str = "") -> Change:
        profession = self.old if path in self.before and path not in self.after else self.new
        item = (self.before if profession is self.old else self.after)[path]
        key, _, name = path.partition(".")
        table = f"{profession.code}_{key}"
        column = f"{table}.{name}" if item.storage is Storage.CLEAR else table
        stored = table in profession.table_names() and item.settable
        return Change(
            path,
            what,
            tables=(column,) if stored else (),
            claims=_claims_of(self.old, path) or _claims_of(self.new, at or path),
            api=(f"{_pascal(profession.code)}Licence.{_camel(key)}.{_camel(name)}",),
            breaks=breaks,
        )


Aspects = Iterator[tuple[str, tuple[Party, ...]]]


def _limits(a: Item, b: Item) -> Aspects:
    if a.max_length != b.max_length:
        shorter = b.max_length is not None and (a.max_length is None or b.max_length < a.max_length)
        what = f"max_length {a.max_length or 'none'} became {b.max_length or 'none'}"
        yield what, (Party.CLIENTS,) if shorter else ()
    if a.required != b.required:
        what = "optional became required" if b.required else "required became optional"
        yield what, (Party.CLIENTS, Party.ROWS) if b.required else ()
    if b.unique and not a.unique:
        yield "became unique", (Party.CLIENTS, Party.ROWS)


def _privacy(a: Item, b: Item) -> Aspects:
    if a.privacy is not b.privacy:
        order = list(Privacy)
        stricter = order.index(b.privacy) > order.index(a.privacy)
        yield f"privacy {a.privacy} became {b.privacy}", (Party.CLIENTS,) if stricter else ()


def _storage(a: Item, b: Item) -> Aspects:
    if a.storage is not b.storage:
        yield f"storage {a.storage} became {b.storage}", (Party.ROWS,)
    if a.index and not b.index:
        yield "its filter is gone", (Party.CLIENTS,)
    elif b.index and not a.index:
        yield "it has a filter", ()


def _codes(a: Item, b: Item) -> Aspects:
    before, after = a.codes, b.codes
    if before == after:
        return
    if before is None or after is None or before.name != after.name:
        names = [codes.name if codes else "none" for codes in (before, after)]
        yield f"code list {names[0]} became {names[1]}", (Party.CLIENTS,)
        return
    if lost := before.values.keys() - after.values.keys():
        yield f"the list {after.name} lost {', '.join(sorted(lost))}", (Party.CLIENTS, Party.ROWS)
    if added := after.values.keys() - before.values.keys():
        yield f"the list {after.name} gained {', '.join(sorted(added))}", ()
    if any(before.values[code] != after.values[code] for code in before.values.keys() & after.values.keys()):
        yield f"labels of the list {after.name} changed", ()


def _labels(a: Item, b: Item) -> Aspects:
    if (a.label, a.en, a.note) != (b.label, b.en, b.note):
        yield "label changed", ()


def _claims(old: Profession, new: Profession) -> Iterator[Change]:
    """What changed of the certificate."""
    before, after = old.plugin.certificate, new.plugin.certificate
    if before is None or after is None:
        if before is not after:
            gone = (Party.CERTIFICATES,) if before else ()
            yield Change("certificate", "removed" if before else "added", breaks=gone)
        return
    if before.type != after.type:
        yield Change("certificate", f"type {before.type} became {after.type}", breaks=(Party.CERTIFICATES,))
    ours, theirs = {c.name: c for c in old.claims}, {c.name: c for c in new.claims}
    for name in {**ours, **theirs}:
        path = f"certificate.{name}"
        if name not in theirs:
            yield Change(path, "claim removed", claims=(name,), breaks=(Party.CERTIFICATES,))
        elif name not in ours:
            yield Change(path, "claim added", claims=(name,))
        else:
            yield from _claim(path, ours[name], theirs[name])


def _claim(path: str, before: ClaimSpec, after: ClaimSpec) -> Iterator[Change]:
    """What changed of one claim."""
    if before.paths != after.paths:
        read = " and ".join(after.paths) or "no item"
        yield Change(
            path, f"claim is read from {read} now", claims=(after.name,), breaks=(Party.CERTIFICATES,)
        )
    if before.disclosable != after.disclosable:
        what = "may be withheld" if after.disclosable else "is always shown"
        yield Change(path, f"claim {what} now", claims=(after.name,), breaks=(Party.CERTIFICATES,))
    if before.label != after.label:
        yield Change(path, "label of the claim changed", claims=(after.name,))


def _claims_of(profession: Profession, path: str) -> tuple[str, ...]:
    return tuple(claim.name for claim in profession.claims if path in claim.paths)


def _paths(profession: Profession) -> dict[str, Item]:
    return {f"{n.group}.{n.item.name}": n.item for n in profession.numbered}


def _renamed(before: Mapping[str, Item], after: Mapping[str, Item]) -> dict[str, str]:
    """Old path -> new path of items that went and came under one label, or under one name in another group."""
    gone = [path for path in before if path not in after]
    come = [path for path in after if path not in before]
    found: dict[str, str] = {}
    for old in gone:
        for new in come:
            same_group = old.partition(".")[0] == new.partition(".")[0]
            alike = (
                before[old].label == after[new].label
                if same_group
                else old.partition(".")[2] == new.partition(".")[2]
            )
            if alike and new not in found.values():
                found[old] = new
                break
    return found


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _pascal(code: str) -> str:
    return "".join(part.capitalize() for part in code.split("_"))

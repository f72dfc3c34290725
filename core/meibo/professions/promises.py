"""What a declaration promises and must keep before anything is built on it: every name in it means something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING

from meibo.errors import PluginError
from meibo.items.declaration import Item, Privacy
from meibo.items.kinds import CodeKind, DayKind, EraDateKind, EraKind, FlagKind, Kind, Storage
from meibo.items.views import FIELDS, View
from meibo.professions.certificates import broken_claims
from meibo.professions.code_tables import broken_tables
from meibo.professions.law import Term
from meibo.professions.plugin import Holder, ProfessionPlugin
from meibo.professions.verbs import Verb

if TYPE_CHECKING:
    from meibo.professions.compiled import GroupSpec, Profession

RESERVED = frozenset(
    {
        "account", "action", "audit", "carried", "certificate", "check", "code", "core", "data", "enrolment", "family",
        "feed", "idempotency", "installation", "job", "licence", "link", "lookup", "meibo", "number", "paper",
        "partner", "pass", "person", "portal", "profession", "recording", "resident", "search", "seen", "share",
        "status", "token", "unique", "used", "verification",
    }
)  # fmt: skip
"""Codes with which the names of core's own tables begin; a plugin's tables begin with its code."""
VERBS = tuple(str(verb) for verb in Verb)
GIVEN = ("record", "previous", "procedure", "day")
"""What a rule may want beside groups."""

COLUMNS = frozenset(
    {"content", "id", "licence_id", "plugin_version", "position", "recorded_at", "scope", "sealed"}
)
"""Columns of core's own in the tables of groups."""
OF_ANY_ROW = ("procedures", "rules", "shown_to_holder")
"""What may name items of a list."""


def check(profession: Profession) -> None:
    """Raise PluginError with the first promise that does not hold."""
    for sentence in broken(profession):
        raise PluginError(sentence)


def broken(profession: Profession) -> Iterator[str]:
    """A sentence for each promise that does not hold: which, what, how to mend it."""
    plugin, code = profession.plugin, profession.code
    if code in RESERVED:
        yield f"The plugin code {code!r} is core's own: choose another."
    for where, paths in _named(plugin).items():
        for path in paths:
            if profession.item(path) is None:
                yield f"The plugin {code!r} names {path!r} in {where}, which is no item of its groups."
            elif where not in OF_ANY_ROW and profession.groups[path.partition(".")[0]].repeats:
                yield (
                    f"The plugin {code!r} names {path!r} in {where}, which stands in a list:"
                    " name an item that stands once."
                )
    yield from _told(profession)
    yield from _kinds(profession)
    yield from _columns(profession)
    yield from _eras(profession)
    yield from broken_tables(profession)
    yield from _shown(profession)
    yield from broken_claims(profession)
    for spec in profession.view_groups:
        yield from _view(profession, spec)
    yield from _law(plugin)
    for rule in plugin.rules:
        for name in rule.wants:
            if name not in GIVEN and name not in profession.groups:
                yield f"The rule {rule.id!r} wants {name!r}, which is no group of {code!r}."


def _named(plugin: ProfessionPlugin) -> Mapping[str, Iterable[str]]:
    """Every path of an item that the plugin names, by where it stands."""
    office, term, passes = plugin.receiving_office, plugin.term, plugin.pass_lists
    return {
        "number": [plugin.number],
        "registered": [plugin.registered],
        "holder": _chosen(plugin.holder),
        "effects": [path for effect in plugin.effects.values() for path in effect.paths()],
        "certificate": [c.item for c in plugin.certificate.claims if c.item] if plugin.certificate else [],
        "shown_to_holder": plugin.shown_to_holder,
        "receiving_office": [office.item] if office else [],
        "term": [term.fixed, term.until, term.lifted] if term else [],
        "pass_lists": [path for path in (passes.number, passes.passed) if path] if passes else [],
        "procedures": [path for p in plugin.procedures for path in p.gives if "." in path],
        "rules": [path for rule in plugin.rules for path in rule.items],
    }


def _chosen(holder: Holder) -> list[str]:
    """The holder's paths that the plugin wrote itself; a default that it has no item for is simply not known."""
    return [path for f in fields(holder) if (path := getattr(holder, f.name)) and path != f.default]


def _told(profession: Profession) -> Iterator[str]:
    """A listed group says what the privacy annex needs of it."""
    for spec in profession.groups.values():
        for name in ("title", "en", "purpose", "source", "erasure"):
            if not any(getattr(spec.type.about, name)):
                yield (
                    f"The group {spec.key!r} of {profession.code!r} is listed without {name}:"
                    " say it in its declaration."
                )


def _kinds(profession: Profession) -> Iterator[str]:
    plugin, code = profession.plugin, profession.code
    registered = profession.item(plugin.registered)
    if registered and not _is_clear(registered, DayKind, EraDateKind):
        yield f"{plugin.registered!r} of {code!r} must be a clear date: lists are sorted by it."
    office = plugin.receiving_office and profession.item(plugin.receiving_office.item)
    if office and not _is_clear(office, CodeKind):
        yield f"The receiving office's item of {code!r} must be a clear code: entries are fenced by it."
    if plugin.term:
        yield from _term(profession, plugin.term)
    if plugin.paper_numbers and not profession.keeps_numbers:
        yield f"The plugin {code!r} is sent numbers from paper, and keeps none: list the group of numbers."


def _shown(profession: Profession) -> Iterator[str]:
    """Holders see what a version of their licence holds: no number, no reply, no view."""
    held = {f"{g.key}.{i.name}" for g in profession.content_groups for i in g.items.values() if i.settable}
    for path in profession.plugin.shown_to_holder:
        if profession.item(path) and path not in held:
            yield (
                f"The plugin {profession.code!r} shows {path!r} to holders, which no version of a licence holds:"
                " leave it out."
            )


def _term(profession: Profession, term: Term) -> Iterator[str]:
    fixed, code = profession.item(term.fixed), profession.code
    if fixed and not isinstance(fixed.kind, FlagKind):
        yield f"{term.fixed!r} of {code!r} must be a flag: it says that a term runs."
    for path in (term.until, term.lifted):
        day = profession.item(path)
        if day and not isinstance(day.kind, DayKind | EraDateKind):
            yield f"{path!r} of {code!r} must be a date: the end of a term follows from it."


def _is_clear(item: Item, *kinds: type[Kind]) -> bool:
    return item.storage is Storage.CLEAR and isinstance(item.kind, kinds)


def _columns(profession: Profession) -> Iterator[str]:
    for spec in (*profession.content_groups, *profession.reply_groups):
        for item in spec.stored(Storage.CLEAR):
            if item.name in COLUMNS:
                yield f"{spec.key}.{item.name} of {profession.code!r} would be a column of core's own: rename it."


def _eras(profession: Profession) -> Iterator[str]:
    for spec in profession.groups.values():
        for item in spec.items.values():
            if item.era and not isinstance(getattr(spec.items.get(item.era), "kind", None), EraKind):
                yield (
                    f"{spec.key}.{item.name} of {profession.code!r} has its era in {item.era!r},"
                    " which is no era."
                )


def _view(profession: Profession, spec: GroupSpec) -> Iterator[str]:
    """Each item of a view shows a field of its source, or an item that is stored once, of its own kind; and it
    masks that no less."""
    if spec.type.view is None:
        yield f"The group {spec.key!r} of {profession.code!r} is a view of nothing: name its view."
        return
    once = [group for group in profession.content_groups if not group.repeats]
    stored = {f"{g.key}.{i.name}": i for g in once for i in g.items.values() if i.settable}
    for item in spec.items.values():
        source, place = stored.get(item.derived), f"{spec.key}.{item.name} of {profession.code!r}"
        kind = source.kind.name if source else FIELDS[spec.type.view].get(item.derived)
        where = f"{place} shows {item.derived!r}"
        if kind is None:
            yield f"{where}, which is neither a field of its view nor an item that stands once."
        elif kind != item.kind.name:
            yield f"{where}, which is of the kind {kind}: give it the same."
        elif source and spec.type.view is View.DAILY_COUNT:
            if item.derived != profession.plugin.registered and not _is_countable(source):
                yield f"{where}, by which nothing is counted: choose a clear item that is not personal."
        elif source and source.privacy is not item.privacy:
            yield f"{where}, which is {source.privacy}: mark it the same."


def _is_countable(item: Item) -> bool:
    """A count tells of nobody: beside the day of registration it goes by what is clear and not personal."""
    return item.storage is Storage.CLEAR and item.privacy is Privacy.PUBLIC


def _law(plugin: ProfessionPlugin) -> Iterator[str]:
    """Verbs, legal bases and ids that core looks up by name."""
    code = plugin.code
    for verb in plugin.effects:
        if verb not in VERBS:
            yield f"The plugin {code!r} has an effect of {verb!r}, which is no verb: {', '.join(VERBS)}."
    bases = {basis.id for basis in plugin.legal_bases}
    for measure in plugin.measures:
        if measure.legal_basis not in bases:
            basis = measure.legal_basis
            yield f"The measure {measure.code!r} of {code!r} rests on {basis!r}, which is no legal basis of it."
    if plugin.reeducation and plugin.reeducation not in bases:
        yield f"The re-education of {code!r} rests on {plugin.reeducation!r}, which is no legal basis of it."
    ids = {
        "rule": [rule.id for rule in plugin.rules],
        "measure": [measure.code for measure in plugin.measures],
        "procedure": [procedure.id for procedure in plugin.procedures],
        "document": [document.id for document in plugin.documents],
        "claim": [claim.name for claim in plugin.certificate.claims] if plugin.certificate else [],
    }
    for what, named in ids.items():
        for name, times in Counter(named).items():
            if times > 1:
                yield f"The plugin {code!r} declares the {what} {name!r} twice: rename one of them."

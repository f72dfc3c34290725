"""A profession's page: everything that its plugin declares."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from meibo.items.codes import CodeList
from meibo.professions.compiled import GroupSpec, Profession
from meibo.reference.items import ITEM_HEADERS, code_lists, item_row
from meibo.reference.markdown import code, page, sentence, table


def profession_page(profession: Profession) -> str:
    """Items, rules, legal bases, measures, procedures, fees, effects, certificate, code lists."""
    plugin = profession.plugin
    return page(
        f"{plugin.name[0]} · {plugin.name[1]}",
        f"Code `{plugin.code}` · register {plugin.register_name[0]} ({plugin.register_name[1]}) · plugin version"
        f" {plugin.version} · {len(profession.numbered)} items · numbers in the file `{profession.file or 'none'}`.",
        "[How items are stored and who reads them](../kinds.md). “Required” holds where the group has any"
        " value, and in each row of a list.",
        *(_group(profession, spec) for spec in profession.groups.values()),
        _section("Rules", _rules(profession)),
        _section("Legal bases", _legal_bases(profession)),
        _section("Measures", _measures(profession)),
        _section("Procedures", _procedures(profession)),
        _section("Fees", _fees(profession)),
        _section("Items that a verb sets", _effects(profession)),
        _section("Certificate", _certificate(profession)),
        _section("Striking off", _erasure(profession)),
        _section("Code lists", "\n\n".join(_code_list(each) for each in code_lists(profession))),
    )


def _section(title: str, body: str) -> str:
    return f"## {title}\n\n{body}" if body else ""


def _group(profession: Profession, spec: GroupSpec) -> str:
    about = spec.type.about
    rows = [item_row(n.number, n.item) for n in profession.numbered if n.group == spec.key]
    told = (
        f"`{spec.key}` · {spec.cardinality} · for: {about.purpose[1]} · from: {about.source[1]} · erasure:"
        f" {about.erasure[1]}."
    )
    return f"## {about.title} · {about.en}\n\n{told}\n\n{table(ITEM_HEADERS, rows)}"


def _rules(profession: Profession) -> str:
    rows = [(code(r.id), sentence(getattr(r, "check")), r.cites) for r in profession.rules]  # noqa: B009
    return table(("rule", "what it holds", "rests on"), rows)


def _legal_bases(profession: Profession) -> str:
    rows = [
        (code(b.id), b.law, b.article, b.valid_from, _end(b.valid_to)) for b in profession.plugin.legal_bases
    ]
    return table(("id", "law", "article", "from", "to"), rows)


def _measures(profession: Profession) -> str:
    rows = [
        (code(m.code), *m.name, m.kind, code(m.legal_basis), m.longest_months or "")
        for m in profession.plugin.measures
    ]
    return table(("code", "Japanese", "English", "does", "rests on", "longest, in months"), rows)


def _procedures(profession: Profession) -> str:
    rows = [
        (
            code(p.id), p.ja, p.en, ", ".join(code(g) for g in p.gives), ", ".join(code(d) for d in p.documents),
            f"{p.within.days} days" if p.within else "",
        )
        for p in profession.plugin.procedures
    ]  # fmt: skip
    return table(("id", "Japanese", "English", "gives", "papers", "within"), rows)


def _fees(profession: Profession) -> str:
    rows = [
        (code(f.procedure), f.channel, f"{f.yen:,} yen", f.kind, f.valid_from, _end(f.valid_to))
        for f in profession.plugin.fees
    ]
    told = "What stands in the plugin; amounts change by ordinance, so compare them with the office's own list.\n\n"
    return told + table(("procedure", "channel", "amount", "kind", "from", "to"), rows) if rows else ""


def _effects(profession: Profession) -> str:
    rows = [
        (code(verb), code(e.date), code(e.reason), code(e.text), ", ".join(code(c) for c in e.clears))
        for verb, e in profession.plugin.effects.items()
    ]
    return table(("verb", "day", "reason", "words", "clears"), rows)


def _certificate(profession: Profession) -> str:
    certificate = profession.plugin.certificate
    if certificate is None:
        return ""
    rows = [
        (
            code(c.name), *c.label, ", ".join(map(code, c.paths)) or "the profession",
            "yes" if c.disclosable else "always shown",
        )
        for c in profession.claims
    ]  # fmt: skip
    told = f"Its type is `{certificate.type}`. `Licence.certificateClaims` tells the values of a licence.\n\n"
    return told + table(("claim", "Japanese", "English", "read from", "holder chooses to show"), rows)


def _erasure(profession: Profession) -> str:
    rule = profession.plugin.erasure
    kept = "The entry is kept." if rule.keep_record else "The entry is erased."
    when = ", ".join(code(reason) for reason in sorted(rule.destroy_number_when))
    destroyed = f"destroyed when the licence is revoked or struck off for the reasons {when}."
    return f"{kept} Numbers are {destroyed if when else 'kept, whatever the reason.'}"


def _code_list(codes: CodeList) -> str:
    head = f"### `{codes.name}`\n\n"
    if codes.table:
        return f"{head}The rows of the code table `{codes.table}`."
    note = (
        "Open: other codes are taken too. The official values are not published; these are ours to replace."
    )
    rows: Iterator[tuple[str, ...]] = ((code(value), ja, en) for value, (ja, en) in codes.values.items())
    parts = (note if codes.open else "Closed.", table(("code", "Japanese", "English"), rows))
    return head + "\n\n".join(part for part in parts if part)


def _end(day: date | None) -> str:
    return day.isoformat() if day else ""

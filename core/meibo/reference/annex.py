"""別添２ of the privacy impact assessment, from the declarations: what each register file records, and per group why,
whence, who sees it, for how long, and how it is forgotten."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from itertools import groupby

from meibo.access.permissions import ROLE_NAMES, ROLES, Permission
from meibo.errors import OperatorError
from meibo.items.declaration import Cardinality, Item, Privacy
from meibo.items.kinds import Storage
from meibo.items.texts import Texts
from meibo.professions.compiled import GroupSpec, NumberedItem, Profession
from meibo.reference.markdown import table

FILES: Mapping[str, str] = {
    "medical": "医籍等ファイル",
    "dietitian": "管理栄養士名簿ファイル",
    "pharmacist": "薬剤師名簿ファイル",
    "careworker": "介護福祉士登録名簿ファイル",
}
"""The register files of the assessment; another plugin's is called by its code."""
GATES: Mapping[Cardinality, Permission] = {
    Cardinality.MANY: Permission.REPLY_READ,
    Cardinality.TABLE: Permission.CODE_READ,
    Cardinality.VAULT: Permission.NUMBER_REVEAL,
}
"""What a group asks for by itself; every other one asks for the permission to read licences."""
MASKS: Mapping[Privacy, Permission] = {
    Privacy.PERSONAL: Permission.PERSONAL_READ,
    Privacy.SENSITIVE: Permission.SENSITIVE_READ,
}
PRIVACY: Mapping[Privacy, str] = {
    Privacy.PUBLIC: "個人情報以外",
    Privacy.PERSONAL: "個人情報",
    Privacy.SENSITIVE: "要配慮個人情報",
}
NUMBER_BASES = ("number_use", "number_exchange", "resident_record")
STORED: Mapping[Storage, str] = {
    Storage.SEALED: "封緘 sealed",
    Storage.VAULT: "番号保管庫 vault",
    Storage.DERIVED: "導出 derived",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a file, with what is said of its group."""

    file: str
    profession: str
    number: int
    heading: str
    label: str
    label_en: str
    group: str
    privacy: str
    stored: str
    purpose: str
    purpose_en: str
    source: str
    source_en: str
    seen_by: str
    seen_by_en: str
    retention: str
    retention_en: str
    erasure: str
    erasure_en: str


def lines(profession: Profession) -> Iterator[Line]:
    """A line for each item in official order. Raises OperatorError where a group tells too little."""
    for numbered in profession.numbered:
        spec, item = profession.groups[numbered.group], numbered.item
        about = _complete(profession, spec).type.about
        yield Line(
            _file(profession), profession.code, numbered.number, numbered.heading, item.label, item.en, spec.key,
            item.privacy.value, _stored(item), *about.purpose, *about.source, *seen_by(spec, item),
            *retention(profession, spec), *about.erasure,
        )  # fmt: skip


def annex_csv(professions: Iterable[Profession]) -> str:
    """The annex as CSV with a header, one line an item."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(f.name for f in fields(Line))
    writer.writerows(astuple(line) for profession in professions for line in lines(profession))
    return out.getvalue()


def annex_markdown(professions: Iterable[Profession]) -> str:
    """The annex as Markdown: files, their professions, their groups in official order."""
    parts = ["# 別添２ 特定個人情報ファイル記録項目 · Items of the register files"]
    by_file = sorted(professions, key=lambda p: (_file(p), p.code))
    for file, members in groupby(by_file, key=_file):
        parts.append(f"## {file}")
        for profession in members:
            parts += _profession(profession)
    return "\n\n".join(parts) + "\n"


def seen_by(spec: GroupSpec, item: Item) -> Texts:
    """The roles that may read an item of a group in their scope, in Japanese and English."""
    needed = {GATES.get(spec.cardinality, Permission.LICENCE_READ)}
    needed |= {MASKS[item.privacy]} if item.privacy in MASKS else set()
    names = [ROLE_NAMES[role] for role, granted in ROLES.items() if needed <= granted]
    return "、".join(ja for ja, _ in names), ", ".join(en for _, en in names)


def retention(profession: Profession, spec: GroupSpec) -> Texts:
    """How long a group's items are kept, in Japanese and English."""
    rule = profession.plugin.erasure
    if spec.cardinality is Cardinality.TABLE:
        return "個人情報なし（システムの運用期間）", "no personal data; as long as the system runs"
    if spec.cardinality is Cardinality.VAULT and rule.destroy_number_when:
        reasons = ", ".join(sorted(rule.destroy_number_when))
        return (
            f"登録の存続中。消除等の理由が {reasons} のときは直ちに廃棄",
            f"while the entry stands; destroyed at once for the reasons {reasons}",
        )
    if rule.keep_record:
        return "期間の定めなし（消除後も保管）", "without end, after striking off too"
    return "登録の消除まで", "until the entry is struck off"


def _profession(profession: Profession) -> Iterator[str]:
    ja, en = profession.plugin.name
    yield f"### {ja} · {en} ({len(profession.numbered)})"
    bases = [b for b in profession.plugin.legal_bases if b.id in NUMBER_BASES]
    yield table(("番号の根拠", "条文", "施行"), [(b.law, b.article, b.valid_from) for b in bases])
    for (key, heading), run in groupby(profession.numbered, key=lambda n: (n.group, n.heading)):
        yield from _group(profession, _complete(profession, profession.groups[key]), heading, list(run))


def _group(profession: Profession, spec: GroupSpec, heading: str, run: list[NumberedItem]) -> Iterator[str]:
    about = spec.type.about
    yield f"#### {heading or about.title} · {about.en} {run[0].number}–{run[-1].number}"
    told = (
        ("目的 purpose", about.purpose),
        ("入手元 source", about.source),
        ("保管期間 retention", retention(profession, spec)),
        ("消去 erasure", about.erasure),
    )
    yield "\n".join(f"- {name}: {ja} / {en}" for name, (ja, en) in told)
    yield table(
        ("番号", "項目", "item", "区分", "保管", "閲覧できる者 seen by"),
        [
            (
                n.number, n.item.label, n.item.en, f"{PRIVACY[n.item.privacy]} {n.item.privacy}", _stored(n.item),
                " / ".join(seen_by(spec, n.item)),
            )
            for n in run
        ],
    )  # fmt: skip


def _complete(profession: Profession, spec: GroupSpec) -> GroupSpec:
    """The group, where it says all that the annex needs, in both languages."""
    for name in ("purpose", "source", "erasure"):
        told: Texts = getattr(spec.type.about, name)
        for language, text in zip(("Japanese", "English"), told, strict=True):
            if not text.strip():
                raise OperatorError(
                    f"The group {spec.key!r} of {profession.code!r} tells no {name} in {language}:"
                    f" give {name}=(Japanese, English) where it is declared."
                )
    return spec


def _file(profession: Profession) -> str:
    return FILES.get(profession.file, f"{profession.plugin.register_name[0]}ファイル")


def _stored(item: Item) -> str:
    return f"平文 clear: {item.clear}" if item.storage is Storage.CLEAR else STORED[item.storage]

"""A licence with a value in every item that it may show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from meibo import clock
from meibo.installation import Installation
from meibo.items.declaration import Cardinality
from meibo.items.files import File
from meibo.professions.compiled import GroupSpec, Profession
from meibo.register import sealing, tables
from meibo.register.fold import Verb, patched
from meibo.register.opening import open_licence
from meibo.register.rows import Decision
from meibo.register.writing import LicenceWriter
from meibo.registry.entering import add_entry
from meibo.registry.requests import Outcome
from meibo.values.dates import PartialDate, YearMonth
from meibo.values.eras import EraDate
from meibo.values.pseudonyms import new_licence_pseudonym
from meibo_graphql.types import camel
from tests.installed import principal

DAY = date(2020, 5, 1)
SAMPLES: Mapping[str, object] = {
    "text": "見本", "kana": "ミホン", "integer": 1, "date": DAY, "partial_date": PartialDate("1980-01-01"),
    "year_month": YearMonth("2020-05"), "datetime": datetime(2020, 5, 1, tzinfo=UTC), "code": "1", "codes": ("1",),
    "flag": True, "phone": "0000000000", "email": "a@example.jp", "postal_code": "1000001",
    "file": File("0" * 64, "見本.pdf", "application/pdf", 1), "era": "令和", "era_date": EraDate.of(DAY),
}  # fmt: skip
"""A value of each kind that the groups have."""


def shown_groups(profession: Profession) -> list[GroupSpec]:
    """The groups of items that a licence shows and whose values may be masked."""
    hidden = (Cardinality.TABLE, Cardinality.VAULT)
    return [spec for spec in profession.groups.values() if spec.cardinality not in hidden]


def field_of(spec: GroupSpec) -> str:
    """The field of a licence that shows a group."""
    return camel(spec.type.about.plural if spec.cardinality is Cardinality.MANY else spec.key)


def samples(spec: GroupSpec) -> dict[str, object]:
    """A value for every item of a group that holds any."""
    made = {i.name: SAMPLES[i.kind.name] for i in spec.items.values() if i.settable}
    return {n: v[: spec.items[n].max_length] if isinstance(v, str) else v for n, v in made.items()}


async def whole_licence(installation: Installation, code: str = "doctor") -> UUID:
    """A licence with a value in every item of every group, written below the checks; each list has two rows."""
    profession, caller = installation.host[code], principal()
    patch = {
        spec.key: (spec.type.of(**samples(spec)),) * 2 if spec.repeats else samples(spec)
        for spec in profession.content_groups
    }
    record = patched(profession.empty(), patch)
    made = Outcome(uuid4(), uuid4())
    assert made.licence is not None
    scope, at = installation.scopes.of(code), clock.now()
    async with installation.register.write([scope]) as work:
        writer = LicenceWriter(work.connection, profession, scope, installation.keys)
        decision = Decision(Verb.REGISTER, DAY, "register", patch, {"reason": "101"})
        add_entry(writer, caller, decision, record, made, new_licence_pseudonym(), f"alias-{code}", at)
        await writer.flush()
        known = await open_licence(work.connection, profession, installation.keys, made.licence)
        assert known is not None
        for spec in profession.reply_groups:
            table, row = tables.group_table(code, spec), uuid4()
            clear, hidden = sealing.split(spec, samples(spec))
            where = sealing.place(table.name, made.licence, row.hex, writer.plugin_version)
            writer.add(
                table, id=row, licence_id=made.licence, recorded_at=at, plugin_version=writer.plugin_version,
                **clear, sealed=sealing.seal_json(known.secret, hidden, where),
            )  # fmt: skip
        order = {"action_id": made.action, "licence_id": made.licence, "recorded_at": at}
        writer.add(tables.number_erasure, **order, done_at=at, gone_after_date=DAY)
        await writer.flush()
        await work.commit()
    return made.licence

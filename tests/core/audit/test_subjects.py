"""What a holder sees of the log."""

from __future__ import annotations

from meibo.audit.leaves import LeafKind
from meibo.audit.log import AuditLog
from meibo.audit.sequencer import Sequencer
from meibo.audit.subjects import subject_access
from meibo.clock import now
from meibo.database.stores import Database
from tests.core.audit.conftest import AuditStore, Rows, reading


async def test_holder_sees_who_looked_and_why(
    audit_database: Database, log: AuditLog, sequencer: Sequencer, rows: Rows
) -> None:
    before = now()
    await log.record(reading("D-1", "D-2"), reading("D-3"), reading("D-1", account="other"))
    rows.add("1")
    await sequencer.run_once()

    found = await subject_access(audit_database, "D-1")
    assert [each.index for each in found] == [2, 0]
    assert [before <= each.at <= now() for each in found] == [True, True]
    assert (found[0].institution, found[0].purpose) == ("厚生労働省", "免許証の再交付")
    assert (found[0].operation, found[0].kind, found[0].outcome) == ("DoctorLicence", LeafKind.READ, "ok")
    assert not hasattr(found[0], "account")


async def test_pages_follow_each_other(audit_database: Database, log: AuditLog, sequencer: Sequencer) -> None:
    await log.record(*[reading("D-1")] * 5)
    await sequencer.run_once()

    first = await subject_access(audit_database, "D-1", limit=3)
    rest = await subject_access(audit_database, "D-1", before=first[-1].index, limit=3)
    assert [each.index for each in first + rest] == [4, 3, 2, 1, 0]


async def test_a_subject_named_twice_is_indexed_once(
    audit_database: Database, log: AuditLog, sequencer: Sequencer
) -> None:
    await log.record(reading("D-1", "D-1"))
    await sequencer.run_once()

    assert len(await subject_access(audit_database, "D-1")) == 1


async def test_a_false_index_entry_shows_nothing(
    audit_store: AuditStore, log: AuditLog, sequencer: Sequencer
) -> None:
    await log.record(reading("D-1"))
    await sequencer.run_once()
    await audit_store.tamper("INSERT INTO audit_subject (subject, leaf_index) VALUES ('D-9', 0)")

    assert await subject_access(audit_store.database, "D-9") == []

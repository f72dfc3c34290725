"""Our server with an audit log that writes nothing: only to measure what the log costs. Never serve with it."""

from __future__ import annotations

from meibo.audit.leaves import Leaf
from meibo.audit.log import AuditLog
from meibo.cli import main


async def _record_nothing(_log: AuditLog, *_leaves: Leaf) -> None:
    return None


if __name__ == "__main__":
    AuditLog.record = _record_nothing  # type: ignore[assignment]
    main()

"""Our server with an audit log that writes nothing: only to measure what the log costs. Never serve with it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from meibo.audit.leaves import Leaf
from meibo.audit.log import AuditLog
from meibo.cli import main


def _record_nothing(_log: AuditLog, _leaves: Sequence[Leaf]) -> asyncio.Future[None]:
    done = asyncio.get_running_loop().create_future()
    done.set_result(None)
    return done


if __name__ == "__main__":
    AuditLog.begin = _record_nothing  # type: ignore[method-assign]
    main()

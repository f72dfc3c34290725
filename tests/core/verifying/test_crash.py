"""A process that is killed while it redeems: sent again, every request has its answer, and no use counts twice."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest

from meibo.settings import Settings
from meibo.verifying import VerificationOutcome as Outcome
from tests.core.verifying.desk import Desk, token_shown
from tests.partners import HOSPITAL

ROOT = Path(__file__).parents[3]
SHARES = 20


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("nth", [1, 2])
async def test_a_killed_process_counts_once(
    desk: Desk, settings: Settings, tmp_path: Path, when: str, nth: int
) -> None:
    tokens = [await desk.token() for _ in range(SHARES)]
    told = tmp_path / "settings.json"
    told.write_text(json.dumps(asdict(settings)))
    command = [sys.executable, "-m", "tests.core.verifying.crash", str(told), when, str(nth), *tokens]
    died = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, capture_output=True, timeout=120)
    assert died.returncode == -signal.SIGKILL, died.stderr
    used = await desk.uses()
    assert (used == 0) is (when == "before" and nth == 1)

    verdicts = [
        verdict
        for token in tokens
        for verdict in await desk.verifying.shares.redeem(HOSPITAL, [token_shown(token)], token[:16])
    ]
    assert Counter(verdict.outcome for verdict in verdicts) == {Outcome.VALID: SHARES}
    assert await desk.uses() == SHARES

"""A process that is killed while it redeems: sent again, every request has its answer, and no use counts twice."""

from __future__ import annotations

import signal
from collections import Counter

import pytest

from meibo.settings import Settings
from meibo.verifying import VerificationOutcome as Outcome
from tests.core.verifying.desk import Desk, token_shown
from tests.forking.processes import exit_code
from tests.partners import HOSPITAL

CRASH = "tests.core.verifying.crash"
SHARES = 20


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("nth", [1, 2])
async def test_a_killed_process_counts_once(desk: Desk, settings: Settings, when: str, nth: int) -> None:
    tokens = [await desk.token() for _ in range(SHARES)]
    assert await exit_code(CRASH, settings, when, nth, *tokens) == -signal.SIGKILL
    used = await desk.uses()
    assert (used == 0) is (when == "before" and nth == 1)

    verdicts = [
        verdict
        for token in tokens
        for verdict in await desk.verifying.shares.redeem(HOSPITAL, [token_shown(token)], token[:16])
    ]
    assert Counter(verdict.outcome for verdict in verdicts) == {Outcome.VALID: SHARES}
    assert await desk.uses() == SHARES

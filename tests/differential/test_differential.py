"""Generated operations are answered alike by compiled reads and by graphql-core, for every role and scope.

`MEIBO_DIFFERENTIAL_CASES=20000` (`make conformance-long`) asks so many, other ones in every run.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, given, note
from hypothesis import strategies as st

from tests.differential.answers import Both
from tests.differential.composing import compose
from tests.differential.conftest import Registers
from tests.differential.registers import ASKING
from tests.differential.tape import Tape

LONG = "MEIBO_DIFFERENTIAL_CASES"
CASES = int(os.environ.get(LONG, "3000"))
ON_POSTGRES = CASES // 6
"""The others run on SQLite."""
TAPE = 400
"""Bytes of choices: what the largest operations use."""
LEAST_COMPILED = 0.9
LEAST_WITH_ROWS = 0.5

pytestmark = [
    pytest.mark.slow,
    # graphql-core drops what stands beside a failure, some of it before it was begun.
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
    # The same, where they are collected in a namedtuple's `__new__`: it has no builtins to warn with.
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. .coroutine:pytest.PytestUnraisableExceptionWarning"
    ),
]


@dataclass(slots=True)
class Tally:
    """What was asked so far."""

    asked: int = 0
    compiled: int = 0
    with_rows: int = 0

    def add(self, both: Both) -> None:
        """Count a case."""
        self.asked += 1
        self.compiled += both.compiled is not None
        self.with_rows += both.found_rows

    def __str__(self) -> str:
        return (
            f"{self.asked:,} operations, {self.compiled / self.asked:.1%} compiled,"
            f" {self.with_rows / self.asked:.1%} with rows in a connection"
        )


def test_generated_operations_are_answered_alike(
    registers: Registers, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    tally, on_sqlite = Tally(), "sqlite" in request.node.name

    @hypothesis.settings(
        max_examples=CASES - ON_POSTGRES if on_sqlite else ON_POSTGRES,
        derandomize=LONG not in os.environ,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(st.binary(min_size=TAPE, max_size=TAPE))
    def agree(choices: bytes) -> None:
        tape = Tape(choices)
        caller = registers.callers[name := tape.pick(ASKING)]
        operation = compose(registers.grammar, registers.known, caller, tape)
        note(f"{name}: {operation.document}\n{dict(operation.variables)} {operation.operation_name}")
        tally.add(registers.both(caller, operation))

    agree()
    record_property("figures", f"differential: {tally}")
    assert tally.compiled >= LEAST_COMPILED * tally.asked, tally
    assert tally.with_rows >= LEAST_WITH_ROWS * tally.asked, tally

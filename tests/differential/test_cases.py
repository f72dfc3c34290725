"""Each named operation is answered alike by compiled reads and by graphql-core."""

from __future__ import annotations

import pytest

from meibo_graphql.http import Operation
from tests.differential.cases import Case, all_cases
from tests.differential.composing import FORBIDDEN
from tests.differential.conftest import Registers
from tests.differential.everything import everything
from tests.differential.known import LONG_AGO

pytestmark = [
    pytest.mark.slow,
    # graphql-core drops what stands beside a failure, some of it before it was begun.
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
]
CASES = list(all_cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(registers: Registers, case: Case) -> None:
    operation = Operation(case.document, case.given(registers.known.named), case.operation_name)
    both = registers.both(registers.callers[case.caller], operation)
    assert sorted(code for _, code in both.plain.errors.elements()) == sorted(case.codes), both.plain
    assert case.codes or both.plain.data not in (b"", b"null")


def test_names_of_cases_are_their_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("caller", ["chief", "auditor", "viewer"])
def test_every_field_of_every_root(registers: Registers, caller: str) -> None:
    """Whatever is not forbidden to a caller, of licences today and on a day in the past."""
    asking = registers.callers[caller]
    forbidden = {name for name, needed in FORBIDDEN.items() if not asking.may(needed)}
    for document in everything(registers.grammar.schema, forbidden, LONG_AGO):
        both = registers.both(asking, Operation(document))
        assert not both.plain.errors, (document, both.plain.errors)

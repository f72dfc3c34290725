"""Each named operation is answered alike by compiled reads and by graphql-core."""

from __future__ import annotations

import pytest

from meibo_graphql.http import Operation
from tests.differential.cases import Case, all_cases
from tests.differential.conftest import Registers

pytestmark = pytest.mark.slow
CASES = list(all_cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(registers: Registers, case: Case) -> None:
    operation = Operation(case.document, case.given(registers.known.named), case.operation_name)
    both = registers.both(registers.callers[case.caller], operation)
    assert sorted(code for _, code in both.plain.errors.elements()) == sorted(case.codes), both.plain
    assert case.codes or both.plain.data not in (b"", b"null")


def test_names_of_cases_are_their_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES)

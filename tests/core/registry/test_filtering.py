"""What lists are narrowed and sorted by: when one index has a list in its order."""

from __future__ import annotations

import pytest

from meibo.host import Host
from meibo.register.search import SearchKind
from meibo.registry.filtering import Order, Shape, is_in_order

BY_NUMBER, BY_DATE = Order.REGISTRATION_NUMBER_DESC, Order.REGISTRATION_DATE_ASC
OFFICE = ("register.forwarding_prefecture_code", ("is",))
SEVERAL = ("register.forwarding_prefecture_code", ("among",))
SEX = ("register.sex_code", ("is",))


@pytest.mark.parametrize(
    ("shape", "order", "expected"),
    [
        (Shape(), BY_NUMBER, True),
        (Shape(), BY_DATE, False),
        (Shape(items=(OFFICE,)), BY_NUMBER, True),
        (Shape(items=(OFFICE,)), BY_DATE, False),
        (Shape(items=(SEVERAL,)), BY_NUMBER, False),
        (Shape(items=(SEX,)), BY_NUMBER, False),
        (Shape(items=(OFFICE, SEX)), BY_NUMBER, False),
        (Shape(states=True), BY_NUMBER, False),
        (Shape((SearchKind.FULL,), items=(OFFICE,)), BY_NUMBER, False),
        (Shape(states=True, items=(OFFICE,)), BY_NUMBER, False),
    ],
)
def test_one_index_has_all_of_them_or_those_of_one_office_by_number(
    host: Host, shape: Shape, order: Order, expected: bool
) -> None:
    assert is_in_order(host["doctor"], shape, order) is expected

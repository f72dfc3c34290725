"""Acts read back from their rows: whole for writing, without their patch for lists of dispositions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from meibo.errors import SealBroken
from meibo.host import Host
from meibo.register import sealing
from meibo.register.dispositions import Order, dump_order
from meibo.register.fold import Act, Verb
from meibo.register.opening import open_act, open_measure

SECRET = bytes(32)
ID, LICENCE, SUSPENSION = UUID(int=1), UUID(int=2), UUID(int=3)
DAY = date(2026, 4, 1)
ORDER = Order(
    code="02", start_date=DAY, end_date=date(2027, 3, 31), office_name="厚生労働省", office_code="00", number="第1号",
    reason="11", remarks="備考",
)  # fmt: skip
ENDLESS = Order(code="03", start_date=DAY)


def row_of(details: dict[str, Any], verb: Verb = Verb.SUSPEND) -> Any:
    """An act's row, sealed as it is written."""
    where = sealing.place("action", LICENCE, ID.hex, "1.0")
    return SimpleNamespace(
        id=ID, licence_id=LICENCE, number=2, verb=str(verb), effective_date=DAY, plugin_version="1.0",
        recorded_at=datetime(2026, 4, 1, tzinfo=UTC), sealed=sealing.seal_json(SECRET, details, where),
    )  # fmt: skip


@pytest.mark.parametrize("order", [ORDER, ENDLESS])
def test_a_measure_is_read_with_its_order(order: Order) -> None:
    told = open_measure(row_of({"patch": {}, "reason": "理由", "order": dump_order(order)}), SECRET)
    assert told == Act(ID, 2, Verb.SUSPEND, DAY, order=order)


def test_what_follows_a_measure_up_names_it() -> None:
    row = row_of({"patch": {}, "disposition": SUSPENSION.hex}, Verb.LIFT_SUSPENSION)
    assert open_measure(row, SECRET) == Act(ID, 2, Verb.LIFT_SUSPENSION, DAY, disposition=SUSPENSION)


def test_it_is_the_act_without_its_patch(all_professions: Host) -> None:
    row = row_of(
        {"patch": {"register": {"family_name": "花田"}}, "order": dump_order(ORDER), "disposition": None}
    )
    whole = open_act(all_professions["doctor"], row, SECRET)
    assert whole.patch == {"register": {"family_name": "花田"}}
    assert open_measure(row, SECRET) == replace(whole, patch={})


def test_another_licences_act_is_not_opened() -> None:
    row = row_of({"patch": {}})
    row.licence_id = SUSPENSION
    with pytest.raises(SealBroken):
        open_measure(row, SECRET)

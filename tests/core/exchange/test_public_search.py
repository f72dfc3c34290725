"""The public list: name, year and sex of those who stand in the register, and no way to say more."""

from __future__ import annotations

from uuid import uuid4

import msgspec
import pytest

from meibo.exchange.messages import PublicBatch, PublicEntry
from meibo.exchange.tables import feed
from meibo.register.fold import Verb
from meibo_sandbox.existing import Fault
from tests.core.exchange.conftest import World

HANAKO = (2016, "見本　花子", "2")


def test_nothing_but_name_year_and_sex_can_be_said() -> None:
    schema = msgspec.json.schema(PublicBatch)["$defs"]["PublicEntry"]
    assert {name: kind["type"] for name, kind in schema["properties"].items()} == {
        "registration_year": "integer", "full_name": "string", "sex": "string",
    }  # fmt: skip
    assert schema["additionalProperties"] is False
    batch = PublicBatch("doctor", uuid4(), 1, (PublicEntry(2016, "見本　花子", "2"),), ())
    said = msgspec.json.decode(msgspec.json.encode(batch))
    assert set(said) == {"profession", "series", "number", "added", "removed"}
    for more in ({"birth_date": "1990-01-15"}, {"licence": "L-1"}, {"registration_date": "2016-05-02"}):
        said["added"] = [{"registration_year": 2016, "full_name": "見本　花子", "sex": "2"} | more]
        with pytest.raises(msgspec.ValidationError, match="unknown field"):
            msgspec.json.decode(msgspec.json.encode(said), type=PublicBatch)


async def test_who_is_entered_corrected_and_struck_off_is_listed_so(world: World) -> None:
    licence = await world.doctors.enter()
    await world.beat()
    assert world.public.lists["doctor"] == {HANAKO: 1}
    await world.doctors.act(licence, Verb.CORRECT, values={"register": {"family_name": "手本"}})
    await world.beat()
    assert (world.public.found("doctor", "見本　花子"), world.public.found("doctor", "手本　花子")) == (
        [], [(2016, "手本　花子", "2")],
    )  # fmt: skip
    await world.doctors.act(licence, Verb.SUSPEND)
    await world.beat()
    assert len(world.public.found("doctor", "手本　花子")) == 1  # The list tells of no measure.
    await world.doctors.act(licence, Verb.STRIKE_OFF)
    await world.beat()
    assert world.public.found("doctor", "手本　花子") == []
    assert len(world.public.came) == 3


async def test_two_of_one_name_year_and_sex_are_two(world: World) -> None:
    first = await world.doctors.enter()
    await world.doctors.enter("500002")
    await world.beat()
    assert world.public.found("doctor", HANAKO[1]) == [HANAKO, HANAKO]
    await world.doctors.act(first, Verb.STRIKE_OFF)
    await world.beat()
    assert world.public.found("doctor", HANAKO[1]) == [HANAKO]


async def test_a_change_of_what_is_not_listed_sends_nothing(world: World) -> None:
    licence = await world.doctors.enter()
    await world.beat()
    await world.doctors.act(licence, Verb.CORRECT, values={"register": {"domicile_code": "27"}})
    await world.beat()
    assert (len(world.public.came), len(world.batches())) == (1, 2)


@pytest.mark.parametrize("fault", list(Fault))
async def test_a_batch_that_goes_wrong_is_sent_again_and_listed_once(world: World, fault: Fault) -> None:
    world.public.faults = [fault]
    licence = await world.doctors.enter()
    await world.beat()
    waiting = [row for row in await world.rows(feed) if row.connector == "public_search"]
    assert [(row.number, row.pending is not None) for row in waiting] == [(0, True)]
    await world.doctors.act(licence, Verb.CORRECT, values={"register": {"family_name": "手本"}})
    await world.beat()
    assert world.public.lists["doctor"] == {HANAKO: 0, (2016, "手本　花子", "2"): 1}
    assert [row.number for row in await world.rows(feed) if row.connector == "public_search"] == [2]


async def test_a_list_that_was_lost_is_told_anew(world: World) -> None:
    await world.doctors.enter()
    await world.beat()
    world.public.lists["doctor"].update({(1999, "消えた　人", "1"): 1})
    [anew] = [
        f for f in world.installation.exchange.beats.feeds.values() if f.view.connector == "public_search"
    ]
    await anew.begin_anew()
    await world.beat()
    assert world.public.lists["doctor"] == {HANAKO: 1}

"""A demo remembers whom it entered."""

from __future__ import annotations

import pytest

from meibo.demo.entered import entered
from meibo.demo.filling import fill
from meibo.demo.holders import holders
from meibo.host import Host
from meibo.installation import open_installation
from meibo.settings import Settings


@pytest.mark.slow
async def test_the_people_of_a_demo_are_told_again(settings: Settings, host: Host) -> None:
    await fill(settings, host, 3, lambda _: None)
    await fill(settings, host, 5, lambda _: None)
    async with open_installation(settings, host) as installation:
        people = list(entered(installation))
    assert people == list(holders(host, "doctor", 3))
    assert len(people) == 3


@pytest.mark.slow
async def test_nobody_is_told_of_where_nobody_was_entered(settings: Settings, host: Host) -> None:
    await fill(settings, host, 0, lambda _: None)
    async with open_installation(settings, host) as installation:
        assert list(entered(installation)) == []

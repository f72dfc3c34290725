"""The page of hooks. A plugin implements those it needs with `@hookimpl`; ours use the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from random import Random

import pluggy

from meibo.connectors import Connector
from meibo.professions.persons import SyntheticPerson
from meibo.professions.plugin import ProfessionPlugin

PROJECT = "meibo"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Hooks:
    """What core asks of plugins."""

    @hookspec
    def meibo_profession(self) -> ProfessionPlugin:
        """Declare the profession; core derives tables, API, forms, reference and annex from it."""
        raise NotImplementedError

    @hookspec
    def meibo_code_rows(self) -> Mapping[str, Iterable[Mapping[str, object]]]:
        """Give rows for code tables of a new installation: table key -> rows by item identifier."""
        raise NotImplementedError

    @hookspec
    def meibo_connectors(self) -> Iterable[Connector]:
        """Declare outside systems: the messages that go there and come from there, and what those that come do. The
        operator names their addresses; core signs, sends, reads and refuses."""
        raise NotImplementedError

    @hookspec
    def meibo_demo_values(
        self,
        person: SyntheticPerson,
        day: date,
        number: int,
        random: Random,
        values: Mapping[str, str],
    ) -> Mapping[str, str]:
        """Give a synthetic holder what core cannot guess: values by item, "" for none, as an import file holds them.
        `person` is registered on `day` under the running `number`; `random` is a source of chance of this holder's
        own; `values` are those that core drew, by item. Items are named as in a file's headers: `family_name`, or
        `register.family_name` where two groups have one; `practice_periods.start_date[2]` in a list's second row.
        """
        raise NotImplementedError

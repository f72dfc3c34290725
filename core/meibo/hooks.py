"""The page of hooks. A plugin implements those it needs with `@hookimpl`; ours use the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pluggy

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

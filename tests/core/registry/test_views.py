"""What one caller sees of a group's values: those that are kept back are gone, not only unread."""

from __future__ import annotations

from meibo.access.permissions import Permission
from meibo.access.principals import Principal, Surface
from meibo.items.declaration import Privacy
from meibo.professions.compiled import compile_profession
from meibo.register.sealing import Values
from meibo.registry.views import RedactionReason, Sight
from tests.core.professions.dancers import PLUGIN

DANCER = compile_profession(PLUGIN)
SPEC = DANCER.groups["register"]
PERSONAL = {name for name, item in SPEC.items.items() if item.privacy is Privacy.PERSONAL}


def sight(*permissions: Permission) -> Sight:
    return Sight(Principal("a", "i", "t", Surface.REGISTRY, frozenset(permissions), frozenset({"dancer"})))


def test_values_that_are_kept_back_are_gone_from_blob_and_columns() -> None:
    values = Values(SPEC, dict.fromkeys(SPEC.items, "column"), dict.fromkeys(SPEC.items, "blob"))
    view = sight(Permission.LICENCE_READ).of("dancer", SPEC, values)
    assert PERSONAL
    assert {each.item for each in view.redacted} == PERSONAL
    assert {each.reason for each in view.redacted} == {RedactionReason.NO_PERMISSION}
    assert isinstance(view.values, Values)
    assert set(view.values.row) == set(view.values.hidden) == SPEC.items.keys() - PERSONAL
    assert "column" in values.row.values()


def test_nothing_is_copied_for_those_who_may_read_all() -> None:
    values = Values(SPEC, {}, dict.fromkeys(SPEC.items, "blob"))
    every = sight(Permission.LICENCE_READ, Permission.PERSONAL_READ, Permission.SENSITIVE_READ)
    view = every.of("dancer", SPEC, values)
    assert view.values is values
    assert view.redacted == ()

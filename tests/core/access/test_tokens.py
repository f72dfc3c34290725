"""Accounts, tokens and what a principal may."""

from __future__ import annotations

from dataclasses import Field, fields, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from meibo import clock
from meibo.access.permissions import ROLES, Permission, Role
from meibo.access.principals import Principal, Surface
from meibo.access.tables import token
from meibo.access.tokens import ALL, LONGEST_TOKEN, PREFIX, Account, command_principal
from meibo.errors import Forbidden, OperatorError, Unauthenticated
from meibo.installation import Installation
from tests.installed import principal


def member(id: str = "hanako", professions: tuple[str, ...] = (ALL,), role: Role = Role.CLERK) -> Account:
    return Account(
        id=id, name_ja="見本花子", name_en="Hanako", institution="課", role=role, professions=professions
    )


@pytest.mark.parametrize("item", fields(Principal), ids=lambda item: item.name)
def test_rights_are_all_but_who_asks(item: Field[object]) -> None:
    one = principal(Role.CLERK)
    changed: Any = {item.name: "another"}
    other = replace(one, **changed)
    assert (one.rights == other.rights) is (item.name in ("account", "terminal"))


@pytest.mark.parametrize(
    ("professions", "scope"),
    [
        ((ALL,), {"doctor"}),
        (("doctor",), {"doctor"}),
        (("doctor", "nurse"), {"doctor"}),
        (("nurse",), set()),
        ((), set()),
    ],
)
async def test_a_token_makes_its_accounts_principal(
    installation: Installation, professions: tuple[str, ...], scope: set[str]
) -> None:
    await installation.tokens.add_account(member(professions=professions))
    made = await installation.tokens.issue("hanako", "T1")
    found = await installation.tokens.principal(made, Surface.REGISTRY)
    assert (found.account, found.institution, found.terminal, found.surface) == (
        "hanako",
        "課",
        "T1",
        Surface.REGISTRY,
    )
    assert found.permissions == ROLES[Role.CLERK]
    assert set(found.professions) == scope


async def test_a_token_is_kept_as_its_hash_alone(installation: Installation) -> None:
    await installation.tokens.add_account(member())
    made = await installation.tokens.issue("hanako", "T1")
    async with installation.register.read() as connection:
        [row] = (await connection.execute(select(token))).all()
    assert made.startswith(PREFIX)
    assert len(row.hash) == 32
    assert made not in repr(row)


async def test_unknown_expired_and_withdrawn_tokens_look_alike(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = installation.tokens
    await tokens.add_account(member())
    withdrawn = await tokens.issue("hanako", "T1")
    assert (await tokens.withdraw("hanako"), await tokens.withdraw("hanako")) == (1, 0)
    good = await tokens.issue("hanako", "T1", hours=1)
    presented = [
        "",
        PREFIX,
        good[:-1],
        good + "x",
        good.upper(),
        withdrawn,
        "x" + good,
        PREFIX + "x" * LONGEST_TOKEN,
        good + "\x00",
    ]
    for each in presented:
        with pytest.raises(Unauthenticated):
            await tokens.principal(each, Surface.REGISTRY)
    await tokens.principal(good, Surface.REGISTRY)
    machine = clock.now
    monkeypatch.setattr(clock, "now", lambda: machine() + timedelta(hours=1))
    with pytest.raises(Unauthenticated):
        await tokens.principal(good, Surface.REGISTRY)


async def test_accounts_are_listed_and_ids_are_unique(installation: Installation) -> None:
    await installation.tokens.add_account(member("b"))
    await installation.tokens.add_account(member("a", ("doctor", "nurse"), Role.AUDITOR))
    with pytest.raises(OperatorError, match="There is an account 'a' already"):
        await installation.tokens.add_account(member("a"))
    assert await installation.tokens.accounts() == [
        member("a", ("doctor", "nurse"), Role.AUDITOR),
        member("b"),
    ]
    assert await installation.tokens.accounts(demo_only=True) == []
    with pytest.raises(OperatorError, match="There is no account 'c'"):
        await installation.tokens.issue("c", "T1")


def test_permissions_are_alphabetical_and_well_formed() -> None:
    names = [permission.name for permission in Permission]
    assert names == sorted(names)
    assert [p for p in Permission if not p.startswith("registry:") or p.count(":") != 2] == []


def test_every_role_may_read_and_every_permission_is_somebodys() -> None:
    assert all(Permission.LICENCE_READ in granted for granted in ROLES.values())
    assert set(ROLES) == set(Role)
    of_machines = {
        Permission.NUMBER_SEND
    }  # No person sends numbers: the links that may do it act as themselves.
    assert frozenset().union(*ROLES.values()) == set(Permission) - of_machines


def test_the_number_is_revealed_to_its_officer_alone() -> None:
    assert [role for role, granted in ROLES.items() if Permission.NUMBER_REVEAL in granted] == [
        Role.NUMBER_OFFICER
    ]


@pytest.mark.parametrize(
    ("permission", "profession", "allowed"),
    [
        (Permission.LICENCE_READ, None, True),
        (Permission.LICENCE_READ, "doctor", True),
        (Permission.LICENCE_READ, "nurse", False),
        (Permission.NUMBER_REVEAL, "doctor", False),
        (Permission.NUMBER_REVEAL, None, False),
    ],
)
def test_what_a_principal_may(permission: Permission, profession: str | None, allowed: bool) -> None:
    caller = principal(Role.VIEWER)
    assert caller.may(permission, profession) is allowed
    if allowed:
        caller.demand(permission, profession)
    else:
        with pytest.raises(Forbidden) as refused:
            caller.demand(permission, profession)
        assert refused.value.permission == permission


def test_scope_is_an_intersection() -> None:
    assert principal(professions={"doctor", "nurse"}).sees(["doctor", "dentist"]) == {"doctor"}


def test_the_operator_reveals_nothing() -> None:
    operator = command_principal("T1", ["doctor"])
    assert (operator.surface, operator.may(Permission.IMPORT_RUN, "doctor")) == (Surface.COMMAND, True)
    assert not operator.may(Permission.NUMBER_REVEAL)
    assert not operator.may(Permission.IMPORT_RUN, "nurse")

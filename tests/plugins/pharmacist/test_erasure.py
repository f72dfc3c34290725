"""The number of who lives and is no pharmacist any longer is destroyed; the deceased's is kept. What dies on the
way is carried to the end by `reconcile`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from meibo import clock
from meibo.access.permissions import Permission
from meibo.access.tokens import command_principal
from meibo.audit import tables as audit_tables
from meibo.audit.leaves import Leaf, LeafKind, decode
from meibo.database.stores import Store
from meibo.errors import AuditUnavailable, Forbidden, NumberDestroyed
from meibo.identity import NumberKind, VerifiedBy
from meibo.identity.service import Identity
from meibo.register import erasures, tables
from meibo.register.fold import State, Verb
from meibo.values.pseudonyms import LicencePseudonym
from meibo.vault.keystore import KeyStore
from tests.installed import principal
from tests.plugins.pharmacist.conftest import NUMBER, OFFICER, Pharmacists
from tests.schema.conftest import Api

pytestmark = pytest.mark.anyio

INDIVIDUAL = NumberKind.INDIVIDUAL_NUMBER
OPERATOR = command_principal("test", {"pharmacist"})
ENROL = """mutation($input: EnrolNumberInput!) {
  enrolNumber(input: $input) { status { held } userErrors { code rule path } } }"""


async def orders(pharmacists: Pharmacists) -> list[Any]:
    """What the register holds of orders to destroy a number."""
    installation = pharmacists.installation
    async with installation.register.read(installation.scopes.numbers.values()) as connection:
        return list((await connection.execute(select(tables.number_erasure))).all())


async def leaves(pharmacists: Pharmacists) -> list[Leaf]:
    """The leaves of destructions."""
    async with pharmacists.installation.databases[Store.AUDIT].read() as connection:
        bodies = await connection.scalars(
            select(audit_tables.leaf.c.body).order_by(audit_tables.leaf.c.number)
        )
        found = [decode(body).leaf for body in bodies]
    return [leaf for leaf in found if leaf.operation == "number.destroy"]


async def reveal(pharmacists: Pharmacists, licence: UUID) -> str:
    return await pharmacists.installation.identity.reveal(
        OFFICER,
        profession="pharmacist",
        file="pharmacist",
        pseudonym=LicencePseudonym((await pharmacists.head(licence)).pseudonym),
        kind=INDIVIDUAL,
        purpose="試験",
        legal_basis="number_use",
    )


@pytest.mark.parametrize(("verb", "reason"), [(Verb.STRIKE_OFF, "401"), (Verb.REVOKE, "792")])
async def test_who_lives_and_gave_it_up_or_lost_it(pharmacists: Pharmacists, verb: Verb, reason: str) -> None:
    licence = await pharmacists.enter(individual=NUMBER)
    assert await reveal(pharmacists, licence) == NUMBER
    await pharmacists.act(licence, verb, reason)
    status = await pharmacists.number(licence)
    assert status.held is False
    assert status.destroyed_at is not None
    with pytest.raises(NumberDestroyed):
        await reveal(pharmacists, licence)
    assert await pharmacists.installation.identity.find(OFFICER, "pharmacist", "pharmacist", NUMBER) is None
    [order] = await orders(pharmacists)
    assert (order.licence_id, order.gone_after_date) == (licence, clock.today() + timedelta(days=7))
    assert order.recorded_at <= order.done_at
    told = [(leaf.kind, leaf.outcome, leaf.count) for leaf in await leaves(pharmacists)]
    assert told == [(LeafKind.INTENT, "ok", None), (LeafKind.DONE, "ok", 1)]
    subjects = {leaf.subjects for leaf in await leaves(pharmacists)}
    assert subjects == {((await pharmacists.head(licence)).pseudonym,)}
    assert await pharmacists.installation.erasures.finish(OPERATOR) == 0


@pytest.mark.parametrize("reason", ["402", "403"])
async def test_the_deceaseds_number_is_kept(pharmacists: Pharmacists, reason: str) -> None:
    licence = await pharmacists.enter(individual=NUMBER)
    await pharmacists.act(licence, Verb.STRIKE_OFF, reason)
    assert (await pharmacists.number(licence)).held is True
    assert await reveal(pharmacists, licence) == NUMBER
    assert (await orders(pharmacists), await leaves(pharmacists)) == ([], [])


async def test_a_suspension_destroys_nothing_for_the_same_reason(pharmacists: Pharmacists) -> None:
    licence = await pharmacists.enter(individual=NUMBER)
    await pharmacists.act(licence, Verb.SUSPEND, "792", end_date=clock.today())
    assert (await pharmacists.number(licence)).held is True
    assert await orders(pharmacists) == []


async def test_the_record_stays_whole_and_other_kinds_of_number_too(pharmacists: Pharmacists) -> None:
    licence = await pharmacists.enter(individual=NUMBER)
    identity, head = pharmacists.installation.identity, await pharmacists.head(licence)
    await identity.enrol_for(
        OFFICER, profession="pharmacist", file="pharmacist", pseudonym=LicencePseudonym(head.pseudonym),
        numbers={NumberKind.RESIDENT_CODE: "12345678903"}, verified_by=VerifiedBy.MY_NUMBER_CARD, operation="test",
    )  # fmt: skip
    await pharmacists.act(licence, Verb.STRIKE_OFF, "401")
    reader = pharmacists.installation.reader(OFFICER, "test")
    head = await pharmacists.head(licence)
    [register] = await reader.groups("register", [head])
    [code] = await reader.number_statuses([head], NumberKind.RESIDENT_CODE)
    assert (head.state, register.values["family_name"], code.held) == (State.STRUCK_OFF, "見本", True)


async def test_without_a_number_there_is_nothing_to_destroy(pharmacists: Pharmacists) -> None:
    licence = await pharmacists.enter()
    await pharmacists.act(licence, Verb.STRIKE_OFF, "401")
    [order] = await orders(pharmacists)
    assert order.done_at is not None
    assert order.gone_after_date is None
    assert [leaf.count for leaf in await leaves(pharmacists)] == [None, 0]


@pytest.mark.parametrize(
    ("where", "name"),
    [
        (KeyStore, "destroy"),  # The key store does not answer.
        (KeyStore, "_scrub"),  # The key is gone, the enrolment says nothing yet.
        (erasures, "finish"),  # All is done but noted.
    ],
)
async def test_what_dies_on_the_way_is_carried_to_the_end(
    pharmacists: Pharmacists, monkeypatch: pytest.MonkeyPatch, where: Any, name: str
) -> None:
    licence = await pharmacists.enter(individual=NUMBER)

    async def dies(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(where, name, dies)
        await pharmacists.act(licence, Verb.STRIKE_OFF, "401")  # The act stands all the same.
    assert (await pharmacists.head(licence)).state == State.STRUCK_OFF
    [order] = await orders(pharmacists)
    assert order.done_at is None
    assert await pharmacists.installation.erasures.finish(OPERATOR) == 1
    [order] = await orders(pharmacists)
    assert order.done_at is not None
    assert order.gone_after_date == clock.today() + timedelta(days=7)
    assert (await pharmacists.number(licence)).held is False
    assert await pharmacists.installation.erasures.finish(OPERATOR) == 0


async def test_nothing_is_destroyed_without_its_leaf(
    pharmacists: Pharmacists, monkeypatch: pytest.MonkeyPatch
) -> None:
    licence = await pharmacists.enter(individual=NUMBER)
    real = Identity.destroy

    async def silent(self: Identity, *given: Any, **named: Any) -> Any:
        async def refuse(*_: object) -> None:
            raise AuditUnavailable

        with monkeypatch.context() as broken:
            broken.setattr(self._audit, "record", refuse)
            return await real(self, *given, **named)

    monkeypatch.setattr(Identity, "destroy", silent)
    await pharmacists.act(licence, Verb.STRIKE_OFF, "401")
    assert (await pharmacists.number(licence)).held is True
    [order] = await orders(pharmacists)
    assert order.done_at is None


async def test_an_order_spares_what_was_enrolled_after_it(
    pharmacists: Pharmacists, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A licence that was restored before the order was carried out keeps the number given then."""
    licence = await pharmacists.enter(individual=NUMBER)

    async def dies(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(KeyStore, "destroy", dies)
        await pharmacists.act(licence, Verb.REVOKE, "792")
    await pharmacists.act(licence, Verb.RESTORE, "102")
    pseudonym = LicencePseudonym((await pharmacists.head(licence)).pseudonym)
    await pharmacists.installation.identity.enrol_for(
        OFFICER, profession="pharmacist", file="pharmacist", pseudonym=pseudonym, numbers={INDIVIDUAL: NUMBER},
        verified_by=VerifiedBy.MY_NUMBER_CARD, operation="test",
    )  # fmt: skip
    assert await pharmacists.installation.erasures.finish(OPERATOR) == 1
    assert await reveal(pharmacists, licence) == NUMBER


async def test_an_ended_licence_takes_no_number_again_until_it_is_restored(
    pharmacists: Pharmacists, api: Api
) -> None:
    licence = await pharmacists.enter(individual=NUMBER)
    officer = await api.caller(professions=("pharmacist",))
    by = '{registrationNumber: {profession: "pharmacist", number: "600001"}}'
    found = (await officer.ask(f"{{ licence(by: {by}) {{ id }} }}"))["licence"]
    given = {"licenceId": found["id"], "number": NUMBER, "verifiedBy": "MY_NUMBER_CARD"}

    async def enrolled() -> Any:
        return (await officer.ask(ENROL, {"input": given}))["enrolNumber"]

    await pharmacists.act(licence, Verb.REVOKE, "792")
    refusal = {"code": "WRONG_STATE", "rule": "number.forgotten", "path": ["number"]}
    assert await enrolled() == {"status": None, "userErrors": [refusal]}
    profession = pharmacists.installation.host["pharmacist"]
    reply = {"full_name_kanji": "見本花子", "individual_number": NUMBER}
    await pharmacists.installation.replies.file(OFFICER, profession, licence, "resident_record", reply)
    assert (await pharmacists.number(licence)).held is False
    await pharmacists.act(licence, Verb.RESTORE, "102")
    assert await enrolled() == {"status": {"held": True}, "userErrors": []}
    assert await reveal(pharmacists, licence) == NUMBER


async def test_without_permission_the_order_waits_for_the_command(pharmacists: Pharmacists) -> None:
    """An officer of some other office may end a licence; the number goes when `reconcile` runs."""
    licence = await pharmacists.enter(individual=NUMBER)
    bound = principal(professions={"pharmacist"}, without=frozenset({Permission.NUMBER_DESTROY}))
    await pharmacists.act(licence, Verb.STRIKE_OFF, "401", who=bound)
    assert (await pharmacists.number(licence)).held is True
    assert [leaf.kind for leaf in await leaves(pharmacists)] == [LeafKind.REFUSAL]
    assert await pharmacists.installation.erasures.finish(OPERATOR) == 1
    assert (await pharmacists.number(licence)).held is False
    with pytest.raises(Forbidden):
        await pharmacists.installation.identity.destroy(
            bound,
            profession="pharmacist",
            file="pharmacist",
            pseudonym=LicencePseudonym((await pharmacists.head(licence)).pseudonym),
            until=clock.now(),
        )

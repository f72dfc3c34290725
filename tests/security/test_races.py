"""Two at once: one wins, the other is told, and nothing is done twice or by half."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from uuid import uuid4

import pytest

from meibo import clock
from meibo.database.stores import Store
from meibo.host import Host
from meibo.installation import Installation, open_installation, standing
from meibo.settings import Settings
from tests.security.api import Answer, Api
from tests.security.conftest import CHIEF, doctor, entry
from tests.security.matrix.verbs import spelt

ROUNDS = 2
REGISTER = (
    "mutation($input: RegisterDoctorLicenceInput!) { registerDoctorLicence(input: $input)"
    " { licence { id version } action { id } userErrors { code rule } } }"
)
CORRECT = (
    "mutation($input: CorrectDoctorLicenceInput!) { correctDoctorLicence(input: $input)"
    " { licence { id version holder { fullName } } action { id } userErrors { code rule } } }"
)
NUMBERS = ("123456789018", "111111111118", "123123123128", "987654321093")


@pytest.fixture(params=["one server", "two servers"])
async def pair(
    request: pytest.FixtureRequest, installation: Installation, settings: Settings, host: Host
) -> AsyncIterator[tuple[Api, Api]]:
    """Where the two callers come in: one server, or two over the same stores."""
    async with open_installation(settings, host) as other, Api(installation) as first, Api(other) as second:
        yield (first, second) if request.param == "two servers" else (first, first)


async def both(pair: tuple[Api, Api], document: str, *given: dict[str, object]) -> list[Answer]:
    """Both requests at once, of one account."""
    tokens = [api.tokens.grant(CHIEF) for api in pair]
    calls = zip(pair, tokens, given, strict=True)
    return await asyncio.gather(
        *(asyncio.create_task(api.call(t, document, {"input": g})) for api, t, g in calls)
    )


def registration(index: int, **more: object) -> dict[str, object]:
    """The input that registers a synthetic doctor."""
    values = doctor(index)
    return {
        "idempotencyKey": str(uuid4()), "effectiveDate": values["registration_date"], "reason": "101",
        "legalBasis": "register", "register": spelt(values), **more,
    }  # fmt: skip


def correction(id: str, name: str) -> dict[str, object]:
    """The input that corrects a given name, as read at version 1."""
    return {
        "idempotencyKey": str(uuid4()), "licenceId": id, "expectedVersion": 1, "reason": "201",
        "effectiveDate": clock.today().isoformat(), "legalBasis": "correct", "register": {"givenName": name},
    }  # fmt: skip


def outcomes(answers: Sequence[Answer]) -> list[list[tuple[str, str | None]]]:
    """The refusals of each, the winner's (none) first."""
    return sorted(answer.refusals for answer in answers)


async def in_vault(api: Api, number: str) -> int:
    """How many of the register's licences a number leads to, and no other: 0 or 1."""
    found = await api.installation.identity.find(CHIEF, "doctor", "medical", number)
    if found is None:
        return 0
    assert await standing(api.installation, [found]) == {found}
    return 1


async def enrolments(api: Api) -> tuple[int, int]:
    """(links, enrolments) in the vault."""
    return await api.count(Store.LINKS, "licence_link"), await api.count(Store.NUMBERS, "enrolment")


@pytest.mark.parametrize("round", range(ROUNDS))
async def test_of_two_corrections_one_is_stale(pair: tuple[Api, Api], round: int) -> None:
    api = pair[0]
    made = await api.installation.office.register(CHIEF, "doctor", entry(round))
    assert made.licence is not None
    id = api.licence_id(made.licence)
    answers = await both(pair, CORRECT, correction(id, "一子"), correction(id, "二子"))
    assert outcomes(answers) == [[], [("STALE_VERSION", "register.stale_version")]]
    winner, loser = sorted(answers, key=lambda answer: answer.refusals)
    assert loser.payload["licence"] == winner.payload["licence"]
    assert (loser.payload["licence"]["version"], loser.payload["action"]) == (2, None)
    assert (await api.rows("action"), await api.rows("licence_version")) == (2, 2)


@pytest.mark.parametrize("round", range(ROUNDS))
async def test_of_two_registrations_of_one_number_one_is_a_duplicate(
    pair: tuple[Api, Api], round: int
) -> None:
    """Two persons, one register number: the loser's person and number are taken out of the vault again."""
    api = pair[0]
    given = [
        registration(round, individualNumber=number, verifiedBy="MY_NUMBER_CARD") for number in NUMBERS[:2]
    ]
    answers = await both(pair, REGISTER, *given)
    assert outcomes(answers) == [[], [("DUPLICATE", "item.unique")]]
    assert sorted([await in_vault(api, number) for number in NUMBERS[:2]]) == [0, 1]
    assert await enrolments(api) == (1, 1)
    assert (await api.rows("licence"), await api.rows("action"), await api.rows("idempotency")) == (1, 1, 1)


@pytest.mark.parametrize("round", range(ROUNDS))
async def test_of_two_registrations_of_one_person_one_is_a_duplicate(
    pair: tuple[Api, Api], round: int
) -> None:
    """One person, two register numbers: a person has one licence of a profession."""
    api = pair[0]
    number = {"individualNumber": NUMBERS[2], "verifiedBy": "MY_NUMBER_CARD"}
    answers = await both(pair, REGISTER, registration(0, **number), registration(1, **number))
    refused = [answer.refusals[0][0] for answer in answers if answer.refusals]
    assert refused == ["DUPLICATE"]
    assert await enrolments(api) == (1, 1)
    assert (await api.rows("licence"), await api.rows("action")) == (1, 1)


@pytest.mark.parametrize("number", [None, NUMBERS[3]], ids=["without a number", "with a number"])
@pytest.mark.parametrize("round", range(ROUNDS))
async def test_one_registration_sent_twice_is_done_once(
    pair: tuple[Api, Api], round: int, number: str | None
) -> None:
    """A twin that comes before the other's commit may be refused, and gets the same answer when it asks again."""
    api = pair[0]
    given = registration(
        round, **({"individualNumber": number, "verifiedBy": "MY_NUMBER_CARD"} if number else {})
    )
    answers = await both(pair, REGISTER, given, given)
    again = await both(pair, REGISTER, given, given)
    assert again[0].payload == again[1].payload
    assert [answer for answer in again if answer.refusals] == []
    for answer in answers:
        assert answer.payload == again[0].payload or answer.refusals[0][0] == "DUPLICATE"
    assert [] in [answer.refusals for answer in answers]
    assert await enrolments(api) == (1, 1 if number else 0)
    assert (await api.rows("licence"), await api.rows("action"), await api.rows("idempotency")) == (1, 1, 1)


@pytest.mark.parametrize("round", range(ROUNDS))
async def test_one_correction_sent_twice_is_done_once(pair: tuple[Api, Api], round: int) -> None:
    api = pair[0]
    made = await api.installation.office.register(CHIEF, "doctor", entry(round))
    assert made.licence is not None
    given = correction(api.licence_id(made.licence), "一子")
    first, second = await both(pair, CORRECT, given, given)
    assert first.payload == second.payload
    assert first.refusals == []
    assert (await api.rows("action"), await api.rows("licence_version")) == (2, 2)


async def test_one_key_for_two_corrections_at_once_is_refused(pair: tuple[Api, Api]) -> None:
    api = pair[0]
    ids = []
    for index in range(2):
        made = await api.installation.office.register(CHIEF, "doctor", entry(index))
        assert made.licence is not None
        ids.append(api.licence_id(made.licence))
    one, two = (correction(id, "一子") for id in ids)
    answers = await both(pair, CORRECT, one, {**two, "idempotencyKey": one["idempotencyKey"]})
    assert outcomes(answers) == [[], [("IDEMPOTENCY_KEY_REUSED", "act.key_reused")]]
    assert await api.rows("action") == 3


async def test_many_registrations_at_once_all_stand(pair: tuple[Api, Api]) -> None:
    """Writers queue: none is lost, none fails for another's sake."""
    api = pair[0]
    requests = [entry(index) for index in range(12)]
    offices = [side.installation.office for side in pair]
    made = await asyncio.gather(
        *(offices[n % 2].register(CHIEF, "doctor", request) for n, request in enumerate(requests))
    )
    assert len({outcome.licence for outcome in made}) == 12
    assert (await api.rows("licence"), await api.rows("action")) == (12, 12)

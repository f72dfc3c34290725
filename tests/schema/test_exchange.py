"""The exchange at the registry's API: where feeds stand, whose an item is, conflicts side by side, media."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import strawberry

from meibo import clock
from meibo.access.permissions import Role
from meibo.audit.leaves import LeafKind
from meibo.register.tables import licence
from meibo_graphql.app import create_app
from tests.core.exchange.conftest import ADMINISTRATOR, World
from tests.core.exchange.conftest import time as time
from tests.core.exchange.conftest import world as world
from tests.core.exchange.test_hearing import DOMICILE, FAMILY, NAME, theirs
from tests.schema.conftest import Api, Caller

DOCTORS = {"connector": NAME, "profession": "doctor"}
ERRORS = "userErrors { code rule path }"
ABOUT = "connector: $connector, profession: $profession"
DECLARED = "$connector: ID!, $profession: ID!"
FEEDS = "{ feeds { connector profession series number waiting toldOn twoWay onLine } }"
ITEMS = f"query({DECLARED}) {{ feedItems({ABOUT}) {{ path number label master }} }}"
MASTER = f"mutation($input: SetFeedMasterInput!) {{ setFeedMaster(input: $input) {{ master {ERRORS} }} }}"
ANEW = f"mutation($input: FeedActInput!) {{ beginFeedAnew(input: $input) {{ feed {{ number }} {ERRORS} }} }}"
CONFLICTS = f"query({DECLARED}) {{ feedConflicts({ABOUT}) {{ changeId licenceId outcome }} }}"
EVIDENCE = f"""
query({DECLARED}, $id: ID!) {{
  feedConflictEvidence({ABOUT}, changeId: $id) {{
    conflict {{ outcome }} effectiveDate reason
    differences {{ path item {{ label master }} ours theirs hidden }}
  }}
}}"""
SETTLE = f"mutation($input: SettleFeedConflictInput!) {{ settleFeedConflict(input: $input) {{ settled {ERRORS} }} }}"
MEDIA = f"""
query({DECLARED}, $overdue: Boolean!) {{
  feedMedia({ABOUT}, overdue: $overdue) {{ label number sha256 receivedAt destroyedAt overdue }}
}}"""
NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def api(world: World, schema: strawberry.Schema) -> AsyncIterator[Api]:
    app = create_app(world.installation, schema)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as http:
        yield Api(world.installation, app, http)


@pytest.fixture
async def administrator(api: Api) -> Caller:
    return await api.caller(Role.ADMINISTRATOR)


def error(rule: str, path: str) -> list[dict[str, object]]:
    return [{"code": "NOT_FOUND", "rule": rule, "path": [path]}]


async def conflict(world: World, items: dict[str, Any]) -> str:
    """The id of a change of theirs that needs a person."""
    change = await theirs(world, await world.doctors.enter(), items)
    await world.beat()
    return str(change["id"])


async def test_feeds_tell_where_they_stand_and_begin_anew(world: World, administrator: Caller) -> None:
    await world.doctors.enter()
    never = (await administrator.ask(FEEDS))["feeds"]
    assert [(each["connector"], each["series"], each["number"], each["onLine"]) for each in never] == [
        ("public_search", None, 0, True),
        (NAME, None, 0, True),
    ]
    await world.beat()
    public, system = (await administrator.ask(FEEDS))["feeds"]
    assert (public["twoWay"], system["twoWay"], system["waiting"]) == (False, True, False)
    assert (system["number"], system["toldOn"]) == (1, clock.today().isoformat())
    begun = {"input": DOCTORS}
    assert await administrator.ask(ANEW, {"input": DOCTORS | {"validateOnly": True}}) == {
        "beginFeedAnew": {"feed": None, "userErrors": []}
    }  # fmt: skip
    assert (await administrator.ask(FEEDS))["feeds"][1] == system
    assert await administrator.ask(ANEW, begun) == {
        "beginFeedAnew": {"feed": {"number": 0}, "userErrors": []}
    }  # fmt: skip
    assert (await administrator.ask(FEEDS))["feeds"][1]["series"] != system["series"]


async def test_an_administrator_says_whose_an_item_is(administrator: Caller) -> None:
    async def domicile() -> Any:
        items = (await administrator.ask(ITEMS, DOCTORS))["feedItems"]
        return next(each for each in items if each["path"] == DOMICILE)

    assert await domicile() == {"path": DOMICILE, "number": 17, "label": "本籍地コード", "master": "OURS"}
    asked = DOCTORS | {"path": DOMICILE, "master": "THEIRS"}
    for more, told in (({"validateOnly": True}, None), ({}, "THEIRS")):
        payload = await administrator.ask(MASTER, {"input": asked | more})
        assert payload["setFeedMaster"] == {"master": told, "userErrors": []}
    assert (await domicile())["master"] == "THEIRS"
    unknown = await administrator.ask(MASTER, {"input": asked | {"path": "register.colour"}})
    assert unknown["setFeedMaster"] == {"master": None, "userErrors": error("feed.unknown_item", "path")}


async def test_a_conflict_is_shown_beside_the_register_and_settled(
    world: World, api: Api, administrator: Caller
) -> None:
    id = await conflict(world, {FAMILY: "手本", "numbers.individual_number": "123456789018"})
    [listed] = (await administrator.ask(CONFLICTS, DOCTORS))["feedConflicts"]
    assert (listed["changeId"], listed["outcome"]) == (id, "NO_SUCH_ITEM")
    found = (await administrator.ask(EVIDENCE, DOCTORS | {"id": id}))["feedConflictEvidence"]
    assert found == {
        "conflict": {"outcome": "NO_SUCH_ITEM"}, "effectiveDate": clock.today().isoformat(), "reason": "201",
        "differences": [
            {
                "path": FAMILY, "item": {"label": "姓", "master": "OURS"}, "ours": "見本", "theirs": "手本",
                "hidden": False,
            },
            {"path": "numbers.individual_number", "item": None, "ours": None, "theirs": None, "hidden": True},
        ],
    }  # fmt: skip
    [leaf] = [each for each in await api.leaves(LeafKind.READ) if each.operation == "exchange.conflict"]
    assert leaf.subjects == (await world.pseudonym(await only_licence(world)),)
    about = {"input": DOCTORS | {"changeId": id}}
    validated = await administrator.ask(SETTLE, {"input": about["input"] | {"validateOnly": True}})
    assert validated == {"settleFeedConflict": {"settled": False, "userErrors": []}}
    for settled, errors in ((True, []), (False, error("feed.unknown_conflict", "changeId"))):
        payload = await administrator.ask(SETTLE, about)
        assert payload == {"settleFeedConflict": {"settled": settled, "userErrors": errors}}
    assert await administrator.ask(CONFLICTS, DOCTORS) == {"feedConflicts": []}
    gone = await administrator.ask(EVIDENCE, DOCTORS | {"id": id})
    assert gone == {"feedConflictEvidence": None}


async def only_licence(world: World) -> Any:
    [row] = await world.doctors.rows(licence)
    return row["id"]


@pytest.mark.parametrize("about", [{"connector": "nobody"}, {"connector": "public_search"}])
async def test_what_is_not_there_is_not_found(administrator: Caller, about: dict[str, str]) -> None:
    assert await administrator.refused(MEDIA, DOCTORS | about | {"overdue": False}) == "NOT_FOUND"
    for document, more, path, rule in (
        (SETTLE, {"changeId": "x"}, "changeId", "feed.unknown_conflict"),
        (MASTER, {"path": FAMILY, "master": "OURS"}, "path", "feed.unknown_item"),
    ):
        [payload] = (await administrator.ask(document, {"input": DOCTORS | about | more})).values()
        assert payload["userErrors"] == error(rule, path)


async def test_the_book_of_media_tells_what_is_overdue(world: World, administrator: Caller) -> None:
    await world.doctors.enter()
    digests = []
    for label, days in (("USB 1", 31), ("USB 2", 0)):
        world.time.ahead = -timedelta(days=days)
        written = await world.installation.exchange.media.write(ADMINISTRATOR, NAME, "doctor", label)
        assert written is not None
        digests.append(written[0].digest)
    late, fresh = (await administrator.ask(MEDIA, DOCTORS | {"overdue": False}))["feedMedia"]
    assert late == {
        "label": "USB 1", "number": 1, "sha256": digests[0], "receivedAt": None, "destroyedAt": None,
        "overdue": True,
    }  # fmt: skip
    assert fresh == late | {"label": "USB 2", "sha256": digests[1], "overdue": False}
    assert (await administrator.ask(MEDIA, DOCTORS | {"overdue": True}))["feedMedia"] == [late]

"""The requests: which doctors and which pages are asked for, the same of every server, no two alike in a row."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.answers import as_uuid, difference, only, plain
from bench.installation import ACCOUNTS, Dataset
from bench.servers import Running
from meibo.crypto.keys import FileKeys
from meibo.demo.holders import FIRST_NUMBER
from meibo.items.shared import lists
from meibo.register.tables import number_key
from meibo_graphql.ids import NodeIds, NodeKind

SEED = 20
ONES = 2_000
"""Doctors that are asked for in turn."""
READ_SHARE = 0.8
"""The doctors after this share of the register are left to corrections."""
CHECKED = 25
"""Requests of each query whose answers are compared."""
SHAPES = {"one": "Q1", "page": "Q2", "nested": "Q3"}
"""The queries, and what the tables call them."""


@dataclass(frozen=True)
class Identifiers:
    """Our opaque ids of the registry, made and opened with the installation's own key."""

    ids: NodeIds

    @classmethod
    def of(cls, folder: Path) -> Identifiers:
        """Those of the installation whose keys are in a folder."""
        return cls(NodeIds(FileKeys(folder).newest("nodes"), "registry"))

    def opened(self, id: str) -> str:
        """The database's id."""
        key = self.ids.open(id)
        assert key is not None
        return str(key.id)


Variables = Sequence[Mapping[str, Any]]


async def drawn(dataset: Dataset, count: int = ONES) -> list[UUID]:
    """The ids of so many doctors, drawn by chance, the same doctors in each run; corrections touch none of them."""
    chance = random.Random(SEED)  # noqa: S311 - chance that can be repeated
    last = int(dataset.doctors * READ_SHARE)
    keys = [
        number_key(str(FIRST_NUMBER + index)) for index in chance.sample(range(1, last + 1), min(count, last))
    ]
    connection = await dataset.cluster.connect(dataset.register)
    rows = await connection.fetch("select id, number_key from licence where number_key = any($1)", keys)
    await connection.close()
    ids = {row["number_key"]: row["id"] for row in rows}
    return [ids[key] for key in keys]


def ones(running: Running, ids: Sequence[UUID], identifiers: Identifiers) -> Variables:
    """Q1's variables."""
    if running.server.is_ours:
        return [{"id": identifiers.ids.seal(NodeKind.LICENCE, id)} for id in ids]
    return [{"id": str(id)} for id in ids]


def pages(running: Running, most: int) -> Variables:
    """Q2's variables: the first pages of every prefecture, by the server's own cursors, shuffled."""

    def walk(caller: int) -> Iterator[Mapping[str, Any]]:
        for prefecture in lists.PREFECTURE.values:
            yield from _walk(running, "page", {"prefecture": prefecture}, most, caller)

    return _in_turn(walk)


def nested(running: Running, most: int) -> Variables:
    """Q3's variables: the first pages of all doctors, shuffled."""
    return _in_turn(lambda caller: _walk(running, "nested", {}, most, caller))


def first_pages() -> Variables:
    """The first page of each prefecture."""
    return [{"prefecture": prefecture, "after": None} for prefecture in lists.PREFECTURE.values]


def _walk(
    running: Running, query: str, variables: Mapping[str, Any], most: int, caller: int
) -> Iterator[Mapping[str, Any]]:
    after: str | None = None
    for _ in range(most):
        asked = {**variables, "after": after}
        yield asked
        info = only(running.ask(query, asked, caller))["pageInfo"]
        if not info["hasNextPage"]:
            return
        after = info["endCursor"]


def _in_turn(walk: Callable[[int], Iterator[Mapping[str, Any]]]) -> Variables:
    """What every caller walks, each shuffled otherwise, a request of each in turn as wrk takes their tokens: a cursor
    belongs to the caller whom it was given."""
    walks = [list(walk(caller)) for caller in range(len(ACCOUNTS))]
    for caller, found in enumerate(walks):
        random.Random(SEED + caller).shuffle(found)  # noqa: S311 - chance that can be repeated
    return [asked for turn in zip(*walks, strict=True) for asked in turn]


def compare(
    query: str, asked: Mapping[str, Variables], servers: Mapping[str, Running], identifiers: Identifiers
) -> int:
    """Compare the answers to the first requests of a query; gives how many, and stops where two differ."""
    for turn in range(CHECKED):
        told = {
            name: plain(
                only(server.ask(query, asked[name][turn], turn)),
                identifiers.opened if server.server.is_ours else as_uuid,
            )
            for name, server in servers.items()
        }
        if found := difference(told):
            raise SystemExit(f"{SHAPES[query]}: {found}")
    return CHECKED

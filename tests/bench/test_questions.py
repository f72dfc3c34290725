"""What is asked for is really answered: another's cursor is refused, and a peer's id finds nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest

from bench import questions
from bench.installation import ACCOUNTS
from bench.questions import Identifiers
from bench.servers import Running, Server, ours
from meibo.crypto.keys import Key
from meibo_graphql.ids import NodeIds

DOCTOR = UUID(int=1)
OPAQUE = Identifiers(NodeIds(Key("nodes", 1, bytes(32)), "registry"))


@dataclass
class Register:
    """A server of three pages, whose cursors tell whose they are."""

    def ask(self, _query: str, asked: Mapping[str, Any], turn: int) -> Any:
        """A page, for the caller whose turn it is."""
        after = asked["after"]
        assert after is None or after.startswith(f"{turn}:")
        page = int(after.partition(":")[2]) + 1 if after else 1
        return {"doctors": {"pageInfo": {"hasNextPage": page < 3, "endCursor": f"{turn}:{page}"}}}


def test_each_request_has_the_cursor_of_the_caller_in_whose_turn_it_is() -> None:
    asked = questions.nested(cast(Running, Register()), 200)
    assert len(asked) == 3 * len(ACCOUNTS)
    for turn, each in enumerate(asked):
        caller = turn % len(ACCOUNTS)
        assert each["after"] in (None, f"{caller}:1", f"{caller}:2")


@pytest.mark.parametrize(
    ("server", "is_opaque"),
    [
        (ours({}, ["token"]), True),
        (replace(ours({}, ["token"]), name="unaudited"), True),
        (Server("yoga", "graphql-yoga", [], {}, Path(), Path()), False),
    ],
)
def test_only_our_servers_are_asked_by_opaque_ids(server: Server, is_opaque: bool) -> None:
    [asked] = questions.ones(Running(server, cast(Any, None), "http://127.0.0.1"), [DOCTOR], OPAQUE)
    assert (asked["id"] != str(DOCTOR)) is is_opaque

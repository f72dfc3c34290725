"""Pages are asked for by the caller whose cursor they continue: another's would be refused, and refusals are cheap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from bench import questions
from bench.installation import ACCOUNTS
from bench.servers import Running


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

"""The public search (資格確認検索) on the ministry's side: a list of names, years and sexes, and nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from meibo_sandbox.existing.series import Series
from meibo_sandbox.existing.speaking import StandIn

FIELDS = {"full_name", "registration_year", "sex"}
Entry = tuple[int, str, str]


@dataclass
class PublicSearchStandIn(StandIn):
    """Keeps the list of each profession; refuses a batch in which anything else is said of anybody."""

    lists: dict[str, Counter[Entry]] = field(default_factory=dict)
    series: Series = field(default_factory=Series)

    def answer(self, id: str, type: str, body: Any) -> tuple[str, Any]:
        if type != "publish" or any(set(each) != FIELDS for each in (*body["added"], *body["removed"])):
            return "rejected", {"code": "NOT_OF_THE_LIST"}
        if self.series.begins(body):
            self.lists[body["profession"]] = Counter()
        if self.series.follows(body):
            kept = self.lists.setdefault(body["profession"], Counter())
            kept.subtract(_entry(each) for each in body["removed"])
            kept.update(_entry(each) for each in body["added"])
        return self.series.taken(body)

    def holds(self) -> dict[str, Any]:
        """The list of each profession: year of registration, name and sex."""
        return {"lists": {code: sorted(kept.elements()) for code, kept in self.lists.items()}}

    def found(self, profession: str, full_name: str) -> list[Entry]:
        """Who stands in the list under a name; two of one name, year and sex stand in it twice."""
        kept = self.lists.get(profession, Counter())
        return sorted(entry for entry in kept.elements() if entry[1] == full_name)


def _entry(told: dict[str, Any]) -> Entry:
    return told["registration_year"], told["full_name"], told["sex"]

"""The system in which an office has kept its register until now (免許登録管理システム, 登録情報連携システム)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from meibo_sandbox.existing.series import Series
from meibo_sandbox.existing.speaking import StandIn


@dataclass
class RegistrationStandIn(StandIn):
    """Keeps the licences of each profession by their pseudonyms, as they were told last."""

    records: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    series: Series = field(default_factory=Series)

    def answer(self, type: str, body: Any) -> tuple[str, Any]:
        if type != "tell":
            return "rejected", {"code": "UNKNOWN"}
        if self.series.begins(body):
            self.records[body["profession"]] = {}
        if self.series.follows(body):
            kept = self.records.setdefault(body["profession"], {})
            kept |= {each["licence"]: each for each in body["entries"]}
        return self.series.taken(body)

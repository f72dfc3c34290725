"""The system in which an office has kept its register until now (免許登録管理システム, 登録情報連携システム)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from meibo_sandbox.existing.clerks import REASONS, Clerks
from meibo_sandbox.existing.numbers import Numbers
from meibo_sandbox.existing.series import Series
from meibo_sandbox.existing.speaking import StandIn

PAGE = 100


@dataclass
class RegistrationStandIn(StandIn):
    """Keeps the licences of each profession by their pseudonyms, as they were told last, and what its own clerks
    change. What it is told stands among its changes too, as a real system's would: an echo."""

    records: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    changes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    series: Series = field(default_factory=Series)
    clerks: Clerks | None = None
    """Who enters what happens in the sandbox's world; without them nobody does."""
    handed: Numbers = field(init=False)

    def __post_init__(self) -> None:
        self.handed = Numbers(self.reading, lambda: self.now())

    def answer(self, id: str, type: str, body: Any) -> tuple[str, Any]:
        match type:
            case "tell":
                return self._told(id, body)
            case "ask":
                return self._asked(body)
            case "hand_over":
                return self.handed.taken(body)
            case "erase":
                return self.handed.erased(body)
        return "rejected", {"code": "UNKNOWN"}

    def holds(self) -> dict[str, Any]:
        """The licences by profession and pseudonym, what its own clerks changed, and whose numbers it was given."""
        self._hear()
        own = {code: [c for c in made if "because" not in c] for code, made in self.changes.items()}
        return {"records": self.records, "changes": own, "numbers": self.handed.holds()}

    def change(self, profession: str, licence: str, day: str, reason: str, **more: Any) -> dict[str, Any]:
        """A clerk over there changes `items` of a licence, from a day (ISO) on."""
        made = {
            "id": str(uuid4()),
            "licence": licence,
            "effective_date": day,
            "reason": reason,
            "items": {},
            **more,
        }
        self.changes.setdefault(profession, []).append(made)
        return made

    def _told(self, id: str, body: Any) -> tuple[str, Any]:
        if self.series.begins(body):
            self.records[body["profession"]] = {}
        if self.series.follows(body):
            kept = self.records.setdefault(body["profession"], {})
            for each in body["entries"]:
                before = kept.get(each["licence"], {"items": {}})
                kept[each["licence"]] = {**each, "items": {**before["items"], **each["items"]}}
                self.change(body["profession"], each["licence"], "2026-01-01", "201", because=id)
        return self.series.taken(body)

    def _asked(self, body: Any) -> tuple[str, Any]:
        """Changes after a cursor, which is their count."""
        self._hear()
        start = int(body["after"] or 0)
        page = self.changes.get(body["profession"], [])[start : start + PAGE]
        return "changes", {"cursor": str(start + len(page)), "changes": page}

    def _hear(self) -> None:
        """Let the clerks enter what has happened by now."""
        for profession, licence, event, items in self.clerks.heard(self.records) if self.clerks else ():
            self.change(profession, licence, event.day.isoformat(), REASONS[event.kind], items=dict(items))

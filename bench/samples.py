"""What was measured, kept in one JSON file, so that a broken run goes on where it stopped."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.places import DATA

Sample = Mapping[str, float]
"""Figures of one run by name."""


@dataclass
class Samples:
    """Runs by what was measured, such as `one/16/meibo`."""

    path: Path
    runs: dict[str, list[Sample]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def open(cls, name: str, *, fresh: bool = False) -> Samples:
        """Those of an earlier run of that name, unless they are to be forgotten."""
        path = DATA / f"results-{name}.json"
        if fresh or not path.is_file():
            return cls(path)
        told = json.loads(path.read_text("utf-8"))
        return cls(path, told["runs"], told["facts"])

    def count(self, *key: object) -> int:
        """How many runs there are of one measurement."""
        return len(self.runs.get(_named(key), ()))

    def add(self, *key: object, sample: Sample) -> None:
        """Keep a run."""
        self.runs.setdefault(_named(key), []).append(dict(sample))
        self.save()

    def note(self, **facts: Any) -> None:
        """Keep facts that are no runs."""
        self.facts.update(facts)
        self.save()

    def save(self) -> None:
        """Write the file whole."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".tmp")
        draft.write_text(json.dumps({"facts": self.facts, "runs": self.runs}, indent=1), "utf-8")
        draft.replace(self.path)

    def median(self, *key: object, figure: str) -> float | None:
        """The median of a figure over the runs; None where there is none."""
        found = [run[figure] for run in self.runs.get(_named(key), ())]
        return statistics.median(found) if found else None


def _named(key: tuple[object, ...]) -> str:
    return "/".join(str(part) for part in key)

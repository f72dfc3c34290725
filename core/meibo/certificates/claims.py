"""What a certificate says: a type, claims as plain JSON, and which of them its holder may withhold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Path = tuple[str, ...]
"""Where a claim stands: ("name", "family_name") is `family_name` within `name`."""


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of one certificate type (`vct`); a path in `disclosable` is told only if the holder discloses it."""

    type: str
    values: Mapping[str, Any]
    disclosable: frozenset[Path] = frozenset()

    @classmethod
    def of(cls, type: str, values: Mapping[str, Any], disclosable: Iterable[str]) -> Claims:
        """Claims whose disclosable ones are named with dots (`name.family_name`)."""
        return cls(type, values, frozenset(tuple(name.split(".")) for name in disclosable))

    def only(self, names: Iterable[str]) -> Claims:
        """The claims of these names alone."""
        kept = {name: self.values[name] for name in names if name in self.values}
        return Claims(self.type, kept, self.disclosable)

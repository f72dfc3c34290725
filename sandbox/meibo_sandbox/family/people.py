"""The sandbox's people as the family register knows them, by number."""

from __future__ import annotations

from collections.abc import Mapping

from meibo_sandbox.world import Person, World

SINCE = "2024-05-27"
"""The day from which information is given (情報提供起点日)."""


class WorldPeople:
    """Whoever lives in a world, as of its own day."""

    def __init__(self, world: World) -> None:
        self._world = world

    def family_register(self, number: str) -> Mapping[str, str] | None:
        """Values by item; None for a number that nobody has or had."""
        person = self._world.by_number(number)
        return (
            None if person is None else {"provision_base_date": SINCE, **_domicile(person), **_death(person)}
        )


def _domicile(person: Person) -> dict[str, str]:
    """Registered where they live: a simplification, of a world that has no registered domiciles of its own."""
    return {"registered_domicile_code": person.municipality_code, "place_of_birth": person.address}


def _death(person: Person) -> dict[str, str]:
    if person.died_date is None:
        return {}
    day = person.died_date.isoformat()
    return {
        "family_register_movement_date": day, "death_date": day, "death_reason": "1",
        "death_date_uncertainty_category": "1",
    }  # fmt: skip

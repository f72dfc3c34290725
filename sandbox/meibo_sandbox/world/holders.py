"""Holders of a demo's licences as people of a world."""

from __future__ import annotations

from meibo.professions.persons import SyntheticPerson
from meibo_sandbox.world import numbers
from meibo_sandbox.world.persons import Person, Sex
from meibo_sandbox.world.places import TOWNS, municipality_code


def resident(holder: SyntheticPerson) -> Person:
    """A holder as a resident: of the same number, name, birthday and address. The day of birth is known whole."""
    index = numbers.index_of(holder.individual_number)
    assert index is not None, "synthetic holders have numbers of the world's pattern"
    return Person(
        index=index,
        family_name=holder.family_name,
        given_name=holder.given_name,
        family_name_kana=holder.family_name_kana,
        given_name_kana=holder.given_name_kana,
        sex=Sex(holder.sex_code),
        birth_date=holder.born,
        municipality_code=municipality_code(holder.prefecture_code, TOWNS.index("見本市")),
        address=holder.address,
        individual_number=holder.individual_number,
        resident_code=numbers.resident_code(index),
        former_family_name=holder.former_family_name,
    )

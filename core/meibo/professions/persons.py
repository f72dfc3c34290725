"""A synthetic person: what demonstrations, tests and benchmarks know of somebody who does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from meibo.items.shared import lists


@dataclass(frozen=True, slots=True)
class SyntheticPerson:
    """What is known of a person in any profession; absent names are empty.

    `birth_date` may be known in part (EDTF), `born` is the day itself; born < graduated < passed < received <=
    licensed.
    """

    index: int
    family_name: str
    family_name_kana: str
    given_name: str
    given_name_kana: str
    common_family_name: str
    common_family_name_kana: str
    common_given_name: str
    common_given_name_kana: str
    former_family_name: str
    former_family_name_kana: str
    birth_date: str
    sex_code: str
    domicile_code: str
    prefecture_code: str
    address: str
    phone_number: str
    email_address: str
    individual_number: str
    born: date
    graduated_date: date
    passed_date: date
    received_date: date
    licensed_date: date

    @property
    def foreign(self) -> bool:
        """Whether the domicile is a country."""
        return self.domicile_code not in lists.PREFECTURE.values

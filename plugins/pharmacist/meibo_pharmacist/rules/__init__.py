"""Rules of the pharmacists' register: what all registers hold, under pharmacists' law, and what is theirs alone.

That a correction is asked for within 30 days (薬剤師法施行令5条) is the procedure's limit, which core watches.
"""

from collections.abc import Sequence

from meibo.plugin import DeclaredRule, entry, names
from meibo_pharmacist.rules import acts, applying

CODE = "pharmacist"
SHARED = (
    entry.of_age(CODE, "薬剤師法4条"),
    entry.born_first(CODE),
    entry.exam_before_registration(CODE, "薬剤師法3条、7条1項"),
    entry.exam_year(CODE),
    entry.received_first(CODE, "薬剤師法施行令3条"),
    entry.former_registration_whole(CODE),
    entry.former_registration_first(CODE),
    entry.number_stays(CODE, "薬剤師法施行令4条1号、5条"),
    names.given_name_of_nationals(CODE, "戸籍法13条"),
    names.given_name_kana(CODE),
    names.common_name_kana(CODE),
    names.common_name_of_foreign_nationals(CODE, "住民基本台帳法施行令30条の16"),
    names.former_family_name_kana(CODE),
)
OWN = tuple(
    found for module in (acts, applying) for found in vars(module).values() if isinstance(found, DeclaredRule)
)
RULES: Sequence[DeclaredRule] = (*SHARED, *OWN)

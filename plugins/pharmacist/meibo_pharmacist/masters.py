"""Rows for the code tables of a new installation, and the reasons for which a number is destroyed."""

from meibo.plugin import code_rows
from meibo_pharmacist.law import MEASURES

RETURNED = frozenset({"401"})
"""The holder gave the licence up."""
REVOKED = frozenset({"404", "791", "792", "793"})
"""The licence was revoked: the reason of striking off, and the reasons of the revocation itself."""


def rows() -> code_rows.CodeRows:
    """Table key -> rows by item identifier."""
    shared = code_rows.rows(
        licence_types=[
            code_rows.licence_type(
                "09", "薬剤師", "Pharmacist", law="Pharmacists Act", sequence="pharmacist_registration_number"
            )
        ],
        reasons=[
            code_rows.reason("07", "791", "罰金以上の刑（薬剤師法5条3号）", "刑"),
            code_rows.reason("07", "792", "薬事に関する犯罪又は不正（薬剤師法5条4号）", "不正"),
            code_rows.reason("07", "793", "薬剤師としての品位を損する行為（薬剤師法8条）", "品位"),
        ],
    )
    contents = code_rows.dispositions(*((measure.code, measure.name[0]) for measure in MEASURES))
    return {**shared, "disposition_master": contents}

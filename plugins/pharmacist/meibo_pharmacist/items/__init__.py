"""Items 3-240 of the official list of pharmacists (薬剤師), in its order; core prepends 1-2 and gives 241-387."""

from meibo_pharmacist.items.application_entry import PharmacistApplicationEntry
from meibo_pharmacist.items.documents import PharmacistDocumentPrint, PharmacistImage
from meibo_pharmacist.items.exam import PharmacistExam
from meibo_pharmacist.items.register import PharmacistRegister
from meibo_pharmacist.items.views import (
    PharmacistDailyCount,
    PharmacistDisposition,
    PharmacistRegisterHistory,
)

__all__ = [
    "PharmacistApplicationEntry",
    "PharmacistDailyCount",
    "PharmacistDisposition",
    "PharmacistDocumentPrint",
    "PharmacistExam",
    "PharmacistImage",
    "PharmacistRegister",
    "PharmacistRegisterHistory",
]

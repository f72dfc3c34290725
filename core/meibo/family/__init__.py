"""The family register (戸籍), asked through the intermediate server (中間サーバー) of the information-sharing network.

    number -> symbol (連携用符号) -> inquiry about items that the network's list grants -> sealed reply -> deletion

The register asks and is answered. It gives nothing to anybody this way: there is no message by which it could.
"""

from meibo.family.office import FamilyOffice
from meibo.family.opening import Family, family_connector, open_family
from meibo.family.records import Batch, FamilyStatistics, Inquiry, InquiryKind

__all__ = [
    "Batch",
    "Family",
    "FamilyOffice",
    "FamilyStatistics",
    "Inquiry",
    "InquiryKind",
    "family_connector",
    "open_family",
]

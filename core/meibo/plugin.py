"""Everything that a plugin imports: `from meibo.plugin import Group, ProfessionPlugin, hookimpl, item`."""

from meibo.connectors import Connector, Direction, Message, Received
from meibo.errors import Finding, FindingCode
from meibo.hooks import hookimpl
from meibo.items.codes import CodeList
from meibo.items.declaration import Cardinality, Group, Personal, Placed, Sensitive, headed, item
from meibo.items.files import File
from meibo.items.kinds import Code, Email, Era, Kana, Phone, PostalCode
from meibo.items.shared import lists
from meibo.items.shared.code_tables import (
    CODE_TABLES,
    BureauDirector,
    ChiefMedicalOfficer,
    DispositionContent,
    Domicile,
    ExamSite,
    LicenceType,
    Minister,
    Reason,
    School,
    masters,
)
from meibo.items.shared.family_register import FamilyRegister
from meibo.items.shared.medical_register import MedicalRegister, Reeducation, RegisterAddress
from meibo.items.shared.numbers import Numbers
from meibo.items.shared.resident_record import ResidentRecord
from meibo.professions.certificates import Certificate, Claim
from meibo.professions.law import (
    Administrator,
    ExistingSystem,
    LegalBasis,
    Measure,
    MeasureKind,
    PaperNumbers,
    PassLists,
    PublicSearch,
    ReceivingOffice,
    Term,
)
from meibo.professions.persons import SyntheticPerson
from meibo.professions.plugin import Effect, ErasureRule, Groups, Holder, ProfessionPlugin
from meibo.professions.procedures import Document, Fee, Procedure
from meibo.professions.rules import DeclaredRule, Record, SharedRule, rule, shared_rule
from meibo.professions.shared import code_rows, days, demo, entry, medical, names, nursing, practice_report
from meibo.professions.upcasts import Upcast, converted, renamed
from meibo.values.dates import EraMonth, PartialDate, YearMonth
from meibo.values.eras import EraDate, EraParts

__all__ = [
    "CODE_TABLES",
    "Administrator",
    "BureauDirector",
    "Cardinality",
    "Certificate",
    "ChiefMedicalOfficer",
    "Claim",
    "Code",
    "CodeList",
    "Connector",
    "DeclaredRule",
    "Direction",
    "DispositionContent",
    "Document",
    "Domicile",
    "Effect",
    "Email",
    "Era",
    "EraDate",
    "EraMonth",
    "EraParts",
    "ErasureRule",
    "ExamSite",
    "ExistingSystem",
    "FamilyRegister",
    "Fee",
    "File",
    "Finding",
    "FindingCode",
    "Group",
    "Groups",
    "Holder",
    "Kana",
    "LegalBasis",
    "LicenceType",
    "Measure",
    "MeasureKind",
    "MedicalRegister",
    "Message",
    "Minister",
    "Numbers",
    "PaperNumbers",
    "PartialDate",
    "PassLists",
    "Personal",
    "Phone",
    "Placed",
    "PostalCode",
    "Procedure",
    "ProfessionPlugin",
    "PublicSearch",
    "Reason",
    "Received",
    "ReceivingOffice",
    "Record",
    "Reeducation",
    "RegisterAddress",
    "ResidentRecord",
    "School",
    "Sensitive",
    "SharedRule",
    "SyntheticPerson",
    "Term",
    "Upcast",
    "YearMonth",
    "code_rows",
    "converted",
    "days",
    "demo",
    "entry",
    "headed",
    "hookimpl",
    "item",
    "lists",
    "masters",
    "medical",
    "names",
    "nursing",
    "practice_report",
    "renamed",
    "rule",
    "shared_rule",
]

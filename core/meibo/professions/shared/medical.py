"""What the seven professions of the medical file (医籍等) declare alike, each from its own act and order.

Articles and days are those of the acts; titles, reissue fees and the orders' articles are partly from memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from meibo.items.declaration import Placed
from meibo.items.texts import Texts
from meibo.professions.certificates import Certificate, Claim
from meibo.professions.law import (
    Administrator,
    ExistingSystem,
    LegalBasis,
    Measure,
    MeasureKind,
    PublicSearch,
    ReceivingOffice,
)
from meibo.professions.plugin import Effect, ErasureRule, Groups, Holder, ProfessionPlugin
from meibo.professions.procedures import Fee, Procedure
from meibo.professions.rules import DeclaredRule
from meibo.professions.shared import entry, names

NUMBERS = date(2024, 5, 27)
"""The day from which the office may use individual numbers; the fees are those of that day."""
MONTH = timedelta(days=30)
ADMINISTRATOR = Administrator(
    ("厚生労働省", "Ministry of Health, Labour and Welfare"),
    ("医政局医事課", "Health Policy Bureau, Medical Professions Division"),
)
"""One administrator keeps the whole file, and so its numbers."""
PREFECTURES = ReceivingOffice("register.forwarding_prefecture_code", ("都道府県", "Prefecture"))
"""Applications go through the health centre to the prefecture, which forwards them to the ministry."""
FACTS = ("domicile_code", "family_name", "given_name", "birth_date", "sex_code")
"""The facts of the register (医師法施行令4条2号 and its sister orders): a change obliges to a correction."""
NAMES = (
    *("family_name", "given_name", "family_name_kana", "given_name_kana"),
    *("former_family_name", "common_family_name", "common_given_name"),
)
CLAIMS = (
    Claim("profession", disclosable=False),
    Claim("full_name", disclosable=False),
    *(Claim(name, item=f"register.{name}") for name in NAMES),
    Claim("birth_date"),
    Claim("registration_number"),
    Claim("registration_date"),
)
"""What a certificate of the medical file shows."""
SHOWN = (
    *("registration_number", "licence_type_code", "registration_date"),
    *(
        "exam_number",
        "national_exam_round",
        "national_exam_year",
        "exam_site_code",
        "national_exam_pass_date",
    ),
    *(
        "former_registration_prefecture_code",
        "former_registration_number",
        "former_registration_date",
        "domicile_code",
    ),
    *("family_name", "given_name", "family_name_kana", "given_name_kana"),
    *("common_family_name", "common_given_name", "common_family_name_kana", "common_given_name_kana"),
    *("birth_date", "sex_code", "register_correction_date", "reissue_date", "deregistration_date"),
    *("registration_transfer_date", "alma_mater_code", "passed_licence_type_code"),
    *("former_family_name", "former_family_name_kana"),
    *("certification_date", "application_health_bureau", "certification_number", "address"),
)
"""Of the entry, what its holder applied with or was told. The office's own notes stay there: reasons in words,
remarks, memo, fines, how the application was processed."""
TRAINED = ("reeducation_order_registered_date", "reeducation_completion_registered_date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """The act and the order of one profession, with the articles on which its verbs and rules rest.

    `examined` says who is licensed, `roll` and `entry` that the register is kept and entered, `application` and
    `facts` how one applies and what is entered; `stop` names the suspension, `longest_stop` is in months; `numbers`
    are the rows of 番号法別表第一, 別表第二 and 住民基本台帳法別表第一. `founded` says that there was no register
    before the act. Left out is what the act does not know.
    """

    act: str
    since: date
    examined: str
    roll: str
    entry: str
    founded: bool = True
    of_age: str = ""
    practice_report: str = ""
    measures: str
    stop: Texts
    longest_stop: int | None = None
    reprimand: bool = True
    reeducation: str = ""
    reeducation_since: date = date(2007, 4, 1)
    """Since when there are reprimands and orders of re-education."""
    order: str
    order_since: date = date(1953, 12, 8)
    application: str
    facts: str
    correction: str
    striking_off: str
    rewriting: str
    reissue: str
    certification: str = ""
    """The law of the certification (認定) that the entry notes, whole with its name."""
    numbers: tuple[str, str, str]

    def legal_bases(self) -> Iterator[LegalBasis]:
        """A basis for every verb, and for the use of numbers."""
        yield self._by_act("register", f"{self.roll}、{self.entry}")
        if self.practice_report:
            yield self._by_act("practice_report", self.practice_report)
        if self.reprimand:
            yield self._by_act("reprimand", f"{self.measures}（戒告）", self.reeducation_since)
        yield self._by_act("suspend", f"{self.measures}（{self.stop[0]}）")
        yield self._by_act("revoke", f"{self.measures}（免許の取消し）")
        yield self._by_act("restore", f"{self.measures}（再免許）")
        if self.reeducation:
            yield self._by_act("order_reeducation", self.reeducation, self.reeducation_since)
            yield self._by_act("complete_reeducation", self.reeducation, self.reeducation_since)
        yield self._by_act("lift_suspension", f"{self.measures}（停止の取消し・変更）")
        yield self._by_order("correct", self.correction)
        yield self._by_order("strike_off", self.striking_off)
        yield self._by_order("undo_strike_off", f"{self.striking_off}（抹消の取消し）")
        yield self._by_order("rewrite", self.rewriting)
        yield self._by_order("reissue", self.reissue)
        first, second, resident = self.numbers
        yield LegalBasis("number_use", "番号法", f"9条1項 別表第一の{first}", NUMBERS)
        yield LegalBasis("number_exchange", "番号法", f"19条8号 別表第二の{second}", NUMBERS)
        yield LegalBasis("resident_record", "住民基本台帳法", f"30条の9 別表第一の{resident}", NUMBERS)

    def disciplinary_measures(self) -> Iterator[Measure]:
        """The measures that the act knows, with their codes in the list of dispositions."""
        if self.reprimand:
            yield Measure("01", ("戒告", "Reprimand"), MeasureKind.REPRIMAND, "reprimand")
        yield Measure("02", self.stop, MeasureKind.SUSPENSION, "suspend", self.longest_stop)
        revoked = ("免許の取消し", "Revocation of the licence")
        yield Measure("03", revoked, MeasureKind.REVOCATION, "revoke")

    def rules(self, code: str) -> Iterator[DeclaredRule]:
        """The rules of the entry and of names, and of re-education where the act orders it."""
        act, order = self.act, self.order
        if self.of_age:
            yield entry.of_age(code, f"{act}{self.of_age}")
        if self.founded:
            yield entry.not_before_the_act(code, f"{act}{self.roll}", self.since)
        yield entry.born_first(code)
        yield entry.exam_before_registration(code, f"{act}{self.examined}、{self.entry}")
        yield entry.exam_year(code)
        yield entry.received_first(code, f"{order}{self.application}")
        yield entry.passed_licence_type(code)
        yield entry.former_registration_whole(code)
        yield entry.former_registration_first(code)
        yield entry.acts_after_registration(code)
        yield entry.reasons_with_dates(code)
        yield entry.number_stays(code, f"{order}{self.facts}、{self.correction}")
        yield entry.certification_whole(code, self.certification)
        yield entry.certified_after_registration(code, self.certification)
        if self.reeducation:
            told = f"{act}{self.reeducation}第1項・第2項"
            yield entry.reeducation_ordered(code, told)
        yield names.given_name_of_nationals(code, "戸籍法13条")
        yield names.given_name_kana(code)
        yield names.common_name_kana(code)
        yield names.common_name_of_foreign_nationals(code, "住民基本台帳法施行令30条の16")
        yield names.former_family_name_kana(code)

    def _by_act(self, id: str, article: str, since: date | None = None) -> LegalBasis:
        return LegalBasis(id, self.act, article, since or self.since)

    def _by_order(self, id: str, article: str) -> LegalBasis:
        return LegalBasis(id, self.order, article, self.order_since)


def profession(
    code: str,
    name: Texts,
    register_name: Texts,
    *,
    law: Law,
    groups: Groups,
    tax: int,
    rules: Iterable[DeclaredRule] = (),
    public_search: PublicSearch | None = None,
    shown: Sequence[str] = (),
) -> ProfessionPlugin:
    """A profession of the medical file; `tax` is the registration tax in yen, `rules` are those of its own, and
    `shown` is what holders see beside the entry."""
    return ProfessionPlugin(
        code=code,
        core=">=0.1,<2",
        name=name,
        register_name=register_name,
        groups=groups,
        holder=Holder(address="practice_report.address") if law.practice_report else Holder(),
        rules=(*law.rules(code), *rules),
        legal_bases=tuple(law.legal_bases()),
        procedures=tuple(procedures(law, name, register_name)),
        fees=tuple(fees(law, tax)),
        certificate=Certificate(f"urn:meibo:{code}:1", claims=CLAIMS),
        shown_to_holder=(*_listed(groups), *shown),
        # 医籍等は永年保存: entries and numbers stay, whatever the reason of striking off.
        erasure=ErasureRule(keep_record=True, destroy_number_when=frozenset()),
        file="medical",
        effects=EFFECTS | (REEDUCATION if law.reeducation else {}),
        measures=tuple(law.disciplinary_measures()),
        reeducation="order_reeducation" if law.reeducation else "",
        administrator=ADMINISTRATOR,
        receiving_office=PREFECTURES,
        public_search=public_search,
        existing_system=ExistingSystem(connector="licence_registration", takes_numbers=True),
    )


def _listed(groups: Groups) -> Iterator[str]:
    """What holders see of the entry and of re-education, as far as the profession lists it."""
    of = {"register": SHOWN, "reeducation": TRAINED}
    for each in groups:
        group = each.group if isinstance(each, Placed) else each
        whole = (group.part_of or group).about.key.rpartition("_")[2]
        yield from (f"{whole}.{name}" for name in of.get(whole, ()) if name in group.items)


def procedures(law: Law, name: Texts, register_name: Texts) -> Iterator[Procedure]:
    """The applications of a profession; the office calls a register 籍 or 名簿."""
    roll = "名簿" if register_name[0].endswith("名簿") else "籍"
    yield Procedure(
        "registration",
        "新規登録",
        "Registration",
        gives=("register",),
        documents=("application", "diagnosis", "family_register_or_resident_record", "revenue_stamp"),
    )
    yield Procedure(
        "correction",
        f"{roll}訂正・免許証書換え交付",
        "Correction and rewritten certificate",
        gives=tuple(f"register.{fact}" for fact in FACTS),
        documents=("application", "family_register", "certificate", "revenue_stamp"),
        within=MONTH,
    )
    yield Procedure(
        "reissue",
        "免許証再交付",
        "Reissue of the certificate",
        documents=("application", "remains_of_certificate", "identity_document", "revenue_stamp"),
    )
    yield Procedure(
        "deregistration",
        "まっ消",
        "Striking off at the holder's wish",
        documents=("application", "certificate"),
    )
    yield Procedure(
        "deregistration_on_death",
        "まっ消（死亡・失踪宣告）",
        "Striking off after death or a declaration of disappearance",
        documents=("application", "certificate", "family_register"),
        within=MONTH,
    )
    if law.practice_report:
        yield Procedure("practice_report", f"{name[0]}届出", "Biennial report", gives=("practice_report",))
    if law.reeducation:
        yield Procedure(
            "reeducation_completion",
            "再教育研修修了登録",
            "Registration of completed re-education",
            gives=("reeducation.reeducation_completion_registered_date",),
            documents=("application", "completion_certificate", "revenue_stamp"),
        )


def fees(law: Law, tax: int) -> Iterator[Fee]:
    """The fees and taxes; one application of correction is taxed once, however many items it corrects."""
    yield Fee("registration", channel="any", yen=tax, valid_from=NUMBERS, kind="tax")
    yield Fee("correction", channel="any", yen=1_000, valid_from=NUMBERS, kind="tax")
    yield Fee("reissue", channel="any", yen=3_100, valid_from=NUMBERS)
    if law.reeducation:
        yield Fee("reeducation_completion", channel="paper", yen=3_100, valid_from=NUMBERS)
        yield Fee("reeducation_completion", channel="online", yen=2_950, valid_from=NUMBERS)


def _noted(act: str) -> Effect:
    """The three items in which the register notes an act: its day, its reason's code, its words."""
    noted = f"register.{act}"
    return Effect(f"{noted}_date", f"{noted}_reason_code", f"{noted}_reason_text")


EFFECTS = {
    "correct": _noted("register_correction"),
    "reissue": _noted("reissue"),
    "strike_off": _noted("deregistration"),
    "undo_strike_off": Effect(clears=_noted("deregistration").paths()),
}
REEDUCATION = {
    # A new order begins anew: the completion of an earlier one goes.
    "order_reeducation": Effect(
        "reeducation.reeducation_order_registered_date",
        clears=("reeducation.reeducation_completion_registered_date",),
    ),
    "complete_reeducation": Effect("reeducation.reeducation_completion_registered_date"),
}

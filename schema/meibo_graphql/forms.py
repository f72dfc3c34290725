"""The inputs of the verbs that carry items, told so that a form can be built for any profession."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import strawberry

from meibo.identity import VerifiedBy
from meibo.items.codes import CodeList
from meibo.items.declaration import Item as CoreItem
from meibo.items.kinds import BY_TYPE, Code
from meibo.items.shared import lists
from meibo.professions.compiled import Profession
from meibo.register.fold import Verb
from meibo.register.tables import stored
from meibo.registry.checks import TEXT_LENGTH
from meibo.values.numbers import IndividualNumber
from meibo_graphql.groups import pascal
from meibo_graphql.items import FormField, ItemGroup, group_of
from meibo_graphql.types import camel

ITEM_VERBS = (Verb.REGISTER, Verb.CORRECT)
"""The verbs that carry items, so that each profession has its own of them."""
VERIFIED_BY: Mapping[VerifiedBy, tuple[str, str]] = {
    VerifiedBy.JPKI_SIGNATURE: ("公的個人認証", "Public key of the My Number Card"),
    VerifiedBy.MY_NUMBER_CARD: ("マイナンバーカードの提示", "My Number Card shown"),
    VerifiedBy.NUMBER_NOTICE_AND_PHOTO_ID: (
        "通知カードと写真付き本人確認書類", "Notification card and an identity document with a photograph",
    ),
    VerifiedBy.PAPER_COPY: ("写しの郵送", "Copies sent by post"),
    VerifiedBy.RESIDENT_RECORD_AND_PHOTO_ID: (
        "個人番号が記載された住民票の写しと写真付き本人確認書類",
        "Resident record with the number and an identity document with a photograph",
    ),
    VerifiedBy.RESIDENT_RECORD_NETWORK: ("住民基本台帳ネットワーク", "Resident record network"),
}  # fmt: skip

EFFECTIVE_DATE = CoreItem(
    name="effective_date", label="効力発生日", en="Takes effect on", kind=BY_TYPE[date], required=True
)
REASON = CoreItem(
    name="reason", label="理由", en="Reason", kind=BY_TYPE[Code], required=True, codes=lists.REASON
)
REASON_TEXT = CoreItem(
    name="reason_text", label="理由（詳細）", en="Reason in words", max_length=TEXT_LENGTH, multiline=True
)
DELAY_REASON = CoreItem(
    name="delay_reason", label="遅延理由", en="Reason of the delay", max_length=TEXT_LENGTH
)
INDIVIDUAL_NUMBER = CoreItem(
    name="individual_number", label="個人番号", en="Individual number", kind=BY_TYPE[IndividualNumber]
)


@strawberry.type(description="An input of the act itself, which no official list has.")
class ActField(FormField):
    pass


@strawberry.type(
    description="The form of a verb that carries items: its mutation takes these fields and groups, and beside them"
    " idempotencyKey and validateOnly; a correction also licenceId and expectedVersion."
)
class Form:
    verb: str = strawberry.field(description="register or correct.")
    mutation: str = strawberry.field(description="The mutation, such as registerDoctorLicence.")
    input: str = strawberry.field(description="The type of its input, such as RegisterDoctorLicenceInput.")
    fields: list[ActField]
    groups: list[ItemGroup] = strawberry.field(
        description="In the official order, each with the items that it takes."
    )


def forms_of(profession: Profession) -> list[Form]:
    """The profession's forms."""
    groups = [group_of(profession, s, settable=True) for s in profession.content_groups if stored(s)]
    return [
        Form(
            verb=camel(verb),
            mutation=camel(f"{verb}_{profession.code}_licence"),
            input=input_name(verb, profession),
            fields=[ActField(source=item) for item in _act_items(profession, verb)],
            groups=groups,
        )
        for verb in ITEM_VERBS
    ]


def input_name(verb: Verb, profession: Profession) -> str:
    """`RegisterDoctorLicenceInput`."""
    return f"{verb.capitalize()}{pascal(profession)}LicenceInput"


def _act_items(profession: Profession, verb: Verb) -> Iterator[CoreItem]:
    """What the act takes, in the order in which a form asks."""
    yield EFFECTIVE_DATE
    yield REASON
    yield _legal_basis(profession)
    yield REASON_TEXT
    if verb is Verb.CORRECT:
        yield DELAY_REASON
    elif profession.keeps_numbers:
        yield INDIVIDUAL_NUMBER
        yield _VERIFIED_BY


def _legal_basis(profession: Profession) -> CoreItem:
    articles = {b.id: (f"{b.law} {b.article}",) * 2 for b in profession.plugin.legal_bases}
    codes = CodeList("legal_basis", articles)
    return CoreItem(
        name="legal_basis", label="根拠法令", en="Legal basis", kind=BY_TYPE[Code], required=True, codes=codes
    )


_VERIFIED_BY = CoreItem(
    name="verified_by", label="本人確認の方法", en="Identity verified by", kind=BY_TYPE[Code],
    codes=CodeList("verified_by", {how.name: texts for how, texts in VERIFIED_BY.items()}),
)  # fmt: skip

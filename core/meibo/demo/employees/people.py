"""The ten, by condition. Their names are samples (見本); nobody of that name is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from meibo.items.texts import Texts


class Condition(StrEnum):
    """What is so of an employee."""

    VALID = "valid"
    SAME_NAME = "same-name"
    SUSPENDED_TOMORROW = "suspended-tomorrow"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    ENDED_BY_DATE = "ended-by-date"
    SHARE_WITHDRAWN = "share-withdrawn"
    SHARE_USED_UP = "share-used-up"
    SHARE_EXPIRED = "share-expired"
    NAME_CORRECTED = "name-corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    """One of them: the items of the entry that are the employee's own, what happens to the licence, and what a check
    comes to: of the share's token, and of the certificate (or the QR code)."""

    condition: Condition
    about: Texts
    given_name: tuple[str, str]
    sex: str = "2"
    registered: date = date(2015, 4, 20)
    profession: str = "doctor"
    share: str = "VALID"
    certificate: str = "VALID"
    values: Mapping[str, str] = field(default_factory=dict)


FAMILY_NAME = ("見本", "ミホン")
EMPLOYEES = (
    Employee(
        condition=Condition.VALID,
        about=("有効な免許", "The licence stands."),
        given_name=("太郎", "タロウ"),
        sex="1",
    ),
    Employee(
        condition=Condition.SAME_NAME,
        about=("同姓同名の別人", "The licence stands; its holder has the name and the sex of another."),
        given_name=("太郎", "タロウ"),
        sex="1",
        registered=date(2018, 4, 20),
    ),
    Employee(
        condition=Condition.SUSPENDED_TOMORROW,
        about=("明日から業務停止", "The licence stands today, and is suspended from tomorrow on."),
        given_name=("明子", "アキコ"),
    ),
    Employee(
        condition=Condition.SUSPENDED,
        about=("業務停止中", "The licence is suspended since today."),
        given_name=("止美", "トミ"),
        share="SUSPENDED",
        certificate="SUSPENDED",
    ),
    Employee(
        condition=Condition.REVOKED,
        about=("免許取消し", "The licence was revoked."),
        given_name=("消子", "ショウコ"),
        share="REVOKED",
        certificate="REVOKED",
    ),
    Employee(
        condition=Condition.ENDED_BY_DATE,
        about=("期限付登録の満了", "The entry was for a term, which is over."),
        given_name=("期美", "キミ"),
        profession="careworker",
        share="EXPIRED",
        certificate="REVOKED",
    ),
    Employee(
        condition=Condition.SHARE_WITHDRAWN,
        about=("共有の取消し", "The licence stands; the holder withdrew the share."),
        given_name=("返子", "ヘンコ"),
        share="NOT_AVAILABLE",
    ),
    Employee(
        condition=Condition.SHARE_USED_UP,
        about=("共有の使用済み", "The licence stands; the share was used as often as it may be."),
        given_name=("済子", "スミコ"),
        share="NOT_AVAILABLE",
    ),
    Employee(
        condition=Condition.SHARE_EXPIRED,
        about=("共有の期限切れ", "The licence stands; the share ended a second after it was made."),
        given_name=("過子", "スギコ"),
        share="NOT_AVAILABLE",
    ),
    Employee(
        condition=Condition.NAME_CORRECTED,
        about=(
            "氏名訂正・再発行",
            "The name was corrected: the former certificate is over, a new one was issued.",
        ),
        given_name=("改子", "カイコ"),
    ),
)
CORRECTED_NAME = ("手本", "テホン")
"""The family name after the correction."""

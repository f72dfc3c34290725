"""Items 3-62 of the official list of midwives (助産師); core prepends 1-2 and gives the others."""

from meibo.plugin import MedicalRegister, Reeducation, RegisterAddress


class MidwifeRegister(
    MedicalRegister,
    title="名簿情報",
    en="Register",
    purpose=(
        "助産師籍への登録（保健師助産師看護師法10条）",
        "register of midwives (保健師助産師看護師法10条)",
    ),
    source="application, national examination",
    erasure="kept for good (医籍等は永年保存)",
):
    """The entry of a midwife."""


class MidwifeReeducation(
    Reeducation,
    title="再教育研修",
    en="Re-education",
    heading="名簿情報",
    purpose=(
        "再教育研修命令の管理（保健師助産師看護師法15条の2）",
        "follow up orders of re-education (保健師助産師看護師法15条の2)",
    ),
    source="the minister's order; the holder's application",
    erasure="keep with the licence",
):
    """Whether a midwife's re-education was ordered and completed."""


class MidwifeAddress(
    RegisterAddress,
    title="名簿情報",
    en="Register: address",
    purpose="write to the holder",
    source="application",
    erasure="keep with the licence",
    part_of=MidwifeRegister,
):
    """Where a midwife lives: the last item of the register's part of the list."""

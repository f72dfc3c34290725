"""Rules of names: which stand together, whose they are, and what the flags show."""

import unicodedata
from collections.abc import Iterator

from meibo.plugin import Finding, names, rule
from meibo_careworker.items import CareworkerRegister

LONG = (
    ("former_family_name", "旧姓", "former family name"),
    ("common_name", "通称", "common name"),
    ("common_name_former_family", "通称（旧姓）", "common name with the former family name"),
)
"""Names that have an item more for what their own does not hold."""
FULL_NAMES = (
    ("full_name_kana_long", ("family_name_kana", "given_name_kana"), "カナ氏名", "full name in kana"),
    ("full_name_kanji_long", ("family_name", "given_name"), "漢字氏名", "full name"),
)
FLAGS = (
    ("former_family_name_flag", "former_family_name", "旧姓", "former family name"),
    ("common_name_flag", "common_name", "通称", "common name"),
    (
        "former_and_common_name_flag",
        "common_name_former_family",
        "通称（旧姓）",
        "common name with the former family name",
    ),
)


@rule(
    "careworker.long_names",
    cites="items 11-16",
    ja="長名は、通常の項目に収まらない名だけに用い、通常の項目とそろえる。",
)
def long_names(register: CareworkerRegister) -> Iterator[Finding]:
    """A long form stands beside the item that does not hold the name, and says more."""
    for name, ja, en in LONG:
        long, short = getattr(register, f"{name}_long"), getattr(register, name)
        if long and (not short or len(long) <= len(short)):
            yield _no_longer(f"{name}_long", ja, en)


@rule(
    "careworker.long_full_names",
    cites="items 7-10, 17, 18",
    ja="氏名の長名は、姓・名の項目に収まらない氏名だけに用いる。",
)
def long_full_names(register: CareworkerRegister) -> Iterator[Finding]:
    """The long form of a full name says more than family name and given name together."""
    for name, parts, ja, en in FULL_NAMES:
        long = "".join((getattr(register, name) or "").split())
        if long and len(long) <= sum(len(getattr(register, part) or "") for part in parts):
            yield _no_longer(name, ja, en)


@rule("careworker.latin_letters", cites="item 19", ja="アルファベット氏名はラテン文字で書く。")
def latin_letters(register: CareworkerRegister) -> Finding | None:
    """The name in Latin letters is in Latin letters."""
    name = register.full_name_alphabet or ""
    if all("LATIN" in unicodedata.name(character, "") for character in name if character.isalpha()):
        return None
    return Finding(
        "full_name_alphabet",
        "アルファベット氏名はローマ字で入力してください。",
        "Write this name in Latin letters.",
    )


@rule(
    "careworker.common_name_of_foreign_nationals",
    cites="住民基本台帳法施行令30条の16、items 13-16, 20",
    ja="通称は外国籍の方だけが登録できる。",
)
def common_name_of_foreign_nationals(register: CareworkerRegister) -> Finding | None:
    """Only foreign residents have a common name (通称); who becomes Japanese gives it up."""
    named = register.common_name or register.common_name_former_family
    if not named or not names.is_national(register.domicile_code):
        return None
    return Finding(
        "common_name" if register.common_name else "common_name_former_family",
        "通称は外国籍の方だけが登録できます。通称を消すか、本籍地コードを確認してください。",
        "Only foreign nationals have a common name: clear it, or check the domicile.",
    )


@rule(
    "careworker.flags_with_names",
    cites="items 11, 13, 15, 78-80",
    ja="登録証に併記する名は、登録されていなければならない。",
)
def flags_with_names(register: CareworkerRegister) -> Iterator[Finding]:
    """What a flag lets the certificate show stands in the register."""
    for flag, name, ja, en in FLAGS:
        if getattr(register, flag) and not getattr(register, name):
            yield Finding(
                name,
                f"併記のフラグがあります。{ja}を入力するか、フラグを消してください。",
                f"A flag shows the {en}: give it, or clear the flag.",
            )


def _no_longer(name: str, ja: str, en: str) -> Finding:
    return Finding(
        name,
        f"{ja}の長名は、通常の項目に収まる分と併せて、収まらない場合だけ入力してください。",
        f"Give the long form of the {en} only where its own item does not hold it, and what fits there.",
    )


RULES = (
    names.given_name_of_nationals("careworker", "戸籍法13条"),
    names.given_name_kana("careworker"),
    common_name_of_foreign_nationals,
    long_names,
    long_full_names,
    latin_letters,
    flags_with_names,
)

"""Rules of names: every name with its kana, and which names whom."""

from collections.abc import Iterator

from meibo.plugin import Finding, lists, rule
from meibo_doctor.items import DoctorRegister


@rule("doctor.given_name_of_nationals", cites="戸籍法13条、items 17, 19")
def given_name_of_nationals(register: DoctorRegister) -> Finding | None:
    """A Japanese national has a given name beside the family name; others may bear one name alone."""
    if register.given_name or register.domicile_code not in lists.PREFECTURE.values:
        return None
    return Finding(
        "given_name",
        "本籍が都道府県の方は、名を入力してください。",
        "The domicile is a prefecture: give the given name as the family register prints it.",
    )


@rule("doctor.given_name_kana", cites="items 19, 21")
def given_name_kana(register: DoctorRegister) -> Finding | None:
    """The given name and its kana stand together."""
    return _paired(register, "given_name", "名", "given name")


@rule("doctor.common_name_kana", cites="items 22-25")
def common_name_kana(register: DoctorRegister) -> Iterator[Finding]:
    """The parts of a common name and their kana stand together."""
    yield from filter(
        None,
        (
            _paired(register, "common_family_name", "通称（姓）", "family name of the common name"),
            _paired(register, "common_given_name", "通称（名）", "given name of the common name"),
        ),
    )


@rule("doctor.common_name_of_foreign_nationals", cites="住民基本台帳法施行令30条の16、items 17, 22, 23")
def common_name_of_foreign_nationals(register: DoctorRegister) -> Finding | None:
    """Only foreign residents have a common name (通称); who becomes Japanese gives it up."""
    named = register.common_family_name or register.common_given_name
    if not named or register.domicile_code not in lists.PREFECTURE.values:
        return None
    return Finding(
        "common_family_name",
        "通称は外国籍の方だけが登録できます。通称を消すか、本籍地コードを確認してください。",
        "Only foreign nationals have a common name: clear it, or check the domicile.",
    )


@rule("doctor.former_family_name_kana", cites="items 55, 56")
def former_family_name_kana(register: DoctorRegister) -> Finding | None:
    """The former family name and its kana stand together."""
    return _paired(register, "former_family_name", "旧姓", "former family name")


def _paired(register: DoctorRegister, name: str, ja: str, en: str) -> Finding | None:
    """A finding where a name stands without its kana, or kana without a name."""
    written, spoken = getattr(register, name), getattr(register, f"{name}_kana")
    if bool(written) == bool(spoken):
        return None
    if written:
        return Finding(f"{name}_kana", f"{ja}のフリガナを入力してください。", f"Give the kana of the {en}.")
    return Finding(name, f"{ja}を入力してください。", f"Give the {en} beside its kana.")

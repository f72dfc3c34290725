"""Rules of names, for registers that have these items: every name with its kana, and which names whom.

A profession takes them under its own code: `names.given_name_kana("nurse")`.
"""

from __future__ import annotations

from collections.abc import Iterator

from meibo.errors import Finding
from meibo.items.declaration import Group
from meibo.items.shared import lists
from meibo.professions.rules import shared_rule


def is_national(domicile_code: str | None) -> bool:
    """Whether the domicile is a prefecture, and so the holder a Japanese national."""
    return domicile_code in lists.PREFECTURE.values


def paired(group: Group, name: str, ja: str, en: str) -> Finding | None:
    """A finding where the item `name` stands without its kana (`<name>_kana`), or kana without a name."""
    written, spoken = getattr(group, name), getattr(group, f"{name}_kana")
    if bool(written) == bool(spoken):
        return None
    if written:
        return Finding(f"{name}_kana", f"{ja}のフリガナを入力してください。", f"Give the kana of the {en}.")
    return Finding(name, f"{ja}を入力してください。", f"Give the {en} beside its kana.")


@shared_rule(
    "register.domicile_code",
    "register.given_name",
    ja="日本国籍の方には姓と名がある。外国籍の方は一つの名だけでもよい。",
)
def given_name_of_nationals(register: Group) -> Finding | None:
    """A Japanese national has a given name beside the family name; others may bear one name alone."""
    if register.given_name or not is_national(register.domicile_code):
        return None
    return Finding(
        "given_name",
        "本籍が都道府県の方は、名を入力してください。",
        "The domicile is a prefecture: give the given name as the family register prints it.",
    )


@shared_rule("register.given_name", "register.given_name_kana", ja="名とそのフリガナはそろって登録する。")
def given_name_kana(register: Group) -> Finding | None:
    """The given name and its kana stand together."""
    return paired(register, "given_name", "名", "given name")


@shared_rule(
    "register.common_family_name",
    "register.common_given_name",
    "register.common_family_name_kana",
    "register.common_given_name_kana",
    ja="通称の姓・名とそのフリガナはそろって登録する。",
)
def common_name_kana(register: Group) -> Iterator[Finding]:
    """The parts of a common name and their kana stand together."""
    yield from filter(
        None,
        (
            paired(register, "common_family_name", "通称（姓）", "family name of the common name"),
            paired(register, "common_given_name", "通称（名）", "given name of the common name"),
        ),
    )


@shared_rule(
    "register.domicile_code",
    "register.common_family_name",
    "register.common_given_name",
    ja="通称は外国籍の方だけが登録できる。",
)
def common_name_of_foreign_nationals(register: Group) -> Finding | None:
    """Only foreign residents have a common name (通称); who becomes Japanese gives it up."""
    named = register.common_family_name or register.common_given_name
    if not named or not is_national(register.domicile_code):
        return None
    return Finding(
        "common_family_name",
        "通称は外国籍の方だけが登録できます。通称を消すか、本籍地コードを確認してください。",
        "Only foreign nationals have a common name: clear it, or check the domicile.",
    )


@shared_rule(
    "register.former_family_name",
    "register.former_family_name_kana",
    ja="旧姓とそのフリガナはそろって登録する。",
)
def former_family_name_kana(register: Group) -> Finding | None:
    """The former family name and its kana stand together."""
    return paired(register, "former_family_name", "旧姓", "former family name")

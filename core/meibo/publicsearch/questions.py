"""What the public may ask: of which professions, and a full name as the register spells it."""

from __future__ import annotations

from dataclasses import dataclass, field

from meibo.errors import InvalidValue
from meibo.host import Host
from meibo.professions.compiled import Profession
from meibo.values.names import name_key, validate_text

LONGEST_NAME = 200
"""Code points in a full name."""


@dataclass(frozen=True, slots=True)
class Question:
    """Somebody's full name, word by word, and sex (a code; None where the rule lets it be left open)."""

    profession: Profession
    words: tuple[str, ...] = field(repr=False)
    sex: str | None = field(repr=False)

    @property
    def key(self) -> str:
        """The search key of the name, as the register keeps it."""
        return "".join(self.words)

    def asks_for(self, name: str, sex: str | None) -> bool:
        """Whether somebody of this name and sex is whom it asks for."""
        return words(name) == self.words and self.sex in (None, sex)


def words(name: str) -> tuple[str, ...]:
    """A name by its parts, each as its search key: variant characters differ, their selectors do not."""
    return tuple(key for part in name.split() if (key := name_key(part)))


def question(host: Host, code: str, name: str, sex: str | None) -> Question:
    """A question that may be asked; raises InvalidValue, which says nothing of anybody."""
    profession = host.professions.get(code)
    rule = profession.plugin.public_search if profession else None
    if profession is None or rule is None:
        raise InvalidValue(
            "search.profession",
            "この資格に公開の検索はありません。",
            "There is no public search for this profession.",
        )
    asked = words(validate_text(name, LONGEST_NAME))
    if not asked:
        raise InvalidValue("search.name", "氏名を入力してください。", "Give the full name.")
    if sex is None and not rule.sex_required:
        return Question(profession, asked, None)
    item = profession.item(profession.plugin.holder.sex)
    if item is None or item.codes is None or sex not in item.codes.values:
        raise InvalidValue("search.sex", "性別を指定してください。", "Give the code of the sex.")
    return Question(profession, asked, sex)

"""How a plugin declares items: what the annotation decides, and the sentences for what it gets wrong."""

from __future__ import annotations

from datetime import date
from types import new_class
from typing import Any

import pytest

from meibo.errors import PluginError
from meibo.items.declaration import Cardinality, Group, Personal, Placed, Privacy, Sensitive, headed, item
from meibo.items.kinds import Code, Era
from meibo.values.eras import EraDate

ABOUT: dict[str, Any] = {
    "title": "名簿情報",
    "en": "Register",
    "purpose": "a test",
    "source": "a test",
    "erasure": "keep",
}


class DancerRegister(
    Group, title="名簿情報", en="Register", purpose="a test", source="a test", erasure="keep"
):
    """A group with one of each."""

    registration_number: Personal[str] = item(
        "登録番号", en="Number", clear="tells entries apart", unique=True
    )
    birth_era: Personal[Era | None] = item("生年月日（元号）", en="Birth: era")
    birth_date: Personal[EraDate | None] = item("生年月日", en="Birth", era="birth_era")
    dances: tuple[Code, ...] | None = item("踊り", en="Dances")
    fined: Sensitive[bool | None] = item("罰金", en="Fined")
    entered_date: date = item("登録日", en="Entered", clear="lists go by it", index=True)
    not_an_item: str = "left alone"


class Titled(
    Group,
    title="名簿情報",
    en="Register",
    purpose="a test",
    source="a test",
    erasure="keep",
    heading="",
    key="plain",
    plural="plains",
):
    """A group that names its key, and prints no heading."""

    cardinality = Cardinality.ONE


def test_the_annotation_decides_kind_privacy_and_obligation() -> None:
    told = {i.name: (i.kind.name, i.privacy, i.required) for i in DancerRegister.items.values()}
    assert told == {
        "registration_number": ("text", Privacy.PERSONAL, True),
        "birth_era": ("era", Privacy.PERSONAL, False),
        "birth_date": ("era_date", Privacy.PERSONAL, False),
        "dances": ("codes", Privacy.PUBLIC, False),
        "fined": ("flag", Privacy.SENSITIVE, False),
        "entered_date": ("date", Privacy.PUBLIC, True),
    }
    assert DancerRegister.not_an_item == "left alone"


def test_the_call_decides_the_rest() -> None:
    number, entered = DancerRegister.items["registration_number"], DancerRegister.items["entered_date"]
    assert (number.label, number.en, number.unique, number.index) == ("登録番号", "Number", True, False)
    assert (entered.clear, entered.unique, entered.index) == ("lists go by it", False, True)
    assert DancerRegister.items["birth_date"].era == "birth_era"


def test_keys_and_headings() -> None:
    assert (DancerRegister.about.key, DancerRegister.about.heading) == ("dancer_register", "名簿情報")
    assert (Titled.about.key, Titled.about.heading, Titled.about.plural) == ("plain", "", "plains")
    assert DancerRegister.cardinality is Cardinality.ONE


def test_a_placed_group_has_its_own_heading_and_labels() -> None:
    placed = headed(DancerRegister, "踊り手", registration_number="番号")
    assert placed == Placed(DancerRegister, "踊り手", {"registration_number": "番号"})
    assert [i.label for i in placed.items()] == [
        "番号",
        "生年月日（元号）",
        "生年月日",
        "踊り",
        "罰金",
        "登録日",
    ]
    assert DancerRegister.items["registration_number"].label == "登録番号"


def test_a_record_holds_what_it_was_given() -> None:
    record = DancerRegister.of(registration_number="1", fined=False)
    assert dict(record.values()) == {"registration_number": "1", "fined": False}
    assert (record.fined, record.birth_date) == (False, None)


def test_records_do_not_change() -> None:
    record = DancerRegister.of(registration_number="1")
    with pytest.raises(AttributeError, match="make another with `with_values`"):
        record.registration_number = "2"  # type: ignore[misc]
    other = record.with_values({"registration_number": "2"})
    assert (record.registration_number, other.registration_number) == ("1", "2")


def test_records_are_equal_by_values_and_nothing_is_none() -> None:
    cleared = DancerRegister.of(registration_number="1", fined=True).with_values({"fined": None})
    assert cleared == DancerRegister.of(registration_number="1")
    assert cleared != DancerRegister.of(registration_number="1", fined=True)
    assert hash(cleared) == hash(DancerRegister.of(registration_number="1"))
    assert cleared != Titled.of()


def test_a_record_never_prints_its_values() -> None:
    assert repr(DancerRegister.of(registration_number="機密")) == "DancerRegister(…)"


def test_unknown_names() -> None:
    with pytest.raises(PluginError, match=r"^DancerRegister has no item 'nickname'\.$"):
        DancerRegister.of(nickname="x")
    with pytest.raises(AttributeError):
        _ = DancerRegister.of().nickname


def declare(hint: Any, **limits: Any) -> type[Group]:
    """A group of one item, `it`."""
    body = {"__annotations__": {"it": hint}, "it": item("項目", en="Item", **limits), "__module__": __name__}
    made: type[Group] = new_class("Dancer", (Group,), ABOUT, lambda space: space.update(body))
    return made


@pytest.mark.parametrize(
    ("hint", "limits", "sentence"),
    [
        (float, {}, "Dancer.it has the type <class 'float'>, which is no kind of item: see the reference."),
        (
            dict[str, str],
            {},
            "Dancer.it has the type dict[str, str], which is no kind of item: see the reference.",
        ),
        (tuple[Code, ...], {"clear": "why"}, "Dancer.it may not be clear: no column holds codes."),
    ],
)
def test_what_cannot_be_declared(hint: Any, limits: dict[str, Any], sentence: str) -> None:
    with pytest.raises(PluginError) as refused:
        declare(hint, **limits)
    assert refused.value.en == sentence


def test_an_index_needs_a_reason_to_be_clear() -> None:
    with pytest.raises(PluginError) as refused:
        item("登録番号", en="Number", index=True)
    assert refused.value.en == (
        "The item 'Number' has an index but no reason to be clear: say why in clear=\"...\"."
    )

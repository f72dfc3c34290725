"""Text that may be stored, and search keys of names: `meibo.values.names`."""

from __future__ import annotations

import re
import time
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meibo.errors import InvalidValue
from meibo.values.names import (
    folded_kana_key,
    folded_name_key,
    kana_key,
    kana_prefixes,
    name_key,
    validate_kana,
    validate_text,
)

KANA = st.text(
    alphabet=st.characters(min_codepoint=0x3041, max_codepoint=0x30FF) | st.sampled_from("－‐−―- 　゛ﾞｰ")
)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("山田　太郎", "山田太郎"),
        (" 山田 太郎 ", "山田太郎"),
        ("葛\U000e0100城", "葛城"),
        ("葛\U000e01ef城", "葛城"),
        ("神\ufe00田", "神田"),
        ("辻\ufe0f", "辻"),
        ("山\u200b田\ufeff", "山田"),
        ("ＳＭＩＴＨ　Ｊｏｈｎ", "SMITHJohn"),
        ("髙\ufa11", "髙\ufa11"),  # NFKC leaves U+9AD9 and U+FA11 alone; the folded key does not.
        ("〓田", "〓田"),
    ],
)
def test_name_key(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("stored", "folded"), [("\ufa19", "\u795e"), ("\ufa1b", "\u798f"), ("\uf929", "\u6717")]
)
def test_a_key_folds_compatibility_ideographs_that_a_stored_name_keeps(stored: str, folded: str) -> None:
    assert normalize("NFC", stored) == folded  # Why a stored name is never normalised, not even to NFC.
    assert name_key(stored) == name_key(folded) == folded
    assert validate_text(stored, 1) == stored


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("\u9ad9橋", "高橋"),
        ("山\ufa11", "山崎"),
        ("渡邊", "渡辺"),
        ("渡邉\U000e0101", "渡辺"),
        ("齋藤", "斎藤"),
        ("齊藤", "斉藤"),
        ("斎藤", "斎藤"),
        ("澤嶋", "沢島"),
        ("長濵", "長浜"),
        ("長濱", "長浜"),
        ("德瀨", "徳瀬"),
        ("\U00020bb7野家", "吉野家"),
        ("Smith ANNA", "smithanna"),
    ],
)
def test_folded_name_key(name: str, key: str) -> None:
    assert folded_name_key(name) == key


@pytest.mark.parametrize(
    ("kana", "key", "folded"),
    [
        ("ﾀﾅｶ", "タナカ", "タナカ"),
        ("たなか　たろう", "タナカタロウ", "タナカタロウ"),
        ("ｻﾄｳ ｼﾞｭﾝ", "サトウジュン", "サトウジユン"),
        ("コ－ド", "コード", "コード"),
        ("コ‐ド", "コード", "コード"),
        ("コ−ド", "コード", "コード"),
        ("コ―ド", "コード", "コード"),
        ("マリ－", "マリー", "マリー"),
        ("－マリ", "-マリ", "-マリ"),
        ("ヴァイオレット", "ヴァイオレット", "バイオレツト"),
        ("ヴ", "ヴ", "ブ"),
        ("ゔ", "ヴ", "ブ"),
        ("あいづ", "アイヅ", "アイズ"),
        ("ちぢみ", "チヂミ", "チジミ"),
        ("きょうこ", "キョウコ", "キヨウコ"),
        ("ジョン・スミス", "ジョン・スミス", "ジヨンスミス"),
        ("カ゛", "ガ", "ガ"),
        ("みすゞ", "ミスヾ", "ミスヾ"),
        ("ワ゛", "ヷ", "バ"),
        ("ゕ\u3099ゥ\u3099", "ヵ\u3099ゥ\u3099", "カウ"),
        ("カ・－", "カ・-", "カー"),
    ],
)
def test_kana_keys(kana: str, key: str, folded: str) -> None:
    assert (kana_key(kana), folded_kana_key(kana)) == (key, folded)


@given(st.text())
def test_name_keys_are_idempotent(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)
    assert folded_name_key(folded_name_key(text)) == folded_name_key(text) == folded_name_key(name_key(text))


@given(KANA | st.text())
def test_kana_keys_are_idempotent(text: str) -> None:
    assert kana_key(kana_key(text)) == kana_key(text)
    assert folded_kana_key(folded_kana_key(text)) == folded_kana_key(text) == folded_kana_key(kana_key(text))


@given(KANA)
def test_kana_key_has_no_hiragana_and_no_blank(text: str) -> None:
    assert not re.search(r"[\u3041-\u3096\s]", kana_key(text))


def test_kana_prefixes() -> None:
    assert kana_prefixes("タナカ") == ("タナ", "タナカ")
    assert kana_prefixes("アイウエオカキクケコ")[-1] == "アイウエオカキク"
    assert kana_prefixes("アイウエオカキクケコ", 3, 4) == ("アイウ", "アイウエ")
    assert kana_prefixes("イ") == kana_prefixes("") == ()


@pytest.mark.parametrize("text", ["", "山田　太郎", "〓\U000e0100", "\U00020bb7", "\ue000", "👩‍⚕️", "ab"])
def test_text(text: str) -> None:
    assert validate_text(text, 10) is text


def test_text_in_many_lines() -> None:
    assert validate_text("一\n\t二", 4, multiline=True) == "一\n\t二"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("\U00020bb7" * 11, "text.too_long"),
        ("\ud842" * 11, "text.too_long"),
        ("\ud842", "text.lone_surrogate"),
        ("a\udfb7", "text.lone_surrogate"),
        *(
            (f"a{char}b", "text.control_character")
            for char in "\0\b\x0b\r\x1b\x1f\x7f\x80\x85\x9f\u2028\u202e\u2066"
        ),
        *((char, "text.control_character") for char in "\ufffe\uffff\ufdd0\ufdef\U0001fffe\U0010ffff"),
    ],
)
@pytest.mark.parametrize("multiline", [False, True])
def test_text_refused(text: str, rule: str, multiline: bool) -> None:
    with pytest.raises(InvalidValue) as caught:
        validate_text(text, 10, multiline=multiline)
    assert caught.value.rule == rule


@pytest.mark.parametrize("text", ["a\nb", "a\tb"])
def test_line_feed_and_tab_refused_in_one_line(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        validate_text(text, 10)
    assert caught.value.rule == "text.control_character"


def test_length_is_checked_before_anything_is_read() -> None:
    text = "山" * 10_000_000
    start = time.perf_counter()
    with pytest.raises(InvalidValue):
        validate_text(text, 100)
    assert time.perf_counter() - start < 0.01


@pytest.mark.parametrize(
    "text", ["タナカ　タロウ", "ﾀﾅｶ ﾀﾛｳ", "たなか たろう", "ジョン・スミス", "コ－ド", "ｼﾞｬｯｸ", "みすゞ", "ヴ"]
)
def test_kana(text: str) -> None:
    assert validate_kana(text) is text


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "text.not_kana"),
        ("　", "text.not_kana"),
        ("ー", "text.not_kana"),
        ("田中", "text.not_kana"),
        ("Tanaka", "text.not_kana"),
        ("タナカ1", "text.not_kana"),
        ("タナカ-ジ", "text.not_kana"),
        ("タナカ\n", "text.control_character"),
        ("ア" * 201, "text.too_long"),
    ],
)
def test_kana_refused(text: str, rule: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        validate_kana(text)
    assert caught.value.rule == rule

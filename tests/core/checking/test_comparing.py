"""Texts that say the same, and texts that do not."""

from __future__ import annotations

import pytest

from meibo.checking.comparing import address_key, same_address, same_day, same_name


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("東京都千代田区霞が関一丁目2番3号", "東京都千代田区霞が関1-2-3"),
        ("東京都千代田区霞が関　１－２－３", "東京都千代田区霞が関1-2-3"),
        ("東京都千代田区霞が関1番地の2", "東京都千代田区霞が関1-2"),
        ("札幌市中央区北十二条西二十三丁目4", "札幌市中央区北十二条西23-4"),
        ("十丁目1", "10-1"),
        ("十一丁目1", "11-1"),
        ("二十丁目1", "20-1"),
        ("", ""),
    ],
)
def test_addresses_have_one_key_however_they_are_written(text: str, key: str) -> None:
    assert address_key(text) == key


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ("霞が関1-2-3", "霞が関1-23"),
        ("霞が関1-2", "霞が関1-2-3"),
        ("一番町1", "二番町1"),
        ("京都市1", "東京都1"),
    ],
)
def test_addresses_that_differ(held: str, told: str) -> None:
    assert not same_address(held, told)


@pytest.mark.parametrize(
    ("held", "told", "same"),
    [
        ("1990-01-15", "1990-01-15", True),
        ("1990-01-15", "1990-01", True),
        ("1990-XX-XX", "1990-12-31", True),
        ("1990-01-15", "1990-02-XX", False),
        ("1990-01-15", "no day", False),
        ("XXXX-XX-XX", "1990-01-15", True),
    ],
)
def test_days_fit_where_a_part_is_not_known(held: str, told: str, same: bool) -> None:
    assert same_day(held, told) is same


@pytest.mark.parametrize(
    ("held", "told", "same"),
    [("高崎", "髙﨑", True), ("高〓", "高崎", True), ("高〓", "高崎市", False), ("〓崎", "高橋", False)],
)
def test_names_fit_by_variants_and_by_characters_that_say_nothing(held: str, told: str, same: bool) -> None:
    assert same_name(held, told) is same

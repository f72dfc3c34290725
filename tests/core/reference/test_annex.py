"""The privacy annex from the declarations of all installed professions."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from meibo.errors import OperatorError
from meibo.host import Host, load_host
from meibo.items.declaration import About
from meibo.items.texts import Texts, in_both
from meibo.professions.catalogue import catalogue
from meibo.reference import annex
from tests import veterinarian


@pytest.fixture(scope="module")
def all_ten() -> Host:
    return load_host()


def test_every_item_of_every_file_stands_in_order(all_ten: Host) -> None:
    rows = list(csv.DictReader(annex.annex_csv(all_ten.professions.values()).splitlines()))
    assert len(rows) == 2_177
    assert Counter(row["file"] for row in rows) == {
        "医籍等ファイル": 233 + 229 + 3 * 202 + 2 * 199,
        "管理栄養士名簿ファイル": 183,
        "薬剤師名簿ファイル": 387,
        "介護福祉士登録名簿ファイル": 141,
    }
    for code, profession in all_ten.professions.items():
        listed = [line.split("\t")[:3] for line in catalogue(profession).splitlines()[1:]]
        told = [[r["number"], r["heading"], r["label"]] for r in rows if r["profession"] == code]
        assert told == listed


def test_every_group_tells_all(all_ten: Host) -> None:
    for row in csv.DictReader(annex.annex_csv(all_ten.professions.values()).splitlines()):
        assert all(value for name, value in row.items() if name != "heading"), row


def test_a_stranger_s_groups_tell_all_by_phrases() -> None:
    host = load_host([("veterinarian", veterinarian)], only=())
    for row in csv.DictReader(annex.annex_csv(host.professions.values()).splitlines()):
        assert all(value for name, value in row.items() if name != "heading"), row


def test_who_sees_what(all_ten: Host) -> None:
    rows = {r.label: r for r in annex.lines(all_ten["doctor"])}
    assert (rows["罰金刑区分"].seen_by, rows["罰金刑区分"].seen_by_en) == (
        "処分担当、管理担当",
        "Officer, Administrator",
    )
    assert rows["登録番号"].seen_by_en == "Clerk, Officer, Number officer, Administrator"
    assert rows["進達県コード"].seen_by_en == "Viewer, Clerk, Officer, Number officer, Auditor, Administrator"
    assert (rows["個人番号"].seen_by, rows["個人番号"].seen_by_en) == ("番号担当", "Number officer")
    assert rows["個人番号"].stored == "番号保管庫 vault"


def test_how_long_numbers_are_kept(all_ten: Host) -> None:
    kept = {code: annex.retention(p, p.groups["numbers"])[1] for code, p in all_ten.professions.items()}
    reasons = "401, 404, 791, 792, 793"
    assert kept.pop("pharmacist") == f"while the entry stands; destroyed at once for the reasons {reasons}"
    assert set(kept.values()) == {"without end, after striking off too"}


def test_markdown(all_ten: Host) -> None:
    text = annex.annex_markdown([all_ten["pharmacist"]])
    assert "## 薬剤師名簿ファイル\n\n### 薬剤師 · Pharmacist (387)\n" in text
    assert "- 目的 purpose: " in text
    assert text.count("\n#### ") >= 15
    assert " | 要配慮個人情報 sensitive | " in annex.annex_markdown([all_ten["doctor"]])
    assert (
        " | 登録担当、処分担当、番号担当、管理担当 / Clerk, Officer, Number officer, Administrator |" in text
    )


@pytest.mark.parametrize("name", ["purpose", "source", "erasure"])
@pytest.mark.parametrize(("texts", "language"), [((" ", "so"), "Japanese"), (("然り", ""), "English")])
def test_a_group_that_tells_too_little_is_named(
    all_ten: Host, monkeypatch: pytest.MonkeyPatch, name: str, texts: Texts, language: str
) -> None:
    group = all_ten["doctor"].groups["register"].type
    changed: dict[str, Any] = {name: texts}
    silent: About = replace(group.about, **changed)
    monkeypatch.setattr(group, "about", silent)
    for made in (annex.annex_markdown, annex.annex_csv):
        with pytest.raises(OperatorError) as refused:
            made([all_ten["doctor"]])
        assert refused.value.en == (
            f"The group 'register' of 'doctor' tells no {name} in {language}: give {name}=(Japanese, English) where it"
            " is declared."
        )


def test_both_languages_stand_side_by_side(all_ten: Host) -> None:
    [line] = [each for each in annex.lines(all_ten["doctor"]) if each.number == 3]
    assert (line.purpose, line.purpose_en) == ("医籍への登録（医師法5条）", "register of doctors (医師法5条)")
    assert (line.erasure, line.erasure_en) == (
        "永年保存（医籍は永年保存）",
        "kept for good (医籍は永年保存)",
    )
    assert (line.retention, line.retention_en) == (
        "期間の定めなし（消除後も保管）",
        "without end, after striking off too",
    )
    text = annex.annex_markdown([all_ten["doctor"]])
    assert "- 目的 purpose: 医籍への登録（医師法5条） / register of doctors (医師法5条)\n" in text


def test_a_known_phrase_says_it_in_both_languages() -> None:
    assert in_both("keep") == ("消除後も保管する", "keep")
    assert in_both(("一", "one")) == ("一", "one")
    assert in_both("something else") == ("", "something else")

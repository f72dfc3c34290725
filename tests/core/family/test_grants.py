"""The network's list as data: whole, dated, with a source for each line; or refused with the line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from meibo.errors import SettingsError
from meibo.family.checks import basis_of
from meibo.family.grants import HEADER, ITEMS, Grants, load_grants, read_grants
from meibo.host import Host
from meibo.items.shared.family_register import FamilyRegister

TODAY = date(2026, 11, 26)
HEAD = "\t".join(HEADER)
LINE = "番号法\t19条8号 別表第二の27\tdeath_date\t2024-05-27\t\t告示"


def test_each_profession_s_basis_is_granted_the_16_items(all_professions: Host) -> None:
    grants = load_grants("")
    assert (len(ITEMS), len(grants.lines)) == (16, 8 * 16)
    for profession in all_professions.professions.values():
        basis = basis_of(profession, "number_exchange", TODAY)
        assert basis is not None, profession.code
        assert grants.items(basis, TODAY) == frozenset(FamilyRegister.items), profession.code
        assert grants.items(basis, date(2024, 5, 26)) == frozenset()
    assert all(line.source for line in grants.lines)


def test_a_line_ends_on_its_last_day(all_professions: Host) -> None:
    basis = basis_of(all_professions["doctor"], "number_exchange", TODAY)
    assert basis is not None
    read = read_grants([HEAD, LINE.replace("\t\t", "\t2026-11-26\t")])
    assert read.items(basis, TODAY) == {"death_date"}
    assert read.items(basis, date(2026, 11, 27)) == frozenset()
    assert Grants(()).items(basis, TODAY) == frozenset()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], "line 1"),
        (["law\titem"], "line 1"),
        ([HEAD, LINE, LINE.replace("death_date", "name")], "line 3"),
        ([HEAD, LINE.replace("2024-05-27", "27.5.2024")], "line 2"),
        ([HEAD, LINE.replace("告示", "")], "line 2"),
        ([HEAD, LINE + "\tmore"], "line 2"),
        ([HEAD, ""], "line 2"),
    ],
)
def test_a_list_that_is_none_is_refused_with_its_line(lines: list[str], told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        read_grants(lines)


def test_an_office_s_own_list_replaces_ours(tmp_path: Path) -> None:
    file = tmp_path / "grants.tsv"
    file.write_text(f"{HEAD}\n{LINE}\n", "utf-8")
    assert [line.item for line in load_grants(str(file)).lines] == ["death_date"]
    file.write_bytes(b"\xff\xfe")
    for name in (str(file), str(tmp_path / "none.tsv")):
        with pytest.raises(SettingsError, match="MEIBO_FAMILY_GRANTS"):
            load_grants(name)

"""What the pharmacists' plugin declares beside its items."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from meibo.codes.seeding import merged
from meibo.codes.tables import SHARED
from meibo.host import load_host
from meibo.professions.plugin import Effect, ProfessionPlugin
from meibo.register.fold import Verb

HOST = load_host(only={"pharmacist"})


@pytest.fixture(scope="module")
def plugin() -> ProfessionPlugin:
    return HOST["pharmacist"].plugin


def test_names(plugin: ProfessionPlugin) -> None:
    assert (plugin.code, plugin.file, plugin.package) == ("pharmacist", "pharmacist", "meibo_pharmacist")
    assert plugin.name == ("薬剤師", "Pharmacist")
    assert plugin.register_name == ("薬剤師名簿", "Register of pharmacists")


def test_administrator_and_offices(plugin: ProfessionPlugin) -> None:
    assert plugin.administrator is not None
    assert plugin.receiving_office is not None
    assert plugin.administrator.authority[0] == "厚生労働省"
    assert plugin.administrator.division[0] == "医薬局総務課"
    assert plugin.administrator.designated is None
    assert plugin.receiving_office.item == "register.forwarding_prefecture_code"


@pytest.mark.parametrize("verb", list(Verb))
def test_every_verb_has_a_legal_basis(plugin: ProfessionPlugin, verb: Verb) -> None:
    assert [basis.id for basis in plugin.legal_bases].count(verb) == 1


def test_bases_of_the_number_hold_since_its_use_began(plugin: ProfessionPlugin) -> None:
    articles = {b.id: (b.law, b.article) for b in plugin.legal_bases if b.valid_from == date(2024, 5, 27)}
    assert articles == {
        "number_use": ("番号法", "9条1項 別表第一の54"),
        "number_exchange": ("番号法", "19条8号 別表第二の71"),
        "resident_record": ("住民基本台帳法", "30条の9 別表第一の59の2"),
    }


def test_fees(plugin: ProfessionPlugin) -> None:
    assert [(fee.procedure, fee.channel, fee.yen, fee.kind) for fee in plugin.fees] == [
        ("registration", "any", 30_000, "tax"),
        ("correction", "any", 1_000, "tax"),
        ("rewrite", "any", 2_750, "fee"),
        ("reissue", "any", 2_750, "fee"),
        ("reeducation_completion", "paper", 4_050, "fee"),
        ("reeducation_completion", "online", 3_900, "fee"),
    ]
    assert {fee.procedure for fee in plugin.fees} <= {procedure.id for procedure in plugin.procedures}


def test_time_limits(plugin: ProfessionPlugin) -> None:
    limits = {procedure.id: procedure.within for procedure in plugin.procedures if procedure.within}
    month = timedelta(days=30)
    assert limits == {"correction": month, "deregistration_on_death": month}


def test_effects(plugin: ProfessionPlugin) -> None:
    erasure = ("register.erasure_date", "register.erasure_reason_code", "register.erasure_reason_text")
    assert plugin.effects == {
        "correct": Effect(
            "register.roll_correction_date",
            "register.roll_correction_reason_code",
            "register.roll_correction_reason_text",
        ),
        "reissue": Effect(
            "register.reissue_date", "register.reissue_reason_code", "register.reissue_reason_text"
        ),
        "strike_off": Effect(*erasure),
        "undo_strike_off": Effect(clears=erasure),
    }


def test_numbers_of_the_living_go_and_those_of_the_dead_stay(plugin: ProfessionPlugin) -> None:
    reasons = {
        str(row["reason_code"]): row["reason"] for row in merged(HOST.code_rows(), SHARED)["reason_master"]
    }
    assert plugin.erasure.keep_record is True
    assert {code: reasons[code] for code in sorted(plugin.erasure.destroy_number_when)} == {
        "401": "本人の申請",
        "404": "免許の取消し",
        "791": "罰金以上の刑（薬剤師法5条3号）",
        "792": "薬事に関する犯罪又は不正（薬剤師法5条4号）",
        "793": "薬剤師としての品位を損する行為（薬剤師法8条）",
    }
    assert {reasons[code] for code in ("402", "403")} == {"死亡", "失踪宣告"}


def test_measures(plugin: ProfessionPlugin) -> None:
    assert [(m.code, m.kind, m.legal_basis, m.longest_months) for m in plugin.measures] == [
        ("01", "reprimand", "reprimand", None),
        ("02", "suspension", "suspend", 36),
        ("03", "revocation", "revoke", None),
    ]


def test_certificate_always_shows_profession_and_name_alone(plugin: ProfessionPlugin) -> None:
    assert plugin.certificate is not None
    shown = [claim.name for claim in plugin.certificate.claims if not claim.disclosable]
    assert shown == ["profession", "full_name"]


def test_the_public_search_needs_no_sex(plugin: ProfessionPlugin) -> None:
    assert plugin.public_search is not None
    assert (plugin.public_search.since, plugin.public_search.sex_required) == (date(2008, 4, 1), False)

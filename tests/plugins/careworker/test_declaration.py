"""What the care workers' plugin declares beside its items."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from meibo.codes.seeding import merged
from meibo.codes.tables import SHARED
from meibo.host import load_host
from meibo.professions.compiled import Profession
from meibo.professions.law import Term
from meibo.professions.plugin import ProfessionPlugin
from meibo.register.fold import Verb

VERBS = frozenset(Verb) - {"reprimand", "order_reeducation", "complete_reeducation"}
"""The act knows neither reprimands nor re-education."""


@pytest.fixture(scope="module")
def profession() -> Profession:
    return load_host(only={"careworker"})["careworker"]


@pytest.fixture(scope="module")
def plugin(profession: Profession) -> ProfessionPlugin:
    return profession.plugin


def test_names(plugin: ProfessionPlugin) -> None:
    assert (plugin.code, plugin.file) == ("careworker", "careworker")
    assert plugin.name == ("介護福祉士", "Certified care worker")
    assert plugin.register_name == ("介護福祉士登録名簿", "Register of certified care workers")


def test_the_centre_sends_numbers_and_pass_lists(plugin: ProfessionPlugin) -> None:
    assert plugin.paper_numbers is not None
    assert plugin.pass_lists is not None
    assert plugin.existing_system is not None
    connectors = {
        each.connector for each in (plugin.paper_numbers, plugin.pass_lists, plugin.existing_system)
    }
    assert connectors == {"care_worker_registration"}


def test_the_centre_keeps_the_register_and_no_office_stands_between(plugin: ProfessionPlugin) -> None:
    assert plugin.administrator is not None
    assert plugin.administrator.designated is not None
    assert plugin.administrator.designated[0] == "公益財団法人社会福祉振興・試験センター"
    assert plugin.receiving_office is None


def test_there_is_no_public_search(plugin: ProfessionPlugin) -> None:
    assert plugin.public_search is None


def test_term(plugin: ProfessionPlugin) -> None:
    assert plugin.term == Term(
        "register.fixed_term_registration",
        "register.expiry_date_wareki",
        "register.expiry_release_date_wareki",
    )


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_has_a_legal_basis(plugin: ProfessionPlugin, verb: Verb) -> None:
    assert [basis.id for basis in plugin.legal_bases].count(verb) == 1


def test_bases_of_the_number_hold_since_its_use_began(plugin: ProfessionPlugin) -> None:
    articles = {b.id: (b.law, b.article) for b in plugin.legal_bases if b.valid_from == date(2024, 5, 27)}
    assert articles == {
        "number_use": ("番号法", "9条1項 別表第一の87"),
        "number_exchange": ("番号法", "19条8号 別表第二の110"),
        "resident_record": ("住民基本台帳法", "30条の9 別表第一の71の7"),
    }


def test_terms_rest_on_a_law_of_2017(plugin: ProfessionPlugin) -> None:
    terms = [b.id for b in plugin.legal_bases if b.valid_from == date(2017, 4, 1)]
    assert terms == ["register_for_a_term", "extend_term", "lift_term"]


def test_fees(plugin: ProfessionPlugin) -> None:
    assert [(fee.procedure, fee.channel, fee.yen, fee.kind) for fee in plugin.fees] == [
        ("registration", "any", 9_000, "tax"),
        ("registration", "any", 3_320, "fee"),
        ("fixed_term_registration", "any", 9_000, "tax"),
        ("fixed_term_registration", "any", 3_320, "fee"),
        ("correction", "paper", 1_200, "fee"),
        ("correction", "online", 500, "fee"),
        ("reissue", "any", 1_200, "fee"),
    ]


def test_only_work_throughout_the_term_has_a_time_limit(plugin: ProfessionPlugin) -> None:
    """A correction is told without delay (速やかに): no number of days."""
    limits = {procedure.id: procedure.within for procedure in plugin.procedures if procedure.within}
    assert limits == {"term_lifting": timedelta(days=14)}


def test_effects(plugin: ProfessionPlugin) -> None:
    set_by = {verb: (effect.date, effect.reason, effect.clears) for verb, effect in plugin.effects.items()}
    assert set_by == {
        "correct": ("register.correction_date_wareki", "", ()),
        "reissue": ("register.reissue_date_wareki", "", ()),
        "suspend": (
            "register.suspension_date_wareki",
            "register.suspension_reason",
            ("register.suspension_release_date_wareki",),
        ),
        "lift_suspension": ("register.suspension_release_date_wareki", "", ()),
        "strike_off": (
            "register.erasure_date_wareki",
            "register.erasure_reason",
            ("register.erasure_cancellation_date_wareki",),
        ),
        "undo_strike_off": ("register.erasure_cancellation_date_wareki", "", ()),
    }


def test_entries_and_numbers_are_kept(plugin: ProfessionPlugin) -> None:
    assert plugin.erasure.keep_record is True
    assert plugin.erasure.destroy_number_when == frozenset()


def test_measures(plugin: ProfessionPlugin) -> None:
    assert [(m.code, m.kind, m.legal_basis, m.longest_months) for m in plugin.measures] == [
        ("02", "suspension", "suspend", None),
        ("03", "revocation", "revoke", None),
    ]


def test_certificate_always_shows_profession_and_name_alone(plugin: ProfessionPlugin) -> None:
    assert plugin.certificate is not None
    assert len(plugin.certificate.claims) == 17
    assert [c.name for c in plugin.certificate.claims if not c.disclosable] == ["profession", "full_name"]


def test_reasons_of_its_own_are_rows_of_the_shared_table() -> None:
    rows = merged(load_host(only={"careworker", "doctor"}).code_rows(), SHARED)
    reasons = {row["reason_code"]: row["reason"] for row in rows["reason_master"]}
    assert len(reasons) == 19 + 7 + 3
    assert reasons["471"] == "有効期限の満了"

"""What the doctors' plugin declares beside its items."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import meibo_doctor
from meibo.host import load_host
from meibo.professions.plugin import Effect, ProfessionPlugin
from meibo.register.fold import Verb


@pytest.fixture(scope="module")
def plugin() -> ProfessionPlugin:
    return load_host()["doctor"].plugin


def test_names(plugin: ProfessionPlugin) -> None:
    assert (plugin.code, plugin.file) == ("doctor", "medical")
    assert plugin.name == ("医師", "Doctor")
    assert plugin.register_name == ("医籍", "Register of doctors")


@pytest.mark.parametrize("verb", list(Verb))
def test_every_verb_has_a_legal_basis(plugin: ProfessionPlugin, verb: Verb) -> None:
    assert [basis.id for basis in plugin.legal_bases].count(verb) == 1


def test_bases_of_the_number_hold_since_its_use_began(plugin: ProfessionPlugin) -> None:
    articles = {b.id: (b.law, b.article) for b in plugin.legal_bases if b.valid_from == date(2024, 5, 27)}
    assert articles == {
        "number_use": ("番号法", "9条1項 別表第一の15"),
        "number_exchange": ("番号法", "19条8号 別表第二の27"),
        "resident_record": ("住民基本台帳法", "30条の9 別表第一の57の2"),
    }


def test_fees(plugin: ProfessionPlugin) -> None:
    assert [(fee.procedure, fee.channel, fee.yen, fee.kind) for fee in plugin.fees] == [
        ("registration", "any", 60_000, "tax"),
        ("correction", "any", 1_000, "tax"),
        ("reissue", "any", 3_100, "fee"),
        ("reeducation_completion", "paper", 3_100, "fee"),
        ("reeducation_completion", "online", 2_950, "fee"),
    ]


def test_fees_are_of_procedures(plugin: ProfessionPlugin) -> None:
    assert {fee.procedure for fee in plugin.fees} <= {procedure.id for procedure in plugin.procedures}


def test_time_limits(plugin: ProfessionPlugin) -> None:
    limits = {procedure.id: procedure.within for procedure in plugin.procedures if procedure.within}
    month = timedelta(days=30)
    assert limits == {"correction": month, "deregistration_on_death": month}


def test_effects(plugin: ProfessionPlugin) -> None:
    assert plugin.effects == {
        "correct": Effect(
            "register.register_correction_date",
            "register.register_correction_reason_code",
            "register.register_correction_reason_text",
        ),
        "reissue": Effect(
            "register.reissue_date", "register.reissue_reason_code", "register.reissue_reason_text"
        ),
        "strike_off": Effect(
            "register.deregistration_date",
            "register.deregistration_reason_code",
            "register.deregistration_reason_text",
        ),
        "undo_strike_off": Effect(
            clears=(
                "register.deregistration_date",
                "register.deregistration_reason_code",
                "register.deregistration_reason_text",
            )
        ),
        "order_reeducation": Effect(
            "reeducation.reeducation_order_registered_date",
            clears=("reeducation.reeducation_completion_registered_date",),
        ),
        "complete_reeducation": Effect("reeducation.reeducation_completion_registered_date"),
    }


def test_entries_and_numbers_are_kept_for_good(plugin: ProfessionPlugin) -> None:
    assert plugin.erasure.keep_record is True
    assert plugin.erasure.destroy_number_when == frozenset()


def test_measures(plugin: ProfessionPlugin) -> None:
    assert [(m.code, m.kind, m.legal_basis, m.longest_months) for m in plugin.measures] == [
        ("01", "reprimand", "reprimand", None),
        ("02", "suspension", "suspend", 36),
        ("03", "revocation", "revoke", None),
    ]


def test_certificate_always_shows_the_name_alone(plugin: ProfessionPlugin) -> None:
    assert plugin.certificate is not None
    shown = [claim.name for claim in plugin.certificate.claims if not claim.disclosable]
    assert shown == ["family_name", "given_name"]


def test_package(plugin: ProfessionPlugin) -> None:
    assert plugin.package == meibo_doctor.__name__

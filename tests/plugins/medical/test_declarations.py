"""What the plugins of the medical file declare beside their items."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from meibo.codes.seeding import merged
from meibo.codes.tables import SHARED
from meibo.plugin import Effect, MeasureKind
from meibo.register.fold import Verb
from tests.plugins.medical.professions import CODES, FACTS, HOST

REEDUCATION = {Verb.ORDER_REEDUCATION, Verb.COMPLETE_REEDUCATION}
COMPLETED = "reeducation.reeducation_completion_registered_date"
ORDERED = {
    "order_reeducation": Effect("reeducation.reeducation_order_registered_date", clears=(COMPLETED,)),
    "complete_reeducation": Effect(COMPLETED),
}


@pytest.mark.parametrize("code", CODES)
def test_names_and_laws(code: str) -> None:
    plugin, facts = HOST[code].plugin, FACTS[code]
    assert (plugin.name, plugin.register_name, plugin.file) == (facts.names, facts.register, "medical")
    assert plugin.package == f"meibo_{code}"
    bases = {basis.id: basis for basis in plugin.legal_bases}
    assert len(bases) == len(plugin.legal_bases)
    assert set(Verb) - bases.keys() == (set() if facts.reeducation else {Verb.REPRIMAND, *REEDUCATION})
    assert (bases["register"].law, bases["register"].valid_from) == (facts.acts[0], facts.since)
    assert bases["correct"].law == facts.acts[1]
    assert ("practice_report" in bases, "reprimand" in bases) == (facts.reports, bool(facts.reeducation))
    if facts.reeducation:
        since = {bases[id].valid_from for id in ("reprimand", *REEDUCATION)}
        assert since == {facts.reeducation}


@pytest.mark.parametrize("code", CODES)
def test_bases_of_the_number_hold_since_its_use_began(code: str) -> None:
    first, second, resident = FACTS[code].numbers
    articles = {
        b.id: (b.law, b.article) for b in HOST[code].plugin.legal_bases if b.valid_from == date(2024, 5, 27)
    }
    assert articles == {
        "number_use": ("番号法", f"9条1項 別表第一の{first}"),
        "number_exchange": ("番号法", f"19条8号 別表第二の{second}"),
        "resident_record": ("住民基本台帳法", f"30条の9 別表第一の{resident}"),
    }


@pytest.mark.parametrize("code", CODES)
def test_procedures_with_their_limits_and_fees(code: str) -> None:
    plugin, facts = HOST[code].plugin, FACTS[code]
    procedures = {p.id: p for p in plugin.procedures}
    assert list(procedures) == [
        "registration",
        "correction",
        "reissue",
        "deregistration",
        "deregistration_on_death",
        *(["practice_report"] if facts.reports else []),
        *(["reeducation_completion"] if facts.reeducation else []),
    ]
    roll = "名簿" if facts.register[0].endswith("名簿") else "籍"
    assert procedures["correction"].ja == f"{roll}訂正・免許証書換え交付"
    month = timedelta(days=30)
    limits = {p.id: p.within for p in plugin.procedures if p.within}
    assert limits == {"correction": month, "deregistration_on_death": month}
    assert [(fee.procedure, fee.channel, fee.yen, fee.kind) for fee in plugin.fees] == [
        ("registration", "any", facts.tax, "tax"),
        ("correction", "any", 1_000, "tax"),
        ("reissue", "any", 3_100, "fee"),
        *(
            [
                ("reeducation_completion", "paper", 3_100, "fee"),
                ("reeducation_completion", "online", 2_950, "fee"),
            ]
            if facts.reeducation
            else []
        ),
    ]


@pytest.mark.parametrize("code", CODES)
def test_measures(code: str) -> None:
    plugin, facts = HOST[code].plugin, FACTS[code]
    name, months = facts.suspension
    reprimand = [("01", "戒告", MeasureKind.REPRIMAND, "reprimand", None)] if facts.reeducation else []
    assert [(m.code, m.name[0], m.kind, m.legal_basis, m.longest_months) for m in plugin.measures] == [
        *reprimand,
        ("02", name, MeasureKind.SUSPENSION, "suspend", months),
        ("03", "免許の取消し", MeasureKind.REVOCATION, "revoke", None),
    ]
    assert {m.legal_basis for m in plugin.measures} <= {b.id for b in plugin.legal_bases}


@pytest.mark.parametrize("code", CODES)
def test_what_is_kept_shown_and_searched(code: str) -> None:
    plugin, facts = HOST[code].plugin, FACTS[code]
    assert (plugin.erasure.keep_record, plugin.erasure.destroy_number_when) == (True, frozenset())
    assert plugin.certificate is not None
    assert plugin.certificate.type == f"urn:meibo:{code}:1"
    shown = [claim.name for claim in plugin.certificate.claims if not claim.disclosable]
    assert shown == ["profession", "full_name"]
    searched = plugin.public_search and plugin.public_search.since
    assert searched == (date(2007, 4, 1) if facts.public else None)


@pytest.mark.parametrize("code", CODES)
def test_applications_come_through_the_prefecture_to_the_ministry(code: str) -> None:
    plugin = HOST[code].plugin
    assert plugin.administrator is not None
    assert plugin.administrator.division[0] == "医政局医事課"
    assert plugin.receiving_office is not None
    assert plugin.receiving_office.item == "register.forwarding_prefecture_code"


@pytest.mark.parametrize("code", CODES)
def test_effects(code: str) -> None:
    def noted(act: str) -> tuple[str, str, str]:
        return tuple(f"register.{act}_{part}" for part in ("date", "reason_code", "reason_text"))  # type: ignore[return-value]

    assert HOST[code].plugin.effects == {
        "correct": Effect(*noted("register_correction")),
        "reissue": Effect(*noted("reissue")),
        "strike_off": Effect(*noted("deregistration")),
        "undo_strike_off": Effect(clears=noted("deregistration")),
        **(ORDERED if FACTS[code].reeducation else {}),
    }


@pytest.mark.parametrize("code", CODES)
def test_groups(code: str) -> None:
    profession, facts = HOST[code], FACTS[code]
    own = [group.key for group in profession.content_groups]
    assert sorted(own) == sorted(
        ["identity", "register"]
        + ["practice_report"] * facts.reports
        + ["reeducation"] * bool(facts.reeducation)
    )
    register = profession.groups["register"]
    assert len(register.items) == 57 + facts.address
    assert ("address" in register.type.items) is facts.address
    assert register.items["registration_number"].unique


def test_the_seven_give_their_own_licence_types_and_reasons_alone() -> None:
    given = dict(HOST.code_rows())
    together = merged(given.items(), SHARED)
    types = {str(r["licence_type_code"]): r["licence_type_name_ja"] for r in together["licence_type_master"]}
    assert types == {facts.licence_type: facts.names[0] for facts in FACTS.values()}
    by_measure = [r for r in together["reason_master"] if r["processing_category_code"] == "07"]
    nursing = [code for code, facts in FACTS.items() if facts.address]
    assert len(by_measure) == sum(f.reasons for f in FACTS.values()) - 3 * (len(nursing) - 1)
    assert len(together["domicile_master"]) == 61

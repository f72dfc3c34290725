"""The claims of a licence: values of every kind, masked as their groups are, and what a certificate is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID

import pytest

from meibo.codes.service import CodeTables
from meibo.errors import Forbidden
from meibo.items.codes import CodeList
from meibo.plugin import Certificate, Claim
from meibo.professions.compiled import compile_profession
from meibo.register.fold import State
from meibo.register.sealing import LicenceKey
from meibo.registry.claims import (
    ClaimView,
    CodedValue,
    as_text,
    certificate_claims,
    claim_groups,
    payload,
)
from meibo.registry.views import GroupView, Head, Redaction, RedactionReason, Stored
from meibo.values.dates import EraMonth, PartialDate
from meibo.values.eras import EraDate
from tests.core.professions.dancers import PLUGIN

CLAIMS = (
    Claim("profession", disclosable=False),
    Claim("full_name", disclosable=False),
    Claim("birth_date"),
    Claim("registration_number"),
    Claim("registration_date"),
    Claim("began", item="practice.started_date"),
    Claim("taught", item="practice.taught_month"),
    Claim("trial", item="practice.trial"),
    Claim("colour", item="practice.colour"),
    Claim("memo", item="practice.memo"),
)
DANCER = compile_profession(replace(PLUGIN, certificate=Certificate("urn:test", CLAIMS)))
GROUPS = {
    "register": GroupView(
        {
            "family_name": "鷹司", "given_name": "満月", "birth_date": PartialDate("1983-02"),
            "registration_number": "007", "registration_date": date(2010, 5, 6),
        }
    ),
    "practice": GroupView(
        {
            "started_date": EraDate("令和", "010501"), "taught_month": EraMonth("H", "3004"), "trial": False,
            "colour": "1",
        }
    ),
}  # fmt: skip
CODES = CodeTables(cast("Any", None), {})
"""No claim here has a code table."""

UNOPENED = LicenceKey(cast("Any", None), UUID(int=1), b"", 1)


def head(state: State = State.REGISTERED) -> Head:
    at = datetime(2020, 5, 1, tzinfo=UTC)
    return Head(
        UUID(int=1),
        "dancer",
        "p",
        "007",
        1,
        state,
        1,
        at.date(),
        at,
        UNOPENED,
        Stored(UUID(int=2), 1, "1", "a"),
    )


def claims(change: Mapping[str, GroupView] | None = None) -> tuple[ClaimView, ...]:
    return certificate_claims(DANCER, head(), {**GROUPS, **(change or {})}, CODES)


def test_values_as_a_certificate_writes_them() -> None:
    assert {claim.spec.name: claim.value for claim in claims()} == {
        "profession": CodedValue("profession", "dancer", "踊り手", "Dancer"),
        "full_name": "鷹司　満月",
        "birth_date": "1983-02",
        "registration_number": "007",
        "registration_date": "2010-05-06",
        "began": "2019-05-01",
        "taught": "2018-04",
        "trial": False,
        "colour": CodedValue("colours", "1", "赤", "red"),
        "memo": None,
    }
    texts = {claim.spec.name: as_text(claim.value) for claim in claims()}
    assert (texts["trial"], texts["colour"], texts["began"], texts["memo"]) == (
        "false", "1", "2019-05-01", None,
    )  # fmt: skip


def test_a_name_of_one_part_has_no_blank() -> None:
    alone = GroupView({**GROUPS["register"].values, "given_name": None})
    assert claims({"register": alone})[1].value == "鷹司"


def test_a_code_that_no_list_knows_keeps_its_code() -> None:
    found = claims({"practice": GroupView({"colour": "7"})})
    assert found[8].value == CodedValue("colours", "7", None, None)


def test_the_payload_leaves_out_what_the_register_has_not() -> None:
    values, disclosable = payload(claims({"practice": GroupView({"colour": "2", "trial": True})}))
    assert values == {
        "profession": {"code": "dancer", "label": "踊り手", "label_en": "Dancer"},
        "full_name": "鷹司　満月",
        "birth_date": "1983-02",
        "registration_number": "007",
        "registration_date": "2010-05-06",
        "trial": True,
        "colour": {"code": "2", "label": "青", "label_en": "blue"},
    }
    assert disclosable == values.keys() - {"profession", "full_name"}


def test_one_masked_part_masks_the_claim_and_no_certificate_is_made() -> None:
    hidden = Redaction("given_name", RedactionReason.NO_PERMISSION)
    found = claims({"register": GroupView({"family_name": "鷹司", "registration_number": "007"}, (hidden,))})
    assert (found[1].value, found[1].redacted) == (None, RedactionReason.NO_PERMISSION)
    assert (found[3].value, found[3].redacted) == ("007", None)
    with pytest.raises(Forbidden):
        payload(found)


@pytest.mark.parametrize("state", sorted(set(State) - {State.REGISTERED}))
def test_a_licence_that_does_not_stand_has_none(state: State) -> None:
    assert certificate_claims(DANCER, head(state), GROUPS, CODES) == ()
    assert payload(()) == ({}, frozenset())


def test_the_groups_that_are_read() -> None:
    assert claim_groups(DANCER) == ("practice", "register")
    assert claim_groups(compile_profession(PLUGIN)) == ()


def test_values_stay_out_of_the_representation() -> None:
    assert "鷹司" not in repr(claims())


def test_labels_of_a_closed_list() -> None:
    assert CODES.texts(CodeList("sizes", {"1": ("小", "Small")}), "1") == ("小", "Small")

"""What certificates show: labels and items found, and what none may show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meibo.errors import PluginError
from meibo.host import Host
from meibo.plugin import Certificate, Claim, Group, Holder, ProfessionPlugin, Sensitive, item
from meibo.professions.certificates import ClaimSpec
from meibo.professions.compiled import compile_profession
from tests.core.professions.dancers import PLUGIN


class Health(Group, title="健康", en="Health", purpose="a test", source="a test", erasure="keep"):
    """A group with what no third party should see."""

    illness: Sensitive[str | None] = item("病名", en="Illness")


def declared(*claims: Claim, **change: object) -> ProfessionPlugin:
    return replace(PLUGIN, certificate=Certificate("urn:test", claims), **change)  # type: ignore[arg-type]


def test_facts_and_items_with_their_labels() -> None:
    profession = compile_profession(
        declared(
            Claim("profession", disclosable=False),
            Claim("full_name"),
            Claim("birth_date"),
            Claim("sex", item="register.sex_code"),
            Claim("began", item="practice.started_date", label=("稽古始め", "First lesson")),
        )
    )
    assert profession.claims == (
        ClaimSpec("profession", (), ("資格", "Profession"), False),
        ClaimSpec("full_name", ("register.family_name", "register.given_name"), ("氏名", "Full name"), True),
        ClaimSpec("birth_date", ("register.birth_date",), ("生年月日", "Date of birth"), True),
        ClaimSpec("sex", ("register.sex_code",), ("性別", "Sex"), True),
        ClaimSpec("began", ("practice.started_date",), ("稽古始め", "First lesson"), True),
    )


def test_a_profession_without_a_certificate_has_no_claims() -> None:
    assert compile_profession(replace(PLUGIN, certificate=None)).claims == ()


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        (
            Claim("familyName", "register.family_name"),
            "The claim 'familyName' of 'dancer' is not snake_case: rename it, such as family_name.",
        ),
        (
            Claim("exp", "register.family_name"),
            "The claim 'exp' of 'dancer' has a meaning of its own in certificates: rename it.",
        ),
        (
            Claim("shoe_size"),
            "The claim 'shoe_size' of 'dancer' names no item, and core tells no such fact (profession, full_name,"
            " full_name_kana, birth_date, registration_number, registration_date): give item=…",
        ),
        (
            Claim("number", "numbers.individual_number"),
            "The claim 'number' of 'dancer' would show 'numbers.individual_number', which no certificate shows"
            " (individual_number, personal): leave it out.",
        ),
        (
            Claim("pseudonym", "identity.qualification_pseudonym_id"),
            "The claim 'pseudonym' of 'dancer' would show 'identity.qualification_pseudonym_id', which no certificate"
            " shows (pseudonym, personal): leave it out.",
        ),
        (
            Claim("illness", "health.illness"),
            "The claim 'illness' of 'dancer' would show 'health.illness', which no certificate shows"
            " (text, sensitive): leave it out.",
        ),
        (
            Claim("type", "licence_type_master.licence_type_code"),
            "The claim 'type' of 'dancer' is taken from 'licence_type_master.licence_type_code', which does not"
            " stand once in a licence: name an item that does.",
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Claim) else "",
)
def test_what_no_certificate_shows(claim: Claim, sentence: str) -> None:
    with pytest.raises(PluginError) as refused:
        compile_profession(declared(claim, groups=(*PLUGIN.groups, Health)))
    assert refused.value.en == sentence


def test_a_fact_of_which_the_register_has_no_item() -> None:
    nameless = Holder(family_name="", given_name="", birth_date="")
    with pytest.raises(PluginError) as refused:
        compile_profession(declared(Claim("full_name"), holder=nameless))
    assert refused.value.en == (
        "The claim 'full_name' of 'dancer' is read from no item: say in holder=… where it stands."
    )


def test_ours_always_show_profession_and_name_and_nothing_else(host: Host) -> None:
    for profession in host.professions.values():
        always = [claim.name for claim in profession.claims if not claim.disclosable]
        assert always == ["profession", "full_name"], profession.code
        names = {claim.name for claim in profession.claims}
        assert {"birth_date", "registration_number", "registration_date"} <= names

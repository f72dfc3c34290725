"""The tree of errors: one code each, a sentence in each language."""

from __future__ import annotations

import pytest

from meibo import errors
from meibo.errors import Finding, FindingCode, InvalidValue, MeiboError, Refused, StaleVersion

TREE = {
    "InvalidValue": "INVALID_VALUE",
    "Refused": "REFUSED",
    "StaleVersion": "STALE_VERSION",
    "Unauthenticated": "UNAUTHENTICATED",
    "Forbidden": "FORBIDDEN",
    "NotFound": "NOT_FOUND",
    "BadCursor": "BAD_CURSOR",
    "SealBroken": "SEAL_BROKEN",
    "NumberDestroyed": "NUMBER_DESTROYED",
    "AuditUnavailable": "AUDIT_UNAVAILABLE",
    "OperatorError": "OPERATOR",
    "LeaseLost": "LEASE_LOST",
    "MessageRefused": "MESSAGE_REFUSED",
    "SourceUnavailable": "SOURCE_UNAVAILABLE",
    "SettingsError": "SETTINGS",
    "PluginError": "PLUGIN",
    "MigrationError": "MIGRATION",
}


def test_the_tree_is_drawn_whole() -> None:
    found = {
        name: cls.code
        for name, cls in vars(errors).items()
        if isinstance(cls, type) and issubclass(cls, MeiboError) and cls is not MeiboError
    }
    assert found == TREE
    drawn = errors.__doc__ or ""
    assert [name for name in TREE if name not in drawn] == []


@pytest.mark.parametrize(
    "name",
    [
        "Unauthenticated",
        "NotFound",
        "BadCursor",
        "SealBroken",
        "NumberDestroyed",
        "AuditUnavailable",
        "StaleVersion",
    ],
)
def test_sentences_in_both_languages(name: str) -> None:
    error = getattr(errors, name)()
    assert error.ja.rstrip().endswith("。")
    assert error.en.rstrip().endswith(".")


def test_a_refusal_carries_every_reason() -> None:
    one = Finding(("a",), "一。", "One.", rule="x.one")
    two = Finding("b", "二。", "Two.", FindingCode.REQUIRED)
    refused = Refused(one, two)
    assert (refused.findings, refused.ja, refused.en) == (
        (one, two),
        "一。 二。",
        "x.one: One.; REQUIRED: Two.",
    )


def test_a_stale_version_is_a_refusal() -> None:
    [finding] = StaleVersion().findings
    assert (finding.code, finding.rule) == (FindingCode.STALE_VERSION, "register.stale_version")


def test_findings_are_equal_whatever_they_cite() -> None:
    assert Finding("a", "一", "One", cites="1条") == Finding("a", "一", "One", cites="2条")


def test_an_invalid_value_names_its_rule() -> None:
    assert (InvalidValue("x.y", "一", "One").rule, str(InvalidValue("x.y", "一", "One"))) == ("x.y", "One")

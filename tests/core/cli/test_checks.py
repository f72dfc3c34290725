"""`meibo check`: rules by two people, and plans that are refused with their reason."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from meibo import clock
from tests.core.cli.test_cli import Meibo
from tests.core.cli.test_cli import meibo as meibo

ABSENT = "0c8a1f0e-0000-4000-8000-000000000000"


@pytest.mark.slow
def test_two_people_set_a_rule_and_no_plan_names_a_source_that_is_none(meibo: Meibo, tmp_path: Path) -> None:
    assert meibo("migrate").code == 0
    assert meibo(
        "account", "add", "chief", "--name", "課長", "--institution", "課", "--role", "administrator",
        "--profession", "doctor",
    ).code == 0  # fmt: skip
    token = tmp_path / "chief.token"
    token.write_text(meibo("token", "issue", "chief").out)
    day = (clock.today() + timedelta(days=1)).isoformat()
    propose = ("check", "rule", "propose", "--profession", "doctor", "--start-date", day, "--automatic")
    bare = meibo(*propose)
    assert (bare.code, "check.reason" in bare.err) == (2, True)
    id = meibo(*propose, "--reason", "201", "--legal-basis", "correction").out.strip()
    alone = meibo("check", "rule", "approve", id)
    assert (alone.code, "check.second_person" in alone.err) == (2, True)
    assert (
        meibo("check", "rule", "approve", id, "--token-file", token).out
        == "The rule holds from its day on.\n"
    )
    listed = meibo("check", "rule", "list").out
    assert listed == f"{id}\tdoctor\tmoved\t{day}\tautomatic\toperator\tchief\n"
    for verb in ("estimate", "plan"):
        refused = meibo("check", verb, "--source", "rumour", "--profession", "doctor")
        assert (refused.code, "check.source" in refused.err) == (2, True)
    assert meibo("check", "list").out == ""
    assert meibo("check", "approve", ABSENT).code == 2
    assert meibo("check", "queue").code == 2
    assert meibo("check", "queue", "--token-file", token).out == ""
    assert meibo("check", "open", ABSENT, "--token-file", token).code == 2

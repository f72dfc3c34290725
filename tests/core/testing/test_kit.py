"""The conformance kit: what it finds, on which line, and that a sound plugin of a stranger is left in peace."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from meibo.cli import cli
from meibo.testing import Subject, check_plugin
from meibo.testing.checks import annexing, declaring, law, reading, ruling, texts
from meibo.testing.checks.migrating import drift
from meibo.testing.running import run

HERE = Path(__file__).parent
PURE = (*declaring.CHECKS, *texts.CHECKS, *annexing.CHECKS, *law.CHECKS[:3], *ruling.CHECKS, drift)
PROJECT = """[project]
name = "meibo-{name}"
version = "1.0"
[project.entry-points."meibo.plugins"]
{name} = "meibo_{name}"
"""


def distribution(folder: Path, name: str) -> Path:
    """The folder of a distribution whose package is still to be written; gives the package's."""
    package = folder / f"meibo_{name}"
    package.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PROJECT.format(name=name), "utf-8")
    return package


def test_every_fault_is_found_on_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = distribution(tmp_path, "potter") / "__init__.py"
    shutil.copyfile(HERE / "faulty.py", file)
    expected = {
        f"meibo_potter/__init__.py:{number}: {told.strip()}"
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        for told in line.split("#! ")[1:]
    }
    at_rule = "meibo_potter/__init__.py:50: "
    expected |= {
        f"{at_rule}the rule of_age has no Japanese text; write it in Japanese",
        f"{at_rule}the rule of_age has no English text; write it in English",
        f"{at_rule}the rule of_age does not begin with potter.; name it potter.of_age",
        f'{at_rule}the rule of_age cites nothing; name the law or the items in cites="…"',
        f"{at_rule}no test tries the rule of_age; write a case that passes and one that fails in tests/",
        "meibo_potter/migrations:1: the declaration is ahead of the migrations (op.create_table('potter_register',);"
        " write it with `meibo plugin migrate`",
    }
    with Subject(tmp_path) as subject:
        found = {str(finding) for check in PURE for finding in run(check, subject)}
    assert found == expected


def test_a_plugin_that_cannot_be_loaded_is_one_finding(tmp_path: Path) -> None:
    (distribution(tmp_path, "broken") / "__init__.py").write_text("import nothing_at_all\n", "utf-8")
    [finding] = check_plugin(tmp_path)
    assert (finding.path, finding.check) == (tmp_path / "pyproject.toml", "load")
    assert "Plugin 'broken' cannot be loaded" in finding.what


def test_names_that_another_plugin_has(tmp_path: Path) -> None:
    package = distribution(tmp_path, "twin")
    text = (HERE / "faulty.py").read_text("utf-8").replace("Potter", "Doctor").replace('"potter"', '"doctor"')
    (package / "__init__.py").write_text(text, "utf-8")
    with Subject(tmp_path) as subject:
        [finding] = run(declaring.names, subject)
    assert (finding.what, finding.mend) == (
        "Two plugins declare the profession 'doctor'",
        "uninstall one of them",
    )


def test_the_command_prints_json_and_fails(tmp_path: Path) -> None:
    (distribution(tmp_path, "broken") / "__init__.py").write_text("import nothing_at_all\n", "utf-8")
    result = CliRunner().invoke(cli, ["plugin", "check", str(tmp_path), "--json"])
    assert result.exit_code == 1
    [told] = json.loads(result.output)
    assert set(told) == {"path", "line", "what", "mend", "check"}


@pytest.mark.slow
def test_a_claim_that_is_always_shown_has_a_value_for_everybody(tmp_path: Path) -> None:
    package = distribution(tmp_path, "veterinarian")
    shutil.copytree(HERE.parents[1] / "veterinarian", package, dirs_exist_ok=True)
    file = package / "__init__.py"
    sound = 'Claim("birth_date", item="register.birth_date"),'
    broken = 'Claim("workplace", item="practice_report.workplace_name", disclosable=False),'
    assert file.read_text("utf-8").count(sound) == 1
    file.write_text(file.read_text("utf-8").replace(sound, broken), "utf-8")
    line = file.read_text("utf-8").splitlines().index(" " * 16 + broken) + 1
    with Subject(tmp_path) as subject:
        [found] = run(reading.claims, subject)
    assert (found.line, found.what, found.mend, found.check) == (
        line,
        "the claim workplace is always shown, and a synthetic holder has no value for it",
        "let the holder leave it out, or name another item",
        "claims",
    )


@pytest.mark.slow
def test_a_sound_plugin_of_a_stranger(tmp_path: Path) -> None:
    package = distribution(tmp_path, "veterinarian")
    shutil.copytree(HERE.parents[1] / "veterinarian", package, dirs_exist_ok=True)
    for ours in ("installed.py", "second.py"):
        (package / ours).unlink()
    tests = tmp_path / "tests"
    tests.mkdir()
    named = "registered_after_birth, qualified_once\n"
    (tests / "test_rules.py").write_text(f"from meibo_veterinarian.rules import {named}{named}", "utf-8")
    assert [str(finding) for finding in check_plugin(tmp_path)] == []

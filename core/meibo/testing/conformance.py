"""The checks as tests: a class to inherit from, which needs pytest only where it runs."""

from __future__ import annotations

import inspect
from functools import cache
from pathlib import Path
from typing import Any

from meibo.testing.checks import all_checks
from meibo.testing.checks.kinds import Check
from meibo.testing.running import run
from meibo.testing.subjects import Subject


class PluginConformance:
    """Inherit from it in a plugin's tests: `class TestVeterinarian(PluginConformance)` runs every check on the
    distribution in whose folder the test file lies. `path` names another."""

    path: Path | None = None

    @classmethod
    def subject(cls) -> Subject:
        """The plugin, loaded once for all checks."""
        return _subject(cls.path or Path(inspect.getfile(cls)).parent)

    @classmethod
    def teardown_class(cls) -> None:
        """The installation goes when the last check is done."""
        cls.subject().stack.close()

    def pytest_generate_tests(self, metafunc: Any) -> None:
        """One test for each check."""
        if "check" in metafunc.fixturenames:
            checks = all_checks()
            metafunc.parametrize("check", checks, ids=[check.__name__ for check in checks])

    def test_plugin(self, check: Check) -> None:
        """The check finds nothing."""
        findings = run(check, self.subject())
        assert not findings, "\n".join(map(str, findings))


@cache
def _subject(path: Path) -> Subject:
    return Subject(path)

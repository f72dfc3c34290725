"""The conformance kit on our own plugins: what a stranger's must show, ours show too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from meibo.host import load_host
from meibo.testing import PluginConformance, check_plugin
from tests.databases import POSTGRES
from tests.postgres import PostgresServer

PLUGINS = Path(__file__).parents[2] / "plugins"


@pytest.mark.slow
class TestDoctor(PluginConformance):
    """Every check as a test of its own, as the tests of a plugin have it."""

    path = PLUGINS / "doctor"


@pytest.mark.slow
@pytest.mark.parametrize("newest", POSTGRES[-1:])
@pytest.mark.parametrize("code", sorted(load_host().professions.keys() - {"doctor"}))
def test_our_plugins_have_nothing_to_mend(
    code: str, newest: str, server_of: Callable[[str], PostgresServer]
) -> None:
    url = server_of(newest).admin_url.render_as_string(hide_password=False)
    assert [str(finding) for finding in check_plugin(PLUGINS / code, url)] == []

"""The files of a new distribution that hardly depend on the list."""

PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "meibo-{dashed}"
version = "0.1.0"
description = "{en}s ({ja}) for meibo"
requires-python = ">=3.11,<3.14"
dependencies = ["meibo>={version}"]

[project.entry-points."meibo.plugins"]
{code} = "{package}"

[tool.hatch.build.targets.wheel]
packages = ["{package}"]
"""

README = """\
# meibo-{dashed}

{en}s ({ja}) for meibo: the items of {register_ja}, its rules, its law.

- `{package}/items.py` the items, in the order of the official list
- `{package}/rules.py` the rules, each with the law or the items that it rests on
- `{package}/__init__.py` names, law, procedures, fees, certificate

`meibo plugin check .` says what is missing; `meibo demo --plugin .` shows it; `pytest` runs the same checks.
"""

INIT = '''\
"""{en}s ({ja}): what the register keeps, asks, charges, shows and forgets."""

from datetime import date

from meibo.plugin import (
{imports})

from {package} import items
from {package}.rules import RULES

ACT = date({since_date})
"""{law} in force."""


@hookimpl
def meibo_profession() -> ProfessionPlugin:
    """Declare the profession; core derives tables, API, forms, reference and annex from it."""
    return ProfessionPlugin(
        code="{code}",
        core=">={version},<2",
        name=("{ja}", "{en}"),
        register_name=("{register_ja}", "{register_en}"),
        groups=(
{groups}        ),
        rules=RULES,
        number="{register}.registration_number",
        registered="{register}.registration_date",
{holder}        legal_bases=(LegalBasis("register", law="{law}", article="{article}", valid_from=ACT),),
        procedures=(Procedure("registration", "新規登録", "Registration", gives=("{register}",)),),
        certificate=Certificate(
            "urn:meibo:{code}:1",
            claims=(
{claims}            ),
        ),
    )
'''

RULES = '''\
"""Rules of the register: pure functions of the record, nothing else in reach."""

from meibo.plugin import DeclaredRule, Finding, rule

from {package}.items import {entry_class}


@rule("{code}.born_first", cites="{law}{article}", ja="生まれる前に登録されることはない。")
def born_first({register}: {entry_class}) -> Finding | None:
    """Nobody is registered before birth."""
    born, registered = {register}.birth_date, {register}.registration_date
    if born is None or registered is None or (getattr(born, "earliest", born) or registered) <= registered:
        return None
    return Finding(
        "registration_date",
        "登録年月日が生年月日より前です。どちらかを直してください。",
        "The registration precedes the date of birth: mend one of them.",
    )


RULES: tuple[DeclaredRule, ...] = (born_first,)
'''

NO_RULES = '''\
"""Rules of the register: pure functions of the record. There is none yet."""

from meibo.plugin import DeclaredRule

RULES: tuple[DeclaredRule, ...] = ()
'''

CONFORMANCE = '''\
"""What every plugin must show: the same checks as `meibo plugin check`."""

from meibo.testing import PluginConformance


class Test{class_name}(PluginConformance):
    """Each check as a test."""
'''

RULE_TESTS = '''\
"""Each rule with a case that passes and one that fails."""

from datetime import date

{born_import}from {package}.items import {entry_class}
from {package}.rules import born_first

BORN = {born}


def test_born_first() -> None:
    assert born_first({entry_class}.of(birth_date=BORN, registration_date=date(2004, 5, 1))) is None
    found = born_first({entry_class}.of(birth_date=BORN, registration_date=date(1980, 4, 30)))
    assert found is not None
    assert found.path == "registration_date"
'''

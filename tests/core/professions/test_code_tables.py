"""Code tables that a profession brings: what core can keep, and the names that it refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from meibo.codes.tables import code_tables, own_tables
from meibo.errors import PluginError
from meibo.host import load_host
from meibo.plugin import Cardinality, Code, CodeList, EraDate, Group, item
from meibo.professions.compiled import compile_profession
from tests.core.professions.dancers import PLUGIN, module, plugin

OFFICE = "an office table"


class Style(
    Group,
    title="流派",
    en="Styles",
    purpose="-",
    source="-",
    erasure="-",
    cardinality=Cardinality.TABLE,
    key="style_master",
    plural="styles",
):
    """A table as it should be."""

    style_code: Code = item("流派コード", en="Code", max_length=3, clear=OFFICE, key=True)
    style_name_ja: str | None = item("流派", en="Name (Japanese)", max_length=50, clear=OFFICE)
    style_name_en: str | None = item("流派（英）", en="Name (English)", max_length=50, clear=OFFICE)
    created_at: datetime | None = item("登録日時", en="Entered at", derived="audit trail")


def test_a_profession_brings_a_table() -> None:
    found = compile_profession(plugin(groups=(*PLUGIN.groups, Style)))
    [style] = own_tables(found).values()
    assert (style.key, style.table.name, style.table.info) == (
        "style_master",
        "dancer_style_master",
        {"profession": "dancer"},
    )
    assert style.table.c.keys() == [
        "row_id", "valid_from", "valid_to", "change_id", "style_code", "style_name_ja", "style_name_en",
    ]  # fmt: skip
    assert list(code_tables([found]))[-2:] == ["disposition_master", "style_master"]
    assert (style.row_key({"style_code": "01"}), style.label_item("ja"), style.label_item("en")) == (
        "01",
        "style_name_ja",
        "style_name_en",
    )


class Unnamed(
    Group, title="流派", en="Styles", purpose="-", source="-", erasure="-", cardinality=Cardinality.TABLE
):
    """No name for the API."""

    code: Code = item("コード", en="Code", clear=OFFICE, key=True)


class Hidden(
    Group,
    title="流派",
    en="Styles",
    purpose="-",
    source="-",
    erasure="-",
    cardinality=Cardinality.TABLE,
    plural="hidden",
):
    """An item that is sealed."""

    code: Code = item("コード", en="Code", clear=OFFICE, key=True)
    name_ja: str = item("名称", en="Name")


class Dated(
    Group,
    title="流派",
    en="Styles",
    purpose="-",
    source="-",
    erasure="-",
    cardinality=Cardinality.TABLE,
    plural="dated",
):
    """A pair, of which a column holds the day alone."""

    code: Code = item("コード", en="Code", clear=OFFICE, key=True)
    began: EraDate | None = item("開始", en="Began", clear=OFFICE)


class Keyless(
    Group,
    title="流派",
    en="Styles",
    purpose="-",
    source="-",
    erasure="-",
    cardinality=Cardinality.TABLE,
    plural="keyless",
):
    """Nothing tells its rows apart."""

    name_ja: str = item("名称", en="Name", clear=OFFICE)


class Unlabelled(
    Group,
    title="流派",
    en="Styles",
    purpose="-",
    source="-",
    erasure="-",
    cardinality=Cardinality.TABLE,
    plural="unlabelled",
):
    """Nothing says what a code means."""

    code: Code = item("コード", en="Code", clear=OFFICE, key=True)


class Lost(
    Group,
    title="流派",
    en="Styles",
    purpose="-",
    source="-",
    erasure="-",
):
    """Takes its codes from nowhere."""

    style: Code | None = item("流派", en="Style", codes=CodeList("style", table="style_master"))


@pytest.mark.parametrize(
    ("group", "sentence"),
    [
        (
            Unnamed,
            "The code table 'unnamed' of 'dancer' has no plural: name the API field of its rows with"
            ' plural="...".',
        ),
        (
            Hidden,
            "The code table 'hidden' of 'dancer' cannot keep 'name_ja': say clear=\"...\" and choose a kind of one"
            " column.",
        ),
        (
            Dated,
            "The code table 'dated' of 'dancer' cannot keep 'began': say clear=\"...\" and choose a kind of one"
            " column.",
        ),
        (
            Keyless,
            "The code table 'keyless' of 'dancer' has no key: mark the item of its code with key=True.",
        ),
        (Unlabelled, "The code table 'unlabelled' of 'dancer' has no label: give it an item of text."),
        (
            Lost,
            "lost.style of 'dancer' takes its codes from 'style_master', which is no code table: list the table"
            " among its groups, or mend the name.",
        ),
    ],
)
def test_what_no_table_can_keep(group: type[Group], sentence: str) -> None:
    with pytest.raises(PluginError) as refused:
        compile_profession(plugin(groups=(*PLUGIN.groups, group)))
    assert refused.value.en == sentence


class Domicile(
    Group,
    title="流派",
    en="Styles",
    purpose="-",
    source="-",
    erasure="-",
    cardinality=Cardinality.TABLE,
    key="domicile_master",
    plural="homes",
):
    """A table under the key of core's."""

    code: Code = item("コード", en="Code", clear=OFFICE, key=True)
    name_ja: str = item("名称", en="Name", clear=OFFICE)


def test_the_key_of_core_is_refused() -> None:
    with pytest.raises(PluginError) as refused:
        load_host([("dancer", module(plugin(groups=(*PLUGIN.groups, Domicile))))], only=set())
    assert refused.value.en == (
        "Plugin 'dancer': the code table 'domicile_master' is core's already: choose another key."
    )


def test_the_key_of_another_plugin_is_refused() -> None:
    ours = plugin(groups=(*PLUGIN.groups, Style))
    register = "dancer_register.registration"
    theirs = replace(
        ours, code="singer", number=f"{register}_number", registered=f"{register}_date", rules=(), effects={}
    )
    with pytest.raises(PluginError) as refused:
        load_host([("dancer", module(ours)), ("singer", module(theirs, "meibo_singer"))], only=set())
    assert refused.value.en == (
        "Plugin 'singer': the code table 'style_master' is dancer's already: choose another key."
    )

"""Names that a plugin would give twice in the API: refused in one sentence, or the plugin left out."""

from __future__ import annotations

from typing import Any

import pytest

from meibo.errors import PluginError
from meibo.host import load_host
from meibo.plugin import Cardinality, Code, Group, Personal, item
from meibo_graphql.clashes import servable
from tests.core.professions.dancers import DancerRegister, Practice, module, plugin


class History(Group, title="歴", en="History", purpose="a test", source="a test", erasure="keep"):
    """A group that would be a field of every licence."""

    year: Personal[str | None] = item("年", en="Year")


class Shoes(Group, title="靴", en="Shoes", purpose="a test", source="a test", erasure="keep"):
    """Two items that the API spells alike."""

    size_1: Personal[str | None] = item("大きさ1", en="Size 1")
    size1: Personal[str | None] = item("大きさ", en="Size")


class Redacted(Group, title="黒", en="Black", purpose="a test", source="a test", erasure="keep"):
    """An item under a name that every group has."""

    redacted: Personal[str | None] = item("黒塗", en="Black")


class State(Group, title="県", en="State", purpose="a test", source="a test", erasure="keep", key="region"):
    """An item whose filter would be that of the standing."""

    state_code: Code | None = item("県", en="State", clear="thousands share each", index=True)


class Versioned(
    Group, title="版", en="Version", purpose="a test", source="a test", erasure="keep", key="number"
):
    """A group that would be a field of every version."""

    text: Personal[str | None] = item("文", en="Text")


class Styles(
    Group, title="流派", en="Styles", purpose="a test", source="a test", erasure="keep", plural="styles",
    cardinality=Cardinality.TABLE,
):  # fmt: skip
    """A code table whose code is spelt as every table's."""

    code: Code = item("流派コード", en="Code", max_length=3, clear="an office table", key=True)
    style: str | None = item("流派", en="Style", max_length=50, clear="an office table")


class Info(Group, title="報", en="Info", purpose="a test", source="a test", erasure="keep"):
    """With the profession `page` it would be core's type `PageInfo`."""

    text: Personal[str | None] = item("文", en="Text")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"groups": (History,)}, "Two things would be the API field 'DancerLicence.history'"),
        ({"groups": (Shoes,)}, "Two things would be the API field 'DancerShoes.size1'"),
        ({"groups": (Redacted,)}, "Two things would be the API field 'DancerRedacted.redacted'"),
        ({"groups": (Versioned,)}, "Two things would be the API field 'DancerLicenceVersion.number'"),
        ({"groups": (Styles,)}, "Two things would be the API field 'DancerStyles.code'"),
        ({"groups": (State,)}, "Two things would be the API field 'DancerLicenceFilter.stateIn'"),
    ],
    ids=lambda value: value["groups"][0].__name__ if isinstance(value, dict) else "",
)
def test_fields_of_one_name(changed: dict[str, Any], sentence: str) -> None:
    groups = (DancerRegister, Practice, *changed["groups"])
    host = load_host([("dancer", module(plugin(groups=groups, rules=(), effects={})))], only={"doctor"})
    with pytest.raises(PluginError) as refused:
        servable(host, quarantine=False)
    assert refused.value.en == f"{sentence}: rename the group or the item."
    kept, schema = servable(host, quarantine=True)
    assert (list(kept.professions), kept.quarantined) == (["doctor"], {"dancer": refused.value.en})
    assert "DoctorLicence" in schema.schema_converter.type_map
    assert "DancerLicence" not in schema.schema_converter.type_map


def test_types_of_one_name() -> None:
    declared = plugin(
        code="page", number="dancer_register.registration_number", registered="dancer_register.registration_date",
        groups=(DancerRegister, Info), rules=(), effects={},
    )  # fmt: skip
    host = load_host([("page", module(declared))], only=())
    with pytest.raises(PluginError) as refused:
        servable(host, quarantine=False)
    assert refused.value.en == (
        "Type PageInfo is defined multiple times in the schema: rename the group or the profession."
    )
    kept, _ = servable(host, quarantine=True)
    assert kept.quarantined == {"page": refused.value.en}


def test_a_host_without_clashes_is_served_as_it_is() -> None:
    host = load_host([("dancer", module())], only=())
    kept, schema = servable(host, quarantine=True)
    assert kept is host
    assert "DancerLicence" in schema.schema_converter.type_map

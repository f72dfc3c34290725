"""A verify process knows the register and the audit log, and of the vault nothing at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meibo.database.stores import Store
from meibo.errors import SettingsError
from meibo.host import Host
from meibo.installation import Installation
from meibo.settings import Settings
from meibo.verifying import open_verifying, verifying_of
from meibo.verifying.opening import OF_THE_VAULT


def told_nothing(settings: Settings, **more: str) -> Settings:
    """Settings without the vault's, and some more."""
    nothing: dict[str, str] = dict.fromkeys(OF_THE_VAULT, "")
    return replace(settings, **(nothing | more))  # type: ignore[arg-type]


async def test_it_opens_the_register_and_the_audit_log_alone(settings: Settings, host: Host) -> None:
    async with open_verifying(told_nothing(settings), host) as verifying:
        assert set(verifying.databases) == {Store.REGISTER, Store.AUDIT}


@pytest.mark.parametrize("name", OF_THE_VAULT)
async def test_it_refuses_every_setting_of_the_vault(settings: Settings, host: Host, name: str) -> None:
    with pytest.raises(SettingsError) as refused:
        async with open_verifying(told_nothing(settings, **{name: "/secret"}), host):
            pass
    assert (f"MEIBO_{name.upper()}" in str(refused.value), "/secret" in str(refused.value)) == (True, False)


def test_every_setting_of_the_vault_is_known() -> None:
    """The stores and keys that a setting may name, apart from those that a verify process opens."""
    places = [
        f for f in Settings.__dataclass_fields__ if f.endswith(("_url", "_keys")) and f not in ("public_url",)
    ]
    ours = ("register_", "audit_", "portal_", "signing_")
    assert sorted(OF_THE_VAULT) == sorted(name for name in places if not name.startswith(ours))


async def test_beside_a_registry_it_reaches_no_more(installation: Installation) -> None:
    assert set(verifying_of(installation).databases) == {Store.REGISTER, Store.AUDIT}

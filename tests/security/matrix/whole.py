"""The whole matrix."""

from __future__ import annotations

from tests.security.conftest import Registers
from tests.security.matrix.cells import Cell
from tests.security.matrix.reading import licence_fields, queries
from tests.security.matrix.standing import (
    dead_job,
    disposition_of,
    keep_symbol,
    noted_conflict,
    planned_checks,
    requested_run,
    three_partners,
    unsent_request,
)
from tests.security.matrix.verbs import mutations


async def cells(registers: Registers) -> list[Cell]:
    """The whole matrix, for one caller."""
    token = registers.granted()
    ids = registers.ids
    for standing in ("suspended", "revoked"):
        ids |= {f"disposition of the {standing}": await disposition_of(registers.api, token, ids[standing])}
    document = "query($by: LicenceKey!) { licence(by: $by) { pseudonym } }"
    found = await registers.api.call(token, document, {"by": {"id": ids["registered"]}})
    pseudonym = found.data["licence"]["pseudonym"]
    ids |= await three_partners(registers.api.installation)
    ids |= await requested_run(registers)
    await keep_symbol(registers.api.installation, pseudonym)
    ids |= {"request that waits": await unsent_request(registers.api.installation)}
    ids |= await planned_checks(registers)
    ids |= {
        "conflict": await noted_conflict(registers),
        "dead job": await dead_job(registers.api.installation),
    }
    return [*mutations(ids), *queries(ids, pseudonym), *licence_fields(ids)]

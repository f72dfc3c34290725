"""The operator's listener of a served app."""

from __future__ import annotations

import httpx


async def operator_get(of: httpx.AsyncClient, path: str) -> httpx.Response:
    """What the operator is told by the process whose surfaces a client asks; the surfaces tell none of it."""
    assert (await of.get("/metrics")).status_code == 404
    operator = of._transport.app.operator  # type: ignore[attr-defined]
    transport = httpx.ASGITransport(app=operator)
    async with httpx.AsyncClient(transport=transport, base_url="http://operator") as http:
        return await http.get(path)

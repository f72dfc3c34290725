"""How sign-ins went, as the lines of a metric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def sign_in_lines(counted: Mapping[str, int]) -> Iterator[str]:
    """A counter in OpenMetrics' text: tokens issued, and refusals by their reason. They tell of nobody."""
    yield "# TYPE meibo_partner_sign_ins counter"
    yield "# HELP meibo_partner_sign_ins Tokens issued to partners, and refusals by reason."
    for outcome, count in sorted(counted.items()):
        yield f'meibo_partner_sign_ins_total{{outcome="{outcome}"}} {count}'

"""The table of variant characters: `meibo.values.variants`."""

from __future__ import annotations

from unicodedata import name, normalize

from meibo.values.variants import VARIANTS


def test_every_row_replaces_one_ideograph_by_another_that_stays() -> None:
    assert len(VARIANTS) == 118
    for variant, form in VARIANTS.items():
        assert name(chr(variant)).startswith("CJK")
        assert name(form).startswith("CJK UNIFIED IDEOGRAPH")
        assert ord(form) not in VARIANTS


def test_no_row_is_idle() -> None:
    """A character that NFKC replaces never reaches the table."""
    assert [chr(variant) for variant in VARIANTS if normalize("NFKC", chr(variant)) != chr(variant)] == []

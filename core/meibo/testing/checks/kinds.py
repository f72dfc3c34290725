"""What a check is."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from meibo.testing.findings import Finding
from meibo.testing.subjects import Subject

Check = Callable[[Subject], Iterable[Finding] | Coroutine[Any, Any, Iterable[Finding]]]
"""Named by its function; the first sentence of its docstring says what holds of a sound plugin."""

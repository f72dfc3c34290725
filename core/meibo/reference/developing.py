"""The pages for those who write plugins: hooks, and the kinds that an item can be of."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import FunctionType
from typing import Any, get_args

from meibo.hooks import Hooks
from meibo.items.declaration import MOST_ROWS, Cardinality, Privacy
from meibo.items.kinds import KINDS, Kind, Storage
from meibo.items.texts import PHRASES
from meibo.professions.certificates import FACTS
from meibo.professions.upcasts import Upcast
from meibo.reference.markdown import code, page, sentence, table

STORED = {
    Storage.CLEAR: 'a column of its own, readable in the database; needs a reason, `clear="…"`',
    Storage.SEALED: "in its group's blob, under the licence's own key; the default",
    Storage.VAULT: "in the vault alone: no column, no blob; the API shows whether it is held",
    Storage.DERIVED: "computed by core; nobody sets it",
}
READ = {
    Privacy.PUBLIC: "whoever may read the licence",
    Privacy.PERSONAL: "`Personal[…]`: needs `registry:personal:read`, else masked",
    Privacy.SENSITIVE: "`Sensitive[…]`: needs `registry:sensitive:read`, else masked",
}
STANDS = {
    Cardinality.ONE: "once for a licence",
    Cardinality.LIST: f"any number of rows in a version, in order, {MOST_ROWS} at most; a rule gets a tuple of records",
    Cardinality.MANY: "any number of times for a licence (replies from outside)",
    Cardinality.VIEW: "computed from what core keeps anyway",
    Cardinality.TABLE: "once for the installation (a code table)",
    Cardinality.VAULT: "once for a person and register file, in the vault",
}


def hooks_page() -> str:
    """Every hook."""
    return page(
        "Hooks",
        "A plugin is a package with the entry point `meibo.plugins`. It imports from `meibo.plugin`, marks its"
        " functions with `@hookimpl`, and implements the hooks it needs; `plugins/doctor/` is one.",
        *(_hook(name, hook) for name, hook in hooks()),
        f"## `ProfessionPlugin(upcasts=…)`\n\n{sentence(Upcast)} `function` takes and gives what `converted` and"
        " `renamed` do, which make the two steps that are wanted most."
        " See [Change a plugin](../how-to/change-a-plugin.md).",
    )


def hooks() -> Iterator[tuple[str, FunctionType]]:
    """(name, function) of each hook, in the order of the source."""
    return ((name, hook) for name, hook in vars(Hooks).items() if name.startswith("meibo_"))


def _hook(name: str, hook: FunctionType) -> str:
    taken = [p for p in inspect.signature(hook).parameters if p != "self"]
    given = inspect.signature(hook).return_annotation
    return f"## `{name}({', '.join(taken)})`\n\n{sentence(hook)}\n\nReturns `{given}`."


def kinds_page() -> str:
    """Every kind of item, where values lie, who reads them; what groups and certificates say by a word."""
    return page(
        "Kinds of items",
        'The annotation of an item decides its kind: `family_name: Personal[str] = item("姓", en="Family name")`.'
        " `| None` makes it optional.",
        table(("kind", "annotation", "what it is"), [_kind(kind) for kind in KINDS]),
        "## Where a value lies\n\n" + table(("stored", "how"), [(code(s), STORED[s]) for s in Storage]),
        "## Who reads it\n\n" + table(("privacy", "who"), [(code(p), READ[p]) for p in Privacy]),
        "## How often a group stands\n\n"
        + table(("cardinality", "how often"), [(code(c), STANDS[c]) for c in Cardinality]),
        "## What a group says of itself\n\n`purpose`, `source` and `erasure` stand in the privacy annex, in Japanese"
        ' and English: `purpose=("統計の作成", "statistics")`. These phrases say both: `erasure="keep"`.\n\n'
        + table(("phrase", "Japanese"), [(code(en), ja) for en, ja in PHRASES.items()]),
        '## What a certificate can show without an item\n\n`Claim("full_name")`; see'
        " [Declare what a certificate shows](../how-to/declare-claims.md).\n\n"
        + table(("fact", "Japanese", "English"), [(code(name), *fact.label) for name, fact in FACTS.items()]),
    )


def _kind(kind: Kind) -> tuple[str, ...]:
    told = "Text; one line unless `multiline`." if type(kind) is Kind else sentence(type(kind))
    return code(kind.name), code(_annotation(kind.type)), told


def _annotation(type_: Any) -> str:
    inner = [_annotation(arg) for arg in get_args(type_) if arg is not ...]
    return f"tuple[{inner[0]}, ...]" if inner else str(type_.__name__)

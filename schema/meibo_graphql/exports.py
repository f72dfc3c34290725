"""What the tools of a client read of a surface: its SDL, and which types each of its interfaces stands for."""

from __future__ import annotations

import json
from pathlib import Path

import strawberry
from graphql import is_abstract_type

from meibo.errors import OperatorError


def files(surface: str, schema: strawberry.Schema) -> dict[str, str]:
    """File name -> text: `registry.graphql`, and beside it `registry.possibleTypes.json`."""
    return {
        f"{surface}.graphql": schema.as_str() + "\n",
        f"{surface}.possibleTypes.json": json.dumps(possible_types(schema), indent=2) + "\n",
    }


def possible_types(schema: strawberry.Schema) -> dict[str, list[str]]:
    """Interface -> the types that implement it, both in alphabetical order: Apollo's `possibleTypes`."""
    made = schema._schema
    abstract = filter(is_abstract_type, made.type_map.values())
    return {a.name: sorted(t.name for t in made.get_possible_types(a)) for a in sorted(abstract, key=str)}


def write(folder: Path, texts: dict[str, str]) -> None:
    """Write the files; a folder that is missing is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")


def check(folder: Path, surface: str, texts: dict[str, str]) -> None:
    """Raise OperatorError for the first file that is missing or says something else."""
    for name, text in texts.items():
        path = folder / name
        if not path.is_file() or path.read_text("utf-8") != text:
            raise OperatorError(
                f"{path} is not what the code says: run `meibo schema export {surface}` and look at the change."
            )

"""The files in which clients' builds list their operations: id -> text, whatever the tool."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from meibo.errors import OperatorError

APOLLO = "apollo-persisted-query-manifest"
ID = re.compile(r"(?:x-[A-Za-z0-9._~-]+:)?[A-Za-z0-9._~-]{1,200}")
"""An id as the appendix writes it, without the prefix `sha256:`."""
SHA256 = "sha256:"


def read_manifest(content: bytes) -> dict[str, str]:
    """The documents of a manifest by id; raises OperatorError where it is none.

    Apollo's names its format and has a list of operations; Relay's and graphql-codegen's are an object of texts by id.
    """
    try:
        raw = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise OperatorError("This manifest is not JSON in UTF-8.") from None
    listed = _apollo(raw) if isinstance(raw, dict) and raw.get("format") == APOLLO else raw
    if not isinstance(listed, dict) or not listed or not all(isinstance(t, str) for t in listed.values()):
        raise OperatorError(
            "This is no manifest of documents: give that of Apollo, or an object of texts by id as Relay and"
            " graphql-codegen write it."
        )
    return {_id(key): text for key, text in listed.items()}


def _apollo(raw: Mapping[str, Any]) -> dict[str, Any] | None:
    operations = raw.get("operations")
    if raw.get("version") != 1 or not isinstance(operations, list):
        return None
    return {str(o.get("id")): o.get("body") for o in operations if isinstance(o, dict)}


def _id(key: str) -> str:
    bare = key.removeprefix(SHA256)
    if not ID.fullmatch(bare):
        raise OperatorError(
            f"{key[:50]!r} cannot be the id of a document: use letters, digits and -._~ alone."
        )
    return bare

"""A reference to a document that is kept elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from meibo.errors import InvalidValue
from meibo.values.names import validate_text

LARGEST_BYTES = 20 * 1024 * 1024
LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class File:
    """`sha256` in hex, the name as given, media type, size in bytes."""

    sha256: str
    name: str
    media_type: str
    size: int

    @classmethod
    def parse(cls, raw: object) -> File:
        """From a mapping with the four fields; raises InvalidValue."""
        match raw:
            case {
                "sha256": str(digest),
                "name": str(name),
                "mediaType": str(media_type),
                "size": int(size),
            } if (
                isinstance(raw, Mapping)
                and re.fullmatch(r"[0-9a-f]{64}", digest)
                and re.fullmatch(r"[a-z0-9.+-]+/[a-z0-9.+-]+", media_type)
                and name
                and not isinstance(size, bool)
                and 0 < size <= LARGEST_BYTES
            ):
                return cls(digest, validate_text(name, LONGEST_NAME), media_type, size)
        raise InvalidValue(
            "file.form",
            "ファイルの参照が正しくありません。",
            "Give the file's sha256 (hex), name, mediaType and size (20 MiB at most).",
        )

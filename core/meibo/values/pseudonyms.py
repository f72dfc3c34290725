"""Pseudonyms: random names for a person in one place, which tell nothing about the person.

Printed and stored alike, as in `L-7K3M9-2QXWT-…`: a letter for the kind, then five groups of five characters
of Crockford's base32. The first 24 are random (119 bits or more), the last is a check character.

The check is ISO 7064 MOD 37,2 over the kind and the random characters. It finds every single wrong character
and every swap of neighbours, which MOD 37,36 does not. Its five characters beyond base32 are never drawn.
"""

from __future__ import annotations

from operator import mul
from typing import NewType

from stdnum.iso7064 import mod_37_2

from meibo.errors import InvalidValue
from meibo.randomness import random_bytes

LicencePseudonym = NewType("LicencePseudonym", str)
"""資格仮名ID: one person at one profession."""
PortalPseudonym = NewType("PortalPseudonym", str)
"""マイナポータル仮名ID: one person at the portal."""
PortalAlias = NewType("PortalAlias", str)
"""One register's own name for a portal pseudonym."""
PersonId = NewType("PersonId", str)
"""One person inside the vault; never leaves it."""

MAX_LENGTH = 64
"""Characters accepted in a typed pseudonym, hyphens included; 31 are printed."""
RANDOM_LENGTH = 24
GROUP_LENGTH = 5

_LICENCE, _PORTAL, _ALIAS, _PERSON = "L", "P", "A", "H"
_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_OF_BYTE = (_BASE32 * 8).encode()
"""The sign that each byte draws."""
_CHECK_ALPHABET = _BASE32 + "*~$=U"
_PLACE = bytes(max(_CHECK_ALPHABET.find(chr(byte)), 0) for byte in range(256))
"""Where in the alphabet the sign of a byte stands."""
_WEIGHTS = tuple(pow(2, RANDOM_LENGTH + 1 - place, 37) for place in range(RANDOM_LENGTH + 1))
_GROUPS = tuple(slice(start, start + GROUP_LENGTH) for start in range(0, RANDOM_LENGTH + 1, GROUP_LENGTH))
_LOOK_ALIKES = str.maketrans("OIL", "011", "-")


def new_licence_pseudonym() -> LicencePseudonym:
    """Draw a pseudonym for one person at one profession."""
    return LicencePseudonym(_draw(_LICENCE))


def new_portal_pseudonym() -> PortalPseudonym:
    """Draw a pseudonym for one person at the portal."""
    return PortalPseudonym(_draw(_PORTAL))


def new_portal_alias() -> PortalAlias:
    """Draw a register's own name for a portal pseudonym."""
    return PortalAlias(_draw(_ALIAS))


def new_person_id() -> PersonId:
    """Draw the vault's name for a person."""
    return PersonId(_draw(_PERSON))


def parse_licence_pseudonym(text: str) -> LicencePseudonym:
    """Read a licence pseudonym: any case, hyphens or none, O for 0, I and L for 1; raises `InvalidValue`."""
    return LicencePseudonym(_parse(_LICENCE, text))


def parse_portal_pseudonym(text: str) -> PortalPseudonym:
    """Read a portal pseudonym as `parse_licence_pseudonym` does; raises `InvalidValue`."""
    return PortalPseudonym(_parse(_PORTAL, text))


def parse_portal_alias(text: str) -> PortalAlias:
    """Read a portal alias as `parse_licence_pseudonym` does; raises `InvalidValue`."""
    return PortalAlias(_parse(_ALIAS, text))


def parse_person_id(text: str) -> PersonId:
    """Read a person id as `parse_licence_pseudonym` does; raises `InvalidValue`."""
    return PersonId(_parse(_PERSON, text))


def _draw(kind: str) -> str:
    """A new pseudonym; draws again (5 times in 37) when the check character is none of base32."""
    while True:
        body = random_bytes(RANDOM_LENGTH).translate(_OF_BYTE)
        check = _check(_folded(kind).encode() + body)
        if check in _BASE32:
            return _printed(kind, body.decode() + check)


def _check(signs: bytes) -> str:
    """The check character of the kind and the random characters: `stdnum`'s, worked out in one sum, since an import
    draws three for each row."""
    return _CHECK_ALPHABET[(1 - sum(map(mul, signs.translate(_PLACE), _WEIGHTS))) % 37]


def _parse(kind: str, text: str) -> str:
    """The printed form of what was typed."""
    typed = _folded(text) if len(text) <= MAX_LENGTH and text.isascii() else ""
    rest = typed[1:]
    if typed[:1] != _folded(kind) or len(rest) != RANDOM_LENGTH + 1 or not set(rest) <= set(_BASE32):
        raise InvalidValue(
            "pseudonym.format",
            "仮名IDの種類か形が違います。印字されたとおりに入力してください。",
            "This is no pseudonym of the kind asked for: type it as it is printed.",
        )
    if not mod_37_2.is_valid(typed, _CHECK_ALPHABET):
        raise InvalidValue(
            "pseudonym.check_character",
            "検査文字が合いません。書き写しの誤りがないか確認してください。",
            "The check character does not fit: compare the pseudonym with its source.",
        )
    return _printed(kind, rest)


def _folded(text: str) -> str:
    """Upper case without hyphens, characters that look alike made one."""
    return text.upper().translate(_LOOK_ALIKES)


def _printed(kind: str, rest: str) -> str:
    return "-".join((kind, *map(rest.__getitem__, _GROUPS)))

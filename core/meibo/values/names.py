"""Names and other text: what may be stored, and the keys by which a name is found.

A stored name is never normalised, since NFC and NFKC replace compatibility ideographs that are the holder's
own characters (U+FA19 becomes U+795E). Keys are built beside it, compared with other keys, and never shown.
"""

from __future__ import annotations

import re
from unicodedata import category, normalize

from meibo.errors import InvalidValue
from meibo.values.variants import VARIANTS

MAX_KANA_LENGTH = 200
"""Code points in the kana of one name."""

# Hiragana and its iteration marks lie 0x60 before the katakana of the same sound.
_TO_KATAKANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_KATAKANA = "\u30a1-\u30fa\u30fc-\u30fe"
# FULLWIDTH HYPHEN-MINUS, HYPHEN, MINUS SIGN and HORIZONTAL BAR; NFKC makes the first an ASCII hyphen.
_DASHES = "－‐−―"
_LONG_VOWEL = re.compile(f"(?<=[{_KATAKANA}])[-{_DASHES}]+(?=[{_KATAKANA}]|$)")
_V_SOUNDS = {"ァ": "バ", "ィ": "ビ", "ェ": "ベ", "ォ": "ボ"}
_V_SOUND = re.compile("ヴ([ァィェォ])")
_LARGE_KANA = str.maketrans(
    "ァィゥェォッャュョヮヵヶヂヅヴヷヸヹヺ", "アイウエオツヤユヨワカケジズブバビベボ", "・"
)
# Voicing marks that NFKC could not join to a kana would join to a large one.
_NOT_IN_FOLDED_KANA = str.maketrans("", "", "・\u3099\u309a")

_SURROGATE = re.compile("[\ud800-\udfff]")
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF)
)
# The line and paragraph separators and the bidirectional controls would reorder a printed certificate.
_UNPRINTABLE = f"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069{_NONCHARACTERS}"
_NOT_IN_MANY_LINES = re.compile(f"[{_UNPRINTABLE}]")
_NOT_IN_ONE_LINE = re.compile(f"[\t\n{_UNPRINTABLE}]")

_CAPITALS = re.compile("[A-Z]+")
_SPACE_OR_SELECTOR = re.compile("[ \ufe00-\ufe0f\U000e0100-\U000e01ef]")

_KANA_TEXT = re.compile(rf"[\u3041-\u3096\u3099-\u309f\u30a1-\u30ff\uff65-\uff9f \u3000{_DASHES}]*")
_KANA_LETTER = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\uff66-\uff6f\uff71-\uff9d]")


def validate_text(text: str, max_length: int, *, multiline: bool = False) -> str:
    """Return `text` unchanged; raises `InvalidValue` when it may not be stored.

    `max_length` is in code points and is checked first. Refused are lone surrogates, controls, bidirectional
    controls and noncharacters; line feed and tab pass where `multiline`.
    """
    if len(text) > max_length:
        raise InvalidValue(
            "text.too_long",
            f"{max_length}文字以内で記入してください。",
            f"Use at most {max_length} characters.",
        )
    if text.isprintable():  # Nearly every text, at once: none of what is refused is.
        return text
    if _SURROGATE.search(text):
        raise InvalidValue(
            "text.lone_surrogate",
            "文字コードが壊れています。入力し直してください。",
            "The text is not whole Unicode: type it again.",
        )
    if (_NOT_IN_MANY_LINES if multiline else _NOT_IN_ONE_LINE).search(text):
        raise InvalidValue(
            "text.control_character",
            "使えない制御文字が含まれています。取り除いてください。",
            "The text contains control characters: remove them.",
        )
    return text


def validate_kana(text: str, max_length: int = MAX_KANA_LENGTH) -> str:
    """Return kana unchanged: hiragana or katakana of either width, ー, ・, blanks, and dashes for ー.

    Raises `InvalidValue` for other characters, for text without a kana, and for what `validate_text` refuses.
    """
    validate_text(text, max_length)
    if not (_KANA_TEXT.fullmatch(text) and _KANA_LETTER.search(text)):
        raise InvalidValue(
            "text.not_kana",
            "ひらがなかカタカナで記入してください。",
            "Write it in hiragana or katakana alone.",
        )
    return text


def name_key(text: str) -> str:
    """The key of a name: NFKC without variation selectors, blanks and other invisible characters."""
    return normalize("NFKC", _visible(normalize("NFKC", _visible(text))))


def folded_name_key(text: str) -> str:
    """The wider key: `name_key` with variant characters folded (髙 to 高) and ASCII letters in lower case."""
    return folded(name_key(text))


def folded(key: str) -> str:
    """A `name_key` as a wider one."""
    return _CAPITALS.sub(lambda match: match[0].lower(), key.translate(VARIANTS))


def kana_key(text: str) -> str:
    """The key of a name's kana: full-width katakana without blanks, dashes between katakana as ー.

    Small kana and ー are kept, so that かな of the resident record and カナ of the register meet in one key.
    """
    katakana = normalize("NFKC", name_key(text).translate(_TO_KATAKANA))
    return _LONG_VOWEL.sub(lambda match: "ー" * len(match[0]), katakana)


def folded_kana_key(text: str) -> str:
    """The wider key: ヴァ is バ, ヅ and ヂ are ズ and ジ, small kana are large, and ・ is dropped."""
    key = kana_key(kana_key(text).translate(_NOT_IN_FOLDED_KANA))
    return _V_SOUND.sub(lambda match: _V_SOUNDS[match[1]], key).translate(_LARGE_KANA)


def kana_prefixes(key: str, shortest: int = 2, longest: int = 8) -> tuple[str, ...]:
    """The beginnings of `key` from `shortest` to `longest` characters; none when the key is shorter."""
    return tuple(key[:length] for length in range(shortest, min(longest, len(key)) + 1))


def _visible(text: str) -> str:
    """`text` without blanks, format characters, and variation selectors (U+FE00-FE0F, U+E0100-E01EF)."""
    if text.isprintable() and not _SPACE_OR_SELECTOR.search(text):  # Nearly every name, at once.
        return text
    return "".join(
        char for char in text if not (char.isspace() or _is_selector(char) or category(char) == "Cf")
    )


def _is_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"

"""Ways to reach a person: telephone, e-mail and postal code.

Each function returns its text unchanged, to be stored verbatim, or raises `InvalidValue`.
"""

from __future__ import annotations

import re

from meibo.errors import InvalidValue

MIN_PHONE_DIGITS = 10
MAX_PHONE_DIGITS = 15
"""The longest number that ITU-T E.164 allows."""
MAX_PHONE_LENGTH = 30
MAX_EMAIL_LENGTH = 254
"""Characters in an address, after RFC 5321 4.5.3.1.3."""
MAX_EMAIL_LOCAL_LENGTH = 64
"""Characters before the @, after RFC 5321 4.5.3.1.1."""
MAX_POSTAL_CODE_LENGTH = 8

_PHONE = re.compile(r"\+?[0-9]+(?:-[0-9]+)*")
_POSTAL_CODE = re.compile(r"[0-9]{3}-?[0-9]{4}")
# A local part may hold two dots in a row or end in one: Japanese carriers once gave such addresses out.
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+")
_DOMAIN_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_DOMAIN_LABEL}(?:\.{_DOMAIN_LABEL})+")


def validate_phone(text: str) -> str:
    """A telephone number: 10 to 15 ASCII digits, single hyphens between them, and perhaps a leading +."""
    short = len(text) <= MAX_PHONE_LENGTH
    digits = sum(char.isdigit() for char in text) if short and _PHONE.fullmatch(text) else 0
    if not MIN_PHONE_DIGITS <= digits <= MAX_PHONE_DIGITS:
        raise InvalidValue(
            "contact.phone",
            "電話番号は半角数字とハイフンで、市外局番から記入してください。",
            "Write the telephone number with its area code, in half-width digits and hyphens.",
        )
    return text


def validate_email(text: str) -> str:
    """An e-mail address in ASCII: at most 254 characters, 64 before the one @, a dotted domain after it.

    Whether the address exists is not asked. An international domain goes in its `xn--` form.
    """
    local, _, domain = text.partition("@") if len(text) <= MAX_EMAIL_LENGTH else ("", "", "")
    if not (len(local) <= MAX_EMAIL_LOCAL_LENGTH and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise InvalidValue(
            "contact.email",
            "メールアドレスは半角英数字で「名前@ドメイン」の形で記入してください。",
            "Write the e-mail address as name@domain, in half-width characters without blanks.",
        )
    return text


def validate_postal_code(text: str) -> str:
    """A Japanese postal code, seven ASCII digits as NNN-NNNN or NNNNNNN."""
    if not _POSTAL_CODE.fullmatch(text):
        raise InvalidValue(
            "contact.postal_code",
            "郵便番号は半角数字7桁（「NNN-NNNN」の形でも可）で記入してください。",
            "Write the postal code as seven half-width digits, with or without the hyphen after the third.",
        )
    return text

"""Telephone, e-mail and postal code: `meibo.values.contacts`."""

from __future__ import annotations

import pytest

from meibo.errors import InvalidValue
from meibo.values.contacts import validate_email, validate_phone, validate_postal_code


@pytest.mark.parametrize(
    "text", ["03-1234-5678", "0312345678", "090-1234-5678", "+81-90-1234-5678", "+" + "1" * 15]
)
def test_phone(text: str) -> None:
    assert validate_phone(text) is text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "110",
            "031234567",
            "1" * 16,
            "03--1234-5678",
            "-0312345678",
            "0312345678-",
            "03+12345678",
            "++8190123456",
        ),
        *(
            "０３-1234-5678",
            "03 1234 5678",
            "(03)1234-5678",
            "03ー1234ー5678",
            "0312345678\n",
            "٠٣١٢٣٤٥٦٧٨",
            "1" * 10_000,
        ),
    ],
)
def test_phone_refused(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        validate_phone(text)
    assert caught.value.rule == "contact.phone"


@pytest.mark.parametrize(
    "text",
    [
        "taro@example.jp",
        "taro.yamada+licence@mail.example.co.jp",
        "taro..y.@docomo.example.jp",
        "t@xn--wgv71a119e.example",
        "a" * 64 + "@example.jp",
        "a" * 64 + "@" + ".".join(["b" * 61] * 3) + ".jp",
    ],
)
def test_email(text: str) -> None:
    assert validate_email(text) is text
    assert len(text) <= 254


@pytest.mark.parametrize(
    "text",
    [
        *("", "@", "taro", "taro@", "@example.jp", "taro@@example.jp", "ta@ro@example.jp", "taro@localhost"),
        *(
            "taro @example.jp",
            "taro@example.jp\n",
            "taro@exa\0mple.jp",
            "taro\r\nBcc:x@example.jp",
            "taro@.jp",
        ),
        *("taro@example..jp", "taro@-example.jp", "taro@example-.jp", "taro＠example.jp", "ｔaro@example.jp"),
        *(
            "太郎@example.jp",
            "<taro@example.jp>",
            "a" * 65 + "@example.jp",
            "taro@" + "b" * 64 + ".jp",
            "taro@[::1]",
        ),
        "a" * 64 + "@" + ".".join(["b" * 62] * 3) + ".jp",
        "a@" * 100_000,
    ],
)
def test_email_refused(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        validate_email(text)
    assert caught.value.rule == "contact.email"


@pytest.mark.parametrize("text", ["100-8916", "1008916"])
def test_postal_code(text: str) -> None:
    assert validate_postal_code(text) is text


@pytest.mark.parametrize(
    "text", ["", "100-891", "100-89166", "1008-916", "100 8916", "１００-8916", "〒100-8916", "1008916\n"]
)
def test_postal_code_refused(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        validate_postal_code(text)
    assert caught.value.rule == "contact.postal_code"

"""What an application must be: every reason against it at once."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from meibo.consent.requests import Purpose
from meibo.errors import Finding, FindingCode, InvalidValue
from meibo.partners.keys import read_keys
from meibo.partners.records import Binding
from meibo.values.numbers import parse_corporate_number

LONGEST = timedelta(days=3 * 366)
"""A registration lasts three years at most: then the office looks again."""
LONGEST_TEXT = 200
MOST_ADDRESSES = 5
LONGEST_ADDRESS = 300
MOST_CLAIMS = 100
SHA256_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A partner as it applies. `jwks` is the key set that it uploads, public keys alone; the thumbprint is that of the
    certificate by which it binds tokens, where it binds them by mTLS."""

    name: str
    corporate_number: str
    purpose: Purpose
    claims: Sequence[str]
    binding: Binding
    jwks: Mapping[str, Any]
    certificate_thumbprint: str | None = None
    addresses: Sequence[str] = ()
    contact: str
    expiry_date: date

    def findings(self, offered: Collection[str], today: date) -> Iterator[Finding]:
        """Why it may not be entered; `offered` are the claims that the professions' certificates show."""
        yield from _text_findings("name", self.name)
        yield from _text_findings("contact", self.contact)
        yield from _read_findings("corporate_number", parse_corporate_number, self.corporate_number)
        yield from _claim_findings(self.claims, offered)
        yield from _read_findings("jwks", read_keys, self.jwks)
        yield from self._binding_findings()
        yield from _address_findings(self.addresses)
        if not today < self.expiry_date <= today + LONGEST:
            yield finding(
                "expiry_date",
                "期限は明日から3年以内で指定してください。",
                "Let it end after today and within three years.",
            )

    def _binding_findings(self) -> Iterator[Finding]:
        is_mtls = self.binding is Binding.MTLS
        if is_mtls != (self.certificate_thumbprint is not None):
            yield finding(
                "certificate_thumbprint",
                "mTLSの場合に限り、証明書のサムプリントを指定してください。",
                "Give a certificate's thumbprint for mTLS, and for mTLS alone.",
            )
        elif self.certificate_thumbprint and not is_thumbprint(self.certificate_thumbprint):
            yield finding(
                "certificate_thumbprint",
                "証明書のSHA-256を43文字のBase64URLで記入してください。",
                "Write the SHA-256 of the certificate in Base64URL: 43 characters.",
            )


def is_thumbprint(text: str) -> bool:
    """Whether a text is a SHA-256 in Base64URL without padding."""
    try:
        decoded = base64.b64decode(text.encode("ascii") + b"=", altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return False
    return len(decoded) == SHA256_BYTES and base64.urlsafe_b64encode(decoded).rstrip(b"=") == text.encode()


def finding(
    path: str, ja: str, en: str, code: FindingCode = FindingCode.INVALID_VALUE, rule: str = ""
) -> Finding:
    """What is wrong with one field of an application or an act."""
    return Finding((path,), ja, en, code, rule or f"partner.{path}")


def _text_findings(path: str, text: str) -> Iterator[Finding]:
    if not text.strip() or len(text) > LONGEST_TEXT or not text.isprintable():
        yield finding(
            path,
            f"{LONGEST_TEXT}字以内で、改行などを入れずに記入してください。",
            f"Write it in 1 to {LONGEST_TEXT} characters, on one line.",
            FindingCode.INVALID_VALUE if text.strip() else FindingCode.REQUIRED,
        )


def _read_findings(path: str, read: Any, value: object) -> Iterator[Finding]:
    """The finding of a value that `read` refuses."""
    try:
        read(value)
    except InvalidValue as error:
        yield finding(path, error.ja, error.en, rule=error.rule)


def _claim_findings(claims: Sequence[str], offered: Collection[str]) -> Iterator[Finding]:
    if not claims:
        yield finding("claims", "項目を選んでください。", "Choose claims.", FindingCode.REQUIRED)
    elif not set(claims) <= set(offered) or len(set(claims)) < len(claims) or len(claims) > MOST_CLAIMS:
        yield finding(
            "claims",
            "証明書の項目（氏名なら full_name、医師だけなら doctor.full_name）から一度ずつ選んでください。",
            "Choose claims of the certificates, each once: full_name, or doctor.full_name of doctors alone.",
        )


def _address_findings(addresses: Sequence[str]) -> Iterator[Finding]:
    if len(addresses) > MOST_ADDRESSES or not all(map(_is_https, addresses)):
        yield finding(
            "addresses",
            f"https の完全なアドレスを{MOST_ADDRESSES}件まで記入してください。",
            f"Write at most {MOST_ADDRESSES} whole https addresses, without a fragment.",
        )


def _is_https(address: str) -> bool:
    if len(address) > LONGEST_ADDRESS or not re.fullmatch(r"[!-~]+", address):
        return False
    try:
        parts = urlsplit(address)
        port_is_one = parts.port != 0
    except ValueError:
        return False
    named = bool(parts.hostname) and parts.username is None and port_is_one
    return parts.scheme == "https" and named and "#" not in address

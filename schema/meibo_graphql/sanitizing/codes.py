"""The one list of `extensions.code`: what each means, and its HTTP status where nothing was executed."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class ErrorCode(StrEnum):
    """Why a request or a field failed; `status` counts only for a request that was not executed."""

    status: int
    description: str

    def __new__(cls, value: str, status: int, description: str) -> Self:
        """A code that also carries its HTTP status and one line for the reference."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.status = status
        member.description = description
        return member

    AUDIT_UNAVAILABLE = "AUDIT_UNAVAILABLE", 503, "The audit log cannot be written, so nothing is shown."
    BAD_CURSOR = "BAD_CURSOR", 400, "A cursor was altered, or belongs to another query."
    BAD_REQUEST = "BAD_REQUEST", 400, "The HTTP request is not a GraphQL request."
    BAD_VARIABLES = "BAD_VARIABLES", 400, "A variable or an argument does not fit its type."
    DOCUMENT_NOT_TRUSTED = "DOCUMENT_NOT_TRUSTED", 403, "This surface answers trusted documents alone."
    FORBIDDEN = "FORBIDDEN", 403, "The caller lacks a permission, or the record is out of scope."
    INTERNAL = "INTERNAL", 500, "A fault of the server; `extensions.incident` finds it in the log."
    INVALID_VALUE = "INVALID_VALUE", 400, "A value is not what its kind allows."
    LEASE_LOST = (
        "LEASE_LOST",
        409,
        "The time for a job ran out: nothing was written, and another worker does it.",
    )
    MESSAGE_REFUSED = (
        "MESSAGE_REFUSED",
        400,
        "An outside system's message is not believed; nothing was stored.",
    )
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED", 405, "Another HTTP method is needed; see the Allow header."
    NOT_ACCEPTABLE = "NOT_ACCEPTABLE", 406, "The Accept header allows no media type that the server writes."
    NOT_FOUND = "NOT_FOUND", 404, "There is none, or none that the caller may know of."
    NUMBER_DESTROYED = "NUMBER_DESTROYED", 410, "The number's key was destroyed on purpose."
    PARSE_FAILED = "PARSE_FAILED", 400, "The document is not GraphQL."
    PERSISTED_QUERY_NOT_FOUND = (
        "PERSISTED_QUERY_NOT_FOUND",
        404,
        "No trusted document has this id; the name is Apollo's.",
    )
    PREFLIGHT_REQUIRED = (
        "PREFLIGHT_REQUIRED",
        403,
        "Cookies or a form need the preflight header.",
    )
    RATE_LIMITED = "RATE_LIMITED", 429, "Too many requests; try again later."
    REFUSED = "REFUSED", 409, "An act was refused and nothing was stored."
    SEAL_BROKEN = "SEAL_BROKEN", 500, "A sealed value does not open where it stands."
    SOURCE_UNAVAILABLE = "SOURCE_UNAVAILABLE", 503, "An outside system does not answer; try again later."
    STALE_VERSION = "STALE_VERSION", 409, "Somebody else changed the licence first."
    TIMEOUT = "TIMEOUT", 503, "The request took too long; whether a change was stored is unknown."
    TOO_COMPLEX = "TOO_COMPLEX", 400, "The operation is over a limit of cost, depth or size."
    TOO_LARGE = "TOO_LARGE", 413, "The request body is over the limit."
    TOO_SLOW = "TOO_SLOW", 408, "The request body took too long to arrive."
    UNAUTHENTICATED = "UNAUTHENTICATED", 401, "There is no valid token."
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE", 415, "The body is not JSON in UTF-8."
    VALIDATION_FAILED = "VALIDATION_FAILED", 400, "The document does not fit the schema."
    VARIABLES_REQUIRED = "VARIABLES_REQUIRED", 400, "A personal argument stands in the document or address."

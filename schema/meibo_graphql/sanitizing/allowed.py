"""The messages of graphql-core that hold nothing but names of the document or the schema.

Default deny: a message that matches none of these whole patterns is replaced. `test_sanitizing.py` provokes
every one, so that a new version of the library with other words is noticed.
"""

from __future__ import annotations

import re

from meibo_graphql.sanitizing.places import NAME

_N = rf"'{NAME}'"
_T = r"'[\[\]!_0-9A-Za-z]+'"
_MAYBE = r"'Maybe\[[ |\[\]_0-9A-Za-z]+\]'"
_VAR = rf"'\${NAME}'"
_DIR = rf"'@{NAME}'"
_OR = rf"{_N}(?:, {_N})*,?(?: or {_N})?"
_MEAN = rf"(?: Did you mean (?:to use an inline fragment on )?(?:{_OR})\?)?"
_REASON = r"[ '_0-9A-Za-z\[\]!]+"

ALLOWED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"The (?:{_N}|schema) definition is not executable\.",
        r"The (?:query|mutation|subscription) operation is not supported by the schema\.",
        rf"There can be only one (?:operation|fragment|argument|input field) named {_N}\.",
        rf"There can be only one variable named {_VAR}\.",
        r"This anonymous operation must be the only defined operation\.",
        rf"(?:Subscription {_N}|Anonymous Subscription) must (?:select (?:only )?one top level field|"
        r"not select an introspection top level field|not use `@skip` or `@include` directives in the top "
        r"level selection)\.",
        rf"Unknown type {_N}\.{_MEAN}",
        rf"Fragment(?: {_N})? cannot condition on non composite type {_T}\.",
        rf"Variable {_VAR} cannot be non-input type {_T}\.",
        rf"Field {_N} must not have a selection since type {_T} has no subfields\.",
        rf"Field {_N} of type {_T} must have a selection of subfields\. "
        rf"Did you mean '{NAME} \{{ \.\.\. \}}'\?",
        rf"Field {_N} of type {_T} must have at least one field selected\.",
        rf"Cannot query field {_N} on type {_N}\.{_MEAN}",
        rf"Unknown fragment {_N}\.",
        rf"Fragment {_N} is never used\.",
        rf"Fragment(?: {_N})? cannot be spread here as objects of type {_T} can never be of type {_T}\.",
        rf"Cannot spread fragment {_N} within itself(?: via {_N}(?:, {_N})*)?\.",
        rf"Variable {_VAR} is not defined(?: by operation {_N})?\.",
        rf"Variable {_VAR} is never used(?: in (?:operation|fragment) {_N})?\.",
        rf"Unknown directive {_DIR}\.",
        rf"Directive {_DIR} may not be used on [A-Za-z_ ]+\.",
        rf"The directive {_DIR} can only be used once at this location\.",
        rf"Unknown argument {_N} on (?:field '{NAME}\.{NAME}'|directive {_DIR})\.{_MEAN}",
        rf"Argument '(?:@?{NAME}|{NAME}\.{NAME})\({NAME}:\)' of type {_T} is required, "
        r"but it was not provided\.",
        rf"Variable {_VAR} of type {_T} used in position expecting type {_T}\.",
        rf"Expected value of type {_T}, found null\. (?:Argument {_N}|Field(?: {_N})?) of type {_MAYBE} "
        rf"cannot be explicitly set to null\. Use {_MAYBE} if you need to allow null values\.",
        rf"Variable {_VAR} is of type {_T} but must be non-nullable to be used for OneOf Input Object {_T}\.",
        rf"Fields {_N} conflict because {_REASON}\. Use different aliases on the fields to fetch both if "
        r"this was intentional\.",
        r"Maximum introspection depth exceeded\.?",
        r"Must provide operation name if query contains multiple operations\.",
        r"Must provide an operation\.",
        r"Variable values are nested too deeply\.",
        r"Too many errors processing variables, error limit reached\. Execution aborted\.",
        r"(?:Too many validation errors, error limit reached\. )?Validation aborted\.",
        r"Selections are nested too deeply\. Execution aborted\.",
    )
)


def is_allowed(message: str) -> bool:
    """Whether the whole message is known to hold names only."""
    return any(pattern.fullmatch(message) for pattern in ALLOWED)

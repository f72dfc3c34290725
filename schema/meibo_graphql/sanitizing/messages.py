"""`sanitize`: any error in, an error that is safe to show out."""

from __future__ import annotations

import re

from graphql import (
    GraphQLError,
    GraphQLInputType,
    GraphQLSchema,
    GraphQLSyntaxError,
    VariableDefinitionNode,
    is_input_type,
    type_from_ast,
)
from strawberry.exceptions import StrawberryInputCoercionError

from meibo.errors import MeiboError, OperatorError
from meibo_graphql.sanitizing.allowed import is_allowed
from meibo_graphql.sanitizing.codes import ErrorCode
from meibo_graphql.sanitizing.errors import SafeError, causes
from meibo_graphql.sanitizing.incidents import log_incident
from meibo_graphql.sanitizing.places import NAME, spell, type_at, value_refused

_VARIABLE = re.compile(
    rf"Variable '\$({NAME})' has invalid (?:default )?value(?: at ((?:\.{NAME}|\[\d+\])+))?: ", re.ASCII
)
_ARGUMENT = re.compile(
    rf"(?:Argument|Variable) '\$?({NAME})'(?: defined by fragment '{NAME}')?"
    r"(?: of required type '[^']*' was not provided| has invalid (?:default )?value)",
    re.ASCII,
)
_STEP = re.compile(rf"\.({NAME})|\[(\d+)\]", re.ASCII)
_UNKNOWN_OPERATION = "Unknown operation named "


def sanitize(
    error: BaseException,
    schema: GraphQLSchema | None = None,
    fallback: ErrorCode = ErrorCode.VALIDATION_FAILED,
) -> SafeError:
    """The error as a caller may see it; with `schema` a refused value's type and place are named.

    Kept: what its author vouches for (`SafeError`, `MeiboError`) and the messages that hold names only.
    A fault (any other exception, or an unknown error of a field) becomes INTERNAL and is logged as an
    incident.
    An unknown error of a document gets the code `fallback` and a sentence without details.
    """
    chain = list(causes(error))
    at = error if isinstance(error, GraphQLError) else GraphQLError("")
    if vouched := next((e for e in chain if isinstance(e, SafeError)), None):
        return vouched.moved_to(at)
    domain = next((e for e in chain if isinstance(e, MeiboError)), None)
    if isinstance(error, GraphQLError) and (known := _from_library(error, schema, fallback, domain)):
        return known
    if domain and (code := documented_code(domain)):
        return SafeError(code, domain.en, at=at, messageJa=domain.ja)
    if all(isinstance(e, GraphQLError) for e in chain) and at.path is None:
        return SafeError(fallback, "The operation is not valid here.", at=at)
    return internal(error, at)


def internal(error: BaseException, at: GraphQLError | None = None) -> SafeError:
    """The masked form of a fault: an incident id in place of what happened."""
    sentence = "Something went wrong on the server. Quote the incident when you report it."
    ja = "サーバーで問題が起きました。お問い合わせの際は incident をお知らせください。"
    return SafeError(ErrorCode.INTERNAL, sentence, at=at, incident=log_incident(error), messageJa=ja)


def documented_code(error: MeiboError) -> ErrorCode | None:
    """The nearest documented code among the error's classes; None for what only an operator may read."""
    if isinstance(error, OperatorError):
        return None
    codes = (vars(cls).get("code") for cls in type(error).__mro__)
    found = next(
        (ErrorCode[str(code)] for code in codes if code in ErrorCode.__members__), ErrorCode.INTERNAL
    )
    return None if found is ErrorCode.INTERNAL else found


def _from_library(
    error: GraphQLError, schema: GraphQLSchema | None, fallback: ErrorCode, domain: MeiboError | None
) -> SafeError | None:
    """graphql-core's own errors, by the words with which it begins them."""
    if isinstance(error, GraphQLSyntaxError):
        return _syntax(error)
    if match := _VARIABLE.match(error.message):
        return _variable(error, schema, match, domain)
    if match := _ARGUMENT.match(error.message):
        sentence = f"The argument '{match[1]}' is missing or not valid."
        return SafeError(ErrorCode.BAD_VARIABLES, sentence, at=error)
    if any(isinstance(cause, StrawberryInputCoercionError) for cause in causes(error)):
        sentence = error.message if is_allowed(error.message) else "An argument here is not valid."
        return SafeError(ErrorCode.BAD_VARIABLES, sentence, at=error)
    if error.path is None and error.message.startswith(_UNKNOWN_OPERATION):
        return SafeError(fallback, "The document has no operation of the name given in `operationName`.")
    if error.path is None and is_allowed(error.message):
        return SafeError(fallback, error.message, at=error)
    return None


def _syntax(error: GraphQLSyntaxError) -> SafeError:
    """Where the document stops being GraphQL; the token there may be a value and is not repeated."""
    line, column = error.locations[0] if error.locations else (1, 1)
    return SafeError(ErrorCode.PARSE_FAILED, f"Syntax error at line {line}, column {column}.", at=error)


def _variable(
    error: GraphQLError, schema: GraphQLSchema | None, match: re.Match[str], domain: MeiboError | None
) -> SafeError:
    """A variable that does not fit its type; a domain error adds what would fit."""
    path = [name or int(index) for name, index in _STEP.findall(match[2] or "")]
    type_ = _declared_type(error, schema)
    sentence = value_refused(
        spell(f"${match[1]}", path), type_ and type_at(type_, path), error.message[match.end() :]
    )
    if domain is None or not documented_code(domain):
        return SafeError(ErrorCode.BAD_VARIABLES, sentence, at=error)
    return SafeError(ErrorCode.BAD_VARIABLES, f"{sentence} {domain.en}", at=error, messageJa=domain.ja)


def _declared_type(error: GraphQLError, schema: GraphQLSchema | None) -> GraphQLInputType | None:
    """The type in the variable's definition, which the library gives as the error's node."""
    node = error.nodes[0] if error.nodes else None
    if schema is None or not isinstance(node, VariableDefinitionNode):
        return None
    type_ = type_from_ast(schema, node.type)
    return type_ if is_input_type(type_) else None

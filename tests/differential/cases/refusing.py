"""What is refused: before anything runs, at a root, and within a list, with the nulls that follow."""

from tests.differential.cases import Case

FIRST = "query($first: Int) { doctorLicences(first: $first) { nodes { id } } }"
CASES = (
    Case("not GraphQL", "{ doctorLicences(", codes=("PARSE_FAILED",)),
    Case("no such field", "{ doctorLicences { nodes { nothing } } }", codes=("VALIDATION_FAILED",)),
    Case("no operation of the name", "query A { viewer { account } }", operation_name="B", codes=("BAD_REQUEST",)),
    Case("too dear", "{ doctorLicences(first: 500) { nodes { history(first: 500) { nodes { id } } } } }",
         codes=("TOO_COMPLEX",)),
    Case("a variable of the wrong type", FIRST, {"first": "two"}, codes=("BAD_VARIABLES",)),
    Case("a variable that is missing", "query($id: ID!) { node(id: $id) { id } }", codes=("BAD_VARIABLES",)),
    Case("no such enum value", "query($o: LicenceOrder!) { doctorLicences(orderBy: $o) { totalCount } }",
         {"o": "BY_CHANCE"}, codes=("BAD_VARIABLES",)),
    Case("no such day", "query($on: Date) { domiciles(on: $on) { validFrom } }", {"on": "2026-02-30"},
         codes=("BAD_VARIABLES",)),
    Case("two keys at once", "query($by: LicenceKey!) { licence(by: $by) { id } }",
         {"by": {"id": "AAAA", "pseudonym": "x"}}, codes=("BAD_VARIABLES",)),
    Case("a personal literal", '{ doctorLicences(filter: {name: {full: "佐藤"}}) { totalCount } }',
         codes=("VARIABLES_REQUIRED",)),
    Case("too large a page", FIRST, {"first": 501}, codes=("INVALID_VALUE",)),
    Case("a page of less than nothing", FIRST, {"first": -1}, codes=("INVALID_VALUE",)),
    Case("both ends of a page", "{ doctorLicences(first: 1, last: 1) { nodes { id } } }", codes=("INVALID_VALUE",)),
    Case("an altered cursor", '{ doctorLicences(after: "AAAA") { nodes { id } } }', codes=("BAD_CURSOR",)),
    Case("too many nodes", "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["AAAA"] * 101},
         codes=("INVALID_VALUE",)),
    Case("too long a period", """{ pharmacistDailyCounts(firstDay: "2020-01-01", lastDay: "2026-01-01") {
      __typename } }""", codes=("INVALID_VALUE",)),
    Case("too short a reading", "query($f: DoctorLicenceFilter) { doctorLicences(filter: $f) { totalCount } }",
         {"f": {"name": {"kanaPrefix": "サ"}}}, codes=("INVALID_VALUE",)),
    Case("a name search by somebody who may see no names",
         "query($f: DoctorLicenceFilter) { doctorLicences(filter: $f) { totalCount } }",
         {"f": {"name": {"full": "佐藤"}}}, "viewer", codes=("FORBIDDEN",)),
    Case("a number search by somebody who may not",
         "query($by: LicenceKey!) { licence(by: $by) { id } }",
         {"by": {"individualNumber": {"profession": "doctor", "number": "123456789018"}}}, "viewer",
         codes=("FORBIDDEN",)),
    Case("somebody who may read no licences", "{ doctorLicences { nodes { id } } }", {}, "no licences",
         codes=("FORBIDDEN",)),
    Case("a history that may not be read empties a nullable root",
         """query($id: ID!) { node(id: $id) { id ... on Licence { history { nodes { id } } } } viewer { account } }""",
         {"id": "@doctor/0/id"}, "viewer", codes=("FORBIDDEN",)),
    Case("a history that may not be read empties a list",
         "{ doctorLicences { nodes { history { nodes { id } } } } }", {}, "viewer", codes=("FORBIDDEN",)),
    Case("an error in one of several nodes", """query($ids: [ID!]!, $after: String) { nodes(ids: $ids) { id
      ... on Licence { history(after: $after) { nodes { number } } } } }""",
         {"ids": ["@doctor/0/id", "@doctor/1/id", "@nurse/0/id"], "after": "@doctor/0/history/0"},
         codes=("BAD_CURSOR", "BAD_CURSOR")),
    Case("names and codes beside an error", """query($ids: [ID!]!, $after: String) { nodes(ids: $ids) { id
      ... on DoctorLicence { register { familyName sexCode { code } } }
      ... on Licence { history(after: $after) { nodes { number } } } } }""",
         {"ids": ["@doctor/0/id", "@doctor/1/id"], "after": "@doctor/0/history/0"}, codes=("BAD_CURSOR",)),
    Case("a forbidden root beside another",
         "{ viewer { account } domiciles { validFrom } doctorLicences { totalCount } }", {}, "no licences",
         ("FORBIDDEN",)),
    Case("accesses are for auditors", "query($id: ID!) { node(id: $id) { ... on Licence { accesses { at } } } }",
         {"id": "@doctor/0/id"}, "officer", codes=("FORBIDDEN",)),
)  # fmt: skip

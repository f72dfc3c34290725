"""Pages forwards and backwards, orders, filters, and pages within pages."""

from tests.differential.cases import Case

ORDER = "REGISTRATION_NUMBER_ASC"
PAGE = """query($first: Int, $after: String, $last: Int, $before: String, $filter: DoctorLicenceFilter,
  $order: LicenceOrder! = REGISTRATION_NUMBER_ASC) {
  doctorLicences(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $order) {
    edges { cursor node { registrationNumber registrationDate } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount } }"""
HISTORY = """query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  node(id: $id) { ... on Licence {
  history(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { id number verb status effectiveDate recordedAt institution reason { code } legalBasis
      resultingVersion } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { number } } } } }"""


def cursor(place: int, order: str = ORDER, caller: str = "officer") -> str:
    """The name of a doctor's cursor."""
    return f"@cursor/{caller}/doctorLicences/{order}/{place}"


CASES = (
    Case("the first page", PAGE, {"first": 2}),
    Case("the last page", PAGE, {"last": 2}),
    Case("the page after a cursor", PAGE, {"first": 2, "after": cursor(1)}),
    Case("the page before a cursor", PAGE, {"last": 2, "before": cursor(3)}),
    Case("between two cursors", PAGE, {"first": 5, "after": cursor(0), "before": cursor(4)}),
    Case("after the last", PAGE, {"first": 5, "after": cursor(5)}),
    Case("first with before", PAGE, {"first": 2, "before": cursor(4)}),
    Case("last with after", PAGE, {"last": 2, "after": cursor(1)}),
    *(Case(f"in the order {order}", PAGE, {"first": 6, "order": order})
      for order in (ORDER, "REGISTRATION_NUMBER_DESC", "REGISTRATION_DATE_ASC", "REGISTRATION_DATE_DESC")),
    Case("a page in another order", PAGE, {"first": 2, "after": cursor(2, "REGISTRATION_DATE_DESC"),
                                           "order": "REGISTRATION_DATE_DESC"}),
    Case("by state", PAGE, {"filter": {"stateIn": ["SUSPENDED", "REVOKED", "STRUCK_OFF"]}}),
    Case("by no state", PAGE, {"filter": {"stateIn": []}}),
    Case("by register number", PAGE, {"filter": {"registrationNumber": "@doctor/3/registrationNumber"}}),
    Case("by days", PAGE, {"filter": {"registrationDate": {"from": "1980-01-01", "to": "2010-12-31"}}}),
    Case("by name", PAGE, {"filter": {"name": {"full": "@doctor/2/name"}}}),
    Case("by name without folding", PAGE, {"filter": {"name": {"full": "@doctor/2/name", "foldVariants": False}}}),
    Case("by birth date", PAGE, {"filter": {"birthDate": "@doctor/2/birth"}}),
    Case("by name and birth date of nobody", PAGE, {"filter": {"name": {"family": "誰"}, "birthDate": "1900-01-01"}}),
    Case("by reading", PAGE, {"filter": {"name": {"kanaPrefix": "サト"}}}),
    Case("a history", HISTORY, {"id": "@doctor/0/id"}),
    Case("a history backwards", HISTORY, {"id": "@doctor/0/id", "last": 1}),
    Case("a history after a cursor", HISTORY, {"id": "@doctor/0/id", "first": 1, "after": "@doctor/0/history/0"}),
    Case("a history before a cursor", HISTORY, {"id": "@doctor/0/id", "last": 5, "before": "@doctor/0/history/2"}),
    Case("a history without reasons", HISTORY, {"id": "@doctor/0/id"}, "auditor"),
    Case("histories in a list", "{ nurseLicences { nodes { history(first: 2) { nodes { verb number } } } } }"),
    Case("a page that another caller began", PAGE, {"first": 2, "after": cursor(1, caller="clerk")},
         codes=("BAD_CURSOR",)),
    Case("a cursor of another order", PAGE, {"first": 2, "after": cursor(1), "order": "REGISTRATION_DATE_ASC"},
         codes=("BAD_CURSOR",)),
    Case("a cursor of another licence", HISTORY, {"id": "@doctor/1/id", "after": "@doctor/0/history/0"},
         codes=("BAD_CURSOR",)),
)  # fmt: skip

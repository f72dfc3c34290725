"""Other days, as was known then: versions, standings, groups and dispositions of the past."""

from tests.differential.cases import Case

AT = """query($id: ID!, $asOf: Date, $knownAt: DateTime) { node(id: $id) { ... on DoctorLicence {
  at(asOf: $asOf, knownAt: $knownAt) { id number state effectiveDate recordedAt pluginVersion
    holder { fullName redacted { item } } register { familyName familyNameKana memo redacted { item } }
    dispositions { id kind { code } state viewerMay } residentRecords { fullNameKanji } } } } }"""
STATE = """query($on: Date) { doctorLicences { nodes { state state_then: state(on: $on)
  state_early: state(on: "1900-01-01") dispositions { state(on: $on) } } } }"""

CASES = (
    Case("the present as a version", AT, {"id": "@doctor/0/id"}),
    Case("before the correction", AT, {"id": "@doctor/0/id", "asOf": "2024-04-01"}),
    Case("before the entry", AT, {"id": "@doctor/0/id", "asOf": "1900-01-01"}),
    Case("in the future", AT, {"id": "@doctor/1/id", "asOf": "2099-01-01"}),
    Case("as was known before it was entered", AT, {"id": "@doctor/0/id", "knownAt": "2000-01-01T00:00:00Z"}),
    Case("as will be known", AT, {"id": "@doctor/0/id", "knownAt": "2099-01-01T00:00:00Z"}),
    Case("a day as was known at an instant", AT,
         {"id": "@doctor/0/id", "asOf": "2026-01-01", "knownAt": "2099-01-01T00:00:00+09:00"}),
    Case("the past masked", AT, {"id": "@doctor/0/id", "asOf": "2024-04-01"}, "viewer"),
    Case("several days at once", """{ doctorLicences(first: 3) { nodes { now: at { id number }
      then: at(asOf: "2024-04-01") { id number register { memo } } early: at(asOf: "1900-01-01") { id }
      again: at(asOf: "2024-04-01") { state } } } }"""),
    Case("standings on days", STATE, {"on": "2024-04-01"}),
    Case("standings today", STATE, {"on": None}),
    Case("a version by its id", """query($id: ID!) { node(id: $id) { ... on DoctorLicenceVersion { number state
      register { familyName } dispositions { id } } } }""", {"id": "@doctor/1/version"}),
    Case("the past of a list", """{ dietitianLicences { nodes { at(asOf: "2024-04-01") { number
      practicePeriods { practiceStartDay } exam { redacted { item } } } } } }"""),
)  # fmt: skip

"""Rules of the care workers' register: pure functions of the record, each citing the law or items that it serves."""

from meibo_careworker.rules import entry, names, term

RULES = (*entry.RULES, *names.RULES, *term.RULES)

"""Numbers of an obvious pattern, from which the person is read back without an index of a million.

The individual number is 99, a generation counted down from 99, and the person's index; each change of the number is
the next generation. The resident code is 99 and the index. Both end with a check digit.
"""

from __future__ import annotations

from stdnum.jp import in_

MOST_PEOPLE = 10_000_000
GENERATIONS = 100
"""So many numbers a person may have had, the first included."""


def individual_number(index: int, generation: int = 0) -> str:
    """The number of a person after so many changes."""
    body = f"99{GENERATIONS - 1 - generation:02}{index:07}"
    return body + str(in_.calc_check_digit(body))


def following(number: str) -> str:
    """The number that takes the place of one of this pattern; the hundredth is followed by the first."""
    return individual_number(int(number[4:11]), (GENERATIONS - int(number[2:4])) % GENERATIONS)


def resident_code(index: int) -> str:
    """The resident code of a person. Its check digit is a guess (DOMAIN): the weights of the individual number."""
    body = f"990{index:07}"
    return body + str(in_.calc_check_digit("0" + body))


def index_of(number: str) -> int | None:
    """Whose number or code of this pattern it would be; None for any other text."""
    if not (number.isascii() and number.isdecimal() and number.startswith("99") and len(number) in (11, 12)):
        return None
    return int(number[-8:-1])

"""Synthetic numbers: repeated patterns that pass the check digit and belong to nobody."""

from uuid import UUID

ONE = "123456789018"
TWO = "987654321093"
THREE = "111111111118"
RESIDENT = "12345678903"

FILE = "medical"
OTHER_FILE = "pharmacist"


def act(number: int) -> UUID:
    """The id of the n-th act."""
    return UUID(int=number)

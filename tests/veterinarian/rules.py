"""Rules of the register: pure functions of the record, nothing else in reach."""

from meibo.plugin import Finding, rule

from .items import VeterinarianRegister


@rule("veterinarian.registered_after_birth", cites="items 4, 7")
def registered_after_birth(register: VeterinarianRegister) -> Finding | None:
    """An entry made before the holder's birth is a typing slip."""
    latest = None if register.birth_date is None else register.birth_date.latest
    if latest is None or latest <= register.registration_date:
        return None
    return Finding(
        "registration_date",
        "登録年月日が生年月日より前です。",
        "The registration date precedes the date of birth.",
    )

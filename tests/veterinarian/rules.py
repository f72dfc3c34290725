"""Rules of the register: pure functions of the record, nothing else in reach."""

from collections.abc import Iterator

from meibo.plugin import Finding, rule

from .items import FurtherQualification, VeterinarianRegister


@rule("veterinarian.registered_after_birth", cites="items 4, 7", ja="登録年月日は生年月日より後である。")
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


@rule("veterinarian.qualified_once", cites="item 10", ja="同じ分野の認定は一度だけ記載する。")
def qualified_once(qualifications: tuple[FurtherQualification, ...]) -> Iterator[Finding]:
    """A field of qualification is listed once."""
    fields = [qualification.qualification_field for qualification in qualifications]
    for n, field in enumerate(fields):
        if field in fields[:n]:
            yield Finding(
                f"qualifications.{n}.qualification_field",
                "同じ分野の認定がすでにあります。",
                "An earlier row has this field: keep one.",
            )

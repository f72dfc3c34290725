"""Items 31-87: the entry in the register (歯科医籍), as all registers of the medical file keep it."""

from meibo.plugin import MedicalRegister


class DentistRegister(
    MedicalRegister,
    title="名簿情報",
    en="Register",
    purpose=("歯科医籍への登録（歯科医師法5条）", "register of dentists (歯科医師法5条)"),
    source="application, national examination",
    erasure="kept for good (医籍等は永年保存)",
):
    """The entry of a dentist."""

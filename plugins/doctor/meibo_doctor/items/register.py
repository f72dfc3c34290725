"""Items 3-59: the entry in the register (医籍), as all registers of the medical file keep it."""

from meibo.plugin import MedicalRegister


class DoctorRegister(
    MedicalRegister,
    title="名簿情報",
    en="Register",
    purpose=("医籍への登録（医師法5条）", "register of doctors (医師法5条)"),
    source="application, national examination",
    erasure=("永年保存（医籍は永年保存）", "kept for good (医籍は永年保存)"),
):
    """The entry of a doctor."""

"""Items 3-59 of the official list of physical therapists (理学療法士); core prepends 1-2 and gives the others."""

from meibo.plugin import MedicalRegister


class PhysicalTherapistRegister(
    MedicalRegister,
    title="名簿情報",
    en="Register",
    purpose=(
        "理学療法士名簿への登録（理学療法士及び作業療法士法5条）",
        "register of physical therapists (理学療法士及び作業療法士法5条)",
    ),
    source="application, national examination",
    erasure="kept for good (医籍等は永年保存)",
):
    """The entry of a physical therapist."""

"""Items 3-59 of the official list: the entry in the register (臨床検査技師名簿); core gives the others."""

from meibo.plugin import MedicalRegister


class ClinicalLaboratoryTechnologistRegister(
    MedicalRegister,
    title="名簿情報",
    en="Register",
    purpose=(
        "臨床検査技師名簿への登録（臨床検査技師等に関する法律5条）",
        "register of clinical laboratory technologists (臨床検査技師等に関する法律5条)",
    ),
    source="application, national examination",
    erasure="kept for good (医籍等は永年保存)",
):
    """The entry of a clinical laboratory technologist."""

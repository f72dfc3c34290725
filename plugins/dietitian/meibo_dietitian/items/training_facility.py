"""Items 120-121: the training facilities, a code table of dietitians alone."""

from meibo.plugin import Cardinality, Code, Group, item

OFFICE = "an office table: no personal data"


class TrainingFacility(
    Group,
    title="養成施設",
    en="Training facilities",
    heading="",
    purpose="labels of codes",
    source="the ministry",
    erasure="keep",
    key="training_facility_master",
    plural="training_facilities",
    cardinality=Cardinality.TABLE,
):
    """A training facility (栄養士法2条1項、5条の3第4号)."""

    training_facility_code: Code = item("養成施設コード", en="Code", max_length=6, clear=OFFICE, key=True)
    training_facility_name: str | None = item(
        "養成施設の名称（漢字）", en="Name", max_length=200, clear=OFFICE
    )

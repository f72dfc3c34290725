"""Code lists of the care workers' register alone.

All are open: the centre has not published the values of its tables, so what stands here is a project choice, and
other codes are taken too.
"""

from meibo.plugin import CodeList, lists

TRAINING_FACILITY = CodeList("careworker_training_facility", open=True)
BY_EXAMINATION = "01"
BY_WORK = "02"
EXPIRY_RELEASE_REASON = CodeList(
    "expiry_release_reason",
    {
        BY_EXAMINATION: ("介護福祉士試験の合格", "Passed the national examination"),
        BY_WORK: ("介護等の業務への継続した従事", "Worked in care throughout the term"),
    },
    open=True,
)
"""平成19年法律125号附則6条の2 and 6条の3."""
ANNOTATED_QUALIFICATION = CodeList(
    "annotated_qualification",
    lists.numbered(
        (
            ("口腔内の喀痰吸引", "Suction of sputum from the mouth"),
            ("鼻腔内の喀痰吸引", "Suction of sputum from the nose"),
            ("気管カニューレ内部の喀痰吸引", "Suction of sputum inside a tracheal cannula"),
            ("胃ろう又は腸ろうによる経管栄養", "Tube feeding by gastrostomy or enterostomy"),
            ("経鼻経管栄養", "Nasogastric tube feeding"),
        )
    ),
    open=True,
)
"""The five acts of 社会福祉士及び介護福祉士法施行規則1条, for which practical training is noted on the certificate."""

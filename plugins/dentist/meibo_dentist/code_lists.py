"""Code lists of the dentists' register alone.

All are open: the ministry has not published the values of its tables, so what stands here follows the printed
report form from memory, and other codes are taken too.
"""

from meibo.plugin import CodeList, lists

PRACTICE_TYPE = CodeList(
    "practice_type",
    lists.numbered(
        (
            ("診療所の開設者又は法人の代表者", "Owner of a clinic, or head of the body that runs it"),
            ("診療所の勤務者", "Employed at a clinic"),
            ("病院の開設者又は法人の代表者", "Owner of a hospital, or head of the body that runs it"),
            (
                "病院（医育機関附属の病院を除く）の勤務者",
                "Employed at a hospital that no medical school runs",
            ),
            ("医育機関附属の病院の教員", "Teacher at the hospital of a medical school"),
            ("医育機関附属の病院の大学院生", "Graduate student at the hospital of a medical school"),
            ("医育機関附属の病院のその他の勤務者", "Otherwise employed at the hospital of a medical school"),
            ("介護老人保健施設の開設者又は勤務者", "At a geriatric health facility"),
            ("介護医療院の開設者又は勤務者", "At an integrated facility for medical and long-term care"),
            ("医育機関の臨床系以外の勤務者又は大学院生", "At a medical school, outside its clinics"),
            ("医育機関以外の教育機関又は研究機関の勤務者", "At another school or a research institute"),
            ("行政機関の従事者", "At a public authority"),
            ("保健衛生業務の従事者", "In public health"),
            ("その他の業務の従事者", "In other work"),
            ("無職の者", "Without occupation"),
        )
    ),
    open=True,
)
CLINICAL_DEPARTMENT = CodeList(
    "clinical_department",
    lists.numbered(
        (
            ("歯科", "Dentistry"),
            ("矯正歯科", "Orthodontics"),
            ("小児歯科", "Paediatric dentistry"),
            ("歯科口腔外科", "Oral surgery"),
            ("臨床研修歯科医", "Resident in clinical training"),
            ("その他", "Other"),
        )
    ),
    open=True,
)
SPECIALTY_QUALIFICATION = CodeList(
    "dental_specialty_qualification",
    lists.numbered(
        (
            ("口腔外科専門医", "Oral surgery"),
            ("歯周病専門医", "Periodontology"),
            ("歯科麻酔専門医", "Dental anaesthesiology"),
            ("小児歯科専門医", "Paediatric dentistry"),
            ("歯科放射線専門医", "Oral radiology"),
            ("補綴歯科専門医", "Prosthodontics"),
            ("矯正歯科専門医", "Orthodontics"),
            ("歯科保存専門医", "Conservative dentistry"),
        )
    ),
    open=True,
)

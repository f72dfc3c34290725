"""Code lists of the doctors' register alone.

All are open: the ministry has not published the values of its tables, so what stands here follows the printed
report form, and other codes are taken too.
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
            ("産業医", "Occupational physician"),
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
            ("内科", "Internal medicine"), ("呼吸器内科", "Respiratory medicine"),
            ("循環器内科", "Cardiology"),
            ("消化器内科（胃腸内科）", "Gastroenterology"),
            ("腎臓内科", "Nephrology"), ("脳神経内科", "Neurology"),
            ("糖尿病内科（代謝内科）", "Diabetology"), ("血液内科", "Haematology"), ("皮膚科", "Dermatology"),
            ("アレルギー科", "Allergology"), ("リウマチ科", "Rheumatology"),
            ("感染症内科", "Infectious diseases"), ("小児科", "Paediatrics"), ("精神科", "Psychiatry"),
            ("心療内科", "Psychosomatic medicine"), ("外科", "Surgery"), ("呼吸器外科", "Thoracic surgery"),
            ("心臓血管外科", "Cardiovascular surgery"), ("乳腺外科", "Breast surgery"),
            ("気管食道外科", "Broncho-oesophageal surgery"), ("消化器外科（胃腸外科）", "Digestive surgery"),
            ("泌尿器科", "Urology"), ("肛門外科", "Proctology"), ("脳神経外科", "Neurosurgery"),
            ("整形外科", "Orthopaedics"), ("形成外科", "Plastic surgery"), ("美容外科", "Cosmetic surgery"),
            ("眼科", "Ophthalmology"), ("耳鼻いんこう科", "Otorhinolaryngology"),
            ("小児外科", "Paediatric surgery"), ("産婦人科", "Obstetrics and gynaecology"),
            ("産科", "Obstetrics"), ("婦人科", "Gynaecology"), ("リハビリテーション科", "Rehabilitation"),
            ("放射線科", "Radiology"), ("麻酔科", "Anaesthesiology"), ("病理診断科", "Diagnostic pathology"),
            ("臨床検査科", "Laboratory medicine"), ("救急科", "Emergency medicine"),
            ("臨床研修医", "Resident in clinical training"), ("全科", "All departments"), ("その他", "Other"),
        )
    ),
    open=True,
)  # fmt: skip
SPECIALTY_QUALIFICATION = CodeList(
    "specialty_qualification",
    lists.numbered(
        (
            ("内科専門医", "Internal medicine"), ("小児科専門医", "Paediatrics"),
            ("皮膚科専門医", "Dermatology"), ("精神科専門医", "Psychiatry"), ("外科専門医", "Surgery"),
            ("整形外科専門医", "Orthopaedics"), ("産婦人科専門医", "Obstetrics and gynaecology"),
            ("眼科専門医", "Ophthalmology"), ("耳鼻咽喉科専門医", "Otorhinolaryngology"),
            ("泌尿器科専門医", "Urology"), ("脳神経外科専門医", "Neurosurgery"),
            ("放射線科専門医", "Radiology"), ("麻酔科専門医", "Anaesthesiology"),
            ("病理専門医", "Pathology"), ("臨床検査専門医", "Laboratory medicine"),
            ("救急科専門医", "Emergency medicine"), ("形成外科専門医", "Plastic surgery"),
            ("リハビリテーション科専門医", "Rehabilitation"), ("総合診療専門医", "General practice"),
            ("麻酔科標榜医", "Licensed to advertise anaesthesiology"),
        )
    ),
    open=True,
)  # fmt: skip
REGIONAL_QUOTA_SELECTION_METHOD = CodeList(
    "regional_quota_selection_method",
    {
        "1": ("別枠方式", "Quota of its own"),
        "2": ("区別枠方式", "Quota within the general intake"),
        "3": ("手挙げ方式（事前型）", "By choice, before admission"),
        "4": ("手挙げ方式（事後型）", "By choice, after admission"),
        "9": ("その他", "Other"),
    },
    open=True,
)

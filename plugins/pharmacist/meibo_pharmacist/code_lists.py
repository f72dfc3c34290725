"""Code lists of the pharmacists' register alone.

All are open: the ministry has not published the values of its tables, so what stands here is a project choice,
and other codes are taken too.
"""

from meibo.plugin import CodeList

REGISTRATION_CATEGORY = CodeList("registration_category", {"01": ("薬剤師", "Pharmacist")}, open=True)
NAME_CATEGORY = CodeList("name_category", {"1": ("氏名", "Name"), "2": ("通称", "Common name")}, open=True)
PRESENCE = CodeList("presence", {"0": ("無", "Absent"), "1": ("有", "Present")}, open=True)
PRINT_TARGET_IMPORT = CodeList("print_target_import", open=True)
DISPOSITION_STATUS = CodeList(
    "disposition_status",
    {
        "1": ("再教育研修なし", "No re-education ordered"),
        "2": ("再教育研修中", "Re-education under way"),
        "3": ("再教育研修修了", "Re-education completed"),
    },
    open=True,
)
FORM = CodeList("form", open=True)
PROCESS = CodeList("process", open=True)
DOCUMENT_STATUS = CodeList("document_status", open=True)

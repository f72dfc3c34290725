"""Code lists that many registers use. `open=True` marks those whose official values are not published: what
stands here is a project choice that an administrator replaces (../shared/catalog/code_lists.tsv)."""

from collections.abc import Iterable

from meibo.items.codes import CodeList

Label = tuple[str, str]


def numbered(labels: Iterable[Label]) -> dict[str, Label]:
    """Codes 01, 02, … in the order of a printed form."""
    return {f"{number:02}": label for number, label in enumerate(labels, 1)}


PREFECTURE = CodeList(
    "prefecture",
    numbered(
            (
                ("北海道", "Hokkaido"), ("青森県", "Aomori"), ("岩手県", "Iwate"),
                ("宮城県", "Miyagi"), ("秋田県", "Akita"), ("山形県", "Yamagata"),
                ("福島県", "Fukushima"), ("茨城県", "Ibaraki"), ("栃木県", "Tochigi"),
                ("群馬県", "Gunma"), ("埼玉県", "Saitama"), ("千葉県", "Chiba"),
                ("東京都", "Tokyo"), ("神奈川県", "Kanagawa"), ("新潟県", "Niigata"),
                ("富山県", "Toyama"), ("石川県", "Ishikawa"), ("福井県", "Fukui"),
                ("山梨県", "Yamanashi"), ("長野県", "Nagano"), ("岐阜県", "Gifu"),
                ("静岡県", "Shizuoka"), ("愛知県", "Aichi"), ("三重県", "Mie"),
                ("滋賀県", "Shiga"), ("京都府", "Kyoto"), ("大阪府", "Osaka"),
                ("兵庫県", "Hyogo"), ("奈良県", "Nara"), ("和歌山県", "Wakayama"),
                ("鳥取県", "Tottori"), ("島根県", "Shimane"), ("岡山県", "Okayama"),
                ("広島県", "Hiroshima"), ("山口県", "Yamaguchi"), ("徳島県", "Tokushima"),
                ("香川県", "Kagawa"), ("愛媛県", "Ehime"), ("高知県", "Kochi"),
                ("福岡県", "Fukuoka"), ("佐賀県", "Saga"), ("長崎県", "Nagasaki"),
                ("熊本県", "Kumamoto"), ("大分県", "Oita"), ("宮崎県", "Miyazaki"),
                ("鹿児島県", "Kagoshima"), ("沖縄県", "Okinawa"),
            )
        ),
)  # fmt: skip
"""JIS X 0401."""
SEX = CodeList(
    "sex", {"1": ("男", "Male"), "2": ("女", "Female"), "3": ("その他", "Other"), "9": ("不明", "Unknown")}
)
ERA = CodeList(
    "era",
    {
        "1": ("明治", "Meiji"),
        "2": ("大正", "Taisho"),
        "3": ("昭和", "Showa"),
        "4": ("平成", "Heisei"),
        "5": ("令和", "Reiwa"),
    },
)
COUNTRY = CodeList("country", open=True)
MUNICIPALITY = CodeList("municipality", open=True)
REGISTERED_DOMICILE = CodeList("registered_domicile", open=True)
REGISTER_ROLL = CodeList("register_roll", open=True)
SECTION_CHIEF = CodeList("section_chief", open=True)
ENTRY_CATEGORY = CodeList("entry_category", open=True)
MINISTER_TYPE = CodeList(
    "minister_type", {"01": ("厚生労働大臣", "Minister of Health, Labour and Welfare")}, open=True
)
BUREAU_DIRECTOR_TYPE = CodeList("bureau_director_type", {"01": ("医政局長", "Director-General")}, open=True)
CHIEF_MEDICAL_OFFICER_TYPE = CodeList(
    "chief_medical_officer_type", {"01": ("医務技監", "Chief Medical and Global Health Officer")}, open=True
)
PROCESSING_CATEGORY = CodeList(
    "processing_category",
    {
        "01": ("新規登録", "Registration"),
        "02": ("籍（名簿）訂正", "Correction"),
        "03": ("再交付", "Reissue"),
        "04": ("まっ消（消除）", "Striking off"),
        "05": ("登録換", "Transfer"),
        "06": ("誤謬訂正", "Correction of an error"),
        "07": ("行政処分", "Disposition"),
        "08": ("取消し・解除", "Undoing"),
    },
    open=True,
)
FINE_CATEGORY = CodeList("fine_category", {"0": ("なし", "None"), "1": ("あり", "Fined")}, open=True)
DISPOSITION = CodeList(
    "disposition",
    {
        "01": ("戒告", "Reprimand"),
        "02": ("業務停止", "Suspension of practice"),
        "03": ("免許取消", "Revocation"),
        "04": ("名称の使用停止", "Suspension of the use of the title"),
    },
)
PROVISION_AFFAIRS_CATEGORY = CodeList("provision_affairs_category", open=True)
PROCESSING_RESULT = CodeList("processing_result", {"0000": ("正常", "Done")}, open=True)
MATCHED_ITEMS = CodeList("matched_items", open=True)
MOVEMENT_PRESENCE = CodeList(
    "movement_presence", {"0": ("異動なし", "None"), "1": ("異動あり", "Moved")}, open=True
)
LIVING_STATUS = CodeList(
    "living_status",
    {"0": ("生存", "Living"), "1": ("死亡", "Dead"), "2": ("その他消除", "Removed for another reason")},
    open=True,
)
CHANGE_STATUS = CodeList(
    "change_status", {"0": ("変更なし", "Unchanged"), "1": ("変更あり", "Changed")}, open=True
)
MOVEMENT_REASON = CodeList("movement_reason", open=True)
SEARCH_PATTERN = CodeList("search_pattern", open=True)
FAMILY_REGISTER_MOVEMENT_REASON = CodeList("family_register_movement_reason", open=True)
NATIONALITY_ACQUISITION_REASON = CodeList("nationality_acquisition_reason", open=True)
NATIONALITY_LOSS_REASON = CodeList("nationality_loss_reason", open=True)
ANNULMENT_CATEGORY = CodeList(
    "annulment_category", {"1": ("取消し", "Cancelled"), "2": ("無効", "Void")}, open=True
)
DEATH_REASON = CodeList(
    "death_reason",
    {
        "1": ("死亡", "Death"),
        "2": ("失踪宣告", "Declared missing"),
        "3": ("認定死亡", "Presumed death"),
        "4": ("高齢者消除", "Removal of the very old"),
    },
    open=True,
)
DEATH_DATE_UNCERTAINTY = CodeList(
    "death_date_uncertainty",
    {"1": ("確定", "Certain"), "2": ("推定", "Estimated"), "3": ("不詳", "Unknown")},
    open=True,
)

REGIONAL_HEALTH_BUREAU = CodeList(
    "regional_health_bureau",
    {
        "1": ("北海道厚生局", "Hokkaido"),
        "2": ("東北厚生局", "Tohoku"),
        "3": ("関東信越厚生局", "Kanto-Shinetsu"),
        "4": ("東海北陸厚生局", "Tokai-Hokuriku"),
        "5": ("近畿厚生局", "Kinki"),
        "6": ("中国四国厚生局", "Chugoku-Shikoku"),
        "7": ("四国厚生支局", "Shikoku (branch)"),
        "8": ("九州厚生局", "Kyushu"),
    },
    open=True,
)

EMPLOYMENT_FORM = CodeList(
    "employment_form", {"1": ("常勤", "Full time"), "2": ("非常勤", "Part time")}, open=True
)
MAIN_DUTIES = CodeList(
    "main_duties",
    {
        "01": ("診療", "Patient care"),
        "02": ("教育", "Teaching"),
        "03": ("研究", "Research"),
        "04": ("行政", "Administration"),
        "05": ("保健指導", "Health guidance"),
        "99": ("その他", "Other"),
    },
    open=True,
)
LEAVE_TYPE = CodeList(
    "leave_type",
    {
        "0": ("取得していない", "None"),
        "1": ("産前・産後休業", "Maternity leave"),
        "2": ("育児休業", "Childcare leave"),
        "3": ("介護休業", "Family-care leave"),
    },
    open=True,
)

LICENCE_TYPE = CodeList("licence_type_master", table="licence_type_master")
DOMICILE = CodeList("domicile_master", table="domicile_master")
EXAM_SITE = CodeList("exam_site_master", table="exam_site_master")
REASON = CodeList("reason_master", table="reason_master")
MINISTER = CodeList("minister_master", table="minister_master")
BUREAU_DIRECTOR = CodeList("bureau_director_master", table="bureau_director_master")
SCHOOL = CodeList("school_master", table="school_master")
CHIEF_MEDICAL_OFFICER = CodeList("chief_medical_officer_master", table="chief_medical_officer_master")

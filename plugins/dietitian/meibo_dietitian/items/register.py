"""Items 47-71: the entry (管理栄養士名簿). Its dates are pairs of era and date."""

from meibo.plugin import Code, Era, EraDate, Group, Kana, Personal, item, lists
from meibo_dietitian import code_lists

ENTRY = "tells entries apart and finds them"


class DietitianRegister(
    Group,
    title="管理栄養士名簿",
    en="Register",
    heading="",
    purpose=("管理栄養士名簿への登録（栄養士法3条の2）", "register of the profession (栄養士法3条の2)"),
    source="application, national examination",
    erasure=("免許を失った後も同様に適切に管理する", "managed with the same care after the licence is lost"),
):
    """The entry of a registered dietitian."""

    registration_number: Personal[str] = item(
        "登録番号", en="Registration number", max_length=12, clear=ENTRY, index=True, unique=True
    )
    registration_date_era: Personal[Era | None] = item("登録日（元号）", en="Registration: era")
    registration_date: Personal[EraDate] = item(
        "登録日",
        en="Registration: date",
        era="registration_date_era",
        clear="an office date, by which lists go",
        index=True,
    )
    family_name: Personal[str] = item("漢字氏名（姓）", en="Family name", max_length=50)
    given_name: Personal[str | None] = item("漢字氏名（名）", en="Given name", max_length=50)
    family_name_kana: Personal[Kana] = item("カナ氏名（姓）", en="Family name (kana)", max_length=50)
    given_name_kana: Personal[Kana | None] = item("カナ氏名（名）", en="Given name (kana)", max_length=50)
    former_family_name: Personal[str | None] = item("旧姓（漢字）", en="Former family name", max_length=50)
    common_family_name: Personal[str | None] = item(
        "通称名（姓）", en="Common name: family name", max_length=50
    )
    common_given_name: Personal[str | None] = item(
        "通称名（名）", en="Common name: given name", max_length=50
    )
    birth_date_era: Personal[Era | None] = item("生年月日（元号）", en="Date of birth: era")
    birth_date: Personal[EraDate] = item("生年月日", en="Date of birth", era="birth_date_era")
    registered_domicile_code: Personal[Code | None] = item(
        "本籍コード", en="Registered domicile", max_length=5, codes=lists.REGISTERED_DOMICILE
    )
    sex: Personal[Code] = item("性別", en="Sex", max_length=1, codes=lists.SEX)
    registered_qualification_type: Code | None = item(
        "登録資格種別", en="Qualification registered", max_length=2, codes=code_lists.QUALIFICATION_TYPE
    )
    qualification_date_era: Personal[Era | None] = item("資格取得（元号）", en="Qualification: era")
    qualification_date: Personal[EraDate | None] = item(
        "資格取得年月日", en="Qualification: date", era="qualification_date_era"
    )
    issue_date_era: Personal[Era | None] = item("交付日（元号）", en="Issue of the certificate: era")
    issue_date: Personal[EraDate | None] = item(
        "交付日", en="Issue of the certificate: date", era="issue_date_era"
    )
    forwarding_prefecture_code: Code | None = item(
        "進達県コード",
        en="Forwarding prefecture",
        max_length=2,
        codes=lists.PREFECTURE,
        clear="each prefecture lists the applications that it forwarded",
        index=True,
    )
    application_category: Code | None = item(
        "申請区分", en="Kind of application", max_length=2, codes=code_lists.APPLICATION
    )
    # The reason may say that the holder is dead: life status is sealed, and its day with it.
    reason_code: Personal[Code | None] = item(
        "理由コード", en="Newest act: reason", max_length=3, codes=lists.REASON
    )
    reason_date_era: Personal[Era | None] = item("理由発生日（元号）", en="Newest act: era")
    reason_date: Personal[EraDate | None] = item("理由発生日", en="Newest act: date", era="reason_date_era")
    history_category: Code | None = item(
        "履歴区分", en="Kind of history", max_length=1, codes=code_lists.HISTORY
    )

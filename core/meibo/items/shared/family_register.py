"""A reply of the family-register network (戸籍関係情報): 16 items."""

from datetime import date

from meibo.items.declaration import Cardinality, Group, Personal, item
from meibo.items.kinds import Code
from meibo.items.shared import lists
from meibo.values.dates import PartialDate


class FamilyRegister(
    Group,
    title="戸籍関係情報",
    en="Family-register replies",
    purpose=("国籍、本籍および死亡の確認", "confirm nationality, domicile and death"),
    source=("情報提供ネットワークシステム", "information-sharing network"),
    erasure="keep with the licence",
    plural="family_registers",
    cardinality=Cardinality.MANY,
):
    """What the family register says of a holder."""

    provision_base_date: Personal[date | None] = item(
        "情報提供起点日", en="Day from which information is given"
    )
    family_register_movement_date: Personal[date | None] = item(
        "戸籍異動日", en="Change of the family register: date"
    )
    family_register_movement_reason: Personal[Code | None] = item(
        "戸籍異動事由区分",
        en="Change of the family register: reason",
        codes=lists.FAMILY_REGISTER_MOVEMENT_REASON,
    )
    registered_domicile_code: Personal[Code | None] = item(
        "本籍コード", en="Registered domicile", codes=lists.REGISTERED_DOMICILE
    )
    place_of_birth: Personal[str | None] = item("出生地", en="Place of birth", max_length=200)
    nationality_acquisition_date: Personal[date | None] = item("国籍取得日", en="Nationality acquired: date")
    nationality_acquisition_reason: Personal[Code | None] = item(
        "取得事由区分", en="Nationality acquired: reason", codes=lists.NATIONALITY_ACQUISITION_REASON
    )
    nationality_loss_date: Personal[date | None] = item("国籍喪失日", en="Nationality lost: date")
    nationality_loss_reason: Personal[Code | None] = item(
        "喪失事由区分", en="Nationality lost: reason", codes=lists.NATIONALITY_LOSS_REASON
    )
    nationality_change_annulment_date: Personal[date | None] = item(
        "国籍の得喪の取消し・無効日", en="Change of nationality annulled: date"
    )
    nationality_change_annulment_category: Personal[Code | None] = item(
        "国籍の得喪の取消し・無効区分",
        en="Change of nationality annulled: how",
        codes=lists.ANNULMENT_CATEGORY,
    )
    death_date: Personal[PartialDate | None] = item("死亡日", en="Death: date")
    death_reason: Personal[Code | None] = item("死亡事由区分", en="Death: kind", codes=lists.DEATH_REASON)
    death_annulment_date: Personal[date | None] = item("死亡の取消し・無効日", en="Death annulled: date")
    death_annulment_category: Personal[Code | None] = item(
        "死亡の取消し・無効区分", en="Death annulled: how", codes=lists.ANNULMENT_CATEGORY
    )
    death_date_uncertainty_category: Personal[Code | None] = item(
        "死亡日の不詳・推定区分", en="Death: certainty of the date", codes=lists.DEATH_DATE_UNCERTAINTY
    )

"""The two number items that close every official list; both lie in the vault."""

from meibo.items.declaration import Cardinality, Group, Personal, item
from meibo.values.numbers import IndividualNumber, InstitutionCode


class Numbers(
    Group,
    title="個人番号関係情報",
    en="Numbers",
    purpose=(
        "住民基本台帳ネットワークおよび戸籍情報への照会",
        "ask the resident-record and family-register networks",
    ),
    source=("本人、または住民基本台帳ネットワーク", "the holder, or the resident-record network"),
    erasure=("名簿ファイルごとの定めによる", "by the register file's rule"),
    cardinality=Cardinality.VAULT,
):
    """個人番号 and 機関別符号: shown as a status, revealed by a verb of its own."""

    individual_number: Personal[IndividualNumber | None] = item("個人番号", en="Individual number")
    agency_code: Personal[InstitutionCode | None] = item("機関別符号", en="Institution code")

"""Items 1 and 2 of every official list: issued by core."""

from meibo.items.declaration import Group, Personal, item
from meibo.items.kinds import Pseudonym


class Identity(
    Group,
    title="識別情報",
    en="Identity",
    heading="",
    purpose=("個人番号を用いない名簿登録者の識別", "tell holders apart without their number"),
    source=("システムが付番", "issued by the system"),
    erasure="keep",
):
    """The two pseudonyms; each register stores an alias of its own for the portal's."""

    qualification_pseudonym_id: Personal[Pseudonym] = item("資格仮名ID", en="Licence pseudonym")
    myna_portal_pseudonym_id: Personal[Pseudonym] = item(
        "マイナポータル仮名ID", en="Portal pseudonym (alias)"
    )

"""Variant characters of names (異体字) and the form under which a search finds them.

Two kinds stand here, each written as the variant followed by the form that replaces it:

- an older form beside the one in use, where the 常用漢字表 (2010) or the 人名用漢字表 has both;
- a form that Unicode encodes apart though it is written for the same name: 髙 﨑 𠮷 邉 濵 嶌 and their like.

What is left out on purpose: characters that are only confused (斎 and 斉 are two characters), and
compatibility ideographs, which NFKC already folds. Only search keys use this table.
"""

from __future__ import annotations

_OLDER_FORMS = """
亞亜 惡悪 圍囲 榮栄 圓円 緣縁 應応 櫻桜 奧奥 橫横 黃黄 樂楽 嶽岳 卷巻 寬寛 關関 觀観 巖巌 氣気 舊旧
峽峡 堯尭 曉暁 薰薫 惠恵 螢蛍 鷄鶏 藝芸 縣県 檢検 顯顕 驗験 嚴厳 廣広 恆恒 國国 黑黒 齋斎 實実 壽寿
澁渋 縱縦 緖緒 條条 淨浄 眞真 愼慎 盡尽 粹粋 穗穂 瀨瀬 靜静 齊斉 攝摂 專専 淺浅 禪禅 莊荘 壯壮 增増
藏蔵 總総 瀧滝 澤沢 單単 團団 鐵鉄 轉転 傳伝 燈灯 當当 黨党 稻稲 德徳 讀読 佛仏 豐豊 寶宝 邊辺 萬万
滿満 彌弥 藥薬 與与 來来 賴頼 龍竜 綠緑 禮礼 靈霊 祿禄 會会 學学 濱浜 遙遥 槇槙 淸清 靑青 敎教 吳呉
戶戸
"""
_SEPARATELY_ENCODED_FORMS = """
髙高 﨑崎 嵜崎 𠮷吉 邉辺 濵浜 嶋島 嶌島 桒桑 栁柳 舘館 舩船 峯峰 埜野 冨富 渕淵 逹達
"""

VARIANTS = str.maketrans({pair[0]: pair[1] for pair in (_OLDER_FORMS + _SEPARATELY_ENCODED_FORMS).split()})
"""A table for `str.translate`: one character to one character, and no result is a key."""

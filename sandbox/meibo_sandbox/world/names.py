"""Names to draw from. They are written here and not drawn by Faker, whose lists change with its versions: equal seeds
give equal bytes."""

from __future__ import annotations

from dataclasses import dataclass

from meibo.demo.names import RARE_FAMILY_NAMES
from meibo_sandbox.world.draws import Draws

_FAMILY = """
佐藤 サトウ 鈴木 スズキ 高橋 タカハシ 田中 タナカ 伊藤 イトウ 渡辺 ワタナベ 山本 ヤマモト 中村 ナカムラ 小林 コバヤシ
加藤 カトウ 吉田 ヨシダ 山田 ヤマダ 佐々木 ササキ 山口 ヤマグチ 松本 マツモト 井上 イノウエ 木村 キムラ 林 ハヤシ
斎藤 サイトウ 清水 シミズ 山崎 ヤマザキ 森 モリ 池田 イケダ 橋本 ハシモト 阿部 アベ 石川 イシカワ 山下 ヤマシタ
中島 ナカジマ 石井 イシイ 小川 オガワ 前田 マエダ 岡田 オカダ 長谷川 ハセガワ 藤田 フジタ 後藤 ゴトウ 近藤 コンドウ
村上 ムラカミ 遠藤 エンドウ 青木 アオキ 坂本 サカモト 福田 フクダ 太田 オオタ 西村 ニシムラ 藤井 フジイ 金子 カネコ
岡本 オカモト 藤原 フジワラ 三浦 ミウラ 中野 ナカノ 中川 ナカガワ 原田 ハラダ 松田 マツダ 竹内 タケウチ 小野 オノ
田村 タムラ 中山 ナカヤマ 和田 ワダ 石田 イシダ 森田 モリタ 上田 ウエダ 原 ハラ 内田 ウチダ 柴田 シバタ 酒井 サカイ
宮崎 ミヤザキ 横山 ヨコヤマ 高木 タカギ 安藤 アンドウ 宮本 ミヤモト 大野 オオノ 小島 コジマ 工藤 クドウ 谷口 タニグチ
今井 イマイ 高田 タカダ 増田 マスダ 丸山 マルヤマ 杉山 スギヤマ 村田 ムラタ 大塚 オオツカ 新井 アライ 小山 コヤマ
平野 ヒラノ 藤本 フジモト 河野 コウノ 上野 ウエノ 野口 ノグチ 武田 タケダ 松井 マツイ 千葉 チバ 岩崎 イワサキ
菅原 スガワラ 木下 キノシタ 久保 クボ 佐野 サノ 野村 ノムラ 松尾 マツオ 市川 イチカワ 菊地 キクチ 杉本 スギモト
古川 フルカワ 大西 オオニシ 島田 シマダ 水野 ミズノ 桜井 サクライ 高野 タカノ 吉川 ヨシカワ 山内 ヤマウチ 西田 ニシダ
飯田 イイダ 菊池 キクチ 西川 ニシカワ 小松 コマツ 北村 キタムラ 安田 ヤスダ 五十嵐 イガラシ 川口 カワグチ 平田 ヒラタ
関 セキ 中田 ナカタ 久保田 クボタ 服部 ハットリ 東 ヒガシ 岩田 イワタ 土屋 ツチヤ 川崎 カワサキ 福島 フクシマ
"""
_MALE = """
翔太 ショウタ 健一 ケンイチ 大輔 ダイスケ 直樹 ナオキ 拓也 タクヤ 誠 マコト 浩 ヒロシ 隆 タカシ 剛 ツヨシ 学 マナブ
修 オサム 進 ススム 豊 ユタカ 稔 ミノル 茂 シゲル 勇 イサム 清 キヨシ 博 ヒロシ 聡 サトシ 哲也 テツヤ 和也 カズヤ
達也 タツヤ 雅人 マサト 英樹 ヒデキ 秀明 ヒデアキ 康弘 ヤスヒロ 義之 ヨシユキ 幸一 コウイチ 正雄 マサオ 昭 アキラ
健太郎 ケンタロウ 慎吾 シンゴ 洋平 ヨウヘイ 亮 リョウ 翼 ツバサ 大樹 ダイキ 蓮 レン 湊 ミナト 悠真 ユウマ 陽翔 ハルト
樹 イツキ 颯太 ソウタ 悠斗 ユウト 陸 リク 海斗 カイト 涼介 リョウスケ 祐介 ユウスケ 圭 ケイ 徹 トオル 武 タケシ
敏夫 トシオ 信也 シンヤ 孝 タカシ 純一 ジュンイチ 宏 ヒロシ 勝 マサル 実 ミノル 弘 ヒロシ 篤 アツシ 淳 ジュン
"""
_FEMALE = """
花子 ハナコ 陽子 ヨウコ 恵子 ケイコ 久美子 クミコ 由美子 ユミコ 裕子 ユウコ 洋子 ヨウコ 和子 カズコ 幸子 サチコ
節子 セツコ 京子 キョウコ 美智子 ミチコ 真由美 マユミ 直美 ナオミ 明美 アケミ 智子 トモコ 純子 ジュンコ 優子 ユウコ
美穂 ミホ 香織 カオリ 麻衣 マイ 愛 アイ 舞 マイ 彩 アヤ 美咲 ミサキ 葵 アオイ 結衣 ユイ 陽菜 ヒナ 凛 リン 芽依 メイ
結菜 ユイナ 莉子 リコ さくら サクラ 美羽 ミウ 七海 ナナミ 遥 ハルカ 千尋 チヒロ 沙織 サオリ 理恵 リエ 聡美 サトミ
典子 ノリコ 文子 フミコ 弘子 ヒロコ 紀子 ノリコ 敬子 ケイコ 悦子 エツコ 奈々 ナナ 絵里 エリ 恵 メグミ 瞳 ヒトミ
桃子 モモコ 楓 カエデ 杏 アンズ 琴音 コトネ 詩織 シオリ 千代 チヨ 静江 シズエ 富美子 フミコ 多恵 タエ 律子 リツコ
"""


@dataclass(frozen=True, slots=True)
class Name:
    """A name and its reading; `gaiji` names the character that stands as 〓 at its beginning, if one does."""

    text: str
    kana: str
    gaiji: str = ""


def _names(text: str) -> tuple[Name, ...]:
    words = text.split()
    return tuple(Name(name, kana) for name, kana in zip(words[::2], words[1::2], strict=True))


FAMILY, MALE, FEMALE = _names(_FAMILY), _names(_MALE), _names(_FEMALE)
RARE = (
    *(Name(text, kana) for text, kana in RARE_FAMILY_NAMES),
    Name("〓田", "ツジタ", "MJ900001"),
    Name("〓本", "ヤナギモト", "MJ900002"),
    Name("\ue001藤", "サイトウ", "MJ900003"),
)
"""Variants, selectors and compatibility characters; then characters without a code, and one of a private code."""
RARELY = 50
"""So many family names of a thousand are rare."""


def family_name(draws: Draws) -> Name:
    """A family name, rare ones among them."""
    return draws.one_of(RARE if draws.happens(RARELY) else FAMILY)

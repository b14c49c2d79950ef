"""Finds what looks like a person's name in a text that is going to be public. It warns; a person decides.

Three signs: a name of the list the caller gives (members, people who attended), a word before さん・氏・様, and a common
surname followed by what can be a given name. Words for roles (利用者さん, お母さん), letters (Aさん) and places (山口県)
are no names. Neither finds everybody: the warning says "looked for", never "there is none".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_SURNAMES = (  # noqa: SIM905 - a list one can read
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 渡邉 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 斎藤 斉藤 齋藤 齊藤 "
    "清水 山崎 阿部 池田 橋本 山下 石川 中島 中嶋 前田 藤田 小川 後藤 岡田 長谷川 村上 近藤 石井 坂本 遠藤 青木 藤井 西村 "
    "福田 太田 三浦 藤原 岡本 松田 中川 中野 原田 小野 田村 竹内 金子 和田 中山 石田 上田 森田 柴田 酒井 工藤 横山 宮崎 "
    "宮本 内田 高木 安藤 谷口 大野 丸山 今井 高田 藤本 武田 村田 上野 杉山 増田 菅原 平野 大塚 小島 千葉 久保 松井 岩崎 "
    "桜井 野口 松尾 野村 菊地 木下 佐野 大西 杉本 新井 浜田 菅野 市川 古川 水野 小松 島田 小山 高野 山内 西田 菊池 西川 "
    "五十嵐 北村 安田 中田 川口 平田 川崎 飯田 吉川 本田 久保田 沢田 辻 関 吉村 渡部 岩田 中西 服部 樋口 福島 川上 永井 "
    "松岡 田口 須藤 荒井 大橋 関口 星野 茂木 萩原 狩野 生方 高山 角田 堀越 町田 大久保"
).split()
_PLACES = "県市町村区郡府都道駅病院地方地域圏域保健所支部会館川山島港線通丁目大学高校小学校中学校福祉事務所医療支援"
_TITLES = "さん|さま|様|氏|ちゃん|くん|君|殿"
_ROLES = re.compile(
    r"(者|師|員|士|長|族|親|子|母|父|祖父|祖母|兄|姉|弟|妹|夫|妻|方|人|達|生|主|客|隣|所|院|局|課|係|市|県|町|村|会|屋|社|体"
    r"|皆|仲|神|奥|旦那|息|娘|嫁|孫|職|団|署|庁|家|ピア|ワーカー|スタッフ|ナース|ドクター|ヘルパー|サポーター|メンバー|ケアマネ|ゲスト|オーナー)$"
)
_CANDIDATE = r"(?<![一-龥々ァ-ヴー])([一-龥々]{1,4}|[ァ-ヴー]{2,8})"
_WITH_TITLE = re.compile(rf"{_CANDIDATE}[ \u3000]?(?:{_TITLES})(?![一-龥])")
_SURNAME = "|".join(sorted(map(re.escape, _SURNAMES), key=len, reverse=True))
_SPACED = re.compile(
    rf"(?<![一-龥々])({_SURNAME})[ \u3000]([一-龥々]{{1,3}}|[ぁ-ん]{{2,4}}|[ァ-ヴー]{{2,5}})(?![一-龥々])"
)
_JOINED = re.compile(rf"(?<![一-龥々])({_SURNAME})([一-龥々]{{2,3}})(?![一-龥々])")
_WORDS = frozenset("仕様 模様 同様 多様 異様 一様 有様 各様 諸君 主君 摂氏 華氏 某氏 両氏 同氏 各氏".split())  # noqa: SIM905
_NOT_GIVEN = re.compile(
    r"(委員|会長|部長|課長|係長|院長|所長|主任|主査|主幹|先生|医師|技師|記念|病院|医院|内科|商店|地区)$"
)


@dataclass(frozen=True, slots=True)
class NameSeen:
    """text: as it stands in the given text; line: counted from 1; known: it is on the list the caller gave."""

    text: str
    line: int
    known: bool


def _folded(name: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name))


def _known(text: str, names: Iterable[str]) -> list[tuple[int, str, bool]]:
    found = []
    for name in names:
        folded = _folded(name)
        if len(folded) < 2:  # a single letter would be found everywhere
            continue
        pattern = r"[ \u3000]?".join(re.escape(letter) for letter in folded)
        found += [(hit.start(), hit[0], True) for hit in re.finditer(pattern, text)]
    return found


def _guessed(text: str) -> list[tuple[int, str, bool]]:
    found = [
        (hit.start(), hit[0], False)
        for hit in _WITH_TITLE.finditer(text)
        if not _ROLES.search(hit[1]) and hit[0] not in _WORDS
    ]
    found += [(hit.start(), hit[0], False) for hit in _SPACED.finditer(text) if not _NOT_GIVEN.search(hit[2])]
    found += [
        (hit.start(), hit[0], False)
        for hit in _JOINED.finditer(text)
        if hit[2][0] not in _PLACES and hit[2][-1] not in _PLACES and not _NOT_GIVEN.search(hit[2])
    ]
    return found


def names_in(text: str, known: Iterable[str] = ()) -> list[NameSeen]:
    """What looks like a name, in the order of the text, overlaps once (the longest)."""
    plain = unicodedata.normalize("NFC", text)
    hits = sorted(_known(plain, known) + _guessed(plain), key=lambda hit: (hit[0], -len(hit[1]), not hit[2]))
    found: list[NameSeen] = []
    end = -1
    for start, shown, is_known in hits:
        if start < end:
            continue
        found.append(NameSeen(shown, plain.count("\n", 0, start) + 1, is_known))
        end = start + len(shown)
    return found


def warning(where: str, seen: Iterable[NameSeen]) -> str:
    """The sentence for the screen, or an empty text. where: 議題1の記録, 資料「…」."""
    shown = list(dict.fromkeys(one.text for one in seen))
    if not shown:
        return ""
    listed = "、".join(f"「{one}」" for one in shown[:5]) + (f"ほか{len(shown) - 5}件" if len(shown) > 5 else "")
    return (
        f"{where}に、個人の名前と思われる記載があります（{listed}）。公開してよい名前か確かめ、"
        "公開しないときは、その部分を［構成員限り］と［ここまで］で囲むか、名前を消してください。"
    )

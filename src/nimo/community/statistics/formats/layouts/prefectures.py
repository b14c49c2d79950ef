"""Names in the first column of a table by prefecture: 01北海道, 北　海　道, 群馬, 全国, 総数."""

from __future__ import annotations

import re

from nimo.community.statistics.formats.reading import plain

_NAMES = (
    "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県 "
    "石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 "
    "岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県"
)
PREFECTURES: tuple[str, ...] = tuple(_NAMES.split())
"""In the order of their codes (JIS X 0401)."""
NATION = "00000"
TOTALS = frozenset({"全国", "全国計", "総数", "合計", "総計", "計", "全体"})
_CODES = {name: f"{number:02d}000" for number, name in enumerate(PREFECTURES, 1)}
_CODES |= {name[:-1]: code for name, code in _CODES.items() if name != "北海道"}
_NUMBERED = re.compile(r"0?([0-9]{1,2})[.:_\-・]?(\D+)")


def prefecture_of(text: str) -> str | None:
    """ "01北海道" → "01000", "群馬" → "10000", 全国 and the words for a total → "00000"; None for anything else.

    A number before the name must be its code; another one makes it no prefecture (a line shifted by one).
    """
    bare = plain(text)
    numbered = _NUMBERED.fullmatch(bare)
    if numbered:
        number, name = int(numbered[1]), numbered[2]
        if name in TOTALS:
            return NATION if number == 0 else None
        return _CODES.get(name) if _CODES.get(name, "")[:2] == f"{number:02d}" else None
    return NATION if bare in TOTALS else _CODES.get(bare)

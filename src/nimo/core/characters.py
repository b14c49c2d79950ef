"""Which characters are which: radicals printed as ordinary characters, dashes, tildes, circles, marks, bullets.

Tables only; `text` does the work. The pairs below are facts of the Unicode Character Database
(EquivalentUnifiedIdeograph.txt, UCD 15.1) except where a line says otherwise.
"""

from __future__ import annotations

import unicodedata

# PDF text layers write 長 as ⻑ or 戸 as ⼾. NFKC turns the Kangxi block (U+2F00-2FD5) into ordinary characters but leaves
# the CJK Radicals Supplement (U+2E80-2EFF) alone, so those that stand for a whole Japanese character are listed here.
_RADICALS_SUPPLEMENT = (
    "⺁厂⺄乙⺅亻⺉刂⺊卜⺌小⺍小⺎兀⺒巳⺓幺⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺠民⺡氵⺣灬⺧牛⺨犭⺩王⺫目⺬示⺭礻"
    "⺯糹⺲罒⺴冗⺶羊⺹耂⺻聿⺼肉⺾艹⺿艹⻁虎⻂衤⻃覀⻄西⻆角⻌辶⻍辶⻏邑⻑長⻖阝⻗雨⻘青⻝食⻟飠⻣骨⻤鬼⻨麦⻩黄⻫斉⻭歯⻯竜⻱龜⻲亀"
)
# Here NFKC is right for Chinese and wrong for Japanese: it gives 戶 黑 靑 黃, while Japanese fonts label 戸 黒 青 黄 so.
_KANGXI_IN_JAPANESE = "⼾戸⿊黒⾭青⿈黄"

RADICALS: dict[int, str] = {
    ord(pairs[at]): pairs[at + 1]
    for pairs in (_RADICALS_SUPPLEMENT, _KANGXI_IN_JAPANESE)
    for at in range(0, len(pairs), 2)
}

# Carriers of no meaning that break comparison: soft hyphen, zero-width space, word joiner, byte order mark.
INVISIBLE: dict[int, None] = dict.fromkeys((0x00AD, 0x200B, 0x2060, 0xFEFF))

# Office files break lines inside a cell with U+000B; web pages and PDF tools use the others.
LINE_BREAKS: dict[int, str] = dict.fromkeys((0x000B, 0x000D, 0x0085, 0x2028, 0x2029), "\n")

# Hyphens, dashes, minus signs, box lines, and the long vowel mark, which is typed for any of them (and they for it).
DASHES = "-‐‑‒–—―−─━﹘﹣－ーｰ⸺⸻﹉˗╴"
TILDES = "~〜～∼˜∿〰"
CIRCLES = "〇○◯⭕⚪"

BULLETS = "・･•‣◦〇○◯●◎◆◇■□▪▫▶▷►▼▽▲△★☆※⇒→➡➢➤✓✔-‐–−－*"
"""Characters that open a new item at a line start; a dash or an asterisk only when a space or a letter follows."""


def _is_kept(character: str) -> bool:
    """True for what NFKC would turn into plain digits or letters although it is a mark: ① ⑴ ⒈ ² ½ Ⓐ ㋐."""
    if unicodedata.category(character) == "No":
        return True
    code = ord(character)
    return 0x249C <= code <= 0x24E9 or 0x32D0 <= code <= 0x32FE or 0x1F100 <= code <= 0x1F16B


def kept_ranges() -> str:
    """The characters `normalise` leaves as they are, as the inside of a regular-expression class."""
    codes = [code for code in range(0xB2, 0x1F170) if _is_kept(chr(code))]
    parts: list[str] = []
    start = previous = codes[0]
    for code in [*codes[1:], -1]:
        if code == previous + 1:
            previous = code
            continue
        parts.append(chr(start) if start == previous else f"{chr(start)}-{chr(previous)}")
        start = previous = code
    return "".join(parts)


ROW_MARKS = "⓪①-⑳㉑-㉟㊱-㊿❶-❿⓫-⓴⓿➀-➓⓵-⓾⑴-⒇⒈-⒛⒜-⒵Ⓐ-Ⓩⓐ-ⓩ㊀-㊉㈠-㈩㋐-㋾🄰-🅉"
"""One-character row marks, as the inside of a regular-expression class."""

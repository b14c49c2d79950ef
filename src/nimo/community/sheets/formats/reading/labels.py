"""Labels printed inside a section that open a field: 【特徴（強み）】, 長期目標, スモールステップ, 【その他事項】 …"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nimo.community.sheets.formats.reading.squeeze import Squeezed, squeeze
from nimo.community.sheets.formats.reading.titles import EFFORT

_OPEN, _CLOSE = r"[【\[<〈《≪■◆●○〇]?", r"[】\]>〉》≫]?"

# name → words. In running text a label begins a line; what follows on the line and below belongs to it.
_WORDS: dict[str, str] = {
    "strengths": f"{_OPEN}特徴\\(強み\\){_CLOSE}",
    "system": f"{_OPEN}にも包括構築の体制{_CLOSE}",
    "other_matters": f"{_OPEN}その他事項{_CLOSE}",
    "until": f"{_OPEN}事業利用予定(?:年数|年度|期間){_CLOSE}",
    "goal": f"{_OPEN}長期目標{_CLOSE}",
    "short_term_goal": f"{_OPEN}短期目標(?:\\(今年度\\))?{_CLOSE}",
    "small_steps": f"{_OPEN}スモールステップ{_CLOSE}",
    "activities": f"{_OPEN}{EFFORT}内容{_CLOSE}",
    "basic_block": r"[<〈《【]?基本情報(?:入力シート|\([^()]{2,12}\))[>〉》】]?",
}
_PATTERNS = {name: re.compile(words + "[:：]?") for name, words in _WORDS.items()}
# 【…】 may be followed by text; a bare word must end its line or be followed by a colon or white space.
_BRACKETED = "】]>〉》≫)"
PROMPT = re.compile(r"※[^※。]{0,80}?(?:ご?(?:記載|記入|記述))(?:して)?(?:くだ|下)さい[。.]?")
"""The form's own request for an answer (【その他事項】 ※…自由に記載ください)."""


@dataclass(frozen=True, slots=True)
class FoundLabel:
    """A label in running text: squeezed span."""

    name: str
    start: int
    end: int


def label_in_cell(text: str) -> str | None:
    """The label a cell is; None when it says more than a label."""
    plain = PROMPT.sub("", squeeze(text))
    return next((name for name, pattern in _PATTERNS.items() if pattern.fullmatch(plain)), None)


def find_labels(squeezed: Squeezed) -> list[FoundLabel]:
    """Labels at line starts, in order."""
    found: list[FoundLabel] = []
    for name, pattern in _PATTERNS.items():
        for match in pattern.finditer(squeezed.text):
            if squeezed.starts_line(match.start()) and _stands_apart(squeezed, match):
                found.append(FoundLabel(name, match.start(), match.end()))
    found.sort(key=lambda label: (label.start, -label.end))
    kept: list[FoundLabel] = []
    for label in found:
        if not kept or label.start >= kept[-1].end:
            kept.append(label)
    return kept


def _stands_apart(squeezed: Squeezed, match: re.Match[str]) -> bool:
    end = match.end()
    if squeezed.ends_line(end) or match.group()[-1] in _BRACKETED + ":：":
        # A label cut over two lines is one; two words on lines of their own are not.
        return squeezed.line_number(end - 1) - squeezed.line_number(match.start()) <= 1
    line = squeezed.lines[squeezed.line_number(end)]
    return line.text[squeezed.offset(end) - line.piece.start - 1].isspace()

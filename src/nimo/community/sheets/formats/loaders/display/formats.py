"""Number formats as programs: a format code cut into sections and tokens, and the codes Excel builds in.

Reference: ECMA-376 part 1 §18.8.30–31 (numFmt, and the Japanese built-in formats 27–36 and 50–58).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_WESTERN_DATE = "yyyy/m/d"
_ERA_SHORT = "[$-411]ge.m.d"
_ERA_LONG = '[$-411]ggge"年"m"月"d"日"'
_YEAR_MONTH = 'yyyy"年"m"月"'
_MONTH_DAY = 'm"月"d"日"'

BUILT_IN: dict[int, str] = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0', 6: '"¥"#,##0;[Red]"¥"-#,##0', 7: '"¥"#,##0.00;"¥"-#,##0.00',
    8: '"¥"#,##0.00;[Red]"¥"-#,##0.00', 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: _WESTERN_DATE, 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: _ERA_SHORT, 28: _ERA_LONG, 29: _ERA_LONG, 30: "m/d/yy",
    31: 'yyyy"年"m"月"d"日"', 32: 'h"時"mm"分"', 33: 'h"時"mm"分"ss"秒"', 34: _YEAR_MONTH, 35: _MONTH_DAY,
    36: _ERA_SHORT, 37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;[Red]-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', 42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', 44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ @_ ',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 50: _ERA_SHORT, 51: _ERA_LONG,
    52: _YEAR_MONTH, 53: _MONTH_DAY, 54: _ERA_LONG, 55: _YEAR_MONTH, 56: _MONTH_DAY, 57: _ERA_SHORT, 58: _ERA_LONG,
}  # fmt: skip

_TOKEN = re.compile(
    r"""
    "(?P<quoted>[^"]*)"?
  | \\(?P<escaped>.)
  | _.            # a space as wide as the next character
  | \*.           # fills the cell with the next character
  | \[(?P<bracket>[^\]]*)\]
  | (?P<general>General|標準|G/標準)
  | (?P<half>AM/PM|A/P|am/pm|午前/午後|上午/下午)
  | (?P<exponent>E[+-])
  | (?P<date>y+|m+|d+|h+|s+|g+|e+|r+|a{3,4}|b+)
  | (?P<digit>[0\#?])
  | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)")


@dataclass(frozen=True, slots=True)
class Token:
    """kind: "literal", "digit" (0 # ?), "point", "comma", "percent", "date", "half", "elapsed", "general", "text",
    "exponent" or "slash"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    tokens: tuple[Token, ...]
    condition: tuple[str, str] | None = None
    first_year_is_gannen: bool = False
    native_digits: int = 0
    """The n of [DBNumn], 0 for none."""
    kinds: frozenset[str] = frozenset()

    @property
    def is_date(self) -> bool:
        return not self.kinds.isdisjoint(("date", "elapsed", "half"))

    def has(self, kind: str) -> bool:
        return kind in self.kinds


@lru_cache(maxsize=1024)
def sections(code: str) -> tuple[Section, ...]:
    """The sections of a format code, at most four, as Excel reads them (positive; negative; zero; text)."""
    return tuple(_section(part) for part in _split(code)[:4])


def _split(code: str) -> list[str]:
    parts = [""]
    for match in re.finditer(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]|;|.', code, re.DOTALL):
        if match.group() == ";":
            parts.append("")
        else:
            parts[-1] += match.group()
    return parts


def _section(code: str) -> Section:
    tokens: list[Token] = []
    condition = None
    gannen = False
    native = 0
    for match in _TOKEN.finditer(code):
        bracket = match["bracket"]
        if bracket is not None:
            found = _CONDITION.fullmatch(bracket.strip())
            if found:
                condition = (found[1], found[2])
            elif re.fullmatch(r"[hms]+", bracket, re.IGNORECASE):
                tokens.append(Token("elapsed", bracket.lower()))
            elif bracket.lower().startswith("dbnum") and bracket[5:].isdigit():
                native = int(bracket[5:])
            elif bracket.startswith("$"):
                symbol, _, locale = bracket[1:].partition("-")
                gannen = gannen or "gannen" in locale.lower()
                if symbol:
                    tokens.append(Token("literal", symbol))
        else:
            token = _token(match)
            if token is not None:
                tokens.append(token)
    return Section(tuple(_with_minutes(tokens)), condition, gannen, native, frozenset(token.kind for token in tokens))


def _token(match: re.Match[str]) -> Token | None:
    if match["quoted"] is not None:
        return Token("literal", match["quoted"])
    if match["escaped"] is not None:
        return Token("literal", match["escaped"])
    if match["general"]:
        return Token("general", "")
    if match["half"]:
        return Token("half", match["half"])
    if match["date"]:
        return Token("date", match["date"].lower())
    if match["exponent"]:
        return Token("exponent", match["exponent"])
    if match["digit"]:
        return Token("digit", match["digit"])
    other = match["other"]
    if other is None:
        return None
    kinds = {".": "point", ",": "comma", "%": "percent", "％": "percent", "@": "text", "/": "slash"}
    return Token(kinds.get(other, "literal"), other)


def _with_minutes(tokens: list[Token]) -> list[Token]:
    """m and mm mean minutes after an hour or before a second, months otherwise."""
    out = list(tokens)
    clocks = [i for i, token in enumerate(tokens) if token.kind in ("date", "elapsed")]
    for position, index in enumerate(clocks):
        if tokens[index].text not in ("m", "mm") or tokens[index].kind != "date":
            continue
        before = tokens[clocks[position - 1]].text if position else ""
        after = tokens[clocks[position + 1]].text if position + 1 < len(clocks) else ""
        if before.startswith("h") or after.startswith("s"):
            out[index] = Token("date", tokens[index].text.replace("m", "n"))
    return out

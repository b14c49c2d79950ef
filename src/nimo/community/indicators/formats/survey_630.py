"""630調査, figures by prefecture: a CSV whose headings say on which basis each column counts.

The six columns of stay × age mix two bases: 65歳以上 counts where the person lives (住所地), 65歳未満 where the hospital
stands (所在地). Each is kept on its own basis; they add up to nothing. Read first, shown, and recorded only then.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from nimo.community.indicators.rules.drafts import ObservationDraft

MAX_BYTES = 1_000_000
NATION = "00"
ADDRESS, HOSPITAL = "630_address", "630_hospital"


@dataclass(frozen=True, slots=True)
class Column630:
    """heading → indicator, on a basis."""

    heading: str
    indicator: str
    basis: str


COLUMNS: tuple[Column630, ...] = (
    Column630("精神病床を有する病院数", "hospitals_with_psychiatric_beds", HOSPITAL),
    Column630("精神病床数", "psychiatric_beds", HOSPITAL),
    Column630("許可病床数", "permitted_psychiatric_beds", HOSPITAL),
    Column630("在院患者数", "inpatients", HOSPITAL),
    Column630("在院3か月未満・65歳以上（住所地）", "inpatients_under_3_months_65_and_over", ADDRESS),
    Column630("在院3か月未満・65歳未満（所在地）", "inpatients_under_3_months_under_65", HOSPITAL),
    Column630("在院3か月以上1年未満・65歳以上（住所地）", "inpatients_3_to_12_months_65_and_over", ADDRESS),
    Column630("在院3か月以上1年未満・65歳未満（所在地）", "inpatients_3_to_12_months_under_65", HOSPITAL),
    Column630("在院1年以上・65歳以上（住所地）", "inpatients_over_1_year_65_and_over", ADDRESS),
    Column630("在院1年以上・65歳未満（所在地）", "inpatients_over_1_year_under_65", HOSPITAL),
)
HEADINGS: tuple[str, ...] = ("都道府県コード", "都道府県", *(column.heading for column in COLUMNS))
_STATES = {
    "": "not_filled",
    "-": "not_filled",
    "－": "not_filled",
    "‐": "not_filled",
    "X": "suppressed_at_source",
    "x": "suppressed_at_source",
    "*": "suppressed_at_source",
}


@dataclass(frozen=True, slots=True)
class Prefecture630:
    """One line: region_code is five digits ("10000"; "00000" the nation); figures by indicator: a count or a state."""

    line: int
    region_code: str
    name: str
    figures: tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Preview630:
    """What a file says, before anything is recorded.

    errors: with any of them nothing can be recorded. doubts: to be looked at, recording stays possible.
    """

    rows: tuple[Prefecture630, ...] = ()
    errors: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    digest: str = ""
    headings: tuple[str, ...] = field(default=HEADINGS)

    @property
    def can_be_recorded(self) -> bool:
        return bool(self.rows) and not self.errors

    def drafts(self, as_of: str, evidence: str) -> list[ObservationDraft]:
        """Every figure as one observation, on its own column's basis, with its line and column as locator."""
        return [
            ObservationDraft(
                indicator=column.indicator,
                region_code=row.region_code,
                locator=f"{row.line}行目「{column.heading}」",
                as_of=as_of,
                basis=column.basis,
                state="value" if isinstance(figure, int) else figure,
                value=figure if isinstance(figure, int) else None,
                raw=str(figure) if isinstance(figure, int) else "",
                evidence=evidence,
            )
            for row in self.rows
            for column, figure in zip(COLUMNS, row.figures, strict=True)
        ]


def column_letters(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA, as spreadsheets name columns."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _decoded(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _places(header: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """heading → column, and what is wrong with the header line (cell by cell)."""
    known = {_plain(heading): heading for heading in HEADINGS}
    places: dict[str, int] = {}
    errors: list[str] = []
    for index, text in enumerate(header):
        cell = f"1行目 {column_letters(index)}列"
        heading = known.get(_plain(text))
        if heading is None and _plain(text):
            errors.append(f"{cell}の見出し「{text}」は分かりません。{_hint(text)}")
        elif heading in places:
            errors.append(f"{cell}の見出し「{text}」が二度あります。")
        elif heading is not None:
            places[heading] = index
    missing = [heading for heading in HEADINGS if heading not in places]
    if missing:
        errors.append(f"1行目に見出し「{'」「'.join(missing)}」がありません。")
    return places, errors


def _hint(text: str) -> str:
    """A heading without its basis is the mistake to expect: the upstream table is easily read one column off."""
    plain = _plain(text)
    near = [h for h in HEADINGS if plain and _plain(h).startswith(plain) and ("住所地" in h or "所在地" in h)]
    return f"住所地か所在地かを書いて「{near[0]}」としてください。" if near else ""


def _figure(text: str) -> int | str | None:
    """A count, a state, or None when it is neither."""
    plain = _plain(text)
    if plain in _STATES:
        return _STATES[plain]
    bare = plain.replace(",", "") if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+", plain) else plain
    return int(bare) if re.fullmatch(r"[0-9]{1,9}", bare) else None


def _region_code(text: str) -> str | None:
    plain = _plain(text)
    if not re.fullmatch(r"[0-9]{1,2}", plain) or int(plain) > 47:
        return None
    return f"{int(plain):02d}000"


def _line(number: int, cells: Sequence[str], places: dict[str, int]) -> tuple[Prefecture630 | None, list[str]]:
    def cell(heading: str) -> str:
        index = places[heading]
        return cells[index] if index < len(cells) else ""

    def at(heading: str) -> str:
        return f"{number}行目 {column_letters(places[heading])}列（{heading}）"

    errors: list[str] = []
    code = _region_code(cell(HEADINGS[0]))
    if code is None:
        errors.append(f"{at(HEADINGS[0])}の「{cell(HEADINGS[0])}」は都道府県コード（00～47）ではありません。")
    figures: list[int | str] = []
    for column in COLUMNS:
        figure = _figure(cell(column.heading))
        if figure is None:
            errors.append(f"{at(column.heading)}の「{cell(column.heading)}」を0以上の整数として読めません。")
        else:
            figures.append(figure)
    if len(cells) > len(places) and any(text.strip() for text in cells[max(places.values()) + 1 :]):
        errors.append(f"{number}行目は列が見出しより多くなっています。")
    if errors or code is None:
        return None, errors
    return Prefecture630(number, code, _plain(cell(HEADINGS[1])), tuple(figures)), []


def _doubts(rows: Sequence[Prefecture630]) -> list[str]:
    nation = next((row for row in rows if row.region_code == "00000"), None)
    prefectures = [row for row in rows if row.region_code != "00000"]
    doubts = []
    if len(prefectures) < 47:
        doubts.append(f"都道府県が{len(prefectures)}件です（47件ではありません）。ない都道府県は記録されません。")
    if nation is None:
        doubts.append("全国（コード00）の行がありません。全国の値は記録されません。")
    elif len(prefectures) == 47:
        for index, column in enumerate(COLUMNS):
            counts = [row.figures[index] for row in prefectures]
            whole = nation.figures[index]
            total = sum(count for count in counts if isinstance(count, int))
            if isinstance(whole, int) and all(isinstance(count, int) for count in counts) and total != whole:
                doubts.append(f"「{column.heading}」は都道府県の合計{total:,}と全国の行の{whole:,}が合いません。")
    return doubts


def read_630(content: bytes) -> Preview630:
    """Reads the file without touching the database; never raises for what a file may contain.

    UTF-8 (with or without BOM) or CP932, columns in any order, full-width digits and thousands commas. An empty cell
    or a dash is "not filled", X or * "suppressed at source": never zero. Errors name line, column and heading.
    """
    digest = hashlib.sha256(content).hexdigest()
    if len(content) > MAX_BYTES:
        return Preview630(errors=("ファイルが大きすぎます（1MBまで）。都道府県別の表だけのCSVにしてください。",))
    text = _decoded(content)
    if text is None or "\0" in text:
        return Preview630(errors=("CSVとして読めません。UTF-8かShift_JISのCSVで保存し直してください。",))
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return Preview630(errors=("引用符の対応が崩れていて、CSVとして読めません。保存し直してください。",))
    if not lines or not any(cell.strip() for cell in lines[0]):
        return Preview630(errors=("1行目に見出しがありません。",))
    places, errors = _places(lines[0])
    if errors:
        return Preview630(errors=tuple(errors))
    rows: list[Prefecture630] = []
    first_lines: dict[str, int] = {}
    for number, cells in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        row, problems = _line(number, cells, places)
        errors.extend(problems)
        if row is not None and row.region_code in first_lines:
            errors.append(f"{number}行目: {row.name}は{first_lines[row.region_code]}行目にもあります。")
        elif row is not None:
            first_lines[row.region_code] = number
            rows.append(row)
    if not rows and not errors:
        errors.append("見出しの下に値の行がありません。")
    if errors:
        return Preview630(errors=tuple(errors), digest=digest)
    return Preview630(rows=tuple(rows), doubts=tuple(_doubts(rows)), digest=digest)

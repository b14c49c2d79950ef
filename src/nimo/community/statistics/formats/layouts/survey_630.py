"""630調査 従来ベース集計: the Excel tables by prefecture, each recognised by its number or its words.

精神保健福祉資料（6月30日午前0時現在の在院患者の実人数）. 住所地 and 所在地 are two different counts of the same persons: a
column that does not say which, or says both, is refused with its cell. Everything else stands on the hospital's side.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nimo.community.statistics.formats.layouts import axes as known
from nimo.community.statistics.formats.layouts.axes import Axis, axes_of_columns, refuse
from nimo.community.statistics.formats.layouts.headings import Headed, Word, find_headed
from nimo.community.statistics.formats.layouts.prefectures import NATION, prefecture_of
from nimo.community.statistics.formats.layouts.times import days_of_630, first_texts, settled_day
from nimo.community.statistics.formats.loading.grid import Book, Grid, Line
from nimo.community.statistics.formats.loading.refusals import UNCHANGED, UnableToReadTable
from nimo.community.statistics.formats.reading import Options, ReadFigure, Reading, TableRead, plain, read_cell

ADDRESS, HOSPITAL = "630_address", "630_hospital"
PUBLISHER = "国立精神・神経医療研究センター、厚生労働省"
CREDIT = "精神保健福祉資料"
_CODE = re.compile(r"III[.\-_・]?([124])[.\-_・]?\(?([0-9]{1,2})\)?")
_FOOTNOTE = re.compile(r"[※*注]|\(注|出典|資料[:：]")

_STAYS = {"3か月未満": "under_3_months", "3か月以上1年未満": "3_to_12_months", "1年以上": "over_1_year"}
_AGES = {"65歳以上": "_65_and_over", "65歳未満": "_under_65"}
_HOSPITALS: tuple[tuple[str, str], ...] = (
    (
        r"(精神病床(を有する|のある))?(精神科)?病院(数|の数)(\(?再掲を除く\)?)?|施設数",
        "hospitals_with_psychiatric_beds",
    ),
    (r"(精神)?許可病床数|許可精神病床数|病床数許可病床数?", "permitted_psychiatric_beds"),
    (r"精神病床数|(精神科)?病床数|実在?病床数", "psychiatric_beds"),
    (r"在院(患者)?数|在院患者", "inpatients"),
)


@dataclass(frozen=True, slots=True)
class Spec:
    """One table: its number, its name, the words that tell it where the number is missing, what breaks it down.

    fixed: 内訳 that belongs to all its figures. needs: axes without which a column may not stand.
    """

    code: str
    name: str
    words: tuple[str, ...]
    axes: tuple[Axis, ...]
    fixed: str = ""
    needs: tuple[str, ...] = ()


SPECS: tuple[Spec, ...] = (
    Spec("Ⅲ.1.(1)", "病院数・病床数", ("病院数", "病床数"), ()),
    Spec("Ⅲ.2.(1)", "在院患者数（入院形態×開放区分）", ("入院形態", "開放区分"), (known.FORM, known.OPENNESS)),
    Spec(
        "Ⅲ.2.(4)",
        "在院患者数（年齢×入院形態×性）",
        ("年齢", "入院形態", "性"),
        (known.AGE, known.FORM, known.SEX),
    ),
    Spec("Ⅲ.2.(5)", "在院患者数（疾患）", ("疾患",), (known.DISEASE, known.SEX)),
    Spec(
        "Ⅲ.2.(11)",
        "在院患者数（入院期間×住所地・施設所在地×年齢）",
        ("住所地", "所在地"),
        (known.STAY, known.PLACE, known.AGE_OF_TWO),
        needs=("基準",),
    ),
    Spec(
        "Ⅲ.4.(1)", "認知症治療病棟の在院患者数（在院期間）", ("認知症治療病棟",), (known.TERM,), "病棟=認知症治療病棟"
    ),
)


def spec_of(grid: Grid, titles: Sequence[Word]) -> Spec | None:
    """Which table a sheet holds: by Ⅲ.2.(11) in its title or name, else by the words of its title."""
    texts = [plain(word.text) for word in titles] + [plain(grid.name)]
    for text in texts:
        match = _CODE.search(text)
        if match:
            code = f"Ⅲ.{match[1]}.({int(match[2])})"
            return next((spec for spec in SPECS if spec.code == code), None)
    whole = "".join(texts)
    fitting = [spec for spec in SPECS if all(word in whole for word in spec.words)]
    return max(fitting, key=lambda spec: len(spec.words), default=None)


def is_survey_630(book: Book) -> bool:
    """Whether any worksheet is one of the tables."""
    return book.kind == "xlsx" and any(_found(grid)[1] is not None for grid in book.grids)


def _found(grid: Grid) -> tuple[Headed | None, Spec | None]:
    headed = find_headed(grid, lambda text: prefecture_of(text) is not None)
    return headed, spec_of(grid, headed.titles) if headed else None


def _indicator(spec: Spec, labels: Mapping[str, str]) -> tuple[str, str]:
    """The indicator and the 内訳 of a column."""
    if spec.code == "Ⅲ.2.(11)":
        stay, age = labels.get("在院期間", ""), labels.get("年齢", "")
        if stay:
            return f"inpatients_{_STAYS[stay]}{_AGES.get(age, '')}", ""
        return "inpatients", f"年齢={age}" if age else ""
    pairs = [spec.fixed] if spec.fixed else []
    pairs += [f"{axis.name}={_short(labels[axis.name])}" for axis in spec.axes if labels.get(axis.name)]
    return "inpatients", ";".join(pairs)


def _short(label: str) -> str:
    return re.sub(r"[;=]", "・", label)[:34]


@dataclass(frozen=True, slots=True)
class _Column:
    indicator: str
    basis: str
    dimension: str
    axes: Mapping[str, str]
    heading: str


def _hospital_columns(headed: Headed, columns: Sequence[int], left: list[str]) -> dict[int, _Column]:
    """病院数・病床数: one indicator a column, told by its words; other columns are named and not taken."""
    found: dict[int, _Column] = {}
    taken: dict[str, int] = {}
    for column in columns:
        path = headed.paths.get(column, ())
        words = [word.plain for word in path]
        code = next(
            (code for pattern, code in _HOSPITALS for word in reversed(words) if re.fullmatch(pattern, word)), ""
        )
        again = any("再掲" in word or "率" in word or "割合" in word for word in words)
        if not code or again:
            left.append(
                f"{headed.grid.place(headed.first, column)}から下（見出し「{headed.words(column) or 'なし'}」）"
            )
            continue
        if code in taken:
            raise refuse(headed, path[-1], f"は、{headed.words(taken[code])}の列と区別できません。")
        taken[code] = column
        found[column] = _Column(code, HOSPITAL, "", {"項目": code}, headed.words(column))
    missing = {"hospitals_with_psychiatric_beds", "psychiatric_beds"} - set(taken)
    if missing:
        place = headed.grid.place(headed.rows[-1] if headed.rows else headed.first, headed.label)
        names = "、".join({"psychiatric_beds": "精神病床数"}.get(code, "病院数") for code in sorted(missing))
        raise UnableToReadTable(
            "heading",
            f"{place}の行の見出しに「{names}」が見つかりません。ほかの年の様式の可能性があります。{UNCHANGED}",
            (place,),
        )
    return found


def _columns(spec: Spec, headed: Headed, columns: Sequence[int], left: list[str]) -> dict[int, _Column]:
    if spec.code == "Ⅲ.1.(1)":
        return _hospital_columns(headed, columns, left)
    usable: list[int] = []
    for column in columns:
        if any("再掲" in word.plain or re.search("率|割合|%", word.plain) for word in headed.paths.get(column, ())):
            left.append(f"{headed.grid.place(headed.first, column)}から下（見出し「{headed.words(column)}」）")
        else:
            usable.append(column)
    title = "".join(plain(word.text) for word in headed.titles)
    general = ADDRESS if "住所地" in title and "所在地" not in title else HOSPITAL
    found: dict[int, _Column] = {}
    seen: dict[tuple[tuple[str, str], ...], int] = {}
    for column, (labels, path) in axes_of_columns(headed, spec.axes, usable).items():
        for need in spec.needs:
            if not labels.get(need):
                raise refuse(headed, path[-1], "の列が、住所地と所在地のどちらで数えたものか、見出しから分かりません。")
        key = tuple(sorted((name, label) for name, label in labels.items() if label))
        if key in seen:
            raise refuse(
                headed, path[-1], f"の列は、{headed.grid.place(headed.first, seen[key])}の列と同じ見出しです。"
            )
        seen[key] = column
        place = labels.get("基準", "")
        basis = {"住所地": ADDRESS, "所在地": HOSPITAL}.get(place, general)
        indicator, dimension = _indicator(spec, labels)
        broken = {axis.name: labels.get(axis.name, "") for axis in spec.axes}
        found[column] = _Column(indicator, basis, dimension, broken, headed.words(column))
    if spec.needs:
        _require_both(headed, found)
    return found


def _require_both(headed: Headed, found: Mapping[int, _Column]) -> None:
    """Ⅲ.2.(11) has each stay and age on both bases; one missing means that headings were read wrongly."""
    combinations = {(column.indicator, column.dimension) for column in found.values()}
    have = {(column.indicator, column.dimension, column.basis) for column in found.values()}
    for indicator, dimension in sorted(combinations):
        for basis, name in ((ADDRESS, "住所地"), (HOSPITAL, "所在地")):
            if (indicator, dimension, basis) not in have:
                column = next(c for c, one in found.items() if (one.indicator, one.dimension) == (indicator, dimension))
                place = headed.grid.place(headed.rows[-1], column)
                raise UnableToReadTable(
                    "heading",
                    f"{place}の「{headed.words(column)}」に対応する{name}の列がありません。列がずれている可能性があります。"
                    f"{UNCHANGED}",
                    (place,),
                )


def _figure_columns(headed: Headed) -> list[int]:
    """Columns right of the names that hold a number in some row of the body."""
    found: set[int] = set()
    for line in headed.body():
        if prefecture_of(line.text(headed.label)) is None:
            continue
        for column in {*range(headed.label + 1, len(line.cells)), *(c for c in line.marks if c > headed.label)}:
            if line.marks.get(column) or read_cell(line.text(column)).state == "value":
                found.add(column)
    return sorted(found)


def _rows(headed: Headed, columns: Sequence[int]) -> Iterator[tuple[Line, str, str]]:
    """The lines with figures: (line, region code or "", name as written); notes under the table are passed over."""
    for line in headed.body():
        name = line.text(headed.label).strip()
        filled = sum(1 for column in columns if line.text(column).strip() or line.marks.get(column))
        code = prefecture_of(name)
        if code is not None:
            yield line, code, name
        elif filled * 2 > len(columns) and not _FOOTNOTE.match(plain(name)):
            yield line, "", name


def _figures(grid: Grid, spec: Spec, headed: Headed, as_of: str, left: list[str]) -> Iterator[ReadFigure]:
    columns = _columns(spec, headed, _figure_columns(headed), left)
    for line, code, name in _rows(headed, list(columns)):
        for column, meaning in columns.items():
            raw = line.text(column)
            yield ReadFigure(
                table=spec.code,
                sheet=grid.name,
                row=line.number,
                column=column,
                heading=meaning.heading,
                indicator=meaning.indicator,
                raw=raw,
                cell=read_cell(raw, line.marks.get(column, "")),
                region_code=code,
                region_name=name,
                as_of=as_of,
                basis=meaning.basis,
                dimension=meaning.dimension,
                axes={**meaning.axes, "基準": meaning.basis},
            )


def read_survey_630(book: Book, options: Options, progress: Callable[[int, int, str], None] | None = None) -> Reading:
    """All tables the file holds. Raises UnableToReadTable, with the cell, where a heading does not say what it means."""
    left: list[str] = []
    doubts: list[str] = []
    stated: list[tuple[str, str]] = []
    tables: list[tuple[Grid, Spec, Headed]] = []
    for grid in book.grids:
        headed, spec = _found(grid)
        if headed is None or spec is None:
            left.append(f"シート「{grid.name}」（知っている表ではありません）")
            continue
        if any(other.code == spec.code for _, other, _ in tables):
            raise UnableToReadTable(
                "twice",
                f"シート「{grid.name}」は、ほかのシートと同じ表（{spec.code}）です。{UNCHANGED}どちらかを消してください。",
            )
        tables.append((grid, spec, headed))
        stated.extend(days_of_630(headed))
        if headed.filled:
            doubts.append(
                f"シート「{grid.name}」は見出しの結合がないため、空いている見出しを左の見出しで補って読みました。"
            )
    if not tables:
        begins = "、".join(f"シート「{grid.name}」は「{first_texts(grid)}」" for grid in book.grids[:3])
        raise UnableToReadTable(
            "unknown", f"630調査の集計表が見つかりません（{begins}）。{UNCHANGED}元のファイルか確かめてください。"
        )
    as_of, blocks = settled_day(options.as_of, stated)
    figures: list[ReadFigure] = []
    for number, (grid, spec, headed) in enumerate(tables):
        if progress:
            progress(number, len(tables), f"{spec.code} を読んでいます")
        figures.extend(_figures(grid, spec, headed, as_of, left))
    return Reading(
        layout="survey_630",
        figures=tuple(figures),
        tables=tuple(_table(spec) for _, spec, _ in tables),
        doubts=tuple(doubts),
        blocks=tuple(blocks),
        left=tuple(left),
    )


def _table(spec: Spec) -> TableRead:
    return TableRead(
        code=spec.code,
        title=f"630調査 {spec.code} {spec.name}",
        series=f"630:{spec.code}",
        origin="630",
        publisher=PUBLISHER,
        credit=CREDIT,
        reference="https://www.ncnp.go.jp/nimh/seisaku/data/",
    )


def is_nation(figure: ReadFigure) -> bool:
    return figure.region_code == NATION

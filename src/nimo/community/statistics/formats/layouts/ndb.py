"""NCNP「精神保健医療福祉に関する指標（NDB集計）」: 付表1.1, 1.2, 3.3, long tables with a row a prefecture and year.

Columns are found by their words. The variant that includes public funding (公費負担医療を含む) is another way of
counting and is never mixed with the other; nor are the editions of the tables (ver1.0 …), whose values are not
comparable: the edition stands in the origin of the source and in the breakdown of each figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from nimo.community.statistics.formats.layouts.headings import Headed, find_under
from nimo.community.statistics.formats.layouts.prefectures import prefecture_of
from nimo.community.statistics.formats.layouts.times import first_texts
from nimo.community.statistics.formats.loading.grid import Book, Grid
from nimo.community.statistics.formats.loading.refusals import UNCHANGED, UnableToReadTable
from nimo.community.statistics.formats.reading import Options, ReadFigure, Reading, TableRead, plain, read_cell
from nimo.core.fiscal import parse_fiscal_year

PUBLISHER = "国立精神・神経医療研究センター"
_SHEET = re.compile(r"付表?([0-9]{1,2})[.\-_]([0-9]{1,2})")
_VERSION = re.compile(r"ver\.?([0-9]+(?:[._][0-9]+)*)", re.IGNORECASE)
_PUBLIC = re.compile(r"kohi|公費(負担医療)?(を)?(含む|含み|込)", re.IGNORECASE)
_PREFECTURE = re.compile(r"(都道)?(府)?県(名|別)?|都道府県(名|別)?")
_SPREAD = re.compile(r"標準(偏差|誤差)|SD|SE|中央値|四分位|信頼区間|最小|最大|CI|%点", re.IGNORECASE)
_TOTALS = frozenset({"全体", "総数", "計", "合計", "全年齢", "全期間", "全て", "すべて", ""})


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of figures: its words (all patterns must be found in its heading, none of `without`)."""

    indicator: str
    words: tuple[str, ...]
    without: tuple[str, ...] = ()
    dimension: str = ""
    required: bool = True
    label: str = ""

    @property
    def named(self) -> str:
        """For messages."""
        return self.label or "・".join(self.words)


@dataclass(frozen=True, slots=True)
class Spec:
    """keys: what each row is about (name in 内訳 → words of its heading)."""

    code: str
    name: str
    words: tuple[str, ...]
    measures: tuple[Measure, ...]
    keys: tuple[tuple[str, str], ...] = ()


def _pair(indicator: str, word: str, label: str, dimension: str = "") -> tuple[Measure, Measure]:
    own = f"{dimension};" if dimension else ""
    return (
        Measure(indicator, (word,), ("年齢調整",), f"{own}調整=粗", label=label),
        Measure(indicator, (word, "年齢調整"), (), f"{own}調整=年齢調整", required=False, label=f"{label}・年齢調整"),
    )


SPECS: tuple[Spec, ...] = (
    Spec(
        "付表1.1",
        "精神病床退院患者における地域平均生活日数",
        ("地域平均生活日数",),
        (
            Measure("ndb_discharges", ("退院患者数",), ("生存",)),
            *_pair("community_living_days", "全病床", "全病床", "病床=全病床"),
            *_pair("community_living_days", "精神病床", "精神病床", "病床=精神病床"),
        ),
    ),
    Spec(
        "付表1.2",
        "精神病床退院患者の再入院率",
        ("再入院率",),
        (
            Measure("ndb_surviving_discharges", ("生存退院患者数",)),
            *(
                measure
                for days in ("90", "180", "365")
                for measure in _pair(f"readmission_rate_{days}_days", rf"(?<![0-9]){days}日", f"{days}日")
            ),
        ),
        (("在院日数", r"在院日数(区分)?"),),
    ),
    Spec(
        "付表3.3",
        "精神病床の在院患者数（年齢×在院日数×認知症）",
        ("在院患者", "認知症"),
        (
            Measure(
                "ndb_inpatient_days",
                (r"延べ?(人)?数|延べ?患者数|のべ",),
                ("一日平均", "1日平均", "受療率"),
                label="延数",
            ),
            Measure("", (r"[一1]日平均",), ("受療率",), label="一日平均"),
            Measure("ndb_inpatient_rate", ("受療率",)),
        ),
        (("年齢", r"年齢(階級|区分)?"), ("在院日数", r"在院日数(区分)?"), ("認知症", r"認知症(の有無|有無)?")),
    ),
)
_LONG = (
    (re.compile(r"(1[-~〜～]90|90)日?(以下|以内|未満)?|1[-~〜～]90日?"), "inpatients_under_3_months"),
    (re.compile(r"91[-~〜～]365日?.*"), "inpatients_3_to_12_months"),
    (re.compile(r"366日?(以上|[-~〜～]).*"), "inpatients_over_1_year"),
)


def spec_of(grid: Grid, headed: Headed) -> Spec | None:
    texts = [plain(word.text) for word in headed.titles] + [plain(grid.name)]
    for text in texts:
        match = _SHEET.search(text)
        if match:
            return next((spec for spec in SPECS if spec.code == f"付表{match[1]}.{match[2]}"), None)
    whole = "".join(texts)
    return next((spec for spec in SPECS if all(word in whole for word in spec.words)), None)


def _found(grid: Grid) -> tuple[Headed | None, Spec | None]:
    headed = find_under(grid, lambda text: bool(_PREFECTURE.fullmatch(plain(text))))
    return headed, spec_of(grid, headed) if headed else None


def is_ndb(book: Book) -> bool:
    return book.kind == "xlsx" and any(_found(grid)[1] is not None for grid in book.grids)


def _heading(headed: Headed, column: int) -> str:
    return "".join(word.plain for word in headed.paths.get(column, ()))


def _missing(headed: Headed, spec: Spec, what: str) -> UnableToReadTable:
    row = headed.rows[-1] if headed.rows else headed.first
    place = headed.grid.place(row, headed.label)
    return UnableToReadTable(
        "heading",
        f"{spec.code}の見出しに「{what}」の列が見つかりません（{place}の行）。ほかの版の様式の可能性があります。{UNCHANGED}",
        (place,),
    )


def _one(headed: Headed, spec: Spec, what: str, fitting: list[int], *, required: bool) -> int | None:
    if len(fitting) > 1:
        row = headed.rows[-1]
        cells = tuple(headed.grid.place(row, column) for column in fitting)
        raise UnableToReadTable(
            "heading", f"{'と'.join(cells[:3])}の見出しが、どちらも「{what}」と読めて区別できません。{UNCHANGED}", cells
        )
    if not fitting and required:
        raise _missing(headed, spec, what)
    return fitting[0] if fitting else None


def _key_columns(headed: Headed, spec: Spec) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, pattern in (*spec.keys, ("年度", r"(診療)?年度?")):
        fitting = [
            c for c in headed.paths if re.fullmatch(pattern, headed.paths[c][-1].plain if headed.paths[c] else "")
        ]
        column = _one(headed, spec, name, fitting, required=True)
        assert column is not None
        found[name] = column
    return found


def _measure_columns(headed: Headed, spec: Spec, keys: Mapping[str, int]) -> tuple[dict[int, Measure], list[int]]:
    """column → measure, and the columns of figures nobody asked for."""
    free = [c for c in headed.paths if c not in keys.values() and c != headed.label and headed.paths[c]]
    found: dict[int, Measure] = {}
    for measure in spec.measures:
        fitting = []
        for column in free:
            heading = _heading(headed, column)
            if _SPREAD.search(heading) or any(re.search(word, heading) for word in measure.without):
                continue
            if all(re.search(word, heading) for word in measure.words):
                fitting.append(column)
        chosen = _one(headed, spec, measure.named, [c for c in fitting if c not in found], required=measure.required)
        if chosen is not None:
            found[chosen] = measure
    return found, [column for column in free if column not in found]


def _stay(text: str) -> str | None:
    bare = plain(text)
    if bare in _TOTALS:
        return "inpatients"
    return next((code for pattern, code in _LONG if pattern.fullmatch(bare)), None)


def _variant(book: Book, headed: Headed, options: Options) -> tuple[bool, list[str]]:
    texts = [book.name, headed.grid.name, *(word.text for word in headed.titles)]
    says = any(_PUBLIC.search(plain(text)) for text in texts)
    if options.variant == "plain" and says:
        return False, ["「公費を含まない」を選びましたが、ファイルには公費を含むと読める記載があります。"]
    return says or options.variant == "including_public", []


def _label(text: str) -> str:
    return re.sub(r"[;=]", "・", plain(text))[:24]


def _figures(
    grid: Grid, spec: Spec, headed: Headed, public: bool, version: str, left: list[str]
) -> Iterator[ReadFigure]:
    keys = _key_columns(headed, spec)
    measures, others = _measure_columns(headed, spec, keys)
    left.extend(
        f"{grid.place(headed.rows[-1], column)}の列（見出し「{headed.words(column)}」）"
        for column in others
        if not _SPREAD.search(_heading(headed, column))
    )
    daily = "ndb_avg_daily_incl_kohi" if public else "ndb_avg_daily"
    edition = f"版={version}" + (";公費=含む" if public else "")
    unknown: set[str] = set()
    for line in headed.body():
        name = line.text(headed.label).strip()
        year = parse_fiscal_year(line.text(keys["年度"]))
        if not name or (year is None and prefecture_of(name) is None):
            continue
        labels = {key: plain(line.text(keys[key])) for key, _ in spec.keys}
        stay = _stay(labels["在院日数"]) if spec.code == "付表3.3" else ""
        if stay is None:
            if labels["在院日数"] not in unknown:
                unknown.add(labels["在院日数"])
                left.append(f"{grid.place(line.number, keys['在院日数'])}からの在院日数「{labels['在院日数']}」の行")
            continue
        shown = {key: _label(text) for key, text in labels.items() if text not in _TOTALS}
        for column, measure in measures.items():
            own = dict(shown)
            if not measure.indicator:
                own.pop("在院日数", None)
            pairs = [edition, *(f"{key}={text}" for key, text in own.items())]
            pairs += [measure.dimension] if measure.dimension else []
            raw = line.text(column)
            yield ReadFigure(
                table=spec.code,
                sheet=grid.name,
                row=line.number,
                column=column,
                heading=headed.words(column),
                indicator=measure.indicator or str(stay),
                raw=raw,
                cell=read_cell(raw, line.marks.get(column, "")),
                region_code=prefecture_of(name) or "",
                region_name=name,
                as_of=f"FY{year.year}" if year else "",
                fiscal_year=year.year if year else None,
                basis=daily if spec.code == "付表3.3" else "ndb",
                dimension=";".join(pairs),
                axes={key: _label(text) if text not in _TOTALS else "" for key, text in labels.items()}
                | {"測": f"{measure.words[0]}{measure.dimension}"},
            )


def read_ndb(book: Book, options: Options, progress: Callable[[int, int, str], None] | None = None) -> Reading:
    """The three tables. Raises UnableToReadTable with the cell; blocks where variant or edition are not certain."""
    figures: list[ReadFigure] = []
    tables: list[TableRead] = []
    left: list[str] = []
    blocks: list[str] = []
    for number, grid in enumerate(book.grids):
        headed, spec = _found(grid)
        if headed is None or spec is None:
            left.append(f"シート「{grid.name}」（取り込む付表ではありません）")
            continue
        if progress:
            progress(number, len(book.grids), f"{spec.code} を読んでいます")
        public, wrong = _variant(book, headed, options)
        blocks.extend(wrong)
        stated = _VERSION.search(plain(book.name)) or next(
            (match for word in headed.titles if (match := _VERSION.search(plain(word.text)))), None
        )
        version = options.version or (stated[1].replace("_", ".") if stated else "")
        if not version:
            blocks.append(
                "集計の版（ver1.0 など）が、ファイルの名前にも表にもありません。版が違う値は比べられないため、版を入れて読み直してください。"
            )
        figures.extend(_figures(grid, spec, headed, public, version or "不明", left))
        kind = "（公費負担医療を含む）" if public else ""
        origin = f"ncnp-ndb{'-kohi' if public else ''}:{version or '?'}"
        tables.append(
            TableRead(
                code=spec.code,
                title=f"NDB集計 {spec.code} {spec.name}{kind} ver{version}",
                series=f"{origin}:{spec.code}",
                origin=origin,
                publisher=PUBLISHER,
                credit="精神保健医療福祉に関する指標（NDB集計）",
                reference="https://www.ncnp.go.jp/nimh/seisaku/data/",
            )
        )
    if not tables:
        begins = "、".join(f"シート「{grid.name}」は「{first_texts(grid)}」" for grid in book.grids[:3])
        raise UnableToReadTable("unknown", f"取り込む付表（1.1、1.2、3.3）が見つかりません（{begins}）。{UNCHANGED}")
    return Reading("ndb", tuple(figures), tuple(tables), (), tuple(dict.fromkeys(blocks)), tuple(left))

"""630調査 by prefecture as a CSV with fixed headings (indicators.formats.survey_630), shown cell by cell like all others."""

from __future__ import annotations

from nimo.community.indicators.formats.survey_630 import COLUMNS, HEADINGS, MAX_BYTES, Preview630, read_630
from nimo.community.statistics.formats.loading.grid import Book
from nimo.community.statistics.formats.loading.refusals import UNCHANGED, UnableToReadTable
from nimo.community.statistics.formats.reading import CellValue, Options, ReadFigure, Reading, TableRead, plain

_SHOWN = 10


def is_survey_630_csv(book: Book) -> bool:
    """Whether the first line holds the fixed headings, in any order."""
    if book.kind != "text":
        return False
    first = next(book.grids[0].lines(), None)
    return first is not None and {plain(heading) for heading in HEADINGS} <= {plain(cell) for cell in first.cells}


def read_survey_630_csv(content: bytes, options: Options) -> Reading:
    """Raises UnableToReadTable with every wrong line and column; blocks without an as-of day."""
    preview: Preview630 = read_630(content[: MAX_BYTES + 1])
    if preview.errors:
        listed = "\n".join(preview.errors[:_SHOWN])
        more = f"（ほか{len(preview.errors) - _SHOWN}件）" if len(preview.errors) > _SHOWN else ""
        raise UnableToReadTable("cells", f"次のところを直して、もう一度選んでください。{UNCHANGED}\n{listed}{more}")
    blocks = () if options.as_of else ("このファイルには調査の時点がありません。時点を選んで読み直してください。",)
    figures: list[ReadFigure] = []
    for row in preview.rows:
        for column, (meaning, figure) in enumerate(zip(COLUMNS, row.figures, strict=True)):
            state = "value" if isinstance(figure, int) else figure
            figures.append(
                ReadFigure(
                    table="630",
                    sheet="",
                    row=row.line,
                    column=column + 2,
                    heading=meaning.heading,
                    indicator=meaning.indicator,
                    raw=str(figure) if isinstance(figure, int) else "",
                    cell=CellValue(state, figure if isinstance(figure, int) else None),
                    region_code=row.region_code,
                    region_name=row.name,
                    as_of=options.as_of,
                    basis=meaning.basis,
                    axes={"項目": meaning.indicator},
                )
            )
    table = TableRead(
        code="630",
        title="630調査 都道府県別集計",
        series="630:prefectures",
        origin="630",
        publisher="国立精神・神経医療研究センター、厚生労働省",
        credit="精神保健福祉資料",
        reference="https://www.ncnp.go.jp/nimh/seisaku/data/",
    )
    return Reading("survey_630_csv", tuple(figures), (table,), preview.doubts, blocks, ())

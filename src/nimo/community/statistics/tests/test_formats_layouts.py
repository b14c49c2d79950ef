"""The published layouts, built with invented figures: read by their words, or refused with the cell. No database."""

from __future__ import annotations

import io

import pytest

from nimo.community.statistics.formats.layouts.ndb import read_ndb
from nimo.community.statistics.formats.layouts.prefectures import NATION, PREFECTURES, prefecture_of
from nimo.community.statistics.formats.layouts.recognising import layout_of
from nimo.community.statistics.formats.layouts.remhrad import read_remhrad
from nimo.community.statistics.formats.layouts.survey_630 import read_survey_630
from nimo.community.statistics.formats.loading.grid import address
from nimo.community.statistics.formats.loading.opening import open_book
from nimo.community.statistics.formats.loading.refusals import UnableToReadTable
from nimo.community.statistics.formats.reading import Options, Reading
from nimo.community.statistics.tests.builders import workbooks as w

NONE = Options()


def opened(content: bytes, name: str = "表.xlsx"):
    return open_book(io.BytesIO(content), name)


def survey(content: bytes, options: Options = NONE) -> Reading:
    return read_survey_630(opened(content), options)


def named(reading: Reading) -> dict[tuple[str, str, str, str, str], object]:
    """region, indicator, basis, dimension, as_of → value."""
    return {(f.region_code, f.indicator, f.basis, f.dimension, f.as_of): f.cell.value for f in reading.figures}


@pytest.mark.parametrize("options", [{}, {"shift": 3}, {"merged": False}, {"top": 6}, {"shift": 1, "merged": False}])
def test_table_11_is_read_by_its_headings_wherever_they_stand(options):
    reading = survey(w.book_11(**options))
    assert named(reading) == named(survey(w.book_11()))
    assert len(reading.figures) == 48 * 12
    assert not reading.blocks


def test_the_two_bases_are_never_mixed():
    by_key = named(survey(w.book_11()))
    address_ = by_key["10000", "inpatients_over_1_year_65_and_over", "630_address", "", "2025-06-30"]
    hospital = by_key["10000", "inpatients_over_1_year_65_and_over", "630_hospital", "", "2025-06-30"]
    assert (address_, hospital) == (w.count(10, 9), w.count(10, 11))


def refusal(change, **options) -> UnableToReadTable:
    with pytest.raises(UnableToReadTable) as caught:
        survey(w.book_11(change, **options))
    return caught.value


def test_a_heading_nobody_foresaw_is_refused_with_its_cell():
    def another_age(sheet):
        sheet.cell(5, 4).value = "75歳以上"

    assert "D5" in str(refusal(another_age))


def test_a_column_without_住所地_or_所在地_is_refused_with_its_cell():
    def no_place(sheet):
        sheet.cell(4, 4).value = "合計"

    assert "住所地と所在地のどちら" in str(refusal(no_place))
    assert "D5" in str(refusal(no_place))


def test_two_columns_of_one_meaning_and_a_missing_twin_are_refused():
    def twice(sheet):
        sheet.cell(4, 4).value = "患者住所地"

    assert "同じ見出し" in str(refusal(twice))

    def one_missing(sheet):
        sheet.delete_cols(13)

    error = refusal(one_missing, merged=False)
    assert "対応する所在地の列がありません" in str(error)


def test_figures_to_the_right_of_the_headings_are_refused():
    def unnamed(sheet):
        sheet.cell(7, 14).value = 12

    assert "N6" in str(refusal(unnamed))


def test_another_year_in_the_file_stops_the_recording_with_its_place():
    reading = survey(w.book_11(), Options(as_of="2024-06-30"))
    assert any("A1" in block and "2025-06-30" in block for block in reading.blocks)
    silent = survey(w.book_11(title="在院患者数（入院期間×住所地・施設所在地×年齢）"))
    assert "時点の記載がありません" in silent.blocks[0]


def test_forms_and_openness_become_breakdowns_and_their_totals_none():
    by_key = named(survey(w.book_of_rows(w.forms_rows(), "Ⅲ.2.(1)")))
    day = "2025-06-30"
    assert by_key[NATION, "inpatients", "630_hospital", "", day] == 5960
    assert by_key[NATION, "inpatients", "630_hospital", "入院形態=措置入院;開放区分=上記以外", day] == 1300
    assert by_key["01000", "inpatients", "630_hospital", "入院形態=その他・不明", day] == 1640


def test_hospitals_and_beds_are_told_by_their_words_and_rates_left_out():
    reading = survey(w.book_of_rows(w.hospitals_rows(), "病院数"))
    by_key = named(reading)
    assert by_key["02000", "psychiatric_beds", "630_hospital", "", "2025-06-30"] == 1000
    assert by_key["02000", "permitted_psychiatric_beds", "630_hospital", "", "2025-06-30"] == 1050
    assert "病床利用率" in reading.left[0]


AGES = ["20歳未満", "20歳以上40歳未満", "75歳以上", "不明", "計"]


@pytest.mark.parametrize(
    "code, name, headings, dimension",
    [
        ("Ⅲ.2.(4)", "年齢階級×入院形態×性", AGES, "年齢=20歳以上40歳未満"),
        ("Ⅲ.2.(5)", "疾患", ["F0", "F2", "てんかん(G40)", "その他", "合計"], "主診断=F2"),
        (
            "Ⅲ.4.(1)",
            "認知症治療病棟 在院期間",
            ["1か月未満", "1か月以上3か月未満", "1年以上5年未満", "不明", "総数"],
            "病棟=認知症治療病棟;在院期間=1か月以上3か月未満",
        ),
    ],
)
def test_the_other_tables_are_read_by_their_words(code, name, headings, dimension):
    rows = [
        [f"{code} {name} 令和7年6月30日"],
        [],
        ["", *headings],
        ["全国", 1, 2, 3, 4, 10],
        ["10群馬", 1, 2, 3, "-", 6],
    ]
    reading = survey(w.book_of_rows(rows, "表"))
    by_key = named(reading)
    assert by_key["10000", "inpatients", "630_hospital", dimension, "2025-06-30"] == 2
    assert (
        by_key["10000", "inpatients", "630_hospital", "病棟=認知症治療病棟" if "認知症" in name else "", "2025-06-30"]
        == 6
    )
    states = {f.raw: f.cell.state for f in reading.figures}
    assert states["-"] == "not_filled"


def test_notes_are_passed_over_and_rows_of_unknown_names_kept_for_a_person():
    def notes(sheet):
        sheet.cell(60, 1).value = "※ 2023年の値"
        for column in range(1, 14):
            sheet.cell(54, column).value = "札幌市" if column == 1 else 5

    reading = survey(w.book_11(notes))
    unknown = {f.region_name for f in reading.figures if not f.region_code}
    assert unknown == {"札幌市"}


def test_ndb_tables_take_what_their_headings_say():
    reading = read_ndb(opened(w.days_book(), "Tables_f2013_2023_ver1.0.xlsx"), NONE)
    by_key = named(reading)
    whole = "版=1.0;病床=精神病床;調整=粗"
    assert str(by_key["07000", "community_living_days", "ndb", whole, "FY2022"]) == "327.1"
    assert str(by_key["07000", "community_living_days", "ndb", "版=1.0;病床=全病床;調整=年齢調整", "FY2022"]) == "322"
    assert by_key["07000", "ndb_discharges", "ndb", "版=1.0", "FY2022"] == 2000
    assert not any("81.2" in f.raw for f in reading.figures), "a spread is no mean"


def test_the_variant_with_public_funding_is_kept_apart_and_contradictions_stop():
    kohi = read_ndb(opened(w.days_book(kohi=True), "Tables_kohi_ver1.0.xlsx"), NONE)
    assert all("公費=含む" in f.dimension for f in kohi.figures)
    assert kohi.tables[0].origin == "ncnp-ndb-kohi:1.0"
    wrong = read_ndb(opened(w.days_book(kohi=True), "Tables_ver1.0.xlsx"), Options(variant="plain"))
    assert "公費を含む" in wrong.blocks[0]
    unversioned = read_ndb(opened(w.days_book()), NONE)
    assert "版" in unversioned.blocks[0]


def test_readmission_rates_and_daily_averages_are_found_by_their_words():
    rates = named(read_ndb(opened(w.book_of_rows(w.readmission_rows(), "付表1.2")), NONE))
    assert (
        str(rates["07000", "readmission_rate_90_days", "ndb", "版=1.0;在院日数=1-90日;調整=年齢調整", "FY2022"])
        == "13.5"
    )
    reading = read_ndb(opened(w.book_of_rows(w.inpatient_rows(), "付表3.3")), NONE)
    days = named(reading)
    long = days["07000", "inpatients_over_1_year", "ndb_avg_daily", "版=1.0;年齢=0-64;認知症=認知症以外", "FY2023"]
    assert str(long) == "1025.04"
    assert ("07000", "inpatients_under_3_months", "ndb_avg_daily", "版=1.0", "FY2023") in days


def test_two_columns_of_one_meaning_are_refused_with_both_cells():
    rows = w.readmission_rows()
    rows[1][3] = "90日"
    with pytest.raises(UnableToReadTable) as caught:
        read_ndb(opened(w.book_of_rows(rows, "付表1.2")), NONE)
    assert "D2" in str(caught.value)
    assert "K2" in str(caught.value)


def test_remhrad_takes_service_year_and_code():
    reading = read_remhrad(opened(w.offices_book()), NONE)
    assert {(f.region_code, f.as_of, f.dimension) for f in reading.figures} >= {
        ("7202", "2025", "サービス=共同生活援助")
    }
    assert len(reading.figures) == 6
    unnamed = w.offices_rows()
    unnamed[0][0] = "市町村の状況一覧"
    assert read_remhrad(opened(w.book_of_rows(unnamed, merges=w.OFFICES_MERGES)), NONE).blocks


def test_remhrad_inpatients_need_their_basis():
    rows = [["在院者の状況（2024年）", "", ""], ["市町村名", "在院患者数", "コード"], ["郡山市", 120, 7203]]
    with pytest.raises(UnableToReadTable, match="B3"):
        read_remhrad(opened(w.book_of_rows(rows)), NONE)
    rows[0][0] = "在院者の状況（患者住所ベース、2024年）"
    reading = read_remhrad(opened(w.book_of_rows(rows)), NONE)
    assert [(f.indicator, f.basis, f.as_of) for f in reading.figures] == [("inpatients", "630_address", "2024-06-30")]


def test_layouts_are_recognised_by_what_stands_in_the_file():
    assert layout_of(opened(w.book_11())) == "survey_630"
    assert layout_of(opened(w.days_book())) == "ndb"
    assert layout_of(opened(w.offices_book())) == "remhrad"
    assert layout_of(opened(w.book_of_rows([["市町村名", "件数"], ["前橋市", 1]]))) == "mapped"
    assert layout_of(opened("市町村名,件数\n前橋市,1\n".encode(), "a.csv")) == "mapped"


def test_names_of_prefectures_are_known_with_and_without_number_and_ending():
    for number, name in enumerate(PREFECTURES, 1):
        short = name if name == "北海道" else name[:-1]
        for text in (name, short, f"{number:02d}{name}", f"{number} {short}", "　".join(name)):
            assert prefecture_of(text) == f"{number:02d}000", text
    assert prefecture_of("11群馬県") is None
    assert [prefecture_of(text) for text in ("全 国", "総数", "札幌市", "")] == [NATION, NATION, None, None]


def test_every_figure_knows_the_cell_it_stands_in():
    for figure in survey(w.book_11()).figures[::37]:
        row = figure.row - w.body_row(0)
        assert figure.raw == str(w.count(row, figure.column - 1)) or row == 0, address(figure.row, figure.column)

"""Each bad input a hospital's file can bring, from the file to the figure: named, never repaired, the rest exact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from nimo.analysis.commands.compute import run
from nimo.analysis.engine import Engine
from nimo.analysis.indicators.census import census
from nimo.analysis.results.result import read_result
from nimo.analysis.rules import Rules
from nimo.analysis.spells import reference_files
from nimo.analysis.spells.references import Hospital, Population, ReferencesError, Succession
from nimo.analysis.tests.hospital_file import Row, ordinary, patient, write_csv
from nimo.analysis.tests.reference import Spell
from nimo.analysis.tests.support import counter, dataset

GOOD = ordinary(20)


class Said:
    """Exit code and words of one run over a file with some odd rows after the good ones."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys

    def __call__(self, rows: Sequence[Row], *more: str) -> tuple[int, str]:
        path = write_csv(self.folder / "a.csv", rows)
        code = run(["--spells", str(path), "--census", "R7.6.30", "--out", str(self.folder / "a.json"), *more])
        return code, self.capsys.readouterr().out


@pytest.fixture
def say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Said:
    return Said(tmp_path, capsys)


# What the rows are, and what is said of the last of them.
WRONG: list[tuple[list[Row], str]] = [
    ([patient(901, "2024/4/1", "2024/3/1")], "退院日: 退院日が入院日より前です。"),
    ([patient(902, "2024/4/1", "2024/4/9")] * 2, ": 前の行と、行番号のほかすべて同じです。"),
    (
        [patient(903, "2024/4/1", "2024/6/1"), patient(903, "2024/5/1", "2024/7/1")],
        "入院日: 同じ人の前の入院と期間が重なります。",
    ),
    (
        [patient(904, "2024/5/1", "2024/7/1"), patient(904, "2024/4/1")],
        "退院日: 退院日がないのに、同じ人に後の入院があります。",
    ),
    ([patient(905, "平成36年13月1日", "2024/7/1")], "入院日: 日付・年・区分として読めません。"),
    ([patient(906, "2023/2/29", "2024/7/1")], "入院日: 日付・年・区分として読めません。"),
    ([patient(907, "2024/4/31", "2024/7/1")], "入院日: 日付・年・区分として読めません。"),
    ([patient(908, "2024/4/1", born="1900/1/1")], "生年月日: 入院時の年齢があり得ない値です。"),
    ([patient(909, "2024/4/1", born="2024/4/2")], "生年月日: 入院時の年齢があり得ない値です。"),
    ([patient(910, "2024/4/1", town="102017")], "住所地: 住所地が市区町村コードではありません。"),
]
ODD = [
    patient(921, "2024/4/1", "2024/4/1", outcome="自宅"),  # zero days
    patient(922, "2024/4/1"),  # open-ended
    patient(923, "R6.4.1", "令和6年7月1日", outcome="自宅"),  # another calendar
    patient(924, "20240229", "5070228", outcome="自宅"),  # 29 February; as in receipts
    patient(925, "2024/4/1", born="2024/4/1"),  # age 0
    patient(926, "2024/4/1", born="1904/4/1"),  # age 120
    patient(927, "2025/7/15"),  # after the observation
    patient(928, "2024/4/1", town=""),  # residence unknown
]


def test_names_each_wrong_row_and_computes_nothing(say: Said):
    rows, expected = list(GOOD), []
    for wrong, sentence in WRONG:
        rows += wrong
        expected.append(f"{len(rows) + 1}行目 {sentence}".replace(" :", ":"))
    code, said = say(rows)
    assert code == 1
    for sentence in expected:
        assert sentence in said, said
    assert f"誤りのある行が{len(WRONG)}行あるため" in said
    assert not (say.folder / "a.json").exists()


def test_takes_what_is_odd_and_possible(say: Said):
    code, said = say([*GOOD, *ODD])
    assert code == 0, said
    (source,) = read_result(say.folder / "a.json").lineage["sources"]
    assert source["rows_used"] == len(GOOD) + len(ODD)


def test_neither_the_order_nor_a_row_left_out_changes_the_rest(say: Said):
    assert say(ordinary(50))[0] == 0
    whole = read_result(say.folder / "a.json").figures
    code, said = say([patient(900, "2024/4/1", "2024/3/1"), *ordinary(50)[::-1]], "--load-rest", "--replace")
    assert code == 0
    assert "2行目 退院日: 退院日が入院日より前です。" in said
    assert read_result(say.folder / "a.json").figures == whole


# -- month ends -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "admitted, on, months",
    [
        (date(2024, 3, 31), date(2024, 6, 30), 0),  # 応当日がない: three months are over on the next day
        (date(2024, 3, 31), date(2024, 7, 1), 1),
        (date(2023, 11, 30), date(2024, 2, 29), 0),
        (date(2023, 11, 30), date(2024, 3, 1), 1),
        (date(2022, 11, 30), date(2023, 2, 28), 0),
        (date(2022, 11, 28), date(2023, 2, 28), 1),
        (date(2023, 2, 28), date(2024, 2, 28), 2),
        (date(2024, 2, 29), date(2025, 2, 28), 1),
        (date(2024, 2, 29), date(2025, 3, 1), 2),
    ],
)
def test_counts_months_to_the_day(admitted: date, on: date, months: int, duckdb_engine: Engine, tmp_path: Path):
    """0: under 3 months, 1: 3 to 12, 2: a year and more, at 0:00 of the day."""
    data = dataset(duckdb_engine, [Spell(2, "a", admitted, None)], tmp_path, on, Rules())
    assert counter(duckdb_engine, census(data, on=on, basis="address", by=("stay",)), "persons") == {(10201, months): 1}
    duckdb_engine.forget()


# -- the small tables beside the spells -----------------------------------------------------------------------------


def table(folder: Path, text: str, encoding: str = "cp932") -> Path:
    path = folder / "表.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_follows_a_municipality_that_merged_between_two_admissions(say: Said):
    """Six of the former town, six of the city it became: twelve of one place."""
    old = [patient(900 + n, "2005/1/1", town="10202") for n in range(6)]
    new = [patient(950 + n, "2006/5/1", town="10201") for n in range(6)]
    mergers = table(say.folder, "旧コード,新コード,合併日\n102024,102016,H18.3.27\n")
    areas = say.folder / "圏域.csv"
    areas.write_text("市区町村コード,圏域\n10201,東\n10202,西\n")
    assert say([*old, *new], "--areas", str(areas), "--mergers", str(mergers))[0] == 0
    found = read_result(say.folder / "a.json").figures
    areas_of = {
        f.place.code: f.value
        for f in found
        if (f.table, f.basis, f.place.level, f.dims) == ("census", "address", "area", ())
    }
    assert areas_of == {"東": 12}


def test_names_a_stay_in_a_hospital_that_closed(say: Said):
    hospitals = table(say.folder, "病院,所在地,閉院日\n○○病院,10201,2024/3/31\n")
    code, said = say(
        [patient(1, "2024/3/1", "2024/3/31"), patient(2, "2024/4/1"), patient(3, "2023/4/1")],
        "--hospitals",
        str(hospitals),
    )
    assert code == 1
    assert "3行目 病院: 病院が閉じた日より後" in said
    assert "4行目 病院: 病院が閉じた日より後" in said
    assert "2行目" not in said


def test_reads_the_tables_beside_the_spells(tmp_path: Path):
    """CP932 or UTF-8, codes of five or six digits, words or codes for ages, short lines."""
    hospitals = reference_files.read_hospitals(table(tmp_path, "病院コード,所在地\nH1,102016\nH2,10202\n"))
    assert hospitals == [Hospital("H1", "10201"), Hospital("H2", "10202")]
    closed = reference_files.read_hospitals(
        table(tmp_path, "病院,所在地,閉院日\nH1,10201,R6.3.31\nH2,10202\n", "utf-8-sig")
    )
    assert closed == [Hospital("H1", "10201", date(2024, 3, 31)), Hospital("H2", "10202")]
    ages = {"under_65": "65歳未満", "65_and_over": "65歳以上"}
    persons = reference_files.read_populations(
        table(
            tmp_path, 'コード,人口,65歳未満,65_and_over\n100005,"1,900,000",1300000,600000\n10201,300000,210000,90000\n'
        ),
        ages,
    )
    assert persons == [
        Population("10000", 1_900_000, {"under_65": 1_300_000, "65_and_over": 600_000}),
        Population("10201", 300_000, {"under_65": 210_000, "65_and_over": 90_000}),
    ]
    assert reference_files.read_standard(table(tmp_path, "年齢区分,人口\n65歳未満,70\n65_and_over,30\n"), ages) == {
        "under_65": 70, "65_and_over": 30,
    }  # fmt: skip
    assert reference_files.read_areas(table(tmp_path, "市区町村コード,二次医療圏\n10201,1001\n")) == {"10201": "1001"}
    (merged,) = reference_files.read_successions(table(tmp_path, "合併前,合併後,施行日\n10202,10201,2006-03-27\n"))
    assert merged == Succession("10202", "10201", date(2006, 3, 27))


@pytest.mark.parametrize(
    "read, text, says",
    [
        (reference_files.read_hospitals, "病院\nH1\n", "列がありません: 市区町村コード"),
        (reference_files.read_hospitals, "病院,所在地\nH1,99999\n", "2行目: 市区町村コード"),
        (reference_files.read_hospitals, "病院,所在地\nH1,10201\nH1,10202\n", "3行目: 病院が空か、二度"),
        (reference_files.read_hospitals, "病院,所在地,閉院日\nH1,10201,昔\n", "2行目: 日付"),
        (reference_files.read_successions, "旧コード,新コード,合併日\n10201,10202,2006-01-01\n10201,10203,2006-01-01\n", "3行目"),
        (reference_files.read_areas, "市区町村コード,圏域\n10201,東\n11201,東\n", "二つの都道府県"),
        (reference_files.read_areas, "市区町村コード,圏域\n10201,\n", "2行目: 圏域が空"),
        (reference_files.read_populations, "市区町村コード,人口\n10201,-1\n", "負の数"),
        (reference_files.read_populations, "市区町村コード,人口\n10201,多い\n", "2行目: 人数"),
        (reference_files.read_populations, "市区町村コード,人口\n10201,1\n102016,1\n", "3行目: 同じ市区町村"),
        (reference_files.read_populations, "", "列がありません"),
    ],
)  # fmt: skip
def test_names_the_line_of_a_table_it_cannot_use(read, text: str, says: str, tmp_path: Path):
    with pytest.raises(ReferencesError, match=says):
        read(table(tmp_path, text))


def test_refuses_a_standard_population_of_other_ages(tmp_path: Path):
    with pytest.raises(ReferencesError, match="年齢区分は 65歳未満 "):
        reference_files.read_standard(table(tmp_path, "年齢区分,人口\n子ども,1\n"), {"under_65": "65歳未満"})

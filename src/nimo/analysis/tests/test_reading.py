"""Hospital files as they come: headings, encodings, calendars, broken lines; two steps, a remembered mapping."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from nimo.analysis.reading import cells
from nimo.analysis.reading.inspection import inspect
from nimo.analysis.reading.loading import Loaded, file_hash, is_contract_file, load
from nimo.analysis.reading.mapping import (
    ColumnMapping,
    MappingError,
    load_mapping,
    mapping_from_data,
    propose,
    remember_mapping,
)
from nimo.analysis.reading.sources import BATCH, SourceError, detect_encoding, open_source

HEADINGS = ["患者ID", "住所地コード", "病院コード", "入院日", "退院日", "入院形態", "診断コード", "生年月日", "退院先"]
ROW = ["0012", "10201", "1010001", "2024/1/5", "R6.2.10", "医療保護", "F20.0", "S55.3.1", "自宅"]


def write_csv(path: Path, rows: Iterable[Sequence[str]], *, encoding: str = "utf-8", headings: Sequence[str] = HEADINGS) -> Path:  # fmt: skip
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    return path


def read(path: Path, job: Path, mapping: ColumnMapping | None = None) -> tuple[Loaded, list[dict[str, object]]]:
    loaded = load(path, mapping or inspect(path).proposal.mapping, job)
    return loaded, sorted(pq.read_table(loaded.path).to_pylist(), key=lambda row: row["row"])


def named(loaded: Loaded) -> list[tuple[int, str, str]]:
    return [(one.row, one.kind.code, one.kind.column) for one in loaded.problems]


EXPECTED = {
    "row": 2,
    "person_key": 1,
    "municipality": "10201",
    "hospital": "1010001",
    "hospital_municipality": None,
    "admitted_on": date(2024, 1, 5),
    "discharged_on": date(2024, 2, 10),
    "admission_type": "protection",
    "diagnosis_group": "F2",
    "birth_date": date(1980, 3, 1),
    "birth_year": None,
    "outcome": "home",
    "bed": None,
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_reads_a_text_file_of_each_encoding(encoding: str, tmp_path: Path, job: Path):
    loaded, rows = read(write_csv(tmp_path / "a.csv", [ROW], encoding=encoding), job)
    assert rows == [EXPECTED]
    assert (loaded.rows, len(loaded.problems), loaded.encoding) == (1, 0, encoding)


def test_reads_a_workbook_with_a_title_above_and_dates_as_dates(tmp_path: Path, job: Path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("表紙").write(0, 0, "入退院一覧")
    sheet, day = book.add_worksheet("入退院"), book.add_format({"num_format": "yyyy/m/d"})
    sheet.write_row(2, 0, HEADINGS)
    sheet.write_row(3, 0, [12, 10201, 1010001])
    sheet.write_datetime(3, 3, datetime(2024, 1, 5), day)
    sheet.write_datetime(3, 4, datetime(2024, 2, 10), day)
    sheet.write_row(3, 5, ["医療保護", "F20.0", "S55.3.1", "自宅"])
    sheet.write_row(5, 0, [12, 10201, 1010001, 45000, "", "", "", 1980, ""])
    book.close()
    loaded, rows = read(path, job)
    assert rows == [{**EXPECTED, "row": 4}]
    assert named(loaded) == [(6, "unreadable", "admitted_on")], "a bare serial number is no date"
    assert loaded.kind == "xlsx"


def test_reads_parquet_of_another_layout(tmp_path: Path, job: Path):
    columns = {name: pa.array([value]) for name, value in zip(HEADINGS, ROW, strict=True)}
    columns["入院日"] = pa.array([date(2024, 1, 5)])
    columns["住所地コード"] = pa.array([10201])
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    assert not is_contract_file(tmp_path / "a.parquet")
    _, rows = read(tmp_path / "a.parquet", job)
    assert rows == [{**EXPECTED, "row": 1}]


def test_takes_parquet_of_the_contract_as_it_is(tmp_path: Path, job: Path):
    loaded, _ = read(write_csv(tmp_path / "a.csv", [ROW]), job)
    assert is_contract_file(loaded.path)
    assert is_contract_file(job)
    assert not is_contract_file(tmp_path / "a.csv")


# -- one cell -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["2024-02-29", "2024/2/29", "2024.2.29", "20240229", "2024/02/29 0:00", "2024-02-29T13:05:00", "R6.2.29",
     "令和6年2月29日", "5060229", "Ｒ６．２．２９", "平成36年2月29日"],
)  # fmt: skip
def test_reads_a_day_in_any_calendar(text: str):
    assert cells.read_day(cells.plain(text)) == date(2024, 2, 29)


@pytest.mark.parametrize(
    "text",
    ["2023-02-29", "2024-13-01", "24/2/29", "2024-02", "2/29/2024", "45351", "6060229", "5069999", "退院", "R6.2"],
)
def test_abstains_from_what_is_no_day(text: str):
    with pytest.raises(cells.Unreadable):
        cells.read_day(cells.plain(text))


@pytest.mark.parametrize(
    ("text", "code"),
    [("F00", "F00-F03"), ("F03.9", "F00-F03"), ("F05", "F04-F09"), ("f20.0", "F2"), ("F99", "F9"), ("G40.9", "G40"),
     ("G41", "other"), ("A00", "other"), ("統合失調症", "F2"), ("認知症", "F00-F03"), ("F0", "F0"), ("不明", "unknown")],
)  # fmt: skip
def test_reads_a_diagnosis(text: str, code: str):
    assert cells.read_diagnosis(text) == code


@pytest.mark.parametrize("text", ["F", "20", "うつ", "F2x"])
def test_abstains_from_what_is_no_diagnosis(text: str):
    with pytest.raises(cells.Unreadable):
        cells.read_diagnosis(text)


@pytest.mark.parametrize("text", ["102016", "10201", "10201.0", "１０２０１"])
def test_reads_a_municipality_code_with_and_without_check_digit(text: str):
    assert cells.read_area(cells.plain(text)) == "10201"


@pytest.mark.parametrize("text", ["102015", "10000", "太田市", "1"])
def test_abstains_from_what_is_no_municipality(text: str):
    with pytest.raises(cells.Unreadable):
        cells.read_area(text)


@pytest.mark.parametrize(
    ("text", "birth"), [("昭和25年", 1950), ("1950", 1950), ("1950年", 1950), ("S25.1.2", date(1950, 1, 2))]
)
def test_reads_a_birth_as_precisely_as_stated(text: str, birth: date | int):
    assert cells.read_birth(text) == birth


# -- broken lines -------------------------------------------------------------------------------------------------


def test_names_each_unreadable_cell_and_leaves_its_row_out(tmp_path: Path, job: Path):
    wrong = [
        ROW,
        [*ROW[:3], "いつか", *ROW[4:]],
        [*ROW[:4], "2024/2/30", *ROW[5:]],
        [*ROW[:8], "どこか"],
        [ROW[0], "99999", *ROW[2:]],
        ROW,
    ]
    loaded, rows = read(write_csv(tmp_path / "a.csv", wrong), job)
    assert [row["row"] for row in rows] == [2, 7]
    assert sorted(named(loaded)) == [
        (3, "unreadable", "admitted_on"),
        (4, "unreadable", "discharged_on"),
        (5, "unknown_outcome", "outcome"),
        (6, "unknown_municipality", "municipality"),
    ]
    assert loaded.rows == 6


def test_takes_agreed_texts_and_dashes_for_an_open_discharge(tmp_path: Path, job: Path):
    open_ = [[*ROW[:4], text, *ROW[5:8], ""] for text in ("", "9999/12/31", "99999999", "-", "―")]
    _, rows = read(write_csv(tmp_path / "a.csv", open_), job)
    assert [row["discharged_on"] for row in rows] == [None] * 5


def test_names_lines_with_too_few_and_too_many_cells(tmp_path: Path, job: Path):
    path = write_csv(tmp_path / "a.csv", [ROW, ROW[:-2], [*ROW, "余り"], [*ROW, "", ""], [], ROW])
    loaded, rows = read(path, job)
    assert [row["row"] for row in rows] == [2, 5, 7]
    assert named(loaded) == [(3, "broken_row", ""), (4, "broken_row", "")]


def test_a_quote_never_closed_costs_one_line(tmp_path: Path, job: Path):
    path = write_csv(tmp_path / "a.csv", [ROW] * 3)
    lines = path.read_text().splitlines()
    lines[2] = lines[2].replace("自宅", '"自宅')
    path.write_text("\n".join(lines) + "\n")
    loaded, rows = read(path, job)
    assert [row["row"] for row in rows] == [2, 4]
    assert named(loaded) == [(3, "broken_row", "")]


def test_follows_a_line_break_inside_quotes_also_at_the_end_of_a_batch(tmp_path: Path, job: Path):
    note = [*ROW, "一行目\n二行目"]
    path = write_csv(tmp_path / "a.csv", [[*ROW, ""], note, note], headings=[*HEADINGS, "備考"])
    source = open_source(path)
    for size in (1, 2, 3, 4, 100):
        rows = [row for batch in source.batches(size) for row in batch.rows]
        assert rows == [2, 3, 5], size


def test_names_bytes_that_are_no_character(tmp_path: Path, job: Path):
    path = write_csv(tmp_path / "a.csv", [ROW] * 4)
    lines = path.read_bytes().split(b"\r\n")
    lines[2] = lines[2].replace(b"F20.0", b"\xff\xfe")
    path.write_bytes(b"\r\n".join(lines))
    loaded, rows = read(path, job)
    assert [row["row"] for row in rows] == [2, 4, 5]
    assert named(loaded) == [(3, "undecodable", "")]
    assert detect_encoding(path) == "utf-8", "one stray byte does not turn the file into CP932"


def test_one_broken_row_among_many_is_named_and_costs_one_row(tmp_path: Path, job: Path):
    many = 2 * BATCH + 10
    broken = random.Random(1).randrange(many)
    with (tmp_path / "a.csv").open("w", encoding="cp932", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(ROW if number != broken else ROW[:4] for number in range(many))
    loaded = load(tmp_path / "a.csv", inspect(tmp_path / "a.csv").proposal.mapping, job)
    assert named(loaded) == [(broken + 2, "broken_row", "")]
    assert loaded.rows == many
    rows = pq.read_table(loaded.path, columns=["row"])["row"].to_pylist()
    assert sorted(rows) == [n + 2 for n in range(many) if n != broken]


# -- persons ------------------------------------------------------------------------------------------------------


def test_numbers_persons_anew_and_keeps_them_apart(tmp_path: Path, job: Path):
    rows = [[person, *ROW[1:]] for person in ("9001", "9002", "9001", "ｱﾍﾞ", "アベ", "")]
    _, read_rows = read(write_csv(tmp_path / "a.csv", rows), job)
    keys = [row["person_key"] for row in read_rows]
    assert keys[0] == keys[2]
    assert keys[3] == keys[4], "full and half width are one person"
    assert keys[5] is None
    assert sorted(set(keys[:5])) == [1, 2, 3]
    left = b"".join(item.read_bytes() for item in job.iterdir())
    assert b"9001" not in left
    assert [item.name for item in job.iterdir()] == ["spells.parquet"]


def test_reads_no_column_that_is_not_asked_for(tmp_path: Path, job: Path):
    path = write_csv(tmp_path / "a.csv", [[*ROW, "山田花子"]], headings=[*HEADINGS, "氏名"])
    found = inspect(path)
    assert found.proposal.unused == ("氏名",)
    loaded, _ = read(path, job)
    assert "山田花子".encode() not in loaded.path.read_bytes()


# -- mapping ------------------------------------------------------------------------------------------------------


def test_proposes_from_the_headings_and_takes_neither_of_two():
    found = propose(["カルテ番号", "入院年月日", "退院 年月日", "退院日", "ICD-10", "個人番号", "メモ", ""])
    assert found.mapping.columns == {
        "person_key": "カルテ番号",
        "admitted_on": "入院年月日",
        "diagnosis_group": "ICD-10",
    }
    assert found.ambiguous == {"discharged_on": ("退院 年月日", "退院日")}
    assert (found.unused, found.forbidden) == (("メモ",), ("個人番号",))
    assert found.mapping.missing == ("hospital",)


def test_remembers_a_mapping_with_constants_and_values(tmp_path: Path, job: Path):
    headings = ["カルテ番号", "入院", "退院", "住まい", "帰った先"]
    path = write_csv(tmp_path / "a.csv", [["1", "2024/1/5", "2024/2/1", "太田市", "実家"]] * 12, headings=headings)
    mapping = ColumnMapping(
        columns={"person_key": "カルテ番号", "admitted_on": "入院", "discharged_on": "退院", "municipality": "住まい",
                 "outcome": "帰った先"},
        constants={"hospital": "1010001", "hospital_municipality": "10205"},
        values={"municipality": {"太田市": "10205"}},
        name="試験病院",
    )  # fmt: skip
    found = inspect(path, mapping)
    assert found.open_values == {"outcome": ("実家",)}
    assert not found.is_ready
    remember_mapping(mapping, tmp_path / "m.json", found.open_values)
    written = json.loads((tmp_path / "m.json").read_text())
    assert written["values"]["outcome"] == {"実家": ""}
    written["values"]["outcome"]["実家"] = "home"
    (tmp_path / "m.json").write_text(json.dumps(written))
    remembered = load_mapping(tmp_path / "m.json")
    assert inspect(path, remembered).is_ready
    assert remembered.fits(headings)
    assert not remembered.fits(headings[1:])
    _, rows = read(path, job, remembered)
    assert rows[0]["outcome"] == "home"
    assert (rows[0]["hospital"], rows[0]["municipality"]) == ("1010001", "10205")


def test_shows_no_text_that_is_rare(tmp_path: Path):
    rows = [[*ROW[:8], "自宅"]] * 20 + [[*ROW[:8], "娘の花子さん宅"]] * 9
    found = inspect(write_csv(tmp_path / "a.csv", rows))
    assert found.open_values == {}
    assert found.rare_values == {"outcome": 1}
    assert "花子" not in repr(found)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"format": "x"}, "列の対応のファイルではない"),
        ({"columns": {"name": "氏名"}}, "「name」という項目はありません"),
        ({"columns": {"person_key": "マイナンバー"}}, "使えません"),
        ({"values": {"outcome": {"実家": "house"}}}, "区分「house」はありません"),
        ({"values": {"admitted_on": {"きのう": "x"}}}, "値の対応にある"),
        ({"columns": {"hospital": "病院"}, "constants": {"hospital": "1"}}, "両方"),
    ],
)
def test_refuses_a_mapping_that_cannot_be_used(change: dict[str, object], says: str):
    with pytest.raises(MappingError, match=says):
        mapping_from_data({**ColumnMapping({}).to_data(), **change})


def test_refuses_before_reading_when_a_field_or_a_heading_is_missing(tmp_path: Path, job: Path):
    path = write_csv(tmp_path / "a.csv", [ROW])
    with pytest.raises(MappingError, match="人の仮名"):
        load(path, ColumnMapping({"admitted_on": "入院日", "hospital": "病院コード"}), job)
    whole = inspect(path).proposal.mapping
    with pytest.raises(MappingError, match="入棟日"):
        load(path, ColumnMapping({**whole.columns, "admitted_on": "入棟日"}), job)
    assert list(job.iterdir()) == []


def test_refuses_a_file_that_is_no_table(tmp_path: Path):
    (tmp_path / "a.csv").write_text("メモ\nだけ\n")
    with pytest.raises(SourceError, match="見出し"):
        inspect(tmp_path / "a.csv")
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(SourceError, match="Excel"):
        inspect(tmp_path / "b.xlsx")
    with pytest.raises(SourceError, match="開けません"):
        inspect(tmp_path / "none.csv")


def test_tells_its_progress_and_keeps_nothing_when_stopped(tmp_path: Path, job: Path):
    path = write_csv(tmp_path / "a.csv", [ROW] * (BATCH + 10))
    mapping, seen = inspect(path).proposal.mapping, []
    load(path, mapping, job, progress=lambda done, of, text: seen.append((done, of)))
    assert len(seen) >= 3
    assert seen[-2][0] == seen[-2][1], "the whole file was read"
    (job / "spells.parquet").unlink()

    class Stopped(Exception):
        pass

    def stop(done: int, of: int, text: str) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        load(path, mapping, job, progress=stop)
    assert list(job.iterdir()) == []


def test_hashes_a_file_and_a_folder(tmp_path: Path):
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a").write_bytes(b"1")
    one = file_hash(tmp_path / "d")
    assert file_hash(tmp_path / "d" / "a") == "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
    (tmp_path / "d" / "a").write_bytes(b"2")
    assert file_hash(tmp_path / "d") != one

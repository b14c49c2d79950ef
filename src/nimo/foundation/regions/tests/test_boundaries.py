"""Outlines of N03: every notation read, every bad file refused with a sentence, nothing half written."""

from __future__ import annotations

import json
import os
from datetime import date
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from nimo.foundation.access.permissions import Role
from nimo.foundation.regions.formats.boundaries import UnableToReadBoundaries, read_boundaries, read_document
from nimo.foundation.regions.formats.outlines import doubled_area, rings_of
from nimo.foundation.regions.models import Boundary
from nimo.foundation.regions.queries import maps, places
from nimo.foundation.regions.rules.places import AreaValue
from nimo.foundation.regions.services import places as services
from nimo.foundation.regions.tests.support import REPOSITORY, SYSTEM, actor


def square(west: float, south: float, size: float = 0.2) -> list[list[float]]:
    east, north = round(west + size, 6), round(south + size, 6)
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(code: str | int | None, *rings: list, prefecture: str = "群馬県", name: str | None = "ある市") -> dict:
    return {
        "type": "Feature",
        "properties": {"N03_001": prefecture, "N03_004": name, "N03_007": code},
        "geometry": {"type": "Polygon", "coordinates": list(rings)},
    }


def collection(*features: dict) -> dict:
    return {"type": "FeatureCollection", "features": list(features)}


def topology(*, quantised: bool) -> dict:
    """Two squares side by side that share the arc in the middle: 10205 to the west, 10207 to the east."""
    shared, west, east = (
        [(139.2, 36.2), (139.2, 36.4)],
        [(139.2, 36.4), (139.0, 36.4), (139.0, 36.2), (139.2, 36.2)],
        [(139.2, 36.2), (139.4, 36.2), (139.4, 36.4), (139.2, 36.4)],
    )
    geometries = [
        {"type": "Polygon", "properties": {"N03_007": "10205", "N03_004": "太田市"}, "arcs": [[0, 1]]},
        {"type": "MultiPolygon", "properties": {"N03_007": "10207", "N03_004": "館林市"}, "arcs": [[[2, ~0]]]},
    ]
    made = {
        "type": "Topology",
        "objects": {"N03-21_10_210101": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": [shared, west, east],
    }
    if quantised:
        made["transform"] = {"scale": [0.1, 0.1], "translate": [139.0, 36.0]}
        made["arcs"] = [_steps(arc) for arc in (shared, west, east)]
    return made


def _steps(arc: list[tuple[float, float]]) -> list[list[int]]:
    points = [(round((x - 139) * 10), round((y - 36) * 10)) for x, y in arc]
    return [list(points[0])] + [[x2 - x1, y2 - y1] for (x1, y1), (x2, y2) in pairwise(points)]


def area_of(rings) -> int:
    return sum(map(doubled_area, rings))


class TestReading:
    @pytest.mark.parametrize("quantised", [True, False])
    def test_reads_topojson_with_shared_arcs(self, quantised):
        file = read_document(topology(quantised=quantised), name="shapes.json")
        assert set(file.by_code) == {"10205", "10207"}
        assert file.as_of == date(2021, 1, 1)
        assert {point for point in file.by_code["10205"][0] if point in file.by_code["10207"][0]} == {
            point for point in file.by_code["10205"][0] if point[0] == 1_392_000
        }

    def test_reads_geojson_like_topojson(self):
        same = collection(feature("10205", square(139.0, 36.2)), feature("10207", square(139.2, 36.2)))
        one, other = read_document(same, name="a"), read_document(topology(quantised=True), name="b")
        assert {code: area_of(rings) for code, rings in one.by_code.items()} == {
            code: area_of(rings) for code, rings in other.by_code.items()
        }

    def test_puts_the_many_features_of_one_code_together(self):
        file = read_document(
            collection(feature("10205", square(139.0, 36.2)), feature("10205", square(139.5, 36.2))), name="a"
        )
        assert len(file.by_code["10205"]) == 2

    def test_keeps_holes_as_holes(self):
        file = read_document(collection(feature("10205", square(139, 36, 0.4), square(139.1, 36.1))), name="a")
        assert [doubled_area(ring) > 0 for ring in file.by_code["10205"]] == [True, False]

    def test_reads_prefectures_without_codes_by_name(self):
        file = read_document(collection(feature(None, square(139, 36), name=None)), name="a")
        assert (list(file.by_prefecture), dict(file.by_code)) == (["群馬県"], {})

    @pytest.mark.parametrize("code, name", [(None, "所属未定地"), ("10000", "所属未定地"), ("10000", "ある町")])
    def test_gives_nobodys_land_to_nobody(self, code, name):
        land = feature(code, square(139, 36), name=name)
        file = read_document(collection(land, feature("10205", square(139.5, 36))), name="a")
        assert (set(file.by_code), file.unassigned) == ({"10205"}, 1)

    def test_restores_a_leading_zero(self):
        assert set(read_document(collection(feature(1202, square(140, 42))), name="a").by_code) == {"01202"}

    @pytest.mark.parametrize(
        "name, day",
        [
            ("N03-21_14_210101.json", date(2021, 1, 1)),
            ("N03-20240101_14.geojson", date(2024, 1, 1)),
            ("N03-19_190101.geojson", date(2019, 1, 1)),
            ("N03-21_14_219901.json", None),
            ("shapes.json", None),
        ],
    )
    def test_reads_the_day_from_the_name(self, name, day):
        assert read_document(collection(feature("10205", square(139, 36))), name=name).as_of == day

    @pytest.mark.parametrize(
        "document, says",
        [
            ([], "GeoJSON"),
            ({"type": "Feature"}, "GeoJSON"),
            ({"type": "FeatureCollection", "features": []}, "N03_007"),
            ({"type": "FeatureCollection"}, "壊れている"),
            ({"type": "Topology", "objects": {}, "arcs": []}, "N03_007"),
            (collection({**feature("10205", square(139, 36)), "properties": {"code": "10205"}}), "N03_007"),
            (collection(feature("10205", [[139.0], [1]])), "壊れている"),
            (collection(feature("10205", [["a", "b"], ["c", "d"]])), "壊れている"),
            (collection(feature("10205", square(-39000, 12000))), "経度・緯度"),
            (collection(feature("10205", square(36, 139))), "経度・緯度"),
            ({**topology(quantised=True), "arcs": []}, "壊れている"),
            ({**topology(quantised=True), "transform": {"scale": [1]}}, "壊れている"),
        ],
    )
    def test_refuses_what_it_cannot_read_with_a_reason(self, document, says):
        with pytest.raises(UnableToReadBoundaries, match=says):
            read_document(document, name="ファイル.json")

    @pytest.mark.parametrize(
        "content, says",
        [
            (b'{"type": "Topology", "arcs": [[[1,', "途中で切れている"),
            (b"", "途中で切れている"),
            ("形".encode("cp932"), "UTF-8"),
            (b"[" * 100_000, "読めません"),
        ],
    )
    def test_refuses_a_file_that_is_no_json(self, tmp_path, content, says):
        (tmp_path / "a.json").write_bytes(content)
        with pytest.raises(UnableToReadBoundaries, match=says):
            read_boundaries(tmp_path / "a.json")

    def test_refuses_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(UnableToReadBoundaries, match="開けません"):
            read_boundaries(tmp_path / "none.json")


def report_of(*documents: dict):
    return maps.match_boundaries([read_document(document, name="a") for document in documents])


def wards(*codes: str) -> list[dict]:
    return [feature(code, square(139 + index * 0.2, 35)) for index, code in enumerate(codes)]


KAWASAKI = ["14131", "14132", "14133", "14134", "14135", "14136", "14137"]


class TestMatching:
    def test_says_what_it_does_not_know_and_what_is_missing(self, country):
        report = report_of(collection(feature("10205", square(139, 36)), feature("10999", square(139.5, 36))))
        assert report.unknown == ("10999",)
        assert "前橋市" in report.missing["10000"]
        assert "太田市" not in report.missing["10000"]

    def test_joins_the_wards_of_a_city(self, country):
        report = report_of(collection(*wards(*KAWASAKI)))
        city = next(one for one in report.outlines if one.code == "14130")
        assert city.derived
        assert area_of(rings_of(city.rings)) == sum(
            area_of(rings_of(one.rings)) for one in report.outlines if one.code in KAWASAKI
        )
        assert "川崎市" not in report.missing["14000"]

    def test_joins_no_city_of_which_a_ward_is_missing(self, country):
        report = report_of(collection(*wards(*KAWASAKI[1:])))
        assert "14130" not in {one.code for one in report.outlines}
        assert "川崎市" in report.missing["14000"]

    @pytest.mark.parametrize(
        "codes, joined",
        [
            (["22138", "22139", "22140"], True),
            (["22131", "22132", "22133", "22134", "22135", "22136", "22137"], True),
            (["22131", "22132"], False),
        ],
    )
    def test_joins_the_wards_of_either_day(self, country, codes, joined):
        report = report_of(collection(*wards(*codes)))
        assert ("22130" in {one.code for one in report.outlines}) == joined

    def test_joins_a_prefecture_when_every_municipality_is_there(self, country):
        codes = [one.code for one in places.municipalities_of("10000")]
        whole = [feature(code, square(138 + (i % 6) * 0.2, 36 + i // 6 * 0.2)) for i, code in enumerate(codes)]
        assert "10000" in {one.code for one in report_of(collection(*whole)).outlines}
        assert "10000" not in {one.code for one in report_of(collection(*whole[1:])).outlines}

    def test_adds_up_two_files(self, country):
        report = report_of(
            collection(feature("10205", square(139, 36))), collection(feature("10207", square(139.5, 36)))
        )
        assert [one.code for one in report.outlines] == ["10205", "10207"]


def stored(*documents: dict, day: date = date(2021, 1, 1), credit: str = "出典の例") -> int:
    return services.store_boundaries(actor=SYSTEM, outlines=report_of(*documents).outlines, as_of=day, credit=credit)


class TestStoring:
    def test_keeps_day_and_credit_and_replaces_the_same_day(self, country):
        for _ in range(2):
            assert stored(topology(quantised=True)) == 2
        rows = Boundary.objects.filter(region_id="10205")
        assert [(row.as_of, row.credit, row.derived) for row in rows] == [(date(2021, 1, 1), "出典の例", False)]

    def test_needs_a_credit(self, country):
        with pytest.raises(services.UnableToChange, match="出典"):
            stored(topology(quantised=True), credit=" ")
        assert not Boundary.objects.exists()

    def test_stores_all_or_nothing(self, country):
        stored(topology(quantised=True))
        outlines = list(report_of(collection(feature("10201", square(139, 36)))).outlines)
        with pytest.raises(Exception, match=r"(?i)overflow|integer|range|large"):
            services.store_boundaries(
                actor=SYSTEM,
                outlines=[*outlines, type(outlines[0])("10202", [[0, 0]], (0, 0, 10**30, 0))],
                as_of=date(2021, 1, 1),
                credit="出典の例",
            )
        assert Boundary.objects.count() == 2

    def test_a_manager_loads_the_outlines_of_the_own_prefecture_only(self, country):
        manager = actor(Role.PREFECTURE_MANAGER, below=frozenset({"10205", "10207"}))
        mine, others = report_of(topology(quantised=True)), report_of(collection(feature("11203", square(139, 36))))
        day = date(2021, 1, 1)
        assert services.store_boundaries(actor=manager, outlines=mine.outlines, as_of=day, credit="例") == 2
        with pytest.raises(services.UnableToChange, match="受け持ち"):
            services.store_boundaries(actor=manager, outlines=others.outlines, as_of=day, credit="例")


class TestDrawing:
    def test_gives_no_map_without_outlines(self, country):
        assert maps.shape_map("10000", {}, id="m", title="地図") is None
        assert not maps.boundaries_loaded("10000")

    def test_draws_the_newest_outline_with_its_credit(self, country):
        stored(topology(quantised=True))
        stored(collection(feature("10205", square(139.0, 36.2, 0.1))), day=date(2025, 1, 1), credit="新しい出典")
        made = maps.shape_map(
            "10000", {"10205": AreaValue("12人", 3, "/regions/10205/")}, id="m", title="地図", description="説明。"
        )
        shapes = {shape.code: shape for shape in made.shapes}
        assert len(shapes) == 35
        assert (shapes["10205"].value_text, shapes["10205"].level, shapes["10205"].href) == (
            "12人",
            3,
            "/regions/10205/",
        )
        assert shapes["10205"].path_d.startswith("M")
        assert made.description.startswith("説明。")
        assert "新しい出典（2025年1月1日時点）" in made.description
        assert "前橋市" in made.description, "says what is not drawn"
        assert maps.boundaries_loaded("10000")

    def test_a_region_without_outline_has_no_invisible_link(self, country):
        stored(topology(quantised=True))
        made = maps.shape_map("10000", {"10201": AreaValue("3人", 1, "/regions/10201/")}, id="m", title="地図")
        maebashi = next(shape for shape in made.shapes if shape.code == "10201")
        assert (maebashi.path_d, maebashi.href, maebashi.value_text) == ("", None, "3人")

    def test_tiles_show_all_prefectures_and_gaps_as_gaps(self, country):
        made = maps.prefecture_tiles({"10000": AreaValue("4,344人", 2, "/regions/10000/")}, id="t", title="地図")
        tiles = {tile.code: tile for tile in made.tiles}
        assert len(tiles) == 47
        assert (tiles["10000"].label, tiles["10000"].level, tiles["10000"].href) == ("群馬", 2, "/regions/10000/")
        assert (tiles["01000"].label, tiles["01000"].level, tiles["01000"].value_text) == ("北海道", None, "")


class TestCommand:
    def run(self, tmp_path: Path, *arguments: str, document: dict | None = None) -> str:
        file = tmp_path / "N03-21_10_210101.json"
        file.write_text(json.dumps(document or topology(quantised=True)), encoding="utf-8")
        out = StringIO()
        call_command("data_boundaries", str(file), *arguments, stdout=out)
        return out.getvalue()

    def test_shows_first_and_stores_when_told(self, country, tmp_path):
        assert "まだ取り込んでいません" in self.run(tmp_path)
        assert not Boundary.objects.exists()
        assert "2 地域の境界を取り込みました" in self.run(tmp_path, "--yes")
        assert Boundary.objects.get(region_id="10205").credit == "国土数値情報（行政区域データ）（国土交通省）を加工"

    def test_refuses_a_damaged_file_and_says_that_nothing_was_stored(self, country, tmp_path):
        with pytest.raises(CommandError, match="境界は取り込んでいません"):
            self.run(
                tmp_path, "--yes", document={"type": "Topology", "objects": {"a": {"type": "Polygon"}}, "arcs": []}
            )
        assert not Boundary.objects.exists()

    def test_asks_for_the_day_when_nothing_says_it(self, country, tmp_path):
        (tmp_path / "a.json").write_text(json.dumps(collection(feature("10205", square(139, 36)))), encoding="utf-8")
        with pytest.raises(CommandError, match="--as-of"):
            call_command("data_boundaries", str(tmp_path / "a.json"), "--yes", stdout=StringIO())
        call_command("data_boundaries", str(tmp_path / "a.json"), "--yes", "--as-of=2020-01-01", stdout=StringIO())
        assert Boundary.objects.get().as_of == date(2020, 1, 1)

    def test_says_when_nothing_fits(self, country, tmp_path):
        with pytest.raises(CommandError, match="nimo data regions"):
            self.run(tmp_path, "--yes", document=collection(feature("99999", square(139, 36))))


def test_reads_the_real_files(country):
    folder = Path(os.environ.get("NIMO_SHARED_DATA") or REPOSITORY.parent / "shared" / "data") / "boundaries"
    if not folder.exists():
        pytest.skip(f"the real outlines are not on this machine ({folder})")
    report = maps.match_boundaries([read_boundaries(path) for path in sorted(folder.glob("*.json"))])
    codes = {one.code for one in report.outlines}
    assert (report.unknown, report.missing, report.as_of) == ((), {}, {date(2021, 1, 1)})
    assert {one.code for one in report.outlines if one.derived} == {"11100", "14100", "14130", "14150"}
    for prefecture in ("10000", "11000", "14000"):
        assert {one.code for one in places.municipalities_of(prefecture)} <= codes
    assert {one.code for one in places.prefectures()} <= codes
    services.store_boundaries(actor=SYSTEM, outlines=report.outlines, as_of=date(2021, 1, 1), credit="例")
    made = maps.shape_map("14000", {}, id="m", title="神奈川県")
    assert all(shape.path_d for shape in made.shapes)
    assert sum(len(shape.path_d) for shape in made.shapes) < 60_000

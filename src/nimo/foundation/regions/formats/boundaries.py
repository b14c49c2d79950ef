"""Reads outlines of 国土数値情報 行政区域 (N03) from GeoJSON or TopoJSON, full or simplified by others.

N03 (https://nlftp.mlit.go.jp/ksj/gml/datalist/KsjTmplt-N03-v3_1.html): N03_001 prefecture, N03_004 municipality, N03_007
five-digit code. A file of prefectures without codes is read by its N03_001. One region may be many features.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from nimo.core.codes import WrongCheckDigit, parse_area_code
from nimo.foundation.regions.formats.outlines import Ring, project, tidy

FILE_LIMIT = 200 * 1024 * 1024
GRID = 5
"""Points are snapped to about 45 metres: far below what any of our maps can show."""
CREDIT = "国土数値情報（行政区域データ）（国土交通省）を加工"
_LONGITUDES, _LATITUDES = (122.0, 155.0), (20.0, 46.5)
_NAMED_DAY = re.compile(r"N03-(?:\d{2}_(?:\d{2}_)?(\d{2})(\d{2})(\d{2})|(\d{4})(\d{2})(\d{2}))(?!\d)")


class UnableToReadBoundaries(Exception):
    """The file gives no outlines; str() says why and what to do, in Japanese. Nothing has been stored."""


@dataclass(slots=True)
class BoundaryFile:
    """What a file holds. by_code: five-digit code → rings; by_prefecture: prefecture name → rings (no codes given).

    unassigned: features of 所属未定地, which are nobody's. as_of: the day the file's name or its layer says, if any.
    """

    by_code: dict[str, list[Ring]] = field(default_factory=lambda: defaultdict(list))
    by_prefecture: dict[str, list[Ring]] = field(default_factory=lambda: defaultdict(list))
    unassigned: int = 0
    as_of: date | None = None


def read_boundaries(path: Path) -> BoundaryFile:
    """Reads one file. Raises UnableToReadBoundaries."""
    try:
        if path.stat().st_size > FILE_LIMIT:
            raise UnableToReadBoundaries(
                f"{path.name} は {FILE_LIMIT // 1024 // 1024} MB を超えています。都道府県ごとのファイルか、形を簡略にしたファイルを使ってください。"
            )
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UnableToReadBoundaries(
            f"{path.name} を開けません（{error.strerror}）。場所と名前を確かめてください。"
        ) from None
    except UnicodeDecodeError:
        raise UnableToReadBoundaries(
            f"{path.name} は文字コードが UTF-8 ではないため読めません。GeoJSON か TopoJSON のファイルを選んでください。"
        ) from None
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise UnableToReadBoundaries(
            f"{path.name} は JSON として読めません。途中で切れているか、別の種類のファイルです。もう一度入手してください。"
        ) from None
    return read_document(document, name=path.name)


def read_document(document: object, *, name: str) -> BoundaryFile:
    """Reads decoded JSON; `name` is the file's name, for messages and for its day. Raises UnableToReadBoundaries."""
    if not isinstance(document, Mapping) or document.get("type") not in {"Topology", "FeatureCollection"}:
        raise UnableToReadBoundaries(f"{name} は GeoJSON（FeatureCollection）でも TopoJSON（Topology）でもありません。")
    file = BoundaryFile(as_of=_day(name))
    try:
        if document["type"] == "Topology":
            features = _topology(document)
            file.as_of = file.as_of or _day(" ".join(document["objects"]))
        else:
            features = _collection(document)
        for properties, polygons in features:
            _add(file, properties, polygons)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, _NotJapan):
            raise UnableToReadBoundaries(
                f"{name} の座標が日本の経度・緯度の範囲にありません。経緯度（JGD2011 など）で書き出したファイルを使ってください。"
            ) from None
        raise UnableToReadBoundaries(
            f"{name} の形の一部が壊れているため、読み取りをやめました。もう一度入手するか、書き出し直してください。"
        ) from None
    if not file.by_code and not file.by_prefecture:
        raise UnableToReadBoundaries(
            f"{name} に、行政区域のコード（N03_007）か都道府県名（N03_001）の付いた形がありません。"
            "国土数値情報の行政区域データか、その項目名を残したファイルを使ってください。"
        )
    return file


class _NotJapan(ValueError):
    pass


def _day(text: str) -> date | None:
    found = _NAMED_DAY.search(text)
    if found is None:
        return None
    short, long = found.groups()[:3], found.groups()[3:]
    year, month, day = (f"20{short[0]}", short[1], short[2]) if short[0] else long
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


Position = Sequence[float]
Polygons = list[list[list[Position]]]
Feature = tuple[Mapping[str, Any], Polygons]


def _collection(document: Mapping[str, Any]) -> Iterator[Feature]:
    for feature in document["features"]:
        geometry = feature.get("geometry")
        if geometry is None:
            continue
        if geometry["type"] == "Polygon":
            yield feature["properties"] or {}, [geometry["coordinates"]]
        elif geometry["type"] == "MultiPolygon":
            yield feature["properties"] or {}, geometry["coordinates"]


def _topology(document: Mapping[str, Any]) -> Iterator[Feature]:
    arcs = _arcs(document)
    for layer in document["objects"].values():
        waiting = [layer]
        while waiting:
            geometry = waiting.pop(0)
            kind = geometry.get("type")
            if kind == "GeometryCollection":
                waiting = [*geometry["geometries"], *waiting]
            elif kind == "Polygon":
                yield geometry.get("properties") or {}, [_rings(geometry["arcs"], arcs)]
            elif kind == "MultiPolygon":
                yield geometry.get("properties") or {}, [_rings(rings, arcs) for rings in geometry["arcs"]]


def _arcs(document: Mapping[str, Any]) -> list[list[Position]]:
    """Arcs in degrees: with a transform they are quantised steps from point to point, without one plain positions."""
    transform = document.get("transform")
    if transform is None:
        return [[(float(p[0]), float(p[1])) for p in arc] for arc in document["arcs"]]
    (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
    decoded: list[list[Position]] = []
    for arc in document["arcs"]:
        x = y = 0
        line: list[Position] = []
        for step in arc:
            x, y = x + step[0], y + step[1]
            line.append((x * scale_x + move_x, y * scale_y + move_y))
        decoded.append(line)
    return decoded


def _rings(rings: Sequence[Sequence[int]], arcs: Sequence[Sequence[Position]]) -> list[list[Position]]:
    """Rings of numbered arcs; ~n is arc n backwards; the last point of an arc is the first of the next."""
    found: list[list[Position]] = []
    for numbers in rings:
        line: list[Position] = []
        for number in numbers:
            arc = arcs[number] if number >= 0 else arcs[~number][::-1]
            line += arc[1:] if line else arc
        found.append(line)
    return found


def _add(file: BoundaryFile, properties: Mapping[str, Any], polygons: Polygons) -> None:
    given, prefecture = properties.get("N03_007"), str(properties.get("N03_001") or "")
    nobody = "所属未定" in str(properties.get("N03_004") or "")
    code = None
    if given not in {None, ""}:
        try:
            parsed = parse_area_code(str(given))
        except WrongCheckDigit:
            parsed = None
        # 所属未定地 carries the prefecture's number and 000 in N03: it must not be taken for the prefecture
        nobody = nobody or (str(given).endswith("000") and bool(properties.get("N03_004")))
        code = parsed.code if parsed else str(given)[:12]
    if nobody:
        file.unassigned += 1
        return
    rings = [ring for polygon in polygons for ring in _plane(polygon)]
    if not rings:
        return
    if code is not None:
        file.by_code[code] += rings
    elif prefecture and not properties.get("N03_004"):
        file.by_prefecture[prefecture] += rings
    else:
        file.unassigned += 1


def _plane(polygon: Sequence[Sequence[Position]]) -> Iterator[Ring]:
    for index, positions in enumerate(polygon):
        points = []
        for position in positions:
            longitude, latitude = float(position[0]), float(position[1])
            if not (_LONGITUDES[0] <= longitude <= _LONGITUDES[1] and _LATITUDES[0] <= latitude <= _LATITUDES[1]):
                raise _NotJapan
            points.append(project(longitude, latitude, GRID))
        ring = tidy(points, hole=index > 0)
        if ring is not None:
            yield ring

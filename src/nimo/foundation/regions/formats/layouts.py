"""From stored outlines to a picture: what fits on it, where it stands, how large."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot

from nimo.foundation.regions.formats.outlines import Box, path_d

WIDTH = 1000
OKINAWA = "47000"
SEA_SHARE = 0.15
"""Islands further from the main islands than this share of the country's extent are not drawn on the map of Japan."""

Rings = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Picture:
    """Path data by code in the coordinates of `view_box`; `note` says what was moved or left out."""

    view_box: str
    paths: dict[str, str]
    note: str = ""


def _box(ring: Sequence[int]) -> Box:
    return min(ring[::2]), min(ring[1::2]), max(ring[::2]), max(ring[1::2])


def _around(boxes: Sequence[Box]) -> Box:
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def _view_box(box: Box, scale: float) -> str:
    return f"0 0 {WIDTH} {max(1, round((box[3] - box[1]) * scale))}"


def far_away(centres: Mapping[str, tuple[int, int]]) -> frozenset[str]:
    """Codes of regions so far from the others that a map holding them would show nothing else (小笠原村 in 東京都).

    centres: {code: (x, y)}. Far is three times the distance within which four fifths of them lie.
    """
    if len(centres) < 5:
        return frozenset()
    xs, ys = sorted(x for x, _ in centres.values()), sorted(y for _, y in centres.values())
    middle_x, middle_y = xs[len(xs) // 2], ys[len(ys) // 2]
    distances = {code: hypot(x - middle_x, y - middle_y) for code, (x, y) in centres.items()}
    usual = sorted(distances.values())[len(distances) * 4 // 5]
    return frozenset(code for code, distance in distances.items() if distance > 3 * usual)


def regional(rings: Mapping[str, Rings]) -> Picture:
    """The municipalities of a prefecture. Those far out at sea are left out, so that the others can be seen."""
    boxes = {code: _around([_box(ring) for ring in outline]) for code, outline in rings.items()}
    far = far_away({code: ((box[0] + box[2]) // 2, (box[1] + box[3]) // 2) for code, box in boxes.items()})
    frame = _around([box for code, box in boxes.items() if code not in far])
    scale = WIDTH / max(1, frame[2] - frame[0])
    paths = {
        code: path_d(outline, left=frame[0], top=frame[1], scale=scale)
        for code, outline in rings.items()
        if code not in far
    }
    return Picture(_view_box(frame, scale), paths)


def national(rings: Mapping[str, Rings]) -> Picture:
    """Japan: 沖縄県 moved into the empty corner north-west of 本州, as Japanese maps do; distant islands left out."""
    main = {code: outline for code, outline in rings.items() if code != OKINAWA or len(rings) == 1}
    largest = {
        code: max((_box(r) for r in outline), key=lambda b: (b[2] - b[0]) * (b[3] - b[1]))
        for code, outline in main.items()
    }
    left, top, right, bottom = _around(list(largest.values()))
    margin_x, margin_y = round((right - left) * SEA_SHARE), round((bottom - top) * SEA_SHARE)
    near: dict[str, list[Sequence[int]]] = {}
    dropped = False
    for code, outline in main.items():
        near[code] = [
            ring
            for ring in outline
            if _meets(_box(ring), (left - margin_x, top - margin_y, right + margin_x, bottom + margin_y))
        ]
        dropped = dropped or len(near[code]) < len(outline)
    frame = _around([_box(ring) for outline in near.values() for ring in outline])
    scale = WIDTH / max(1, frame[2] - frame[0])
    paths = {code: path_d(outline, left=frame[0], top=frame[1], scale=scale) for code, outline in near.items()}
    notes = ["遠くの島の一部は描いていません。"] if dropped else []
    if OKINAWA in rings and OKINAWA not in main:
        own = _around([_box(ring) for ring in rings[OKINAWA]])
        paths[OKINAWA] = path_d(rings[OKINAWA], left=own[0], top=own[1], scale=scale)
        notes.append("沖縄県は左上に移して描いています。")
    return Picture(_view_box(frame, scale), paths, "".join(notes))


def _meets(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and one[2] >= other[0] and one[1] <= other[3] and one[3] >= other[1]

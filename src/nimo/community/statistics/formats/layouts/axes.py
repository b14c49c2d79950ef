"""What a heading may say: the ways a table of the 630 survey is broken down, known by their words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nimo.community.statistics.formats.layouts.headings import Headed, Word
from nimo.community.statistics.formats.loading.refusals import UNCHANGED, UnableToReadTable

TOTAL_WORDS = frozenset({"計", "合計", "総数", "総計", "全体", "小計", "男女計", "年齢計", "全年齢"})
_REST = re.compile(r"(その他|不明|不詳|無回答)([・、の及].*)?")
_NEUTRAL = re.compile(
    r"(在院|入院)?(中の)?(患者|者)?(数|の状況)?(\(人\)|人|\[人\])?|都道府県(名|別)?|県名|単位:?人|コード|番号|No\.?",
    re.IGNORECASE,
)
_MONTH = "[かヶカケヵ]?月"


@dataclass(frozen=True, slots=True)
class Axis:
    """name: as it stands in 内訳. label_of: heading → the label kept; None: this heading is no word of the axis."""

    name: str
    labels: tuple[tuple[str, str], ...]
    """(pattern of a whole heading, label); an empty label keeps the heading's own words."""

    def label_of(self, heading: str) -> str | None:
        for pattern, label in self.labels:
            if re.fullmatch(pattern, heading):
                return label or heading
        return None


STAY = Axis(
    "在院期間",
    (
        (rf"(入院|在院)?(期間)?3{_MONTH}(未満|以内)", "3か月未満"),
        (rf"(入院|在院)?(期間)?3{_MONTH}(以上|[~〜～\-])?(1年|12{_MONTH})(未満)?", "3か月以上1年未満"),
        (rf"(入院|在院)?(期間)?(1年|12{_MONTH})以上", "1年以上"),
    ),
)
PLACE = Axis(
    "基準",
    (
        (r"(患者|患者の)?(住所地|現住所)(別|ベース)?", "住所地"),
        (r"(施設|病院|医療機関)?の?所在地(別|ベース)?", "所在地"),
    ),
)
AGE_OF_TWO = Axis(
    "年齢", ((r"(満)?65歳未満|(0)?[~〜～\-]64歳", "65歳未満"), (r"(満)?65歳以上|65歳[~〜～\-]", "65歳以上"))
)
AGE = Axis("年齢", ((r"(満)?[0-9]+歳?(未満|以上|以下|[~〜～\-]).*", ""),))
FORM = Axis(
    "入院形態", ((r"(緊急)?措置(入院)?.*|医療保護(入院)?|応急(入院)?|任意(入院)?|鑑定(入院)?|医療観察法.*", ""),)
)
OPENNESS = Axis("開放区分", ((r".*(開放|閉鎖).*|上記以外.*", ""),))
SEX = Axis("性別", ((r"男(性)?", "男"), (r"女(性)?", "女")))
DISEASE = Axis("主診断", ((r"F[0-9].*|G40.*|.*\(F[0-9].*\)|.*\(G40.*\)|てんかん.*", ""),))
TERM = Axis("在院期間", ((rf".*[0-9]+(日|週間?|{_MONTH}|年)(未満|以上|以内|[~〜～\-]).*", ""),))


def refuse(headed: Headed, word: Word, why: str) -> UnableToReadTable:
    """A refusal that names the cell of a heading."""
    place = headed.grid.place(word.row, word.column)
    text = word.text.replace("\n", "")
    return UnableToReadTable("heading", f"{place}の見出し「{text}」{why}{UNCHANGED}", (place,))


def _axis_of_row(words: Sequence[Word], axes: Sequence[Axis]) -> Axis | None:
    """The axis most headings of a row speak of; a row of nothing but その他 and 計 belongs to none."""
    found = Counter(axis.name for word in set(words) for axis in axes if axis.label_of(word.plain) is not None)
    best = found.most_common(1)
    return next((axis for axis in axes if best and axis.name == best[0][0]), None)


def axes_of_columns(
    headed: Headed, axes: Sequence[Axis], columns: Sequence[int]
) -> dict[int, tuple[Mapping[str, str], tuple[Word, ...]]]:
    """column → (axis → label, "" the total) for the columns of figures. A heading of no known word is refused.

    Raises UnableToReadTable naming the cell: a heading nobody foresaw, two of one axis over one column, none at all.
    """
    rows: dict[int, list[Word]] = {}
    for column in columns:
        for word in headed.paths.get(column, ()):
            rows.setdefault(word.row, []).append(word)
    axis_of_row = {row: _axis_of_row(words, axes) for row, words in rows.items()}
    found: dict[int, tuple[Mapping[str, str], tuple[Word, ...]]] = {}
    for column in columns:
        path = headed.paths.get(column, ())
        labels: dict[str, str] = {}
        for word in path:
            axis, label = _label(word, axes, axis_of_row.get(word.row))
            if label is None:
                if _NEUTRAL.fullmatch(word.plain):
                    continue
                raise refuse(
                    headed,
                    word,
                    "は、この表の見出しとして分かりません。ほかの年の様式か、列がずれている可能性があります。",
                )
            if axis is None:
                continue
            if labels.get(axis.name, label) != label:
                raise refuse(headed, word, f"は、同じ列の上の見出しの「{labels[axis.name]}」と食い違っています。")
            labels[axis.name] = label
        if not path:
            place = headed.grid.place(headed.first, column)
            raise UnableToReadTable(
                "heading", f"{place}に値がありますが、上に見出しがありません。{UNCHANGED}", (place,)
            )
        found[column] = (labels, path)
    return found


def _label(word: Word, axes: Sequence[Axis], row_axis: Axis | None) -> tuple[Axis | None, str | None]:
    for axis in axes:
        label = axis.label_of(word.plain)
        if label is not None:
            return axis, label
    if word.plain in TOTAL_WORDS:
        return row_axis, ""
    if row_axis is not None and _REST.fullmatch(word.plain):
        return row_axis, word.plain
    return None, None

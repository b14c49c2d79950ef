"""Which column of a hospital's file is which field: proposed from the headings, corrected by hand, remembered as JSON."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nimo.analysis.reading.cells import BLANKS
from nimo.analysis.spells.contract import CODE_LISTS, COLUMNS, LABELS, PERSON
from nimo.core.text import fold

FORMAT, VERSION = "nimo.analysis.mapping", 1
FIELDS: tuple[str, ...] = tuple(column.name for column in COLUMNS if column.name != "row")
AREA_FIELDS = ("municipality", "hospital_municipality")
VALUE_FIELDS = (*CODE_LISTS, *AREA_FIELDS)

_HEADINGS: Mapping[str, Sequence[str]] = {
    PERSON: (
        "患者ID",
        "患者番号",
        "患者コード",
        "カルテ番号",
        "診療録番号",
        "仮名ID",
        "整理番号",
        "匿名ID",
        "研究用ID",
    ),
    "municipality": ("住所地", "住所地コード", "住所地市町村コード", "市区町村コード", "住所コード", "居住地コード"),
    "hospital": ("病院", "病院コード", "医療機関コード", "医療機関番号", "病院名", "医療機関名"),
    "hospital_municipality": ("病院所在地", "病院の所在地", "病院所在地コード", "医療機関所在地コード", "施設所在地"),
    "admitted_on": ("入院日", "入院年月日", "入棟日"),
    "discharged_on": ("退院日", "退院年月日", "退棟日"),
    "admission_type": ("入院形態", "入院形態区分"),
    "diagnosis_group": ("診断", "主診断", "主病名コード", "ICD10", "ICD-10", "ICD10コード", "診断コード", "診断区分"),
    "birth_date": ("生年月日",),
    "birth_year": ("生年", "出生年"),
    "outcome": ("退院先", "退院後の行き先", "退院時転帰", "転帰", "退院後転帰", "行き先"),
    "bed": ("病床", "病床種別", "病床区分", "病床の種類"),
}
_FIELD_OF = {fold(heading): name for name in FIELDS for heading in (name, LABELS[name], *_HEADINGS.get(name, ()))}
# マイナンバーと被保険者番号: 使う根拠がなく、読み取らない。
_FORBIDDEN = tuple(fold(text) for text in ("個人番号", "マイナンバー", "被保険者番号", "被保険者証番号", "保険証番号"))


class MappingError(ValueError):
    """The mapping cannot be used for this file; the message (Japanese) names headings and fields, never values."""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """columns: field → heading. constants: field → code for every row (a hospital's own file has no hospital column).

    values: field → {text in the file: code}, beside the texts nimo knows. blanks: texts that mean "nothing".
    encoding, sheet: None to find out.
    """

    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    blanks: tuple[str, ...] = BLANKS
    encoding: str | None = None
    sheet: str | None = None
    name: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """Required fields that have neither column nor constant."""
        given = {*self.columns, *self.constants}
        return tuple(column.name for column in COLUMNS if column.required and column.name not in {*given, "row"})

    @property
    def fingerprint(self) -> str:
        """The same for equal mappings, for the lineage of results."""
        return hashlib.sha256(json.dumps(self.to_data(), ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def fits(self, headings: Sequence[str]) -> bool:
        """True when a file with these headings can be read by this mapping."""
        there = {fold(heading) for heading in headings}
        return not self.missing and all(fold(heading) in there for heading in self.columns.values())

    def to_data(self) -> dict[str, Any]:
        """Plain data (JSON) that `mapping_from_data` reads again."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "name": self.name,
            "columns": dict(self.columns),
            "constants": dict(self.constants),
            "values": {name: dict(values) for name, values in self.values.items()},
            "blanks": list(self.blanks),
            "encoding": self.encoding,
            "sheet": self.sheet,
        }


def mapping_from_data(data: Mapping[str, Any]) -> ColumnMapping:
    """Read a mapping from plain data. MappingError names what cannot be used. Empty columns and values are skipped."""
    if data.get("format") != FORMAT or data.get("version") != VERSION:
        raise MappingError("列の対応のファイルではないか、版が違います。")
    columns = {name: heading for name, heading in data.get("columns", {}).items() if heading}
    constants = {name: str(value) for name, value in data.get("constants", {}).items() if value}
    values = {
        name: {text: code for text, code in listed.items() if code} for name, listed in data.get("values", {}).items()
    }
    for name in (*columns, *constants):
        if name not in FIELDS:
            raise MappingError(f"列の対応にある「{name}」という項目はありません。使えるもの: {'、'.join(FIELDS)}。")
    if both := sorted(columns.keys() & constants.keys()):
        raise MappingError(f"「{LABELS[both[0]]}」に、列と固定の値の両方があります。どちらかにしてください。")
    for heading in columns.values():
        if is_forbidden(heading):
            raise MappingError(f"「{heading}」の列は使えません。患者番号などの別の番号を使ってください。")
    for name, listed in values.items():
        if name not in VALUE_FIELDS:
            raise MappingError(
                f"値の対応にある「{name}」という項目はありません。使えるもの: {'、'.join(VALUE_FIELDS)}。"
            )
        wrong = [code for code in listed.values() if name in CODE_LISTS and code not in CODE_LISTS[name]]
        if wrong:
            raise MappingError(
                f"「{LABELS[name]}」の区分「{wrong[0]}」はありません。使えるもの: {'、'.join(CODE_LISTS[name])}。"
            )
    return ColumnMapping(
        columns=columns,
        constants=constants,
        values=values,
        blanks=tuple(data.get("blanks", BLANKS)),
        encoding=data.get("encoding") or None,
        sheet=data.get("sheet") or None,
        name=str(data.get("name", "")),
    )


def load_mapping(path: Path) -> ColumnMapping:
    """A remembered mapping. MappingError when the file is no JSON."""
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise MappingError(f"列の対応のファイル {path.name} を読めません。") from error
    if not isinstance(data, dict):
        raise MappingError("列の対応のファイルではありません。")
    return mapping_from_data(data)


def remember_mapping(
    mapping: ColumnMapping, path: Path, open_values: Mapping[str, Sequence[str]] | None = None
) -> None:
    """Write a mapping for next time; `open_values` are texts still to be given a code (written with an empty one)."""
    data = mapping.to_data()
    for name, texts in (open_values or {}).items():
        listed = data["values"].setdefault(name, {})
        for text in texts:
            listed.setdefault(text, "")
    data["choices"] = {name: dict(CODE_LISTS[name]) for name in CODE_LISTS}
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def is_forbidden(heading: str) -> bool:
    """True for a column that must not be used whatever it is mapped to: マイナンバー, 被保険者番号."""
    folded = fold(heading)
    return any(word in folded for word in _FORBIDDEN)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the headings alone tell. ambiguous: field → headings that could be it; unused: headings nimo does not read."""

    mapping: ColumnMapping
    ambiguous: Mapping[str, tuple[str, ...]]
    unused: tuple[str, ...]
    forbidden: tuple[str, ...]


def propose(headings: Sequence[str]) -> Proposal:
    """A mapping from headings nimo knows. Two headings for one field: neither is taken."""
    found: dict[str, list[str]] = {}
    unused, forbidden = [], []
    for heading in headings:
        if not heading.strip():
            continue
        if is_forbidden(heading):
            forbidden.append(heading)
        elif (name := _FIELD_OF.get(fold(heading))) is not None:
            found.setdefault(name, []).append(heading)
        else:
            unused.append(heading)
    return Proposal(
        mapping=ColumnMapping({name: given[0] for name, given in found.items() if len(given) == 1}),
        ambiguous={name: tuple(given) for name, given in found.items() if len(given) > 1},
        unused=tuple(unused),
        forbidden=tuple(forbidden),
    )


def known_headings(cells: Sequence[str]) -> int:
    """How many cells of a line are headings nimo knows: the heading line is the one with most."""
    return sum(1 for cell in cells if cell.strip() and fold(cell) in _FIELD_OF)

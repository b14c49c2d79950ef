"""The table every statistic is computed from: one row per hospital spell. What the columns mean and may hold.

A spell is one stay in one bed kind of one hospital, from admission to discharge. Person-level spells are personal
data even with pseudonyms: they stay on the machine, or in the folder of the job, that computes from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import ibis.expr.datatypes as dt
import ibis.expr.types as ir
from ibis import null

PERSON = "person_key"
UNKNOWN = "unknown"

# Codes stay within 12 bytes: DuckDB keeps those inside the column, without a second look-up.
ADMISSION_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "order": "措置入院",
        "urgent_order": "緊急措置入院",
        "protection": "医療保護入院",
        "emergency": "応急入院",
        "voluntary": "任意入院",
        "other": "その他",
        UNKNOWN: "不明",
    }
)
DIAGNOSIS_GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "F00-F03": "認知症（F00-F03）",
        "F04-F09": "認知症以外の器質性精神障害（F04-F09）",
        "F0": "器質性精神障害（F00-F09、内訳不明）",
        "F1": "精神作用物質使用による障害（F10-F19）",
        "F2": "統合失調症など（F20-F29）",
        "F3": "気分障害（F30-F39）",
        "F4": "神経症性障害など（F40-F48）",
        "F5": "生理的障害などに関連した行動症候群（F50-F59）",
        "F6": "成人の人格・行動の障害（F60-F69）",
        "F7": "知的障害（F70-F79）",
        "F8": "心理的発達の障害（F80-F89）",
        "F9": "小児期・青年期の行動・情緒の障害など（F90-F99）",
        "G40": "てんかん（G40）",
        "other": "その他",
        UNKNOWN: "不明",
    }
)
OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "home": "家庭復帰など",
        "group_home": "グループホーム・障害福祉施設など",
        "elderly_care": "高齢者福祉施設など",
        "transfer": "転院・転棟",
        "death": "死亡",
        "other": "その他",
        UNKNOWN: "不明",
    }
)
BEDS: Mapping[str, str] = MappingProxyType({"psychiatric": "精神病床", "other": "精神病床以外"})
DEMENTIA = "F00-F03"
TRANSFER, DEATH = "transfer", "death"
PSYCHIATRIC = "psychiatric"

CODE_LISTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "admission_type": ADMISSION_TYPES,
        "diagnosis_group": DIAGNOSIS_GROUPS,
        "outcome": OUTCOMES,
        "bed": BEDS,
    }
)


class ContractError(ValueError):
    """The table is not a table of spells; the message (Japanese) names the columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """type: "int64", "date", "int32", "string" or "key" (any type that compares: a pseudonym)."""

    name: str
    type: str
    required: bool
    label: str
    meaning: str


COLUMNS: tuple[Column, ...] = (
    Column("row", "int64", True, "行番号", "元のファイルの行番号（見出しを1行目と数える）。同じ値は二度現れない。"),
    Column(PERSON, "key", True, "人の仮名", "同じ人に同じ値。患者番号そのものは使わない（読み取るときに置き換わる）。"),
    Column("municipality", "string", False, "住所地", "入院したときの住所地の5桁の市区町村コード。空は不明。"),
    Column("hospital", "string", True, "病院", "病院を見分ける記号。"),
    Column("hospital_municipality", "string", False, "病院の所在地", "5桁の市区町村コード。空なら病院の一覧から補う。"),
    Column("admitted_on", "date", True, "入院日", "その病床に入った日。"),
    Column("discharged_on", "date", False, "退院日", "その病床を出た日。空は、まだ入院中。"),
    Column("admission_type", "string", False, "入院形態", "入院時の形態。"),
    Column("diagnosis_group", "string", False, "診断の区分", "主な診断の ICD-10 の区分。"),
    Column("birth_date", "date", False, "生年月日", "生年月日か生年のどちらか。どちらもなければ年齢不明。"),
    Column("birth_year", "int32", False, "生年", "西暦4桁。生年月日があればそちらを使う。"),
    Column("outcome", "string", False, "退院後の行き先", "退院していなければ空。"),
    Column("bed", "string", False, "病床の種類", "空なら精神病床。"),
)
NAMES: tuple[str, ...] = tuple(column.name for column in COLUMNS)
LABELS: Mapping[str, str] = MappingProxyType({column.name: column.label for column in COLUMNS})
_TYPES = {"int64": dt.int64, "int32": dt.int32, "date": dt.date, "string": dt.string}


def is_contract(schema: Mapping[str, dt.DataType]) -> bool:
    """True when a table with this schema can be used as it is: required columns there, every known column of its type."""
    for column in COLUMNS:
        found = schema.get(column.name)
        if found is None:
            if column.required:
                return False
        elif not _fits(found, column.type):
            return False
    return True


def _fits(found: dt.DataType, wanted: str) -> bool:
    if wanted == "key":
        return bool(found.is_string() or found.is_integer())
    if wanted in ("int64", "int32"):
        return bool(found.is_integer())
    return bool(found.is_date() if wanted == "date" else found.is_string())


def conform(table: ir.Table) -> ir.Table:
    """The columns of the contract in their order and types; optional ones that are missing become empty, `bed` psychiatric.

    ContractError names required columns that are missing and columns of another type. Values are not looked at.
    """
    schema = table.schema()
    missing = [column.label for column in COLUMNS if column.required and column.name not in schema]
    if missing:
        raise ContractError(f"入退院の表に必要な列がありません: {'、'.join(missing)}。計算は始めていません。")
    wrong = [c.label for c in COLUMNS if c.name in schema and not _fits(schema[c.name], c.type)]
    if wrong:
        raise ContractError(f"入退院の表の列の型が違います: {'、'.join(wrong)}。計算は始めていません。")
    taken = {}
    for column in COLUMNS:
        if column.name not in schema:
            taken[column.name] = null(_TYPES[column.type])
        elif column.type == "key" or schema[column.name] == _TYPES[column.type]:
            taken[column.name] = table[column.name]
        else:
            taken[column.name] = table[column.name].cast(_TYPES[column.type])
    taken["bed"] = taken["bed"].fill_null(PSYCHIATRIC)
    return table.select(**taken)

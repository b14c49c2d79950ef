"""What is doubtful about a figure, cell by cell. The kinds and their thresholds are data; nothing here touches a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

STOP, CHECK = "stop", "check"


@dataclass(frozen=True, slots=True)
class Kind:
    """severity: STOP holds the row back until it is corrected, CHECK asks a person. action: what to do (Japanese)."""

    code: str
    label: str
    severity: str
    action: str


KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("unreadable", "数として読めない", STOP, "正しい数に直すか、記録しないを選んでください。"),
        Kind("no_result", "計算式の結果がない", STOP, "Excelで開いて保存し直すか、正しい数に直してください。"),
        Kind("negative", "負の数", STOP, "正しい数に直すか、記録しないを選んでください。"),
        Kind("over_100", "100%を超えている", STOP, "正しい割合に直してください。"),
        Kind(
            "over_whole", "分子が分母より大きい", STOP, "分子か分母を確かめ、値を直すか、記録しないを選んでください。"
        ),
        Kind(
            "half_parts", "分子と分母の一方だけ", CHECK, "このまま進めると、分子・分母は記録せず、値だけを記録します。"
        ),
        Kind("other_parts", "割合が分子÷分母と合わない", CHECK, "値と分子・分母のどちらが正しいか確かめてください。"),
        Kind("unknown_region", "地域が分からない", STOP, "下の「地域を選ぶ」で、どの地域か選んでください。"),
        Kind("unknown_indicator", "指標が分からない", STOP, "列の意味を選び直すか、記録しないを選んでください。"),
        Kind("wrong_basis", "この指標に使えない基準", STOP, "基準を選び直すか、記録しないを選んでください。"),
        Kind("no_year", "時点が分からない", STOP, "時点を選んで読み直してください。"),
        Kind("wrong_year", "年度がほかと違う", CHECK, "年度が正しければこのままで、違えば記録しないを選んでください。"),
        Kind("unit", "単位が違う", STOP, "単位をそろえた数に直すか、記録しないを選んでください。"),
        Kind("fraction", "人数や件数なのに小数", CHECK, "正しい数か、桁の読み違いがないか確かめてください。"),
        Kind("small_rate", "割合が小数で書かれている疑い", CHECK, "0.129 が 12.9% の意味なら、値を直してください。"),
        Kind("counter", "数に言葉が付いている", CHECK, "数だけを記録します。よければこのままでを選んでください。"),
        Kind("repeated", "同じ値が二度ある", STOP, "どちらか一方に「記録しない」を選んでください。"),
        Kind("sum", "内訳の合計が合わない", CHECK, "内訳と合計のどちらが正しいか、元の資料で確かめてください。"),
        Kind(
            "regions_sum",
            "都道府県の合計が全国と合わない",
            CHECK,
            "住所不明などの差かどうか、元の資料で確かめてください。",
        ),
        Kind("jump", "前の年から大きく変わった", CHECK, "桁や列のずれがないか、元の資料で確かめてください。"),
        Kind(
            "outlier", "似た地域の中で目立って離れている", CHECK, "桁や列のずれがないか、元の資料で確かめてください。"
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a figure is doubtful. A jump must be large both in proportion and in size, so that 2 → 4 is none."""

    jump_share: Decimal = Decimal("0.5")
    jump_size: Decimal = Decimal(30)
    jump_points: Decimal = Decimal(15)
    """For rates (percentage points) and mean days."""
    outlier_score: float = 6.0
    """Distance from the median in units of the median absolute deviation (times 0.6745)."""
    outlier_members: int = 8
    rate_tolerance: Decimal = Decimal("0.15")
    """Percentage points between a printed rate and its numerator over its denominator (rounding)."""
    sum_tolerance: Decimal = Decimal("0.05")
    """For means (一日平均), whose parts are rounded one by one; counts must agree exactly. Times the number of parts."""


DEFAULT = Thresholds()


@dataclass(frozen=True, slots=True)
class Finding:
    """code: one of KINDS. message: what is the matter, with the figures and the cells concerned."""

    code: str
    message: str

    @property
    def kind(self) -> Kind:
        return KINDS[self.code]

    @property
    def severity(self) -> str:
        return self.kind.severity

    def to_json(self) -> dict[str, str]:
        return {"code": self.code, "message": self.message}

from __future__ import annotations

from django.db.models import TextChoices


class RegionKind(TextChoices):
    """Kinds of region. The five area kinds are different things: 神奈川県 has 5 of one and 11 of another."""

    NATION = "nation", "全国"
    PREFECTURE = "prefecture", "都道府県"
    WELFARE_AREA = "welfare_area", "障害保健福祉圏域"
    HEALTH_CENTRE_AREA = "health_centre_area", "保健所管内"
    MEDICAL_AREA = "medical_area", "二次医療圏"
    LIVING_AREA = "living_area", "日常生活圏域"
    DESIGNATED_CITY = "designated_city", "指定都市"
    CITY = "city", "市"
    SPECIAL_WARD = "special_ward", "特別区"
    TOWN = "town", "町"
    VILLAGE = "village", "村"
    WARD = "ward", "行政区"


MUNICIPALITY_KINDS = frozenset(
    {RegionKind.DESIGNATED_CITY, RegionKind.CITY, RegionKind.SPECIAL_WARD, RegionKind.TOWN, RegionKind.VILLAGE}
)
AREA_KINDS = frozenset(
    {RegionKind.WELFARE_AREA, RegionKind.HEALTH_CENTRE_AREA, RegionKind.MEDICAL_AREA, RegionKind.LIVING_AREA}
)
NATION_CODE = "00000"


class ChangeKind(TextChoices):
    """How areas change. A rename keeps the area, with its code or under a new one (市制施行)."""

    MERGER = "merger", "合併"
    SPLIT = "split", "分割"
    REORGANISATION = "reorganisation", "再編（分割と合併が同時のもの）"
    RENAME = "rename", "名称・コードの変更"
    MOVE = "move", "圏域などの所属替え"


class ChangeState(TextChoices):
    RECORDED = "recorded", "有効"
    CANCELLED = "cancelled", "取消し"

"""Tables of the region screens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.urls import reverse

from nimo.core.codes import check_digit
from nimo.core.eras import to_wareki
from nimo.core.fiscal import FiscalYear
from nimo.foundation.regions.choices import AREA_KINDS, MUNICIPALITY_KINDS, ChangeKind, RegionKind
from nimo.foundation.regions.queries import places
from nimo.foundation.regions.rules.carrying import WORDS, Carried
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.tables import Cell, Column, Table

PREFECTURE_AREAS = (RegionKind.WELFARE_AREA, RegionKind.HEALTH_CENTRE_AREA, RegionKind.MEDICAL_AREA)
PURPOSES = {
    RegionKind.WELFARE_AREA: "障害福祉計画で、都道府県が市町村をまとめて定める区域です（障害者総合支援法第89条）。",
    RegionKind.HEALTH_CENTRE_AREA: "保健所が受け持つ区域です（地域保健法第5条）。障害保健福祉圏域とは別のものです。",
    RegionKind.MEDICAL_AREA: "医療計画で、入院医療を一体として整える区域です（医療法第30条の4）。",
    RegionKind.LIVING_AREA: "介護保険事業計画で、市町村が住民の生活の範囲として定める区域です（介護保険法第117条）。",
}


CHANGE_LEADS = {
    ChangeKind.MERGER: "2つ以上の地域が1つになったことを記録します（新設合併、編入合併、圏域の統合）。",
    ChangeKind.SPLIT: "1つの地域が分かれたことを記録します。分かれる前の数値は、公表された人口の割合があるときだけ、人口を分けられます。",
    ChangeKind.REORGANISATION: "分割と合併が同時に起きたことを記録します（行政区の再編、市町村の境界の変更）。",
    ChangeKind.RENAME: "名称だけが変わったこと、または市制施行などでコードが変わったことを記録します。区域が同じなら、数値はそのまま続きます。",
    ChangeKind.MOVE: "市区町村が、ある圏域や保健所管内から別のところに移ったことを記録します。移った年度からの所属も書きかえます。",
}


def full_code(code: str) -> str:
    """The code with its check digit, as official lists write it; areas keep their own."""
    return f"{code}{check_digit(code)}" if code.isdigit() and len(code) == 5 else code


def href(code: str) -> str:
    return reverse("regions:region_detail", args=[code])


def prefectures_table(regions: Sequence[places.Region]) -> Table:
    """The prefectures somebody manages, with how many regions of each kind they hold."""
    counts = places.counts_by_prefecture([one.code for one in regions])
    columns = [
        Column("code", "コード"),
        Column("name", "都道府県", is_row_header=True),
        Column("municipalities", "市区町村", align="end"),
        *(Column(kind.value, kind.label, align="end") for kind in PREFECTURE_AREAS),
    ]
    rows = []
    for one in regions:
        own = counts.get(one.code, {})
        row: dict[str, Cell | str | int | None] = {
            "code": full_code(one.code),
            "name": Cell(one.name, href=href(one.code), sort_key=one.code),
            "municipalities": sum(own.get(kind, 0) for kind in MUNICIPALITY_KINDS),
        }
        row |= {kind.value: own[kind] if kind in own else Cell("未登録") for kind in PREFECTURE_AREAS}
        rows.append(row)
    empty = EmptyState(
        title="まだ地域が登録されていません",
        body="都道府県と市区町村の一覧は nimo に入っています。システム管理者が nimo data regions を行うと使えます。",
    )
    return Table(id="prefectures", caption="都道府県", columns=columns, rows=rows, empty=empty)


def found_table(regions: Sequence[places.Region]) -> Table:
    """What a search found."""
    return Table(
        id="found",
        caption="見つかった地域",
        columns=[
            Column("code", "コード"),
            Column("name", "名称", is_row_header=True),
            Column("kana", "よみ"),
            Column("kind", "区分"),
            Column("prefecture", "都道府県"),
        ],
        rows=[
            {
                "code": full_code(one.code),
                "name": Cell(one.name, href=href(one.code)),
                "kana": one.kana,
                "kind": RegionKind(one.kind).label,
                "prefecture": one.prefecture.name if one.prefecture else None,
            }
            for one in regions
        ],
        empty=EmptyState(
            title="見つかりませんでした",
            body="名称・よみ・コードの一部で探せます。コードは 5 けたか、検査数字を付けた 6 けたで入力してください。",
        ),
    )


def municipalities_table(
    regions: Sequence[places.Region], memberships: Iterable[places.RegionMembership], fiscal_year: FiscalYear
) -> Table:
    """Municipalities of a prefecture, and which area of each kind they belong to."""
    areas: dict[tuple[str, str], list[places.Region]] = defaultdict(list)
    for row in memberships:
        areas[row.child_id, row.parent.kind].append(row.parent)
        if row.child.city_id:  # a city divided by wards belongs to the areas of its wards
            shared = areas[row.child.city_id, row.parent.kind]
            shared += [row.parent] if row.parent not in shared else []
    return Table(
        id="municipalities",
        caption=f"市区町村と、{fiscal_year.label}に属する圏域",
        columns=[
            Column("code", "コード"),
            Column("name", "名称", is_row_header=True),
            Column("kana", "よみ"),
            *(Column(kind.value, kind.label) for kind in PREFECTURE_AREAS),
        ],
        rows=[
            {
                "code": full_code(one.code),
                "name": Cell(one.name, href=href(one.code)),
                "kana": one.kana,
                **{kind.value: _area_cell(areas[one.code, kind]) for kind in PREFECTURE_AREAS},
            }
            for one in regions
        ],
    )


def _area_cell(areas: Sequence[places.Region]) -> Cell | None:
    if not areas:
        return None
    return Cell("・".join(area.name for area in areas), href=href(areas[0].code) if len(areas) == 1 else None)


def areas_table(
    kind: RegionKind,
    areas: Sequence[places.Region],
    memberships: Iterable[places.RegionMembership],
    where: places.Region,
) -> Table:
    """Areas of one kind with how many members they have, and from which year that is."""
    members: dict[str, list[int]] = defaultdict(list)
    for row in memberships:
        members[row.parent_id].append(row.fiscal_year)
    columns = [Column("code", "コード"), Column("name", "名称", is_row_header=True), Column("kana", "よみ")]
    if kind is not RegionKind.LIVING_AREA:
        columns.append(Column("members", "含まれる市区町村", align="end"))
    rows: list[Mapping[str, Cell | str | int | None]] = []
    for area in areas:
        years = members[area.code]
        count = Cell(f"{len(years)}", note=f"{FiscalYear(years[0]).label}の所属") if years else Cell("未登録")
        name = Cell(area.name, href=href(area.code))
        rows.append({"code": area.code, "name": name, "kana": area.kana, "members": count})
    return Table(
        id=f"areas-{kind.value}",
        caption=f"{where.name}の{kind.label}",
        columns=columns,
        rows=rows,
        empty=EmptyState(
            title=f"{kind.label}はまだ登録されていません",
            body="登録すると、含まれる市区町村を年度ごとに決められ、圏域ごとの集計と一覧に使われます。",
            action_label="登録する",
            action_href=f"{reverse('regions:area_create', args=[where.code])}?kind={kind.value}",
        ),
    )


def members_table(members: Sequence[places.Region], fiscal_year: FiscalYear) -> Table:
    """The members of an area."""
    return Table(
        id="members",
        caption=f"含まれる市区町村（{fiscal_year.label}）",
        columns=[Column("code", "コード"), Column("name", "名称", is_row_header=True), Column("kana", "よみ")],
        rows=[
            {"code": full_code(one.code), "name": Cell(one.name, href=href(one.code)), "kana": one.kana}
            for one in members
        ],
        empty=EmptyState(
            title="含まれる市区町村がまだ登録されていません",
            body="年度ごとに登録します。一度登録すると、次に登録する年度まで同じ所属として扱います。",
        ),
    )


def carrying_table(
    rows: Iterable[Carried], names: Mapping[str, str], before: FiscalYear, after: FiscalYear, *, id: str, caption: str
) -> Table:
    """What carrying over to a year gives, a municipality a row."""
    tones = {"changed": "info", "gone": "neutral", "new": "info", "open": "warning", "same": "success"}
    return Table(
        id=id,
        caption=caption,
        columns=[
            Column("child", "市区町村", is_row_header=True),
            Column("why", "違い"),
            Column("before", before.label),
            Column("after", after.label),
            Column("note", "わけ"),
        ],
        rows=[
            {
                "child": names.get(row.child, row.child),
                "why": Cell(WORDS[row.why], tone=tones[row.why]),
                "before": names.get(row.before, row.before) if row.before else Cell("なし"),
                "after": names.get(row.after, row.after) if row.after else Cell("なし"),
                "note": row.note or Cell("—"),
            }
            for row in rows
        ],
        empty=EmptyState(title="違いはありません", body=f"{after.label}の所属は、{before.label}と同じになります。"),
    )


def names_table(one: places.Region) -> Table:
    """The names a region bore before."""

    def day(value: object) -> str | None:
        return to_wareki(value) if value is not None else None  # type: ignore[arg-type]

    return Table(
        id="names",
        caption=f"{one.name}の以前の名称",
        columns=[
            Column("name", "名称", is_row_header=True),
            Column("kana", "よみ"),
            Column("valid_from", "始まり"),
            Column("valid_to", "終わり"),
        ],
        rows=[
            {"name": row.name, "kana": row.kana, "valid_from": day(row.valid_from), "valid_to": day(row.valid_to)}
            for row in places.former_names(one)
        ],
    )


def is_area(one: places.Region) -> bool:
    return one.kind in AREA_KINDS

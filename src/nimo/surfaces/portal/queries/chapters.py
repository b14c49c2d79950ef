"""Chapters of a sheet as pieces a page can show: tables, cards, lists; each with the place it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.queries.sheets import Chapter, SheetYear
from nimo.core.fiscal import FiscalYear
from nimo.foundation.ui.components.navigation import TimelineItem
from nimo.foundation.ui.components.tables import Cell, Column, Table

ABSENT = "資料に記載なし"
PROSE = {
    SectionKey.LEAD,
    SectionKey.ACTIVITIES,
    SectionKey.OVERVIEW,
    SectionKey.STRENGTHS,
    SectionKey.OTHER_MATTERS,
}


@dataclass(frozen=True, slots=True)
class Role:
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class ChallengeCard:
    title: str
    policy: str
    roles: list[Role]
    place: str


@dataclass(frozen=True, slots=True)
class CouncilCard:
    name: str
    members: list[str]
    frequency: str
    content: str
    note: str
    place: str


@dataclass(frozen=True, slots=True)
class ChapterView:
    """One chapter ready for a template; only the pieces its kind has are filled."""

    key: str
    label: str
    year_label: str
    href: str
    published: bool
    prose: str = ""
    table: Table | None = None
    tables: list[Table] = field(default_factory=list)
    challenges: list[ChallengeCard] = field(default_factory=list)
    councils: list[CouncilCard] = field(default_factory=list)
    timeline: list[TimelineItem] = field(default_factory=list)
    goals: list[tuple[str, str]] = field(default_factory=list)
    note: str = ""


def sheet_href(region_code: str, fiscal_year: int) -> str:
    return f"/regions/{region_code}/sheets/{fiscal_year}/"


def _quantity(value: Mapping[str, Any] | None, place: str | None, href: str) -> Cell | None:
    """A target or a result as written; what it leaves out stands beside it. Opens the sheet where it stands."""
    raw = (value or {}).get("raw")
    if not raw:
        return None
    notes = [place] if place else []
    coverage = (value or {}).get("coverage")
    if coverage and coverage not in raw:
        notes.insert(0, f"対象: {coverage}")
    return Cell(str(raw).replace("\n", " "), href=href, note="・".join(notes) or None)


def _place(chapter: Chapter, *paths: str) -> str:
    """The place of the first path that has one."""
    return next((chapter.places[path] for path in paths if path in chapter.places), "")


def _results(chapter: Chapter, href: str) -> Table:
    year = FiscalYear(chapter.fiscal_year).previous.label
    rows = [
        {
            "indicator": Cell(row.get("indicator") or ABSENT),
            "target": _quantity(row.get("target"), _place(chapter, f"results.{n}.target"), f"{href}#results"),
            "actual": _quantity(row.get("actual"), _place(chapter, f"results.{n}.actual"), f"{href}#results"),
            "effect": row.get("effect"),
        }
        for n, row in enumerate(chapter.content or [])
    ]
    return Table(
        id=f"results-{chapter.fiscal_year}",
        caption=f"{year}の目標と実績（{FiscalYear(chapter.fiscal_year).label}のシート）",
        columns=[
            Column("indicator", "指標", is_row_header=True),
            Column("target", "目標値（当初）", align="end"),
            Column("actual", "実績値（末）", align="end"),
            Column("effect", "成果・効果"),
        ],
        rows=rows,
    )


def _targets(chapter: Chapter, href: str) -> Table:
    year = FiscalYear(chapter.fiscal_year).label
    rows = [
        {
            "indicator": Cell(row.get("indicator") or ABSENT),
            "current": _quantity(row.get("current"), _place(chapter, f"targets.{n}.current"), f"{href}#targets"),
            "target": _quantity(row.get("target"), _place(chapter, f"targets.{n}.target"), f"{href}#targets"),
            "effect": row.get("expected_effect"),
        }
        for n, row in enumerate(chapter.content or [])
    ]
    return Table(
        id=f"targets-{chapter.fiscal_year}",
        caption=f"{year}の目標",
        columns=[
            Column("indicator", "指標", is_row_header=True),
            Column("current", "現状値", align="end"),
            Column("target", "目標値", align="end"),
            Column("effect", "見込んでいる成果・効果"),
        ],
        rows=rows,
    )


_ROLES = (("government", "行政"), ("medical", "医療"), ("welfare", "福祉"), ("other", "その他関係機関・住民等"))


def _challenges(chapter: Chapter) -> list[ChallengeCard]:
    return [
        ChallengeCard(
            row.get("challenge") or ABSENT,
            row.get("policy") or "",
            [Role(label, (row.get("roles") or {}).get(key) or "記入なし") for key, label in _ROLES],
            _place(chapter, f"challenges.{n}.challenge", f"challenges.{n}.policy"),
        )
        for n, row in enumerate(chapter.content or [])
    ]


def _councils(chapter: Chapter) -> list[CouncilCard]:
    return [
        CouncilCard(
            (row.get("name") or ABSENT),
            row.get("members") or [],
            row.get("frequency") or "",
            row.get("content") or "",
            row.get("note") or "",
            _place(chapter, f"councils.{n}.name"),
        )
        for n, row in enumerate(chapter.content or [])
    ]


def _coordination(chapter: Chapter) -> list[Table]:
    content = chapter.content or {}
    made = []
    if content.get("departments"):
        made.append(
            Table(
                id=f"departments-{chapter.fiscal_year}",
                caption="所管部署と連携部署",
                columns=[
                    Column("owner", "所管部署", is_row_header=True),
                    Column("owner_work", "主な業務"),
                    Column("partner", "連携部署"),
                    Column("partner_work", "連携部署の主な業務"),
                ],
                rows=[
                    {key: row.get(key) for key in ("owner", "owner_work", "partner", "partner_work")}
                    for row in content["departments"]
                ],
            )
        )
    if content.get("sectors"):
        made.append(
            Table(
                id=f"sectors-{chapter.fiscal_year}",
                caption="各部門の連携状況",
                columns=[
                    Column("sector", "部門", is_row_header=True),
                    Column("state", "連携状況"),
                    Column("note", "強み・課題等"),
                ],
                rows=[{key: row.get(key) for key in ("sector", "state", "note")} for row in content["sectors"]],
            )
        )
    return made


def _timeline(rows: list[Mapping[str, Any]]) -> list[TimelineItem]:
    return [
        TimelineItem(
            when=row.get("period") or "時期の記載なし",
            title=(row.get("content") or "").split("\n")[0] or "（内容の記載なし）",
            text="\n".join([*(row.get("content") or "").split("\n")[1:], row.get("actions") or ""]).strip("\n"),
        )
        for row in rows
    ]


def chapter_view(chapter: Chapter, region_code: str) -> ChapterView:
    """The chapter in the form its kind is read in."""
    href = sheet_href(region_code, chapter.fiscal_year)
    parts: dict[str, Any] = {}
    content = chapter.content
    if chapter.key in PROSE:
        parts["prose"] = content or ""
    elif chapter.key is SectionKey.RESULTS:
        parts["table"] = _results(chapter, href)
    elif chapter.key is SectionKey.TARGETS:
        parts["table"] = _targets(chapter, href)
    elif chapter.key is SectionKey.CHALLENGES:
        parts["challenges"] = _challenges(chapter)
    elif chapter.key is SectionKey.COUNCILS:
        parts["councils"] = _councils(chapter)
    elif chapter.key is SectionKey.COORDINATION:
        parts["prose"] = (content or {}).get("system") or ""
        parts["tables"] = _coordination(chapter)
    elif chapter.key is SectionKey.HISTORY:
        parts["timeline"] = [
            TimelineItem(when=row.get("period") or "時期の記載なし", title=row.get("text") or "", text="")
            for row in content or []
        ]
    elif chapter.key is SectionKey.LONG_TERM:
        until = (content or {}).get("until_fiscal_year")
        parts["goals"] = [("長期目標", (content or {}).get("goal") or ABSENT)]
        if until:
            parts["goals"].append(("事業利用予定", f"{FiscalYear(until).label}まで"))
        parts["timeline"] = _timeline((content or {}).get("rows") or [])
    elif chapter.key is SectionKey.SCHEDULE:
        goals = (("短期目標", "short_term_goal"), ("スモールステップ", "small_steps"))
        parts["goals"] = [(label, content[key]) for label, key in goals if (content or {}).get(key)]
        parts["timeline"] = _timeline((content or {}).get("rows") or [])
        if not (content or {}).get("aligned", True):
            parts["note"] = "元の資料では列ごとに書かれており、時期と内容の対応は確かではありません。"
    elif chapter.key is SectionKey.SPECIAL_MATTERS:
        parts["timeline"] = [
            TimelineItem(
                when=row.get("when") or "時期の記載なし", title=row.get("matter") or "", text=row.get("action") or ""
            )
            for row in content or []
        ]
    return ChapterView(
        chapter.key.value,
        chapter.label,
        FiscalYear(chapter.fiscal_year).label,
        f"{href}#{chapter.key.value}",
        chapter.published,
        **parts,
    )


def newest(years: list[SheetYear], key: SectionKey) -> Chapter | None:
    """The chapter of the newest year that has one this reader may see."""
    return next((year.chapters[key.value] for year in years if key.value in year.chapters), None)

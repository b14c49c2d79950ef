"""What the explorer's pages show besides the pictures: the form, the regions meant, how derived values are reckoned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from nimo.community.indicators.models import DerivedIndicator, Observation
from nimo.community.indicators.policies import FigureNotAvailable
from nimo.community.indicators.queries.areas import todays_map
from nimo.community.indicators.queries.catalogue import catalogue, get_derived
from nimo.community.indicators.queries.derived import DerivedSeen, derive, indicator_names, tree, wanted_rows
from nimo.community.indicators.queries.explorer.asking import FIELDS, Asked
from nimo.community.indicators.queries.explorer.gathering import laid
from nimo.community.indicators.queries.explorer.page import ExplorerPage
from nimo.community.indicators.queries.figures import RegionFigure, explore_href, preference
from nimo.community.indicators.queries.reading import Seen, read
from nimo.community.indicators.queries.tables import value_cell
from nimo.community.indicators.rules.expressions import in_words, references
from nimo.community.indicators.rules.words import basis_words
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.models import Region
from nimo.foundation.regions.queries.places import region as find_region
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.figures import Figure
from nimo.foundation.ui.components.lists import Definition
from nimo.foundation.ui.components.navigation import Tab
from nimo.foundation.ui.components.tables import Cell, Column, Table


def _full_name(region: Region) -> str:
    return f"{region.prefecture.name} {region.name}" if region.prefecture else region.name


def form_data(asked: Asked, given: Mapping[str, str]) -> dict[str, str]:
    """What the form shows: what was understood, and the words as they were where they were not."""
    data = {field: entry.code for field, entry in zip(FIELDS, asked.entries, strict=False)}
    data["region"] = _full_name(asked.region) if asked.region else asked.words
    for name, year in (("from", asked.from_year), ("to", asked.to_year)):
        data[name] = FiscalYear(year).label if year is not None else given.get(name, "")
    data["beside"] = "、".join([_full_name(one) for one in asked.beside] + list(asked.not_found))
    return {**data, "basis": asked.basis, "dimension": asked.dimension}


def basis_choices(page: ExplorerPage | None) -> list[tuple[str, str]]:
    asked = page.asked.basis if page else ""
    return [(basis, basis_words(basis)) for basis in sorted({*(page.bases if page else ()), asked} - {""})]


def dimension_choices(page: ExplorerPage | None) -> list[tuple[str, str]]:
    asked = page.asked.dimension if page else ""
    found = sorted({*(page.dimensions if page else ()), asked} - {""})
    return [(dimension, dimension.replace("=", ": ").replace(";", "、")) for dimension in found]


def candidates_table(asked: Asked) -> Table:
    """The regions the words may mean, each asking the same of it."""
    return Table(
        id="candidates",
        caption=f"「{asked.words}」に合う地域",
        columns=[Column("name", "地域", is_row_header=True), Column("kind", "区分"), Column("code", "コード")],
        rows=[
            {
                "name": Cell(
                    _full_name(one),
                    href=asked.href(region_code=one.code),
                ),
                "kind": one.get_kind_display(),
                "code": one.code,
            }
            for one in asked.candidates
        ],
        empty=EmptyState(
            "地域が見つかりませんでした",
            "市町村の名前、よみ、5桁のコードで探せます。何も失われていません。言葉を短くして探し直してください。",
        ),
    )


def features_words(page: ExplorerPage | None) -> str:
    """By what municipalities are called alike."""
    if page is None or page.parameters is None:
        return ""
    return "、".join(feature.label for feature in page.parameters.features)


@dataclass(frozen=True, slots=True)
class DerivedPage:
    entry: DerivedIndicator
    facts: Sequence[Definition]
    operands: Table
    explore_href: str


def derived_page(code: str) -> DerivedPage:
    """How a derived indicator is reckoned. Raises FigureNotAvailable."""
    entry = get_derived(code)
    known = catalogue()
    facts = [
        Definition("定義", entry.definition),
        Definition("式", known.formula(entry)),
        Definition("分子", entry.numerator) if entry.numerator else None,
        Definition("分母", entry.denominator) if entry.denominator else None,
        Definition("単位", entry.unit or "なし"),
        Definition("表示する桁", f"小数点以下{entry.places}桁（四捨五入）" if entry.places else "整数"),
        Definition("望ましい方向", entry.get_direction_display()),
        Definition("根拠", entry.reference),
        Definition("定義の確認状態", entry.get_evidence_display()),
        Definition(
            "値がないとき",
            "もとになる値が一つでもないとき、公表しないとき、時点や数え方が違うときは計算せず、理由を示します。",
        ),
    ]
    operands = [known.entries[one.code] for one in references(tree(entry.expression)) if one.code in known.entries]
    table = Table(
        id="operands",
        caption="もとになる指標",
        columns=[Column("name", "指標", is_row_header=True), Column("unit", "単位")],
        rows=[{"name": Cell(one.name, href=one.href), "unit": one.unit} for one in dict.fromkeys(operands)],
        keep_on_phone=True,
    )
    href = f"{reverse('indicators:explorer')}?indicator={entry.code}"
    return DerivedPage(entry, [fact for fact in facts if fact is not None], table, href)


@dataclass(frozen=True, slots=True)
class DerivedValuePage:
    """One computed figure; others: the same on other ways of counting."""

    entry: DerivedIndicator
    figure: Figure
    facts: Sequence[Definition]
    operands: Table
    others: Sequence[Seen]
    explore_href: str


def derived_value_page(
    actor: Actor, code: str, region_code: str, fiscal_year: int, basis: str, *, today: bool = False
) -> DerivedValuePage:
    """How one figure was reckoned, with its operands; today: from figures on today's map. Raises FigureNotAvailable where
    nothing of it is known."""
    entry = get_derived(code)
    region = find_region(region_code)
    if region is None or not 1868 <= fiscal_year <= 2199:
        raise FigureNotAvailable
    node = tree(entry.expression)
    there = todays_map([region_code], actor.today) if today else None
    rows = Observation.objects.live().filter(
        wanted_rows([node]),
        region_id__in=sorted(there.codes) if there else [region_code],
        fiscal_year__in=[fiscal_year - 1, fiscal_year],
    )
    names = indicator_names(one.code for one in references(node))
    found = derive(entry, laid(read(actor, rows), there), [fiscal_year], names, in_words(node, names))
    if not found:
        raise FigureNotAvailable
    ordered = sorted(found, key=lambda one: (one.basis != basis, preference(one)))
    one, *others = ordered
    operands = one.operands if isinstance(one, DerivedSeen) else ()
    return DerivedValuePage(
        entry=entry,
        figure=RegionFigure(one).as_component,
        facts=_value_facts(entry, one, in_words(node, names)),
        operands=_operands_table(operands),
        others=others,
        explore_href=explore_href(one),
    )


def _value_facts(entry: DerivedIndicator, one: Seen, formula: str) -> list[Definition]:
    facts = [
        Definition("式", formula),
        Definition("分子", f"{one.numerator:,}") if one.numerator is not None else None,
        Definition("分母", f"{one.denominator:,}") if one.denominator is not None else None,
        Definition("注意", one.note) if one.note else None,
        Definition("定義", entry.definition),
        Definition("望ましい方向", entry.get_direction_display()),
        Definition("定義の確認状態", entry.get_evidence_display()),
    ]
    return [fact for fact in facts if fact is not None]


def _operands_table(operands: Sequence[Seen]) -> Table:
    return Table(
        id="operands",
        caption="もとになった値",
        columns=[
            Column("name", "指標", is_row_header=True),
            Column("value", "値", align="end"),
            Column("as_of", "時点"),
            Column("basis", "数え方"),
            Column("source", "出典"),
        ],
        rows=[
            {
                "name": one.name if not one.dimension else f"{one.name}（{one.dimension_text}）",
                "value": value_cell(one),
                "as_of": one.as_of_text,
                "basis": one.basis_text,
                "source": Cell(one.source_title, note=one.evidence_text),
            }
            for one in operands
        ],
        note="値を選ぶと、その値がどこから来たかを確かめられます。",
    )


def map_tabs(page: ExplorerPage | None) -> list[Tab]:
    """当時の区域 / 今の区域, only where areas changed."""
    if page is None or not page.changed:
        return []
    asked = page.asked
    return [
        Tab("当時の区域", asked.href(today=False), not asked.today),
        Tab("今の区域", asked.href(today=True), asked.today),
    ]

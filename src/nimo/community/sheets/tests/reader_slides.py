"""A described sheet as the text of its slides (family A): no tabs, cells cut by their width, pages that begin with a space.

Follows the habits of such texts: the body's name on every page, top or bottom; headings above or below what they
title; cells of a row apart by one space, or one under the other; schedules column after column.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from nimo.community.sheets.formats.loaders.text import blocks_from_text
from nimo.community.sheets.formats.model import SheetReading
from nimo.community.sheets.formats.reader import read_document
from nimo.community.sheets.formats.source import SourceDocument
from nimo.community.sheets.tests.builders.expected import expected
from nimo.community.sheets.tests.builders.facts import Challenge, Facts

SYSTEM = "精神障害にも対応した地域包括ケアシステム"
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
Page = list[str]


@dataclass(frozen=True, slots=True)
class Style:
    """How one text lays its cells out."""

    heading_below: bool = False
    name_below: bool = False
    numbered_pages: bool = False
    inline_rows: bool = True
    labels_apart: bool = False
    swapped_columns: bool = False
    digits: str = "as given"
    cell_width: int = 14
    text_width: int = 24
    blank_lines: int = 1
    spelling: str = SYSTEM
    section_order: tuple[int, ...] = ()


def cut(text: str, width: int) -> list[str]:
    """A cell cut into lines of `width`, as a narrow text box cuts it, in the middle of words."""
    return [text[at : at + width] for at in range(0, len(text), width)]


def read_text(text: str) -> list[SheetReading]:
    return read_document(SourceDocument("シート.txt", "text", blocks_from_text(text)))


def slides(facts: Facts, layout: str, style: Style) -> str:
    """The text of an R1 or R3 sheet."""
    cover = {
        "r1": ["令和元年度 第１回 アドバイザー・都道府県等担当者合同会議「事前課題」シート"],
        "r3": [f"{style.spelling}構築支援事業", "自治体情報シート"],
    }[layout]
    pages = _pages(facts, layout, style)
    if style.section_order:
        pages = [pages[index] for index in style.section_order if index < len(pages)]
    texts = [_page([f"●{facts.prefecture}●", "", *cover, "", *facts.lead], number=1)]
    for number, (title, body) in enumerate(pages, start=2):
        name = [facts.prefecture]
        lines = [*body, "", *title] if style.heading_below else [*title, "", *body]
        lines = [*lines, "", *name] if style.name_below else [*name, "", *lines]
        if style.numbered_pages:
            lines = [*lines, "", str(number)]
        texts.append(_page(lines, number=number))
    text = "\n".join(texts) + "\n"
    if style.digits != "as given":
        text = text.translate(_WIDE if style.digits == "full" else _NARROW)
    return text.replace("\n\n", "\n" + "\n" * style.blank_lines)


def _page(lines: Page, *, number: int) -> str:
    return "\n".join([" " + lines[0], *lines[1:]])


def _pages(facts: Facts, layout: str, style: Style) -> list[tuple[list[str], Page]]:
    subject = style.spelling
    past, now = _years(facts)
    order = ["実績値", "目標値"] if style.swapped_columns else ["目標値", "実績値"]
    edge = {"目標値": "当初", "実績値": "末"}
    first, second = ([name, f"（{past}{edge[name]}）"] for name in order)
    results_head = [f"課題解決の達成度を測る指標 {first[0]}", first[1], "", *second, "", "具体的な成果・効果"]
    target_head = [
        "課題解決の達成度を測る指標 現状値",
        "（今年度当初）",
        "",
        "目標値",
        f"（{now}",
        "",
        "末）",
        "",
        "見込んでいる成果・効果",
    ]
    results = [
        (r.indicator, *((r.actual, r.target) if style.swapped_columns else (r.target, r.actual)), r.effect)
        for r in facts.results
    ]
    targets = [(t.indicator, t.current, t.target, t.effect) for t in facts.targets]
    pages: list[tuple[list[str], Page]] = [
        ([f"１ {facts.prefecture}の基礎情報"], ["取組内容", "", *_bulleted(facts.activities, style)]),
        ([f"2 {subject}の構築に向けた取組概要（全体）"], _bulleted(facts.overview, style)),
        ([f"３ {subject}の構築に向けた取組の経緯"], [f"{period} {text}" for period, text in facts.history]),
        (
            [f"４ {subject}構築に資する取組の成果・効果"],
            [f"＜{past}までの成果・効果＞", "", *results_head, "", *_indicators(results, style)],
        ),
        (
            [f"５ {subject}の構築に向けた現時点における強みと課題"],
            [
                *["【特徴（強み）】", *facts.strengths, ""],
                *["課題 課題解決に向けた取組方針 課題・方針に対する役割（取組）", ""],
                *[line for challenge in facts.challenges for line in _challenge(challenge, style)],
                *target_head,
                "",
                *_indicators(targets, style),
                *["②", "", "③"][: 3 if len(targets) == 1 else 0],
            ],
        ),
        (["６", f"{subject}の構築に向けた", "今年度の取組スケジュール"], _schedule(facts, layout)),
    ]
    if facts.special:
        title = ["７", f"{subject}の構築に向けた", "今年度の特別に考える必要がある事項について"]
        pages.append((title, _special(facts, style)))
    return [(title, body) for title, body in pages if any(body)]


def _years(facts: Facts) -> tuple[str, str]:
    past = facts.fiscal_year - 1
    before = f"平成{past - 1988}年度" if past < 2019 else f"R{past - 2018}年度"
    return before, f"令和{'元' if facts.fiscal_year == 2019 else facts.fiscal_year - 2018}年度"


def _bulleted(lines: tuple[str, ...], style: Style) -> Page:
    return [part for line in lines for part in (*cut(line, style.text_width), "")]


def _indicators(rows: list[tuple[str, ...]], style: Style) -> Page:
    page: Page = []
    for indicator, first, second, effect in rows:
        name, texts = cut(indicator, style.cell_width), cut(effect, style.text_width)
        if not style.inline_rows:
            page += [*name, "", *_figure(first), "", *_figure(second), "", *texts, ""]
        elif len(name) == 1 and "（" not in first + second:
            page += [f"{name[0]} {first} {second} {texts[0] if texts else ''}".rstrip(), *texts[1:], ""]
        else:
            page += [*name, "", *_stacked(first, second, texts), ""]
    return page


def _stacked(first: str, second: str, texts: list[str]) -> Page:
    if "（" in first + second or " " in first:
        return [*_figure(first), "", *_figure(second), "", *texts]
    return [f"{first} {second} {texts[0] if texts else ''}".rstrip(), *texts[1:]]


def _figure(text: str) -> Page:
    """１１か所⏎（政令市を除く）, 検討数44人⏎退院者数14人: the cell's own lines."""
    return text.replace("（", "\n（").replace(" ", "\n").split("\n")


def _challenge(challenge: Challenge, style: Style) -> Page:
    page = [*cut(challenge.challenge, style.cell_width), "", *cut(challenge.policy, style.text_width), ""]
    for label, text in zip(("行政", "医療", "福祉", "その他関係機関・住民等"), challenge.roles, strict=True):
        lines = cut(text, style.text_width)
        if style.labels_apart:
            page += [label, *lines, ""]
        else:
            page += [f"{label} {lines[0]}", *lines[1:], ""]
    return page


def _schedule(facts: Facts, layout: str) -> Page:
    """Column after column."""
    head = {"r1": "時期 項目 内容", "r3": "時期（月） 実施する項目 実施する内容"}[layout]
    columns = (
        [p.period for p in facts.schedule],
        [p.content for p in facts.schedule],
        [p.actions for p in facts.schedule],
    )
    return [head, "", *[line for column in columns for cell in column for line in (cell, "")]]


def _special(facts: Facts, style: Style) -> Page:
    head = [
        "考えられる事項",
        "想定される次期",
        "",
        "（方向性判断の必要性が",
        "考えらえれる次期）",
        "",
        "実施する内容",
        "",
    ]
    columns = (
        [p.period for p in facts.special],
        [p.content for p in facts.special],
        [p.actions for p in facts.special],
    )
    return head + [line for column in columns for cell in column for line in (*cut(cell, style.cell_width), "")]


def expected_of_slides(facts: Facts, layout: str) -> dict[str, Any]:
    """What can be read of such a text: schedules keep their periods, and their texts stay unaligned."""
    found = expected(facts, layout)
    found["schedule"] = [(period, None, None) for period, _, _ in found["schedule"]]
    return found


def with_marks(facts: Facts) -> Facts:
    """The same facts, its indicators numbered ① ② ③, as this family prints them."""
    marks = "①②③④⑤⑥⑦⑧⑨"
    results = [
        replace(r, indicator=mark + r.indicator.lstrip(marks)) for mark, r in zip(marks, facts.results, strict=False)
    ]
    targets = [
        replace(t, indicator=mark + t.indicator.lstrip(marks)) for mark, t in zip(marks, facts.targets, strict=False)
    ]
    facts.results, facts.targets = results, targets
    return facts

"""An answer as one sheet of A4, from its words and its snapshot alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from nimo.community.reports.rules.snapshot import FigureSnapshot, PreviousAnswer, Snapshot, bars, shown_years
from nimo.core.eras import to_wareki
from nimo.foundation.papers.formats.document import (
    Bar,
    Bars,
    Beside,
    BigFigure,
    Facts,
    Grid,
    Head,
    Heading,
    Paper,
    Paragraph,
    Part,
    Remarks,
)

NO_FIGURE = "この地域のこの指標には、示せる値がありません。0という意味ではありません。"
BLANK = "　　　　　　　　　　"


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """What people wrote, and whose paper it is. draft: not confirmed yet."""

    title: str
    region: str
    organisation: str
    meeting: str
    asked_on: date | None
    answerer: str
    question: str
    answer: str
    draft: bool


def _figure(one: FigureSnapshot) -> list[Part]:
    facts = [
        ("時点", one.as_of),
        ("数え方", one.basis),
        *([("範囲", one.coverage)] if one.coverage else []),
        ("出典", one.source),
        *((compared.label, compared.text) for compared in one.comparisons),
    ]
    parts: list[Part] = [Beside([BigFigure(one.name, one.number, one.unit)], [Facts(facts)])]
    if one.definition:
        parts.append(Paragraph(f"この指標の意味: {one.definition}", quiet=True))
    heads = [Head("年度"), Head("値", "end"), Head("時点"), Head("出典")]
    rows = [[year.label, year.text, year.as_of or "－", year.source or "－"] for year in one.years]
    parts.append(Grid(f"{one.name}の5年", heads, rows))
    if shown_years(one.years):
        drawn = [Bar(*bar) for bar in bars(one.years)]
        said = "、".join(f"{bar.label}は{bar.text}" for bar in drawn)
        unit = f"（{one.unit}）" if one.unit else ""
        parts.append(Bars(f"{one.name}の移り変わり{unit}", drawn, said))
    return parts


def _caveats(figures: Sequence[FigureSnapshot]) -> list[str]:
    several = len(figures) > 1
    return [f"{one.name}: {text}" if several else text for one in figures for text in one.caveats]


def _previous(one: PreviousAnswer) -> list[Part]:
    when = "　".join(part for part in (one.asked_on, one.meeting, one.answerer) if part)
    return [Heading(when or "日付の記録なし", 2), Paragraph(f"問　{one.question}\n答　{one.answer}")]


def answer_paper(words: AnswerWords, snapshot: Snapshot) -> Paper:
    """The sheet. Long texts flow to further pages; nothing is cut."""
    parts: list[Part] = [
        Facts(
            [
                ("会議", words.meeting or BLANK),
                ("質問の日", to_wareki(words.asked_on) if words.asked_on else BLANK),
                ("答弁する職", words.answerer or BLANK),
            ]
        ),
        Heading("質問"),
        Paragraph(words.question or BLANK),
        Heading("答弁"),
        Paragraph(words.answer or BLANK),
        Heading("数値"),
    ]
    for one in snapshot.figures:
        parts += _figure(one)
    if not snapshot.figures:
        parts.append(Paragraph(NO_FIGURE))
    warnings = _caveats(snapshot.figures)
    if warnings:
        parts.append(Remarks("読むときの注意", warnings))
    parts.append(Heading("これまでの答弁"))
    for before in snapshot.previous:
        parts += _previous(before)
    if not snapshot.previous:
        parts.append(Paragraph("この地域のこの指標について、nimoに残っている答弁はありません。", quiet=True))
    kind = "公表用" if snapshot.public else "庁内用（公表前の値を含むことがあります）"
    return Paper(
        title=words.title,
        subtitle=f"{words.region}　数値は{snapshot.taken}に取り出したもの　{kind}",
        parts=parts,
        mark="案" if words.draft else "",
        foot=f"{words.organisation}　{words.title}",
        author=words.organisation,
    )

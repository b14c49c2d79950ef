"""Whether a structure can be asked: unique names, conditions that point backwards, options, limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from nimo.foundation.questionnaires.choices import Operator, QuestionKind
from nimo.foundation.questionnaires.rules.conditions import operators_for
from nimo.foundation.questionnaires.rules.structure import (
    WITH_OPTIONS,
    Condition,
    Question,
    Structure,
)

MOST_QUESTIONS = 200
MOST_OPTIONS = 60
MOST_COLUMNS = 8
MOST_ROWS = 30
TEXT_LIMIT = 500
HELP_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Finding:
    """`link_id`: the section or question it is about ("" for the whole). `blocks`: the version cannot be published."""

    link_id: str
    text: str
    blocks: bool = True


def check_structure(structure: Structure) -> list[Finding]:
    """Everything that is wrong or doubtful, in the order of the questions."""
    found = list(_names(structure))
    total = sum(len(section.questions) for section in structure.sections)
    if total == 0:
        found.append(Finding("", "質問がまだありません。まとまりを作り、質問を足してください。"))
    if total > MOST_QUESTIONS:
        found.append(Finding("", f"質問は{MOST_QUESTIONS}問までです。いまは{total}問あります。"))
    earlier: dict[str, Question] = {}
    for section in structure.sections:
        if not section.text.strip():
            found.append(Finding(section.link_id, "まとまりの見出しを書いてください。"))
        if not section.questions:
            found.append(Finding(section.link_id, f"「{section.label}」に質問がありません。", blocks=total == 0))
        for question in section.questions:
            found += [Finding(question.link_id, text) for text in _question(question)]
            for condition in question.conditions:
                found += _condition(structure, question, condition, earlier, section.audiences)
            earlier[question.link_id] = question
    return found


def _names(structure: Structure) -> Iterator[Finding]:
    seen: set[str] = set()
    names = [section.link_id for section in structure.sections]
    for question in structure.questions():
        names.append(question.link_id)
        names += [column.link_id for column in question.columns]
    for name in names:
        if not name or name in seen:
            yield Finding(name, "同じ番号の質問が二つあります。どちらかを消して、足し直してください。")
        seen.add(name)


def _question(question: Question) -> Iterator[str]:
    name = f"「{question.label or '（文のない質問）'}」"
    if not question.text.strip():
        yield "質問の文を書いてください。"
    if len(question.text) > TEXT_LIMIT or len(question.help) > HELP_LIMIT or len(question.plain) > HELP_LIMIT:
        yield f"{name}の文は{TEXT_LIMIT}字、説明は{HELP_LIMIT}字までです。"
    if question.kind in WITH_OPTIONS:
        yield from _options(question, name)
    if question.kind in {QuestionKind.NUMBER, QuestionKind.SCALE}:
        yield from _limits(question, name)
    if question.kind is QuestionKind.TABLE:
        if not question.columns:
            yield f"{name}の表に列がありません。"
        if len(question.columns) > MOST_COLUMNS or not 1 <= question.max_rows <= MOST_ROWS:
            yield f"{name}の表は{MOST_COLUMNS}列、{MOST_ROWS}行までです。"
        if len({column.text for column in question.columns}) < len(question.columns):
            yield f"{name}の表に同じ名前の列があります。"


def _options(question: Question, name: str) -> Iterator[str]:
    displays = [option.display for option in question.options]
    codes = [option.code for option in question.options]
    if len(displays) < (2 if question.kind is QuestionKind.CHOICE else 1):
        yield f"{name}の選択肢が足りません。1行に一つずつ書いてください。"
    if len(displays) > MOST_OPTIONS:
        yield f"{name}の選択肢は{MOST_OPTIONS}個までです。"
    if len(set(displays)) < len(displays) or len(set(codes)) < len(codes):
        yield f"{name}に同じ選択肢が二つあります。"
    if not all(display.strip() for display in displays):
        yield f"{name}に文のない選択肢があります。"


def _limits(question: Question, name: str) -> Iterator[str]:
    try:
        low = Decimal(question.minimum) if question.minimum else None
        high = Decimal(question.maximum) if question.maximum else None
    except InvalidOperation:
        yield f"{name}の最小・最大は数で書いてください。"
        return
    if low is not None and high is not None and low >= high:
        yield f"{name}の最小は最大より小さくしてください。"
    if question.kind is QuestionKind.SCALE:
        start, end = (Decimal(1) if low is None else low), (Decimal(5) if high is None else high)
        if start != int(start) or end != int(end) or not 1 <= end - start <= 10:
            yield f"{name}の段階は整数で、2段階から11段階までにしてください。"


def _condition(
    structure: Structure,
    question: Question,
    condition: Condition,
    earlier: dict[str, Question],
    audiences: tuple[str, ...],
) -> Iterator[Finding]:
    """Conditions pointing backwards cannot form a circle, and one pass over the questions decides them."""
    target = earlier.get(condition.question)
    if target is None:
        there = structure.question(condition.question) is not None
        text = (
            "の条件が、後ろの質問か自分自身を指しています。条件に使う質問を前に移してください。"
            if there
            else "の条件が、なくなった質問を指しています。条件を選び直してください。"
        )
        yield Finding(question.link_id, f"「{question.label}」{text}")
        return
    if condition.operator not in operators_for(target.kind):
        yield Finding(
            question.link_id, f"「{question.label}」の条件は「{target.label}」には使えません。選び直してください。"
        )
    elif condition.operator is not Operator.EXISTS and not _answer_exists(target, condition.answer):
        yield Finding(
            question.link_id,
            f"「{question.label}」の条件の答えが「{target.label}」の選択肢にありません。選び直してください。",
        )
    asked, where = set(target.audiences), structure.section_of(target.link_id)
    target_for = asked or set(where.audiences if where else ())
    own_for = set(question.audiences) or set(audiences)
    if target_for and (not own_for or not own_for <= target_for):
        yield Finding(
            question.link_id,
            f"「{question.label}」は、「{target.label}」を聞かない組織には聞かれません。",
            blocks=False,
        )


def _answer_exists(target: Question, answer: str) -> bool:
    if target.kind in WITH_OPTIONS:
        return any(option.code == answer for option in target.options)
    if target.kind is QuestionKind.YES_NO:
        return answer in {"true", "false"}
    try:
        number = Decimal(answer)
    except InvalidOperation:
        return False
    return target.kind is QuestionKind.NUMBER or number in target.scale


def blocking(findings: list[Finding]) -> list[Finding]:
    """Those that forbid publication."""
    return [finding for finding in findings if finding.blocks]

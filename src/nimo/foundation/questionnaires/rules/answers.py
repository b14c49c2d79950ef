"""Answers as they are typed → answers as they are kept, with one Japanese sentence for each that cannot be read.

Kept: text → str; choice → code; multiple → [codes]; number → decimal text ("12.5"); date → "2026-04-01"; yes/no → bool;
scale → int; table → [{column: value}]. What is not answered is not there: absent is neither zero nor "いいえ".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from nimo.core.eras import parse_partial_date
from nimo.foundation.questionnaires.choices import QuestionKind
from nimo.foundation.questionnaires.rules.conditions import is_asked
from nimo.foundation.questionnaires.rules.structure import WITH_OPTIONS, Question, Structure, TableColumn, decimal_of

YES, NO = frozenset({"true", "はい", "1", "○", "有"}), frozenset({"false", "いいえ", "0", "×", "無"})
_NUMBER = re.compile(r"[-+]?\d{1,15}(?:\.\d{1,6})?")
_NOT_KEPT = {"Cc", "Cs", "Co", "Cn"}
_CONTROL = {ord(sign): None for sign in map(chr, range(32)) if sign != "\n"} | {0x7F: None}


class Unreadable(ValueError):
    """str() is the sentence for the person who answered."""


@dataclass(frozen=True)
class Checked:
    """values: what is kept. errors: key → sentence; the key is the link_id, in tables "link_id.row.column"."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def clean_text(text: str) -> str:
    """What a person wrote, without control characters; 𠮷 and emoji stay, line ends become \\n."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROL)
    return "".join(c for c in plain if c == "\n" or unicodedata.category(c) not in _NOT_KEPT).strip()


def read_number(text: str, question: Question) -> str:
    """A number in any width, with separators and its unit behind it. Raises Unreadable."""
    shown = unicodedata.normalize("NFKC", text).replace(",", "").replace("、", "").strip()
    shown = shown.replace("−", "-").replace("ー", "-")
    if question.unit:
        shown = shown.removesuffix(unicodedata.normalize("NFKC", question.unit)).strip()
    if not _NUMBER.fullmatch(shown):
        raise Unreadable("数字で入力してください（例：12）。分からないときは空けておいてください。")
    number = Decimal(shown)
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > question.decimals:
        places = f"小数は{question.decimals}けたまで" if question.decimals else "小数のない数"
        raise Unreadable(f"{places}で入力してください。")
    low, high = decimal_of(question.minimum), decimal_of(question.maximum)
    if low is not None and number < low:
        raise Unreadable(f"{low}{question.unit}以上の数を入力してください。")
    if high is not None and number > high:
        raise Unreadable(f"{high}{question.unit}以下の数を入力してください。")
    return format(number.normalize() + 0, "f")


def read_date(text: str) -> str:
    """A day in 和暦 or 西暦 → ISO. Raises Unreadable; nothing is rounded."""
    found = parse_partial_date(unicodedata.normalize("NFKC", text))
    if found is None:
        raise Unreadable(
            "日付として読み取れませんでした。「令和6年4月1日」「R6.4.1」「2024-04-01」のように入力してください。"
        )
    if found.day is None:
        raise Unreadable("年・月・日のすべてを入力してください。")
    return found.first_day.isoformat()


def _read_text(text: str, question: Question) -> str:
    cleaned = clean_text(text)
    if question.kind is QuestionKind.TEXT:
        cleaned = cleaned.replace("\n", " ")
    if len(cleaned) > question.length_limit:
        raise Unreadable(
            f"{question.length_limit:,}字までです（いまは{len(cleaned):,}字）。"
            "入力した文は消えていません。短くして、もう一度保存してください。"
        )
    return cleaned


def _read_yes_no(text: str) -> bool:
    if text in YES:
        return True
    if text in NO:
        return False
    raise Unreadable("「はい」か「いいえ」を選んでください。")


def _read_scale(text: str, question: Question) -> int:
    plain = unicodedata.normalize("NFKC", text)
    if plain.isascii() and plain.lstrip("-").isdigit() and len(plain) < 6 and int(plain) in question.scale:
        return int(plain)
    raise Unreadable(f"{question.scale[0]}から{question.scale[-1]}までの数を一つ選んでください。")


def read_one(question: Question, given: object) -> Any:
    """One answer, or None when nothing was given. `given`: a text, or texts for a multiple choice. Raises Unreadable."""
    if question.kind is QuestionKind.MULTIPLE:
        texts = [given] if isinstance(given, str) else list(given) if isinstance(given, Iterable) else []
        chosen = [str(text) for text in texts if text]
        known = [option.code for option in question.options]
        if any(code not in known for code in chosen):
            raise Unreadable("選択肢にない答えがあります。選び直してください。")
        return [code for code in known if code in chosen] or None
    text = str(given or "").strip()
    if not text:
        return None
    if question.kind is QuestionKind.CHOICE:
        if all(option.code != text for option in question.options):
            raise Unreadable("選択肢から一つ選んでください。")
        return text
    if question.kind is QuestionKind.NUMBER:
        return read_number(text, question)
    if question.kind is QuestionKind.DATE:
        return read_date(text)
    if question.kind is QuestionKind.YES_NO:
        return _read_yes_no(text)
    if question.kind is QuestionKind.SCALE:
        return _read_scale(text, question)
    return _read_text(text, question) or None


def as_question(column: TableColumn) -> Question:
    """A column of a table, read like a question of its kind."""
    return Question(column.link_id, column.kind, column.text, decimals=2 if column.kind is QuestionKind.NUMBER else 0)


def read_table(question: Question, rows: object) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Rows without empty ones, and sentences by "row.column" (rows counted from 0 as they were given)."""
    kept: list[dict[str, Any]] = []
    errors: dict[str, str] = {}
    given = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, Sequence) else []
    for number, row in enumerate(given):
        values = {}
        for column in question.columns:
            try:
                value = read_one(as_question(column), row.get(column.link_id))
            except Unreadable as problem:
                errors[f"{number}.{column.link_id}"] = str(problem)
            else:
                if value is not None:
                    values[column.link_id] = value
        if values:
            kept.append(values)
    if len(kept) > question.max_rows:
        errors["0"] = f"{question.max_rows}行までです。"
    return kept, errors


def check_answers(
    structure: Structure, given: Mapping[str, object], *, required: bool = True, only: Iterable[str] | None = None
) -> Checked:
    """Reads everything that is asked. `structure` is already that of the audience.

    required: whether what must be answered is asked for (False while a draft is kept). only: link_ids whose errors
    count (a page of the form); all others are read without complaint. Answers to questions that are not asked go.
    """
    wanted = None if only is None else set(only)
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for question in structure.questions():
        if not is_asked(question, values):
            continue
        value, problems = _read(question, given.get(question.link_id))
        if value is not None:
            values[question.link_id] = value
        elif required and question.required and not problems:
            problems = {"": _missing(question)}
        if wanted is None or question.link_id in wanted:
            errors |= {f"{question.link_id}.{key}" if key else question.link_id: text for key, text in problems.items()}
    return Checked(values, errors)


def _read(question: Question, given: object) -> tuple[Any, dict[str, str]]:
    if question.kind is QuestionKind.TABLE:
        rows, problems = read_table(question, given)
        return rows or None, problems
    try:
        return read_one(question, given), {}
    except Unreadable as problem:
        return None, {"": str(problem)}


def _missing(question: Question) -> str:
    if question.kind in WITH_OPTIONS | {QuestionKind.YES_NO, QuestionKind.SCALE}:
        return "答えを選んでください。"
    return "答えを入力してください。"


def as_typed(question: Question, value: Any) -> Any:
    """A kept answer as it stands in an input box."""
    if value is None:
        return [] if question.kind in {QuestionKind.MULTIPLE, QuestionKind.TABLE} else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if question.kind is QuestionKind.TABLE:
        columns = {column.link_id: as_question(column) for column in question.columns}
        return [{key: as_typed(columns[key], one) for key, one in row.items() if key in columns} for row in value]
    return value if isinstance(value, list) else str(value)


def shown(question: Question, value: Any) -> str:
    """A kept answer in words, for reading. "" when there is none."""
    if value is None or value == []:
        return ""
    if question.kind is QuestionKind.CHOICE:
        return question.display_of(value)
    if question.kind is QuestionKind.MULTIPLE:
        return "、".join(question.display_of(code) for code in value)
    if question.kind is QuestionKind.YES_NO:
        return "はい" if value else "いいえ"
    if question.kind is QuestionKind.NUMBER:
        return f"{Decimal(value):,}{question.unit}"
    if question.kind is QuestionKind.DATE:
        return _japanese(value)
    if question.kind is QuestionKind.TABLE:
        return "\n".join(
            "、".join(
                f"{c.text}：{shown(as_question(c), row[c.link_id])}" for c in question.columns if c.link_id in row
            )
            for row in value
        )
    return str(value)


def _japanese(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"


def as_number(text: str) -> Decimal | None:
    """A number a builder typed as a limit."""
    try:
        return Decimal(unicodedata.normalize("NFKC", text).replace(",", "").strip())
    except InvalidOperation:
        return None

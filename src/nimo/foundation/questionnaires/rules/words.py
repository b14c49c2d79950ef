"""Parts of a structure in words, for screens and paper."""

from __future__ import annotations

from nimo.foundation.questionnaires.rules.counting import answer_codes
from nimo.foundation.questionnaires.rules.structure import Question, Structure


def condition_words(structure: Structure, question: Question) -> str:
    """When a question is asked, in words. "" for always."""
    numbers = {one.link_id: number for number, _, one in structure.numbered()}
    parts = []
    for condition in question.conditions:
        target = structure.question(condition.question)
        if target is None:
            parts.append("なくなった質問の答えによる")
            continue
        words = dict(answer_codes(target)).get(condition.answer, condition.answer)
        name = f"問{numbers[target.link_id]}"
        parts.append(
            {
                "exists": f"{name}に答えがある",
                "=": f"{name}が「{words}」",
                "!=": f"{name}が「{words}」でない",
                ">=": f"{name}が{words}以上",
                "<=": f"{name}が{words}以下",
            }[condition.operator.value]
        )
    return ("、かつ" if question.all_conditions else "、または").join(parts)

"""Which questions of two versions may be compared: the same question, asked in the same way."""

from __future__ import annotations

from dataclasses import dataclass

from nimo.foundation.questionnaires.choices import QuestionKind
from nimo.foundation.questionnaires.rules.structure import FREE_TEXT, Question, Structure


@dataclass(frozen=True, slots=True)
class Pairing:
    """One question in two versions. `reason` says why they cannot be compared ("" when they can)."""

    earlier: Question | None
    later: Question | None
    reason: str = ""

    @property
    def comparable(self) -> bool:
        return not self.reason


def why_not(earlier: Question, later: Question) -> str:
    """ "" when the answers to both may stand side by side. New wording is no obstacle, another meaning is."""
    if earlier.kind is not later.kind:
        return f"答え方が変わりました（{earlier.kind.label}→{later.kind.label}）。"
    if earlier.kind in FREE_TEXT:
        return "文章の答えは、数として比べません。"
    if earlier.unit != later.unit:
        return f"単位が変わりました（{earlier.unit or 'なし'}→{later.unit or 'なし'}）。"
    if [(o.code, o.display) for o in earlier.options] != [(o.code, o.display) for o in later.options]:
        return "選択肢が変わりました。"
    if earlier.kind is QuestionKind.SCALE and earlier.scale != later.scale:
        return "段階の数が変わりました。"
    if earlier.conditions != later.conditions:
        return "聞く条件が変わりました。"
    if set(earlier.audiences) != set(later.audiences):
        return "聞く相手が変わりました。"
    return ""


def pair(earlier: Structure, later: Structure) -> list[Pairing]:
    """Every question of either version, in the order of the later one, then those that were dropped."""
    known = {question.link_id: question for question in earlier.questions()}
    pairs = []
    for question in later.questions():
        before = known.pop(question.link_id, None)
        reason = "前回は聞いていません。" if before is None else why_not(before, question)
        pairs.append(Pairing(before, question, reason))
    return pairs + [Pairing(question, None, "今回は聞いていません。") for question in known.values()]

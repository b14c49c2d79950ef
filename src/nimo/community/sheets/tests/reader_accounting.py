"""Counting characters: what a source holds and neither a field, nor the list of unassigned text, nor the form accounts for.

Written by hand and apart from the reader, which has its own ledger.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Any

# What the form itself prints. A line or cell counts as printed only when it consists of nothing else.
_TITLE = (
    r"\d?精神障(?:害|がい)者?にも?対応した地域包括ケア(?:システム)?の?(?:構築)?(?:支援事業)?(?:に向けた|のための|に資する)?"
    r"(?:取組概要\(全体\)|取組の経緯|取組の成果・効果|実施前の課題・実施後の効果等|現時点における強みと課題|連携状況"
    r"|協議の場の実施状況|スケジュール\((?:長期|今年度)\))"
)
_CUT_TITLES = (
    r"[67]?精神障害にも対応した地域包括ケアシステム(?:の構築に向けた|構築支援事業)?|今年度の取組スケジュール|の構築に向けた保健・医療・福祉関係者によ"
    r"|る協議の場の設置状況\(R1年5月時点\)|今年度の特別に考える必要がある事項について|想定される次期|\(方向性判断の必要性が|考えらえれる次期\)"
    r"|\(令和(?:\d|元)年度|末\)"
)
_LABELS = (
    r"\d?(?:[一-龠]{2,3}県|圏域)の基礎情報|基本情報\(都道府県等情報\)|<基本情報入力シート>|<?取組内容>?"
    r"|<(?:昨年度|[^<>]{2,6}年度)までの成果・効果>|【特徴\(強み\)】|【にも包括構築の体制】|【その他事項】(?:※[^。]*自由に記載ください)?"
    r"|事業利用予定年数:|長期目標|短期目標\(今年度\)|スモールステップ|[●]?[一-龠]{2,3}県(?:[一-龠ぁ-ん]{2,5}市)?[●]?|[②③]|-"
)
_COLUMNS = (
    r"課題解決の達成度を測る指標|(?:目標値|実績値|現状値)(?:昨年度(?:当初|末))?|\([^()]{1,8}年度(?:当初|末)?\)|(?:具体的な|見込んでいる)成果・効果"
    r"|課題解決に向けた取組方針|課題・方針に対する役割\(取組\)|行政|医療|福祉|その他(?:関係機関・住民等)?|(?:所管|連携)部署(?:名|における主な業務)"
    r"|各部門の連携状況|強み・課題等|名称|協議の場の構成員|開催頻度|実施内容|特記事項等\(課題・強み等\)|年度|具体的な取組"
    r"|時期(?:\(月\))?|(?:実施する)?項目|(?:実施する)?内容|考えられる事項|課題"
)
_BASIC = (
    r"障害保健福祉圏域数|市町村(?:数)?|人口|精神科病院の数|精神科病床数|入院精神障害者数|合計|3か月未満|3か月以上1年未満|1年以上|うち65歳(?:以上|未満)"
    r"|\(%:構成割合\)|相談支援事業所数|(?:基幹相談支援センター|(?:一般|特定)相談支援事業所|保健所)数|(?:自立支援)?協議会の開催頻度"
    r"|精神領域に関する議論を行う部会の有無|協議の場の設置状況|\(令和\d年(?:\d月(?:末|30日)?時点|度)\)"
)
PRINTED = re.compile(f"(?:{'|'.join((_TITLE, _CUT_TITLES, _LABELS, _COLUMNS, _BASIC))})+")
BEFORE_TEXT = re.compile(
    r"【にも包括構築の体制】|事業利用予定年数:|<令和2年度までの成果・効果>|行政|医療|福祉|その他関係機関・住民等"
)
GLUED = re.compile(rf"(?<=\(参考\)){_TITLE}$")
SEPARATORS = "→、-."
"""Arrows, Markdown dashes and leader dots before list items, and the commas between members: they only separate."""


def squeezed(text: str) -> str:
    text = re.sub(r"</?(?:ul|ol|li|p)(?:\s[^>]*)?>", "", text)
    plain = "".join(c if unicodedata.category(c) == "No" else unicodedata.normalize("NFKC", c) for c in text)
    return "".join(plain.split())


def printed_part(text: str, page_numbers: tuple[str, ...]) -> str:
    """What of a squeezed line or cell the form itself prints."""
    if PRINTED.fullmatch(text) or text in page_numbers:
        return text
    before, glued = BEFORE_TEXT.match(text), GLUED.search(text)
    return (before.group() if before else "") + (glued.group() if glued else "")


def texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for key, inner in value.items() if key != "warnings" for text in texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []


def lost_characters(text: str, sheets: Iterable[dict[str, Any]], page_numbers: tuple[str, ...] = ()) -> dict[str, int]:
    """Characters of the source that stand nowhere, with how many of them; empty when nothing is dropped."""
    kept = Counter(squeezed("".join(part for sheet in sheets for part in texts(sheet))))
    cells = [squeezed(cell) for line in text.split("\n") for cell in line.split("\t")]
    printed = Counter("".join(printed_part(cell, page_numbers) for cell in cells))
    lost = Counter("".join(cells)) - kept - printed
    return {character: count for character, count in lost.items() if character not in SEPARATORS}

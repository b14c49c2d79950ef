"""Characters and spellings that count as the same when comparing and searching (`text.fold`), as data.

`variant_characters.csv` lists character, the form it is folded to, and the source that calls the two variants.
"""

from __future__ import annotations

import csv
import re
from importlib import resources


def _read_characters() -> dict[int, str]:
    table = resources.files("nimo.core").joinpath("variant_characters.csv").read_text(encoding="utf-8")
    return {ord(row["character"]): row["folded"] for row in csv.DictReader(table.splitlines())}


VARIANT_CHARACTERS: dict[int, str] = _read_characters()

# Spellings, applied after spaces are gone and before katakana becomes hiragana (ケ所 must not catch the け of かけ所).
SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    # Counters: 公用文作成の考え方 (文化審議会建議, 2022) writes か所, か月; forms write any of these.
    (re.compile("[ヵヶカケか箇個](?=所)"), "か"),
    (re.compile("(?<=[0-9〇一二三四五六七八九十百千数何])[ヵヶカケか箇個](?=[月国年])"), "か"),
    # 障がい is each municipality's choice of spelling; 支障が… and 故障が… are other words.
    (re.compile("(?<![支故保])障(?:がい|ガイ|碍|礙)"), "障害"),
    # Okurigana: 公用文における漢字使用等について (平成22年内閣訓令第1号) writes 取組, 打合せ, 受入れ, 申込み.
    (re.compile("取り?組み?"), "取組"),
)

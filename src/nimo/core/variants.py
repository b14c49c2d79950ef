"""Characters and spellings that count as the same when comparing and searching (`text.fold`), as data.

`variant_characters.csv` has a character, the form it is folded to, and who calls the two variants of each other:

- `joyo-2010`: 常用漢字表 (平成22年内閣告示第2号), the forms in brackets; those NFKC folds already are left out
- `jinmei`: 人名用漢字 (戸籍法施行規則 別表第二), pairs it gives
- `jisx0208-1983`, `jisx0213-2004`: pairs of forms these standards exchanged or added
- `unicode-pair`: two code points of Unicode for what Japanese standards hold to be one character
- `names`: seen in names of persons and places; the house's own list, not taken from an official one

The folded form is the one typed most, not a judgement about which is right.
"""

from __future__ import annotations

import csv
import re
from importlib import resources


def _read_characters() -> dict[int, str]:
    table = resources.files("nimo.core").joinpath("variant_characters.csv").read_text(encoding="utf-8")
    return {ord(row["character"]): row["folded"] for row in csv.DictReader(table.splitlines())}


VARIANT_CHARACTERS: dict[int, str] = _read_characters()

# Applied in this order, after spaces are gone and before katakana becomes hiragana (ケ所 must not catch the け of かけ所).
SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    # Counters: 公用文作成の考え方 (文化審議会建議, 2022) writes か所, か月; forms write any of these.
    (re.compile("[ヵヶカケか箇個](?=所)"), "か"),
    (re.compile("(?<=[0-9〇一二三四五六七八九十百千数何])[ヵヶカケか箇個](?=[月国年])"), "か"),
    # 障がい is each municipality's choice of spelling; 支障が…, 故障が… and 保障が… are other words.
    (re.compile("(?<![支故保])障(?:がい|ガイ|碍|礙)"), "障害"),
    # Okurigana: 公用文における漢字使用等について (平成22年内閣訓令第1号) drops the kana of such nouns or
    # not word by word; without it verbs (申し込む, 申込む) meet too.
    (re.compile("取り?組み?"), "取組"),
    (re.compile("打ち?合わ?せ"), "打合"),
    (re.compile("問い?合わ?せ"), "問合"),
    (re.compile("受け?入れ"), "受入"),
    (re.compile("申し?込み?"), "申込"),
    (re.compile("引き?継ぎ?"), "引継"),
    (re.compile("話し?合い?"), "話合"),
    (re.compile("手続き?"), "手続"),
    (re.compile("子ども|子供|こども"), "こども"),
)

"""Searching 50,000 documents, against one query that an index answers (20 rows of one owner) on the same table.

The documents are put together from the words of yearly sheets, so that common words stand in tens of thousands of them
and rare ones in a few. NIMO_BENCH_FULL=1: the same on documents of full length (five minutes of indexing).
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Collection, Iterator

import django
from django.core.management import call_command
from django.utils import timezone

from bench.timing import say, seconds

DOCUMENTS, TOWNS, CODE = 50_000, 1741, "bench.words"
PLACES = [
    "保健所",
    "市町村",
    "精神科病院",
    "相談支援事業所",
    "家族会",
    "協議の場",
    "居住支援協議会",
    "訪問看護",
    "社会福祉協議会",
    "地域包括支援センター",
]
DEEDS = [
    "長期入院者の地域移行を進めた",
    "退院後の住まいを探した",
    "月に一度の会議を開いた",
    "ピアサポーターを養成した",
    "救急の体制を確かめた",
]
ENDS = [
    "しかし人材が足りない。",
    "次年度は対象を広げる。",
    "参加者から好評だった。",
    "課題は移動の手段である。",
    "研修を続ける。",
]
RARE = [f"{a}{b}事業" for a in "梓楓椿榊橘柊樫檜楠欅" for b in "霞霧霜雫霰雹霙霖霹靄"]
QUESTIONS = {
    "まれな語": "椿霞事業",
    "まれな語と、よくある語": "椿霞事業 家族会",
    "よくある語（ほぼ半分にある）": "地域移行",
    "よくある語を三つ": "家族会 退院後の住まい 人材",
    "一文字": "霹",
    "よくある一文字": "地",
    "どこにもない語": "縦覧台帳",
    "文": "長く入院している人が退院して暮らせる住まいがないのはなぜか",
    "2,000字": "長期入院者の地域移行が進まない理由と、協議の場で決めたことを知りたい。" * 60,
}


def run() -> None:
    django.setup()
    from nimo.core.searching.sources import SearchSource, search_source  # noqa: PLC0415 - after setup
    from nimo.foundation.access.actors import Actor  # noqa: PLC0415
    from nimo.foundation.search.models import SearchEntry  # noqa: PLC0415
    from nimo.foundation.search.queries.finding import Asked, find  # noqa: PLC0415
    from nimo.foundation.search.services import index  # noqa: PLC0415

    for alias in ("default", "side"):
        call_command("migrate", verbosity=0, database=alias, interactive=False)
    now = timezone.now()
    index.discover()
    owners = [str(number) for number in range(TOWNS)]
    search_source(SearchSource(CODE, "測定", lambda: owners, documents, lambda actor, records: set(records)))
    begin = time.perf_counter()
    count = 0
    for start in range(0, TOWNS, index.OWNERS_AT_ONCE):
        some = owners[start : start + index.OWNERS_AT_ONCE]
        count += index.refresh(actor=Actor.system("測定", now=now), source=CODE, owners=some)
    taken = time.perf_counter() - begin
    print(f"  {count:,} 件の文書を索引に載せた: {taken:.0f} 秒（1件 {taken / count * 1000:.2f} ms）")
    visitor = Actor.anonymous(now=now)
    plain = seconds(lambda: list(SearchEntry.objects.filter(source=CODE, owner_id="870")[:20]))
    for label, text in QUESTIONS.items():
        found = find(visitor, Asked(text[:2000]))
        near = "、近いもの" if found.near else ""
        say(
            f"{label}（{found.total:,} 件{near}）",
            seconds(asking(find, visitor, Asked(text[:2000]))),
            plain,
            "索引の問い合わせ一つ",
        )


def asking(find: Callable[..., object], *given: object) -> Callable[[], object]:
    return lambda: find(*given)


def documents(owners: Collection[str]) -> Iterator[object]:
    from nimo.core.searching.sources import Found  # noqa: PLC0415

    length = 12 if os.environ.get("NIMO_BENCH_FULL") == "1" else 3
    for owner in owners:
        chance = random.Random(owner)
        each = DOCUMENTS // TOWNS + (int(owner) < DOCUMENTS % TOWNS)
        for number in range(each):
            words = [f"{chance.choice(PLACES)}が{chance.choice(DEEDS)}。{chance.choice(ENDS)}" for _ in range(length)]
            if chance.random() < 0.02:
                words.append(f"{chance.choice(RARE)}を行う。")
            yield Found(
                record=f"{owner}:{number}",
                owner=owner,
                title=f"架空{owner}市 令和{number % 6 + 1}年度 取組内容",
                body="".join(words),
                href="/",
                prefecture_code=f"{int(owner) % 47 + 1:02}000",
                fiscal_year=2019 + number % 6,
            )

"""Which day or fiscal year a table says it counts."""

from __future__ import annotations

from collections.abc import Iterable

from nimo.community.statistics.formats.layouts.headings import Headed
from nimo.community.statistics.formats.loading.grid import Grid
from nimo.core.eras import find_partial_dates
from nimo.core.fiscal import find_fiscal_years
from nimo.core.text import normalise


def days_of_630(headed: Headed) -> list[tuple[str, str]]:
    """(day, place) for every statement of the survey's day: 令和7年6月30日, 令和7年度630調査, in titles and sheet name."""
    texts = [(word.text, headed.grid.place(word.row, word.column)) for word in headed.titles]
    texts.append((headed.grid.name, f"シート「{headed.grid.name}」の名前"))
    found: list[tuple[str, str]] = []
    for text, place in texts:
        plain = normalise(text)
        days = [one.value for one in find_partial_dates(plain) if one.value.month == 6 and one.value.day == 30]
        found.extend((day.first_day.isoformat(), place) for day in days)
        if not days:
            found.extend((f"{one.value.year}-06-30", place) for one in find_fiscal_years(plain))
    return found


def settled_day(said: str, stated: Iterable[tuple[str, str]]) -> tuple[str, list[str]]:
    """The day to record, and why it is not certain (another day stands in the file, or none stands anywhere)."""
    places: dict[str, str] = {}
    for day, place in stated:
        places.setdefault(day, place)
    if said:
        others = [f"{place}には「{day}」と読める記載があります。" for day, place in places.items() if day != said]
        return said, [f"時点が、選んだ {said} と合いません。{other}" for other in others]
    if len(places) > 1:
        words = "、".join(f"{place}は {day}" for day, place in places.items())
        return "", [f"ファイルの中の時点が一つではありません（{words}）。時点を選んで読み直してください。"]
    if not places:
        return "", ["ファイルに調査の時点の記載がありません。時点を選んで読み直してください。"]
    return next(iter(places)), []


def first_texts(grid: Grid, count: int = 6) -> str:
    """The beginning of a sheet in one line, for a refusal."""
    texts: list[str] = []
    for line in grid.lines():
        texts.extend(text.strip().replace("\n", "") for text in line.cells if text.strip())
        if len(texts) >= count:
            break
    return "、".join(texts[:count])[:60]

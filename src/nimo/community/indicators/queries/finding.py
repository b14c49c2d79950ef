"""The dictionary as the search finds it. Definitions are public; values are not searched, they are looked up."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.urls import reverse

from nimo.community.indicators.models import DerivedIndicator, Indicator
from nimo.core.searching.sources import Found
from nimo.foundation.access.actors import Actor

INDICATOR_WORDS = "indicators.indicator"
"""The code under which indicators are found (panels.py)."""
_DERIVED = "derived:"


def dictionary_codes() -> list[str]:
    derived = DerivedIndicator.objects.order_by("code").values_list("code", flat=True)
    return [*Indicator.objects.order_by("code").values_list("code", flat=True), *(_DERIVED + code for code in derived)]


def dictionary_documents(codes: Collection[str]) -> Iterator[Found]:
    """A derived indicator is found under derived: + its code; its page is another."""
    for one in Indicator.objects.filter(pk__in=codes).order_by("code"):
        yield Found(
            record=one.code,
            owner=one.code,
            title=one.name,
            names=(one.code,),
            body=_body(one, f"値の出どころ：{one.source}"),
            href=reverse("indicators:indicator_detail", args=[one.code]),
        )
    derived = [code.removeprefix(_DERIVED) for code in codes if code.startswith(_DERIVED)]
    for entry in DerivedIndicator.objects.filter(pk__in=derived).order_by("code"):
        yield Found(
            record=_DERIVED + entry.code,
            owner=_DERIVED + entry.code,
            title=entry.name,
            names=(entry.code,),
            body=_body(entry, "計算で求める指標"),
            href=reverse("indicators:derived_detail", args=[entry.code]),
        )


def _body(one: Indicator | DerivedIndicator, last: str) -> str:
    parts = (
        one.definition,
        f"分子：{one.numerator}" if one.numerator else "",
        f"分母：{one.denominator}" if one.denominator else "",
        last,
        f"根拠：{one.reference}" if one.reference else "",
    )
    return "\n".join(part for part in parts if part)


def readable_codes(actor: Actor, records: Collection[str]) -> set[str]:
    """The dictionary is open to everyone; what is no longer in it is not shown."""
    there = set(dictionary_codes())
    return {record for record in records if record in there}

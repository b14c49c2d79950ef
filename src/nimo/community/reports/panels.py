"""The way to an answer from the pages of regions and figures."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from nimo.community.reports.policies import may_begin
from nimo.core.panels import Panel, panel
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.models import Region


def _panel(actor: Actor, **asked: str) -> Panel | None:
    if not may_begin(actor):
        return None
    href = f"{reverse('reports:answer_new')}?{urlencode(asked)}"
    return Panel("議会などで聞かれたとき", "reports/panels/answer.html", {"href": href})


@panel("region.next", order=60)
def answer_for_region(actor: Actor, region: Region) -> Panel | None:
    return _panel(actor, region=region.code)


@panel("indicators.observation")
def answer_for_figure(actor: Actor, observation: Any) -> Panel | None:
    """observation: an indicators Observation."""
    return _panel(actor, region=observation.region_id, indicator=observation.indicator_id)


@panel("indicators.indicator")
def answer_for_indicator(actor: Actor, indicator: Any) -> Panel | None:
    """indicator: an indicators Indicator."""
    return _panel(actor, indicator=indicator.code)

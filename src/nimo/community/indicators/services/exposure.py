"""The stored answer of the disclosure gate: decided here, whenever something becomes public, and nowhere else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import transaction

from nimo.community.indicators.choices import Exposure
from nimo.community.indicators.models import Indicator, Observation
from nimo.community.indicators.queries.exposure import blocks_to_judge, chunks
from nimo.community.indicators.rules.exposure import Decided, Outcome, decide
from nimo.core.disclosure.policy import Kind, shipped_policy
from nimo.foundation.access.actors import Actor


def _store(decisions: Mapping[int, Decided]) -> None:
    """One UPDATE for each kind of answer, not one for each row; a figure that was shown once stays remembered."""
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for row_id, decided in decisions.items():
        groups[decided.exposure, decided.mark, decided.text].append(row_id)
    for (exposure, mark, text), ids in groups.items():
        for chunk in chunks(ids):
            shown = {"was_shown": True} if exposure == Exposure.SHOWN else {}
            Observation.objects.filter(pk__in=chunk).update(
                exposure=exposure, exposure_mark=mark, exposure_text=text, **shown
            )


def _show_open_figures(source_ids: Sequence[int]) -> None:
    open_codes = list(Indicator.objects.filter(disclosure=Kind.OPEN).values_list("code", flat=True))
    for chunk in chunks(source_ids):
        Observation.objects.published().filter(source_id__in=chunk, indicator_id__in=open_codes).exclude(
            exposure=Exposure.SHOWN
        ).update(exposure=Exposure.SHOWN, was_shown=True)


def assess(*, actor: Actor, source_ids: Sequence[int]) -> Outcome:
    """Decide the public form of what these sources publish, and of all that hangs together with it.

    Called inside the transaction of the service that publishes or restores; checks no permission of its own.
    The outcome holds the decision of every figure of persons that was judged.
    """
    policy = shipped_policy(actor.today)
    whole = Outcome()
    with transaction.atomic():
        _show_open_figures(source_ids)
        for block in blocks_to_judge(source_ids):
            outcome = decide(block.rows, set(block.seeds), block.nodes, block.places, policy)
            _store(outcome.decided)
            whole.decided.update(outcome.decided)
            whole.exposed += outcome.exposed
    return whole

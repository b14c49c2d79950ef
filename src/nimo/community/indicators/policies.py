"""Who may see, record, withdraw and publish figures; one rule for the list and for the page behind it.

Inside the reach of VIEW_INDICATORS a person sees the figures as recorded. Everyone else sees published figures only,
and those only in the form the disclosure gate gave them (models.Observation.exposure).
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from nimo.community.indicators.choices import RowState, SourceKind
from nimo.community.indicators.models import Observation, ObservationQuerySet, Source
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.access.rules import ALLOWED, Decision, refused
from nimo.foundation.files.models import StoredFile
from nimo.foundation.files.policies import owner

SOURCE_FILES = "indicators.source"


class FigureNotAvailable(Exception):
    """No such figure or source, or none this actor may know of: the page answers 404, so nobody can tell which."""


def sees_recorded(actor: Actor, region_code: str) -> bool:
    """As recorded (True), or only what is published, in its public form (False)?"""
    return actor.may(Permission.VIEW_INDICATORS, region_code=region_code)


def visible_observations(actor: Actor) -> ObservationQuerySet:
    """Rows the actor may know of, replaced and withdrawn ones included inside the reach."""
    return Observation.objects.all().within_reach_or_published(actor)


def get_observation(actor: Actor, observation_id: int) -> Observation:
    """One row with its indicator, region and source. Raises FigureNotAvailable."""
    found = (
        visible_observations(actor)
        .select_related("indicator", "region", "source", "source__region", "source__file")
        .filter(pk=observation_id)
        .first()
    )
    if found is None:
        raise FigureNotAvailable
    return found


def get_source(actor: Actor, source_id: int) -> Source:
    """One source within the reach, or one of which something is published. Raises FigureNotAvailable."""
    published = Observation.objects.filter(source_id=OuterRef("pk"), status=RowState.LIVE, published_at__isnull=False)
    reach = actor.reach(Permission.VIEW_INDICATORS)
    visible = Q() if reach.everything else Q(region_id__in=reach.region_codes) | Q(Exists(published))
    found = Source.objects.select_related("region", "file", "superseded_by").filter(visible, pk=source_id).first()
    if found is None:
        raise FigureNotAvailable
    return found


def get_source_managed_here(actor: Actor, source_id: int) -> Source:
    """A source that is published and withdrawn on its own page. A sheet's is not: it goes with the sheet's chapters."""
    source = get_source(actor, source_id)
    if source.kind == SourceKind.SHEET:
        raise FigureNotAvailable
    return source


def _holds(actor: Actor, permissions: Collection[Permission], region_code: str) -> bool:
    return any(actor.may(permission, region_code=region_code) for permission in permissions)


def _recording(kind: str) -> tuple[Permission, ...]:
    """Confirming a sheet records its figures; other sources need the right to load figures."""
    if kind == SourceKind.SHEET:
        return (Permission.LOAD_INDICATORS, Permission.CONFIRM_SHEET)
    return (Permission.LOAD_INDICATORS,)


def may_record(actor: Actor, kind: str, region_codes: Collection[str]) -> Decision:
    """Every region that gets a figure must be within the actor's reach. Counted figures are recorded by counting only."""
    if kind == SourceKind.COUNTED:
        return refused(
            "記録から数えた値は、手で記録したり取り消したりできません。何も変わっていません。"
            "もとの記録を直して、数え直してください。"
        )
    for code in sorted(region_codes):
        if not _holds(actor, _recording(kind), code):
            return refused(
                f"地域コード {code} の値を記録する権限がありません。何も記録していません。"
                "その地域の担当者か、システム管理者に依頼してください。"
            )
    return ALLOWED


def may_recount(actor: Actor, region_code: str | None = None) -> Decision:
    """Counting again tells nothing new, so whoever works with the records of a region may ask for it."""
    reaches = actor.has_anywhere(Permission.RECOUNT_INDICATORS)
    if region_code is not None:
        reaches = actor.may(Permission.RECOUNT_INDICATORS, region_code=region_code)
    if reaches:
        return ALLOWED
    return refused("数え直しを依頼する権限がありません。何も変わっていません。地域の担当者に依頼してください。")


def may_withdraw(actor: Actor, source: Source) -> Decision:
    if source.kind == SourceKind.COUNTED:
        return may_record(actor, source.kind, {source.region_id})
    return may_record(actor, source.kind, {source.region_id}) or refused(
        "この取込みを取り消す権限がありません。取り込んだ地域の担当者に依頼してください。"
    )


def may_publish(actor: Actor, source: Source) -> Decision:
    """A sheet's figures may be published by whoever may publish the sheet."""
    permissions = [Permission.PUBLISH_INDICATORS]
    if source.kind == SourceKind.SHEET:
        permissions.append(Permission.PUBLISH_SHEET)
    if _holds(actor, permissions, source.region_id):
        return ALLOWED
    return refused("この地域の値を公開する権限がありません。何も変わっていません。地域の責任者に依頼してください。")


def may_load_dictionary(actor: Actor) -> Decision:
    """The dictionary is the same for all regions, so only who reaches all of them loads it."""
    if actor.reach(Permission.LOAD_INDICATORS).everything:
        return ALLOWED
    return refused("指標の辞書を読み込む権限がありません。システム管理者に依頼してください。")


@owner(SOURCE_FILES)
def may_download_source(actor: Actor, file: StoredFile) -> Decision:
    """The file behind loaded statistics: for those who may load statistics there, or saw it being loaded."""
    if actor.may(Permission.LOAD_INDICATORS, region_code=file.region_code or None):
        return ALLOWED
    return refused("この資料の元のファイルを受け取る権限がありません。")

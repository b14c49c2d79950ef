"""Who sees an import and a mapping, and who may do what with them. Loading figures is the right to everything here."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from nimo.community.statistics.choices import ImportState
from nimo.community.statistics.models import ColumnMapping, ReadCell, StatisticsImport
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.access.rules import ALLOWED, Decision, NotVisible, refused
from nimo.foundation.files.models import StoredFile
from nimo.foundation.files.policies import owner

SOURCE_FILES = "statistics.source"


def visible_imports(actor: Actor) -> QuerySet[StatisticsImport]:
    """Imports of one's own organisations; all of them for who may load everywhere."""
    if not actor.has_anywhere(Permission.LOAD_INDICATORS):
        return StatisticsImport.objects.none()
    if actor.reach(Permission.LOAD_INDICATORS).everything:
        return StatisticsImport.objects.all()
    return StatisticsImport.objects.filter(organisation_id__in=[grant.organisation_id for grant in actor.grants])


def get_import(actor: Actor, import_id: UUID) -> StatisticsImport:
    """One import with its file and mapping. Raises NotVisible."""
    found = visible_imports(actor).select_related("file", "mapping", "in_charge").filter(pk=import_id).first()
    if found is None:
        raise NotVisible("取り込みが見つかりません。")
    return found


def visible_cells(actor: Actor, one: StatisticsImport) -> QuerySet[ReadCell]:
    """The figures of an import the actor may see."""
    return ReadCell.objects.filter(import_of__in=visible_imports(actor).filter(pk=one.pk))


def visible_mappings(actor: Actor) -> QuerySet[ColumnMapping]:
    """Mappings of one's own organisations, retired ones included."""
    if not actor.has_anywhere(Permission.LOAD_INDICATORS):
        return ColumnMapping.objects.none()
    if actor.reach(Permission.LOAD_INDICATORS).everything:
        return ColumnMapping.objects.all()
    return ColumnMapping.objects.filter(organisation_id__in=[grant.organisation_id for grant in actor.grants])


def get_mapping(actor: Actor, mapping_id: UUID) -> ColumnMapping:
    """One version of a mapping. Raises NotVisible."""
    found = visible_mappings(actor).filter(pk=mapping_id).first()
    if found is None:
        raise NotVisible("列の対応づけが見つかりません。")
    return found


@owner(SOURCE_FILES)
def may_download_source(actor: Actor, file: StoredFile) -> Decision:
    """The file goes to those who see its import."""
    if visible_imports(actor).filter(file=file).exists():
        return ALLOWED
    return refused("この統計の元のファイルを受け取る権限がありません。")


def may_take_in(actor: Actor) -> Decision:
    if actor.has_anywhere(Permission.LOAD_INDICATORS):
        return ALLOWED
    return refused("統計を取り込む権限がありません。所属の責任者に相談してください。何も保存していません。")


def _in_state(one: StatisticsImport, *states: ImportState) -> Decision:
    if one.state in states:
        return ALLOWED
    return refused(
        f"この取り込みはいま「{one.get_state_display()}」です。何も変わっていません。画面を開き直してください。"
    )


def may_decide(actor: Actor, one: StatisticsImport) -> Decision:
    """Accept, correct, choose regions, read again, discard: while it waits for a person."""
    return may_take_in(actor) and _in_state(one, ImportState.REVIEW)


def may_map(actor: Actor, one: StatisticsImport) -> Decision:
    """Say what the columns hold: before the review, or to read again by other meanings."""
    if one.layout != "mapped":
        return refused("この表は決まった形で読めるため、列の意味を選ぶ必要がありません。")
    return may_take_in(actor) and _in_state(one, ImportState.MAPPING, ImportState.REVIEW)


def may_read_again(actor: Actor, one: StatisticsImport) -> Decision:
    return may_take_in(actor) and _in_state(one, ImportState.REVIEW, ImportState.FAILED, ImportState.MAPPING)


def may_discard(actor: Actor, one: StatisticsImport) -> Decision:
    return may_take_in(actor) and _in_state(one, ImportState.REVIEW, ImportState.FAILED, ImportState.MAPPING)


def may_check(actor: Actor, one: StatisticsImport) -> Decision:
    """Look at all figures again after corrections, when the job that should have done so was stopped."""
    if one.state == ImportState.REVIEW and not one.unchecked:
        return refused("直したところは、もう全部確かめてあります。何も変わっていません。")
    return may_decide(actor, one)


def may_record(actor: Actor, one: StatisticsImport) -> Decision:
    if one.unchecked and one.state == ImportState.REVIEW:
        return refused(
            "直したあとの確かめが終わっていません。何も記録していません。前の画面で「確かめ直す」を押してください。"
        )
    if one.blocks:
        return refused("記録の前に決めることが残っています。画面の上の案内を見て、読み直してください。")
    return may_decide(actor, one)


def may_open(actor: Actor) -> Decision:
    """Make official statistics public while they are recorded: who publishes, or who loads for the whole nation."""
    if actor.has_anywhere(Permission.PUBLISH_INDICATORS) or actor.reach(Permission.LOAD_INDICATORS).everything:
        return ALLOWED
    return refused(
        "記録と同時に公開する権限がありません。何も記録していません。公開しないで記録し、責任者に公開を頼んでください。"
    )


def may_undo(actor: Actor, one: StatisticsImport) -> Decision:
    return may_take_in(actor) and _in_state(one, ImportState.RECORDED)

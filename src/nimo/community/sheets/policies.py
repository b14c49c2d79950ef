"""Who sees which upload, draft and sheet. The public sees published chapters only."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from nimo.community.sheets.choices import DocumentState, DraftState, SheetState, StepKind
from nimo.community.sheets.models.documents import SheetDocument, SheetRoute
from nimo.community.sheets.models.imports import SheetDraft, SheetUpload
from nimo.community.sheets.models.sheets import Sheet, SheetSection
from nimo.community.sheets.models.submissions import SheetSubmission
from nimo.community.sheets.rules.flow import Position, holder, steps_from_json
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.access.rules import ALLOWED, Decision, NotVisible, refused
from nimo.foundation.files.models import StoredFile
from nimo.foundation.files.policies import owner


def _within(actor: Actor, permission: Permission, prefix: str) -> Q:
    """Rows of the regions the permission reaches."""
    reach = actor.reach(permission)
    return Q() if reach.everything else Q(**{f"{prefix}__in": reach.region_codes})


def visible_uploads(actor: Actor) -> QuerySet[SheetUpload]:
    """Uploads of one's own organisation, and those of the regions one may import for."""
    if not actor.has_anywhere(Permission.IMPORT_SHEET):
        return SheetUpload.objects.none()
    if actor.reach(Permission.IMPORT_SHEET).everything:
        return SheetUpload.objects.all()
    own = Q(organisation_id__in=[grant.organisation_id for grant in actor.grants])
    return SheetUpload.objects.filter(own | _within(actor, Permission.IMPORT_SHEET, "region_code"))


def get_upload(actor: Actor, upload_id: UUID) -> SheetUpload:
    upload = visible_uploads(actor).select_related("file").filter(pk=upload_id).first()
    if upload is None:
        raise NotVisible("取り込みが見つかりません。")
    return upload


def visible_drafts(actor: Actor) -> QuerySet[SheetDraft]:
    """A draft is seen with its upload, or with its region once that is known."""
    if not actor.has_anywhere(Permission.IMPORT_SHEET):
        return SheetDraft.objects.none()
    if actor.reach(Permission.IMPORT_SHEET).everything:
        return SheetDraft.objects.all()
    return SheetDraft.objects.filter(
        Q(upload__in=visible_uploads(actor)) | _within(actor, Permission.IMPORT_SHEET, "region_id")
    )


def get_draft(actor: Actor, draft_id: UUID) -> SheetDraft:
    found = visible_drafts(actor).select_related("upload__file", "region__prefecture").filter(pk=draft_id).first()
    if found is None:
        raise NotVisible("読み取ったシートが見つかりません。")
    return found


def visible_sheets(actor: Actor) -> QuerySet[Sheet]:
    """Confirmed sheets before publication, for those who work with the region."""
    if not actor.has_anywhere(Permission.VIEW_SHEET):
        return Sheet.objects.none()
    return Sheet.objects.filter(_within(actor, Permission.VIEW_SHEET, "region_id"))


def get_sheet(actor: Actor, sheet_id: UUID) -> Sheet:
    found = (
        visible_sheets(actor).select_related("region__prefecture", "draft__upload__file").filter(pk=sheet_id).first()
    )
    if found is None:
        raise NotVisible("シートが見つかりません。")
    return found


def visible_sections(actor: Actor) -> QuerySet[SheetSection]:
    """Chapters of current sheets: published ones for everyone, all of them within one's own regions."""
    current = SheetSection.objects.filter(sheet__state=SheetState.CURRENT)
    published = Q(published_at__isnull=False)
    if not actor.has_anywhere(Permission.VIEW_SHEET):
        return current.filter(published)
    if actor.reach(Permission.VIEW_SHEET).everything:
        return current
    return current.filter(published | _within(actor, Permission.VIEW_SHEET, "sheet__region_id"))


@owner("sheets.source")
def may_download_source(actor: Actor, file: StoredFile) -> Decision:
    """The file goes to those who import for the region, and to those who see a sheet that came from it."""
    if visible_uploads(actor).filter(file=file).exists():
        return ALLOWED
    seen = visible_sheets(actor).filter(draft__upload__file=file).exists()
    if seen and actor.has_anywhere(Permission.DOWNLOAD_FILE):
        return ALLOWED
    return refused("この地域のシートの元のファイルを受け取る権限がありません。")


@owner("sheets.export")
def may_download_export(actor: Actor, file: StoredFile) -> Decision:
    """The files of a submitted sheet go to those who see the submission."""
    if visible_submissions(actor).filter(files__file=file).exists():
        return ALLOWED
    return refused("この提出のファイルを受け取る権限がありません。")


def may_import(actor: Actor) -> Decision:
    if actor.has_anywhere(Permission.IMPORT_SHEET):
        return ALLOWED
    return refused("自治体情報シートを取り込む権限がありません。所属の責任者に相談してください。")


def may_edit(actor: Actor, draft: SheetDraft) -> Decision:
    if draft.state != DraftState.REVIEW:
        return refused(
            "このシートはもう確認待ちではありません。画面を開き直してください。入力した内容は保存していません。"
        )
    reach = actor.reach(Permission.IMPORT_SHEET)
    if reach.everything or draft.region_id in reach.region_codes or draft.region_id is None:
        return ALLOWED
    if draft.upload.organisation_id in {grant.organisation_id for grant in actor.grants}:
        return ALLOWED
    return refused("この地域のシートを直す権限がありません。")


def may_assign(actor: Actor, region_code: str) -> Decision:
    """May the actor say that a sheet is this region's?"""
    if actor.may(Permission.IMPORT_SHEET, region_code=region_code):
        return ALLOWED
    return refused(
        "選んだ地域は、あなたの担当の地域ではありません。地域を選び直すか、担当の方に取り込みを頼んでください。"
    )


def may_confirm(actor: Actor, draft: SheetDraft) -> Decision:
    if draft.region_id is None:
        return refused("どの地域のシートか決まっていません。地域を選んでください。")
    if draft.fiscal_year is None:
        return refused("何年度のシートか決まっていません。年度を入れてください。")
    if not actor.may(Permission.CONFIRM_SHEET, region_code=draft.region_id):
        return refused("この地域のシートを確定する権限がありません。")
    return ALLOWED


def may_undo(actor: Actor, sheet: Sheet) -> Decision:
    if sheet.state != SheetState.CURRENT:
        return refused("有効なシートではないため、取り消せません。")
    if sheet.draft_id is None:
        return refused(
            "提出されて受理されたシートは取り消せません。直すときは、訂正を記すか、次の版を提出してください。"
        )
    if not actor.may(Permission.CONFIRM_SHEET, region_code=sheet.region_id):
        return refused("この地域のシートの確定を取り消す権限がありません。")
    return ALLOWED


def may_publish(actor: Actor, sheet: Sheet) -> Decision:
    if actor.kind != "user" and actor.kind != "system":
        return refused("公開するには、名前のある担当者としてログインしてください。")
    if sheet.state != SheetState.CURRENT:
        return refused("有効なシートではないため、公開できません。")
    if not actor.may(Permission.PUBLISH_SHEET, region_code=sheet.region_id):
        return refused("シートを公開する権限がありません。都道府県または市町村の責任者が公開します。")
    return ALLOWED


def _organisations(actor: Actor) -> list[UUID]:
    return [grant.organisation_id for grant in actor.grants]


def visible_documents(actor: Actor) -> QuerySet[SheetDocument]:
    """Sheets being written: by one's own organisation, and, once they were submitted, those of one's regions.

    What another body is still drafting is its own affair; a prefecture sees that it is under way (reports), not what
    it says.
    """
    if not actor.has_anywhere(Permission.EDIT_SHEET):
        return SheetDocument.objects.none()
    if actor.reach(Permission.EDIT_SHEET).everything:
        return SheetDocument.objects.all()
    own = Q(organisation_id__in=_organisations(actor))
    sent = _within(actor, Permission.APPROVE_SHEET, "region_id") & Q(submissions__isnull=False)
    return SheetDocument.objects.filter(own | sent).distinct()


def get_document(actor: Actor, document_id: UUID) -> SheetDocument:
    found = (
        visible_documents(actor)
        .select_related("region__prefecture", "organisation", "in_charge", "begun_from")
        .filter(pk=document_id)
        .first()
    )
    if found is None:
        raise NotVisible("作成するシートが見つかりません。")
    return found


def position_of(document: SheetDocument) -> Position:
    return Position(DocumentState(document.state), document.step)


def may_start_document(actor: Actor, region_code: str) -> Decision:
    if actor.may(Permission.EDIT_SHEET, region_code=region_code):
        return ALLOWED
    return refused("この地域のシートを作る権限がありません。担当の地域を選んでください。")


def is_author(actor: Actor, document: SheetDocument) -> bool:
    """Does the actor belong to the body that writes the sheet (and may write there)?"""
    if actor.kind == "system":
        return True
    return document.organisation_id in _organisations(actor) and actor.may(
        Permission.EDIT_SHEET, region_code=document.region_id
    )


def may_write(actor: Actor, document: SheetDocument) -> Decision:
    """Into the chapters, as one of its authors."""
    if document.state != DocumentState.DRAFTING:
        return refused(
            f"このシートは「{document.get_state_display()}」のため、そのままでは直せません。引き戻すか、持っている段の人が理由をつけて直します。入力は保存していません。"
        )
    if is_author(actor, document):
        return ALLOWED
    return refused("このシートを作っている組織の担当者だけが直せます。")


def may_act(actor: Actor, document: SheetDocument) -> Decision:
    """At the step that has the sheet now: the people of that organisation."""
    step = holder(steps_from_json(document.route), position_of(document))
    if step is None:
        return refused("このシートは、いまどの段にもありません。画面を開き直してください。")
    if actor.kind == "system":
        return ALLOWED
    inside = step.organisation_id in _organisations(actor)
    if inside and actor.may(Permission.APPROVE_SHEET, region_code=document.region_id):
        return ALLOWED
    return refused(f"いまは「{step.label}」の段です。その組織の担当者が行います。")


def may_record_for(actor: Actor, document: SheetDocument) -> Decision:
    """A check or decision that was made on paper, written down by the authors' body with a reason."""
    step = holder(steps_from_json(document.route), position_of(document))
    if step is not None and step.kind is not StepKind.RECEIVE and is_author(actor, document):
        return ALLOWED
    return refused("代わりに記録できるのは、作成した組織の人が、自分の組織の確認と決裁についてだけです。")


def may_correct(actor: Actor, submission: SheetSubmission) -> Decision:
    document = submission.document
    if is_author(actor, document) or actor.may(Permission.CONFIRM_SHEET, region_code=document.region_id):
        return ALLOWED
    return refused("提出したシートの訂正を記せるのは、作成した組織と、受け取った組織の担当者です。")


def may_manage_routes(actor: Actor, region_code: str) -> Decision:
    if actor.may(Permission.MANAGE_SHEET_ROUTES, region_code=region_code):
        return ALLOWED
    return refused("回す経路を決められるのは、その組織の責任者です。")


def visible_routes(actor: Actor) -> QuerySet[SheetRoute]:
    """The routes of one's own organisations, and those of the bodies one manages."""
    if not actor.has_anywhere(Permission.EDIT_SHEET):
        return SheetRoute.objects.none()
    if actor.reach(Permission.EDIT_SHEET).everything:
        return SheetRoute.objects.all()
    managed = _within(actor, Permission.MANAGE_SHEET_ROUTES, "organisation__region_id")
    return SheetRoute.objects.filter(Q(organisation_id__in=_organisations(actor)) | managed)


def get_route(actor: Actor, route_id: UUID) -> SheetRoute:
    found = visible_routes(actor).select_related("organisation").filter(pk=route_id).first()
    if found is None:
        raise NotVisible("経路が見つかりません。")
    return found


def visible_submissions(actor: Actor) -> QuerySet[SheetSubmission]:
    """Submitted sheets: for their authors, and for the bodies whose regions they are in."""
    if not actor.has_anywhere(Permission.EDIT_SHEET):
        return SheetSubmission.objects.none()
    if actor.reach(Permission.EDIT_SHEET).everything:
        return SheetSubmission.objects.all()
    own = Q(document__organisation_id__in=_organisations(actor))
    return SheetSubmission.objects.filter(own | _within(actor, Permission.APPROVE_SHEET, "document__region_id"))


def get_submission(actor: Actor, submission_id: UUID) -> SheetSubmission:
    found = (
        visible_submissions(actor)
        .select_related("document__region__prefecture", "document__organisation")
        .filter(pk=submission_id)
        .first()
    )
    if found is None:
        raise NotVisible("提出したシートが見つかりません。")
    return found

"""Who may open what: every address × every role × own or other region → status. Written by hand, on purpose:
it must not be derived from the matrix it checks. An address missing here fails the build.

`allowed`: the roles that may. `own`: what they get for something of their own region or organisation.
`elsewhere`: what the same roles get for something of another prefecture (404: nobody can tell that it is there).
Every other role gets 403 and a visitor is sent to the login, unless `public` says what everyone gets.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from nimo.foundation.access.permissions import Role as R

EVERYONE = frozenset(R)
SHEET_WRITERS = frozenset(
    {R.PREFECTURE_MANAGER, R.PREFECTURE_OFFICER, R.HEALTH_CENTRE_OFFICER, R.MUNICIPAL_MANAGER, R.MUNICIPAL_OFFICER}
)
COLLECTORS = frozenset({R.PREFECTURE_MANAGER, R.PREFECTURE_OFFICER, R.HEALTH_CENTRE_OFFICER, R.NATIONAL_SECRETARIAT})
HEAD_OFFICE = frozenset({R.PREFECTURE_MANAGER, R.PREFECTURE_OFFICER})
IMPORTERS = SHEET_WRITERS | {R.NATIONAL_SECRETARIAT}
SHEET_READERS = SHEET_WRITERS | {R.MENTAL_HEALTH_CENTRE_OFFICER, R.ADVISER}
PUBLISHERS = frozenset({R.PREFECTURE_MANAGER, R.MUNICIPAL_MANAGER})
FIGURE_PUBLISHERS = frozenset({R.PREFECTURE_MANAGER})
LOADERS = frozenset({R.SYSTEM_ADMINISTRATOR, R.PREFECTURE_MANAGER, R.PREFECTURE_OFFICER})
JOB_READERS = SHEET_WRITERS | {R.SYSTEM_ADMINISTRATOR}
USER_MANAGERS = frozenset({R.SYSTEM_ADMINISTRATOR, R.PREFECTURE_MANAGER, R.MUNICIPAL_MANAGER})
ORGANISATION_MANAGERS = frozenset({R.SYSTEM_ADMINISTRATOR, R.PREFECTURE_MANAGER})
REGION_MANAGERS = ORGANISATION_MANAGERS
MATRIX_READERS = USER_MANAGERS | {R.AUDITOR}
AUDIT_READERS = frozenset({R.SYSTEM_ADMINISTRATOR, R.AUDITOR})
FIGURE_READERS = SHEET_READERS | {R.SYSTEM_ADMINISTRATOR}
RECOUNTERS = SHEET_WRITERS | {R.SYSTEM_ADMINISTRATOR}
QUESTIONNAIRE_OWNERS = SHEET_WRITERS | {R.MENTAL_HEALTH_CENTRE_OFFICER}
CITY_OFFICE = frozenset({R.MUNICIPAL_MANAGER, R.MUNICIPAL_OFFICER})
COUNCIL_KEEPERS = QUESTIONNAIRE_OWNERS | {R.HOSPITAL_WORKER, R.CONSULTATION_WORKER, R.WELFARE_COUNCIL_WORKER}
COUNCIL_OFFICE = CITY_OFFICE | {R.CONSULTATION_WORKER, R.WELFARE_COUNCIL_WORKER}
"""In this world these two roles work for the office that keeps the council."""
OF_THE_PREFECTURE = EVERYONE - {R.NATIONAL_SECRETARIAT, R.RESEARCHER}
NEAR_THE_COUNCIL = SHEET_READERS | {
    R.CLINIC_WORKER,
    R.HOME_NURSE,
    R.CONSULTATION_WORKER,
    R.COMMUNITY_SUPPORT_WORKER,
    R.WELFARE_COUNCIL_WORKER,
    R.FAMILY_MEMBER,
    R.HOUSING_WORKER,
    R.FIRE_SERVICE_WORKER,
}
"""In this world the last eight work for the office that keeps the council."""
REACH_EVERYTHING = frozenset({R.SYSTEM_ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Row:
    """`arguments` names what the address needs of the test world (tests/access/world.py)."""

    allowed: frozenset[R] = EVERYONE
    own: int = 200
    elsewhere: int | None = None
    public: int | None = None
    arguments: tuple[str, ...] = ()
    post: bool = False
    beyond: frozenset[R] = field(default=REACH_EVERYTHING)
    """Roles for which another prefecture is not elsewhere."""
    signed_in: int | None = None
    """For public addresses that answer people who are signed in differently."""
    far: int | None = None
    """For people of no prefecture (国, 調査研究), where they do not get `own`."""
    same_organisation: frozenset[R] | None = None
    """Where only the organisation's own people may: they get `own`, the other allowed roles `elsewhere`."""


def page(allowed: frozenset[R], *arguments: str, own: int = 200, elsewhere: int | None = None) -> Row:
    return Row(allowed=allowed, own=own, elsewhere=elsewhere, arguments=arguments)


def one(allowed: frozenset[R], *arguments: str, own: int = 200) -> Row:
    """A page of one record: not there for those of another prefecture."""
    return Row(allowed=allowed, own=own, elsewhere=404, arguments=arguments)


def act(allowed: frozenset[R], *arguments: str) -> Row:
    """Only a POST does something: a GET is refused with 405, after the permission was asked."""
    return Row(allowed=allowed, own=405, arguments=arguments)


def answer(*arguments: str) -> Row:
    """The papers of one organisation: other organisations of the same region do not see them."""
    municipal = frozenset({R.MUNICIPAL_MANAGER, R.MUNICIPAL_OFFICER})
    return Row(
        allowed=SHEET_WRITERS, elsewhere=404, arguments=arguments, beyond=frozenset(), same_organisation=municipal
    )


def of_the_office(*arguments: str) -> Row:
    """A page of what the city's office owns: nobody else's, also not the prefecture's."""
    return Row(allowed=QUESTIONNAIRE_OWNERS, elsewhere=404, arguments=arguments, same_organisation=CITY_OFFICE)


def imported(*arguments: str, own: int = 200) -> Row:
    """A file that was taken in: for the region's own; the nation sees only what its own organisation received."""
    return Row(allowed=IMPORTERS, own=own, elsewhere=404, arguments=arguments, same_organisation=SHEET_WRITERS)


def round_of(*arguments: str) -> Row:
    """A round of asking for sheets: the prefecture's head office asked, nobody else sees it."""
    return Row(
        allowed=COLLECTORS, elsewhere=404, arguments=arguments, beyond=frozenset(), same_organisation=HEAD_OFFICE
    )


def request_to(*arguments: str) -> Row:
    """What the city was asked for: its own office only."""
    return Row(
        allowed=SHEET_WRITERS, elsewhere=404, arguments=arguments, beyond=frozenset(), same_organisation=CITY_OFFICE
    )


def council(*arguments: str) -> Row:
    """What everybody of the prefecture may know of a council."""
    return Row(elsewhere=404, arguments=arguments, beyond=frozenset(), same_organisation=OF_THE_PREFECTURE, far=404)


def near_the_council(*arguments: str) -> Row:
    """What those may open who may know the members: officers of the region, and the office that keeps it."""
    return Row(elsewhere=404, arguments=arguments, beyond=frozenset(), same_organisation=NEAR_THE_COUNCIL, far=404)


def of_the_council(*arguments: str) -> Row:
    """What only the office that keeps the council may open."""
    return Row(
        allowed=COUNCIL_KEEPERS,
        elsewhere=404,
        arguments=arguments,
        beyond=frozenset(),
        same_organisation=COUNCIL_OFFICE,
    )


def open_to_all(*arguments: str, status: int = 200) -> Row:
    return Row(public=status, arguments=arguments)


TABLE: dict[str, Row] = {
    "home:front": Row(public=302),
    "home:home": page(EVERYONE),
    "portal:region_list": open_to_all(),
    "portal:prefectures_csv": open_to_all(),
    "portal:region_detail": open_to_all("code"),
    "portal:region_figures_csv": open_to_all("code"),
    "portal:region_sheet": open_to_all("public_code", "fiscal_year"),
    "portal:region_sheet_file": open_to_all("public_code", "fiscal_year", "file_format"),
    "councils:body_list": page(EVERYONE),
    "councils:diagram": page(EVERYONE, "code"),
    "councils:body_create": page(COUNCIL_KEEPERS),
    "councils:body_detail": council("body_id"),
    "councils:body_edit": of_the_council("body_id"),
    "councils:body_move": of_the_council("body_id"),
    "councils:body_purpose": of_the_council("body_id"),
    "councils:body_hats": of_the_council("body_id"),
    "councils:relation_add": of_the_council("body_id"),
    "councils:relation_remove": of_the_council("relation_id"),
    "councils:manual_add": of_the_council("body_id"),
    "councils:regulation_add": of_the_council("body_id"),
    "councils:regulation_detail": council("regulation_id"),
    "councils:regulation_edit": of_the_council("regulation_id"),
    "councils:post_add": of_the_council("body_id"),
    "councils:fee_list": of_the_council("body_id"),
    "councils:post_edit": of_the_council("post_id"),
    "councils:post_end": of_the_council("post_id"),
    "councils:seat_add": of_the_council("post_id"),
    "councils:holding_detail": of_the_council("holding_id"),
    "councils:holding_edit": of_the_council("holding_id"),
    "councils:holding_leave": of_the_council("holding_id"),
    "councils:holding_promote": of_the_council("holding_id"),
    "councils:holding_choice": of_the_council("holding_id"),
    "councils:meeting_list": council("body_id"),
    "councils:meeting_record": of_the_council("body_id"),
    "councils:meeting_plan": of_the_council("body_id"),
    "councils:meeting_detail": council("meeting_id"),
    "councils:meeting_hold": of_the_council("meeting_id"),
    "councils:meeting_cancel": of_the_council("meeting_id"),
    "councils:meeting_call": of_the_council("meeting_id"),
    "councils:meeting_guest": of_the_council("meeting_id"),
    "councils:meeting_replies": of_the_council("meeting_id"),
    "councils:meeting_attendance": of_the_council("meeting_id"),
    "councils:meeting_document": council("meeting_id", "document_kind"),
    "councils:minutes_detail": council("meeting_id"),
    "councils:minutes_approve": of_the_council("meeting_id"),
    "councils:minutes_publish": of_the_council("meeting_id"),
    "councils:minutes_withdraw": of_the_council("meeting_id"),
    "councils:minutes_public": open_to_all("public_meeting_id"),
    "councils:minutes_public_file": open_to_all("public_meeting_id"),
    "councils:item_add": of_the_council("meeting_id"),
    "councils:item_detail": of_the_council("item_id"),
    "councils:item_edit": of_the_council("item_id"),
    "councils:item_remove": of_the_council("item_id"),
    "councils:minute_edit": of_the_council("item_id"),
    "councils:minute_correct": of_the_council("item_id"),
    "councils:paper_add": of_the_council("item_id"),
    "councils:paper_download": council("paper_id"),
    "councils:decision_add": of_the_council("item_id"),
    "councils:decision_close": of_the_council("decision_id"),
    "councils:opinion_add": of_the_council("item_id"),
    "councils:item_raise": of_the_council("item_id"),
    "councils:referral_answer": of_the_council("referral_id"),
    "councils:reading_set": of_the_council("body_id"),
    "councils:year_detail": near_the_council("body_id", "fiscal_year"),
    "councils:item_classify": of_the_council("body_id", "fiscal_year"),
    "councils:plan_add": of_the_council("body_id", "fiscal_year"),
    "councils:review_edit": of_the_council("body_id", "fiscal_year"),
    "councils:review_decide": of_the_council("body_id", "fiscal_year"),
    "councils:plan_tie": of_the_council("planned_id"),
    "councils:plan_drop": of_the_council("planned_id"),
    "sheets:sheet_list": page(SHEET_READERS),
    "sheets:sheet_upload": page(IMPORTERS),
    "sheets:upload_detail": imported("upload_id", own=302),
    "sheets:draft_review": imported("draft_id"),
    "sheets:draft_confirm": imported("draft_id"),
    "sheets:draft_discard": act(IMPORTERS, "draft_id"),
    "sheets:draft_restore": act(IMPORTERS, "draft_id"),
    "sheets:sheet_detail": one(SHEET_READERS, "sheet_id"),
    "sheets:sheet_councils": one(SHEET_WRITERS, "sheet_id"),
    "sheets:sheet_publish": one(PUBLISHERS, "sheet_id"),
    "sheets:sheet_undo": imported("sheet_id"),
    "sheets:sheet_compare": one(SHEET_READERS, "sheet_id"),
    "sheets:document_list": page(SHEET_WRITERS),
    "sheets:document_new": page(SHEET_WRITERS),
    "sheets:document_detail": one(SHEET_WRITERS, "document_id"),
    "sheets:document_chapter": one(SHEET_WRITERS, "document_id", "key"),
    "sheets:document_autosave": act(SHEET_WRITERS, "document_id", "key"),
    "sheets:document_paste": act(SHEET_WRITERS, "document_id", "key"),
    "sheets:document_mend": one(SHEET_WRITERS, "document_id", "key"),
    "sheets:document_fill": act(SHEET_WRITERS, "document_id"),
    "sheets:document_carry": one(SHEET_WRITERS, "document_id"),
    "sheets:document_compare": one(SHEET_WRITERS, "document_id"),
    "sheets:document_print": one(SHEET_WRITERS, "document_id"),
    "sheets:document_send": one(SHEET_WRITERS, "document_id"),
    "sheets:document_decide": one(SHEET_WRITERS, "document_id"),
    "sheets:document_move": one(SHEET_WRITERS, "document_id", "move"),
    "sheets:document_file": one(SHEET_WRITERS, "document_id", "file_format", own=302),
    "sheets:submission_files": act(SHEET_WRITERS, "submission_id"),
    "sheets:submission_detail": one(SHEET_WRITERS, "submission_id"),
    "sheets:route_list": page(SHEET_WRITERS),
    "sheets:route_new": page(PUBLISHERS),
    "sheets:route_edit": one(PUBLISHERS, "route_id"),
    "indicators:indicator_list": open_to_all(),
    "indicators:indicator_list_csv": open_to_all(),
    "indicators:indicator_detail": open_to_all("indicator_code"),
    "indicators:indicator_values_csv": open_to_all("indicator_code"),
    "indicators:explorer": open_to_all(),
    "indicators:explorer_csv": open_to_all(),
    "indicators:derived_detail": open_to_all("derived_code"),
    "indicators:derived_value": open_to_all("derived_code", "derived_region", "derived_year"),
    "indicators:observation_detail": open_to_all("public_observation_id"),
    "indicators:observation_records": Row(allowed=FIGURE_READERS, elsewhere=404, arguments=("counted_observation_id",)),
    "indicators:laid_detail": open_to_all("region_code", "public_observation_id"),
    "indicators:recount_list": page(FIGURE_READERS),
    "indicators:recount_start": act(RECOUNTERS),
    "indicators:recount_everything": act(RECOUNTERS),
    "indicators:source_detail": open_to_all("public_source_id"),
    "indicators:source_publish": act(FIGURE_PUBLISHERS, "source_id"),
    "indicators:source_unpublish": act(FIGURE_PUBLISHERS, "source_id"),
    "indicators:source_withdraw": act(LOADERS, "source_id"),
    "statistics:import_list": page(LOADERS),
    "statistics:import_new": page(LOADERS),
    "statistics:mapping_list": page(LOADERS),
    "statistics:mapping_retire": act(LOADERS, "mapping_id"),
    "statistics:import_detail": one(LOADERS, "import_id"),
    "statistics:import_findings_csv": one(LOADERS, "import_id"),
    "statistics:import_mapping": one(LOADERS, "mapped_import_id"),
    "statistics:import_regions": act(LOADERS, "import_id"),
    "statistics:import_cells": act(LOADERS, "import_id"),
    "statistics:import_read_again": act(LOADERS, "import_id"),
    "statistics:import_record": one(LOADERS, "import_id"),
    "statistics:import_undo": one(LOADERS, "import_id"),
    "statistics:import_discard": act(LOADERS, "import_id"),
    "reports:collection_list": page(COLLECTORS),
    "reports:collection_new": page(COLLECTORS),
    "reports:collection_detail": round_of("collection_id"),
    "reports:collection_csv": round_of("collection_id"),
    "reports:collection_edit": round_of("collection_id"),
    "reports:collection_remind": act(COLLECTORS, "collection_id"),
    "reports:collection_move": act(COLLECTORS, "collection_id", "collection_move"),
    "reports:target_detail": round_of("target_id"),
    "reports:target_contact": act(COLLECTORS, "target_id"),
    "reports:target_excuse": act(COLLECTORS, "target_id"),
    "reports:target_packet": act(COLLECTORS, "target_id"),
    "reports:target_return": act(COLLECTORS, "target_id"),
    "reports:request_list": page(SHEET_WRITERS),
    "reports:request_detail": request_to("target_id"),
    "reports:answer_list": page(SHEET_WRITERS),
    "reports:answer_new": page(SHEET_WRITERS),
    "reports:answer_detail": answer("answer_id"),
    "reports:answer_edit": answer("answer_id"),
    "reports:answer_version": answer("answer_id", "number"),
    "reports:answer_pdf": answer("answer_id", "number"),
    "reports:answer_confirm": act(SHEET_WRITERS, "answer_id"),
    "reports:answer_drop": act(SHEET_WRITERS, "answer_id"),
    "files:file_download": one(SHEET_WRITERS, "file_id"),
    "jobs:job_list": page(JOB_READERS),
    "jobs:job_detail": Row(
        allowed=JOB_READERS,
        elsewhere=404,
        arguments=("job_id",),
        same_organisation=frozenset({R.SYSTEM_ADMINISTRATOR, R.MUNICIPAL_MANAGER, R.MUNICIPAL_OFFICER}),
    ),
    "jobs:job_cancel": act(JOB_READERS, "job_id"),
    "notices:notice_list": page(EVERYONE),
    "notices:notice_open": act(EVERYONE, "any_id"),
    "notices:notice_read_all": act(EVERYONE),
    "questionnaires:form_list": page(SHEET_READERS),
    "questionnaires:form_create": page(QUESTIONNAIRE_OWNERS),
    "questionnaires:form_detail": one(SHEET_READERS, "form_id"),
    "questionnaires:form_edit": of_the_office("form_id"),
    "questionnaires:version_detail": one(SHEET_READERS, "version_id"),
    "questionnaires:version_preview": one(SHEET_READERS, "version_id"),
    "questionnaires:version_paper": one(SHEET_READERS, "version_id"),
    "questionnaires:introduction_edit": of_the_office("draft_version_id"),
    "questionnaires:section_add": of_the_office("draft_version_id"),
    "questionnaires:section_edit": of_the_office("draft_version_id", "section"),
    "questionnaires:question_add": of_the_office("draft_version_id", "section"),
    "questionnaires:question_edit": of_the_office("draft_version_id", "question"),
    "questionnaires:item_move": act(QUESTIONNAIRE_OWNERS, "draft_version_id", "question"),
    "questionnaires:item_remove": of_the_office("draft_version_id", "question"),
    "questionnaires:version_publish": of_the_office("draft_version_id"),
    "questionnaires:version_copy": act(QUESTIONNAIRE_OWNERS, "version_id"),
    "questionnaires:version_discard": act(QUESTIONNAIRE_OWNERS, "draft_version_id"),
    "questionnaires:version_retire": of_the_office("version_id"),
    "questionnaires:round_create": of_the_office("version_id"),
    "questionnaires:round_detail": of_the_office("round_id"),
    "questionnaires:round_edit": of_the_office("round_id"),
    "questionnaires:round_open": act(QUESTIONNAIRE_OWNERS, "round_id"),
    "questionnaires:round_close": of_the_office("round_id"),
    "questionnaires:round_remind": act(QUESTIONNAIRE_OWNERS, "round_id"),
    "questionnaires:round_invite": of_the_office("round_id"),
    "questionnaires:round_letters_csv": act(QUESTIONNAIRE_OWNERS, "round_id"),
    "questionnaires:round_letters_pdf": act(QUESTIONNAIRE_OWNERS, "round_id"),
    "questionnaires:round_paper": of_the_office("round_id"),
    "questionnaires:round_workbook": of_the_office("round_id"),
    "questionnaires:round_results": one(SHEET_READERS, "closed_round_id"),
    "questionnaires:round_results_csv": one(SHEET_READERS, "closed_round_id"),
    "questionnaires:round_results_xlsx": one(SHEET_READERS, "closed_round_id"),
    "questionnaires:round_by_kind": of_the_office("closed_round_id", "question"),
    "questionnaires:round_compare": one(SHEET_READERS, "closed_round_id"),
    "questionnaires:round_texts": of_the_office("closed_round_id"),
    "questionnaires:invitation_paper": of_the_office("invitation_id"),
    "questionnaires:invitation_workbook": of_the_office("invitation_id"),
    "questionnaires:invitation_form": of_the_office("invitation_id"),
    "questionnaires:invitation_cancel": act(QUESTIONNAIRE_OWNERS, "invitation_id"),
    "questionnaires:invitation_reissue": act(QUESTIONNAIRE_OWNERS, "invitation_id"),
    "questionnaires:answer_detail": of_the_office("questionnaire_answer_id"),
    "questionnaires:own_list": page(EVERYONE),
    "questionnaires:own_answer": page(EVERYONE, "any_id", own=404),
    "questionnaires:answer_link": Row(public=302, arguments=("invitation_code",)),
    "questionnaires:answer_start": Row(public=200),
    "questionnaires:answer_section": Row(public=302, arguments=("number",)),
    "questionnaires:answer_review": Row(public=302),
    "questionnaires:answer_done": Row(public=302),
    "questionnaires:answer_workbook": Row(public=302),
    "questionnaires:answer_workbook_xlsx": Row(public=302),
    "account_login": Row(public=200, signed_in=302),
    "account_logout": Row(public=302, signed_in=200),
    "accounts:second_factor": Row(public=302),
    "accounts:switch": Row(public=302, signed_in=200),
    "accounts:invitation": Row(public=200),
    "accounts:invitation_link": Row(public=302, arguments=("invitation_code",)),
    "accounts:no_membership": Row(public=403),
    "accounts:own_account": page(EVERYONE),
    "accounts:own_name": page(EVERYONE),
    "accounts:own_password": page(EVERYONE),
    "accounts:own_sessions_end": act(EVERYONE),
    "accounts:own_organisation": act(EVERYONE),
    "accounts:second_factor_set_up": page(EVERYONE),
    "accounts:code_card": page(EVERYONE),
    "accounts:code_card_activate": page(EVERYONE, own=302),
    "accounts:totp_set_up": page(EVERYONE),
    "accounts:totp_picture": page(EVERYONE),
    "accounts:totp_remove": page(EVERYONE),
    "accounts:user_list": page(USER_MANAGERS),
    "accounts:user_invite": page(USER_MANAGERS),
    "accounts:user_detail": one(USER_MANAGERS, "user_id"),
    "accounts:user_link": act(USER_MANAGERS, "user_id"),
    "accounts:user_rename": one(USER_MANAGERS, "user_id"),
    "accounts:user_suspend": act(USER_MANAGERS, "user_id"),
    "accounts:user_restore": act(USER_MANAGERS, "user_id"),
    "accounts:user_sessions_end": act(USER_MANAGERS, "user_id"),
    "accounts:user_second_factor_reset": act(USER_MANAGERS, "user_id"),
    "accounts:membership_add": one(USER_MANAGERS, "user_id"),
    "accounts:membership_end": one(USER_MANAGERS, "membership_id"),
    "accounts:hand_over_new": one(USER_MANAGERS, "user_id"),
    "accounts:hand_over_list": page(USER_MANAGERS),
    "accounts:hand_over_detail": page(USER_MANAGERS, "any_id", own=404),
    "accounts:hand_over_cancel": act(USER_MANAGERS, "any_id"),
    "accounts:organisation_list": page(USER_MANAGERS),
    "accounts:organisation_create": page(ORGANISATION_MANAGERS),
    "accounts:organisation_detail": one(USER_MANAGERS, "organisation_id"),
    "accounts:organisation_rename": one(ORGANISATION_MANAGERS, "organisation_id"),
    "accounts:organisation_correct": one(ORGANISATION_MANAGERS, "organisation_id"),
    "accounts:organisation_end": one(ORGANISATION_MANAGERS, "organisation_id"),
    "accounts:access_matrix": page(MATRIX_READERS),
    "audit:entry_list": page(AUDIT_READERS),
    "audit:entry_detail": page(AUDIT_READERS, "entry_id"),
    "audit:verification_page": page(AUDIT_READERS),
    "search:results": open_to_all(),
    "search:synonym_list": page(ORGANISATION_MANAGERS),
    "search:synonym_new": page(ORGANISATION_MANAGERS),
    "search:synonym_edit": page(ORGANISATION_MANAGERS, "synonym_id"),
    "regions:region_list": page(REGION_MANAGERS),
    "regions:region_detail": one(REGION_MANAGERS, "prefecture_code"),
    "regions:region_rename": one(REGION_MANAGERS, "prefecture_code"),
    "regions:region_end": one(REGION_MANAGERS, "prefecture_code"),
    "regions:area_create": one(REGION_MANAGERS, "prefecture_code"),
    "regions:area_members": one(REGION_MANAGERS, "area_code", "year"),
    "regions:change_list": one(REGION_MANAGERS, "whole_prefecture"),
    "regions:change_create": one(REGION_MANAGERS, "whole_prefecture", "change_kind"),
    "regions:change_detail": one(REGION_MANAGERS, "change_id"),
    "regions:change_correct": one(REGION_MANAGERS, "change_id"),
    "regions:change_cancel": act(REGION_MANAGERS, "change_id"),
    "regions:area_copy": one(REGION_MANAGERS, "whole_prefecture", "kind", "year"),
    "ui:gallery": open_to_all(),
    "ui:gallery_component": open_to_all("component"),
}

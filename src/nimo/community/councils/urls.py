from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from nimo.community.councils.views import (
    agenda,
    bodies,
    calls,
    diagram,
    meetings,
    minutes,
    payments,
    posts,
    regions,
    regulations,
    years,
)

app_name = "councils"
_body = "bodies/<uuid:body_id>/"
_post = "posts/<uuid:post_id>/"
_holding = "holdings/<uuid:holding_id>/"
_regulation = "regulations/<uuid:regulation_id>/"
_meeting = "meetings/<uuid:meeting_id>/"
_item = "items/<uuid:item_id>/"
_planned = "plan/<uuid:planned_id>/"
_year = f"{_body}years/<int:fiscal_year>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", bodies.body_list, name="body_list"),
    path("diagram/<str:code>/", diagram.diagram, name="diagram"),
    path("regions/<str:code>/meetings/", regions.region_meetings, name="region_meetings"),
    path("bodies/new/", bodies.body_create, name="body_create"),
    path(_body, bodies.body_detail, name="body_detail"),
    path(f"{_body}edit/", bodies.body_edit, name="body_edit"),
    path(f"{_body}state/", bodies.body_move, name="body_move"),
    path(f"{_body}purpose/", bodies.body_purpose, name="body_purpose"),
    path(f"{_body}hats/", bodies.body_hats, name="body_hats"),
    path(f"{_body}relations/new/", bodies.relation_add, name="relation_add"),
    path("relations/<uuid:relation_id>/remove/", bodies.relation_remove, name="relation_remove"),
    path(f"{_body}manuals/new/", bodies.manual_add, name="manual_add"),
    path(f"{_body}regulations/new/", regulations.regulation_add, name="regulation_add"),
    path(_regulation, regulations.regulation_detail, name="regulation_detail"),
    path(f"{_regulation}edit/", regulations.regulation_edit, name="regulation_edit"),
    path(f"{_body}posts/new/", posts.post_add, name="post_add"),
    path(f"{_body}fees/", posts.fee_list, name="fee_list"),
    path(f"{_body}fees/<int:fiscal_year>/", payments.payment_list, name="payment_list"),
    path(f"{_post}edit/", posts.post_edit, name="post_edit"),
    path(f"{_post}end/", posts.post_end, name="post_end"),
    path(f"{_post}seat/", posts.seat_add, name="seat_add"),
    path(_holding, posts.holding_detail, name="holding_detail"),
    path(f"{_holding}edit/", posts.holding_edit, name="holding_edit"),
    path(f"{_holding}leave/", posts.holding_leave, name="holding_leave"),
    path(f"{_holding}promote/", posts.holding_promote, name="holding_promote"),
    path(f"{_holding}choice/", posts.holding_choice, name="holding_choice"),
    path(f"{_body}meetings/", meetings.meeting_list, name="meeting_list"),
    path(f"{_body}meetings/record/", meetings.meeting_record, name="meeting_record"),
    path(f"{_body}meetings/plan/", meetings.meeting_plan, name="meeting_plan"),
    path(_meeting, meetings.meeting_detail, name="meeting_detail"),
    path(f"{_meeting}hold/", meetings.meeting_hold, name="meeting_hold"),
    path(f"{_meeting}cancel/", meetings.meeting_cancel, name="meeting_cancel"),
    path(f"{_meeting}items/new/", agenda.item_add, name="item_add"),
    path(f"{_meeting}call/", calls.meeting_call, name="meeting_call"),
    path(f"{_meeting}guests/", calls.meeting_guest, name="meeting_guest"),
    path(f"{_meeting}replies/", calls.meeting_replies, name="meeting_replies"),
    path(f"{_meeting}attendance/", calls.meeting_attendance, name="meeting_attendance"),
    path(f"{_meeting}documents/<slug:kind>/", calls.meeting_document, name="meeting_document"),
    path(f"{_meeting}minutes/", minutes.minutes_detail, name="minutes_detail"),
    path(f"{_meeting}minutes/approve/", minutes.minutes_approve, name="minutes_approve"),
    path(f"{_meeting}minutes/publish/", minutes.minutes_publish, name="minutes_publish"),
    path(f"{_meeting}minutes/withdraw/", minutes.minutes_withdraw, name="minutes_withdraw"),
    path("minutes/<uuid:meeting_id>/", minutes.minutes_public, name="minutes_public"),
    path("minutes/<uuid:meeting_id>/file/", minutes.minutes_public_file, name="minutes_public_file"),
    path(_item, agenda.item_detail, name="item_detail"),
    path(f"{_item}edit/", agenda.item_edit, name="item_edit"),
    path(f"{_item}remove/", agenda.item_remove, name="item_remove"),
    path(f"{_item}minute/", minutes.minute_edit, name="minute_edit"),
    path(f"{_item}correct/", minutes.minute_correct, name="minute_correct"),
    path(f"{_item}papers/", agenda.paper_add, name="paper_add"),
    path("papers/<uuid:paper_id>/", agenda.paper_download, name="paper_download"),
    path(f"{_item}decisions/", agenda.decision_add, name="decision_add"),
    path("decisions/<uuid:decision_id>/", agenda.decision_close, name="decision_close"),
    path(f"{_item}opinions/", calls.opinion_add, name="opinion_add"),
    path(f"{_item}raise/", agenda.item_raise, name="item_raise"),
    path("referrals/<uuid:referral_id>/", agenda.referral_answer, name="referral_answer"),
    path(f"{_body}readings/", agenda.reading_set, name="reading_set"),
    path(_year, years.year_detail, name="year_detail"),
    path(f"{_year}classify/", agenda.item_classify, name="item_classify"),
    path(f"{_year}plan/new/", years.plan_add, name="plan_add"),
    path(f"{_year}review/", years.review_edit, name="review_edit"),
    path(f"{_year}decide/", years.review_decide, name="review_decide"),
    path(_planned, years.plan_tie, name="plan_tie"),
    path(f"{_planned}drop/", years.plan_drop, name="plan_drop"),
]

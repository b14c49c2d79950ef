from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from nimo.community.councils.views import bodies, diagram, meetings, posts, regulations

app_name = "councils"
_body = "bodies/<uuid:body_id>/"
_post = "posts/<uuid:post_id>/"
_holding = "holdings/<uuid:holding_id>/"
_regulation = "regulations/<uuid:regulation_id>/"
_meeting = "meetings/<uuid:meeting_id>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", bodies.body_list, name="body_list"),
    path("diagram/<str:code>/", diagram.diagram, name="diagram"),
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
]

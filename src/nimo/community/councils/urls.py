from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from nimo.community.councils.views import meetings

app_name = "councils"
_body = "bodies/<uuid:body_id>/"
_meeting = "meetings/<uuid:meeting_id>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{_body}meetings/", meetings.meeting_list, name="meeting_list"),
    path(f"{_body}meetings/record/", meetings.meeting_record, name="meeting_record"),
    path(f"{_body}meetings/plan/", meetings.meeting_plan, name="meeting_plan"),
    path(_meeting, meetings.meeting_detail, name="meeting_detail"),
    path(f"{_meeting}hold/", meetings.meeting_hold, name="meeting_hold"),
    path(f"{_meeting}cancel/", meetings.meeting_cancel, name="meeting_cancel"),
]

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from nimo.foundation.notices import views

app_name = "notices"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.notice_list, name="notice_list"),
    path("read-all/", views.notice_read_all, name="notice_read_all"),
    path("<uuid:notice_id>/open/", views.notice_open, name="notice_open"),
]

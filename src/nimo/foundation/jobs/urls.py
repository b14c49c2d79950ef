from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from nimo.foundation.jobs import views

app_name = "jobs"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.job_list, name="job_list"),
    path("<uuid:job_id>/", views.job_detail, name="job_detail"),
    path("<uuid:job_id>/cancel/", views.job_cancel, name="job_cancel"),
]

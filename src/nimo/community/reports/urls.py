from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from nimo.community.reports import views

app_name = "reports"
urlpatterns: list[URLPattern | URLResolver] = [
    path("answers/", views.answer_list, name="answer_list"),
    path("answers/new/", views.answer_new, name="answer_new"),
    path("answers/<uuid:answer_id>/", views.answer_detail, name="answer_detail"),
    path("answers/<uuid:answer_id>/edit/", views.answer_edit, name="answer_edit"),
    path("answers/<uuid:answer_id>/confirm/", views.answer_confirm, name="answer_confirm"),
    path("answers/<uuid:answer_id>/drop/", views.answer_drop, name="answer_drop"),
    path("answers/<uuid:answer_id>/versions/<int:number>/", views.answer_version, name="answer_version"),
    path("answers/<uuid:answer_id>/versions/<int:number>/paper.pdf", views.answer_pdf, name="answer_pdf"),
]

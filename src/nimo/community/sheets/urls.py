from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from nimo.community.sheets import views

app_name = "sheets"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.sheet_list, name="sheet_list"),
    path("new/", views.sheet_upload, name="sheet_upload"),
    path("uploads/<uuid:upload_id>/", views.upload_detail, name="upload_detail"),
    path("drafts/<uuid:draft_id>/", views.draft_review, name="draft_review"),
    path("drafts/<uuid:draft_id>/confirm/", views.draft_confirm, name="draft_confirm"),
    path("drafts/<uuid:draft_id>/discard/", views.draft_discard, name="draft_discard"),
    path("drafts/<uuid:draft_id>/restore/", views.draft_restore, name="draft_restore"),
    path("<uuid:sheet_id>/", views.sheet_detail, name="sheet_detail"),
    path("<uuid:sheet_id>/publish/", views.sheet_publish, name="sheet_publish"),
    path("<uuid:sheet_id>/undo/", views.sheet_undo, name="sheet_undo"),
]

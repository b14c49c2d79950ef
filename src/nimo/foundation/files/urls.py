from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from nimo.foundation.files import views

app_name = "files"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:file_id>/", views.file_download, name="file_download"),
]

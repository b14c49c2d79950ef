from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from nimo.foundation.ui import views

app_name = "ui"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.gallery, name="gallery"),
    path("<str:name>/", views.gallery_component, name="gallery_component"),
]

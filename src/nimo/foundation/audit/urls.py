from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from nimo.foundation.audit import views

app_name = "audit"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.entry_list, name="entry_list"),
    path("<int:entry_id>/", views.entry_detail, name="entry_detail"),
    path("verification/", views.verification_page, name="verification_page"),
]

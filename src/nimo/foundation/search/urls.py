from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from nimo.foundation.search import views

app_name = "search"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.results, name="results"),
    path("synonyms/", views.synonym_list, name="synonym_list"),
    path("rebuild/", views.rebuild_start, name="rebuild_start"),
    path("synonyms/new/", views.synonym_new, name="synonym_new"),
    path("synonyms/<uuid:synonym_id>/", views.synonym_edit, name="synonym_edit"),
]

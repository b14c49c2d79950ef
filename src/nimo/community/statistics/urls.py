from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from nimo.community.statistics import views

app_name = "statistics"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.import_list, name="import_list"),
    path("new/", views.import_new, name="import_new"),
    path("mappings/", views.mapping_list, name="mapping_list"),
    path("mappings/<uuid:mapping_id>/retire/", views.mapping_retire, name="mapping_retire"),
    path("<uuid:import_id>/", views.import_detail, name="import_detail"),
    path("<uuid:import_id>/findings.csv", views.import_findings_csv, name="import_findings_csv"),
    path("<uuid:import_id>/mapping/", views.import_mapping, name="import_mapping"),
    path("<uuid:import_id>/regions/", views.import_regions, name="import_regions"),
    path("<uuid:import_id>/cells/", views.import_cells, name="import_cells"),
    path("<uuid:import_id>/check/", views.import_check, name="import_check"),
    path("<uuid:import_id>/read-again/", views.import_read_again, name="import_read_again"),
    path("<uuid:import_id>/record/", views.import_record, name="import_record"),
    path("<uuid:import_id>/undo/", views.import_undo, name="import_undo"),
    path("<uuid:import_id>/discard/", views.import_discard, name="import_discard"),
]

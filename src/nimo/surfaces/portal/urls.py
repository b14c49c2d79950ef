from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from nimo.surfaces.portal import views

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("regions/", views.region_list, name="region_list"),
    path("regions/prefectures.csv", views.prefectures_csv, name="prefectures_csv"),
    path("regions/<str:code>/", views.region_detail, name="region_detail"),
    path("regions/<str:code>/figures.csv", views.region_figures_csv, name="region_figures_csv"),
    path("regions/<str:code>/sheets/<int:fiscal_year>/", views.region_sheet, name="region_sheet"),
    path(
        "regions/<str:code>/sheets/<int:fiscal_year>/files/<str:file_format>/",
        views.region_sheet_file,
        name="region_sheet_file",
    ),
]

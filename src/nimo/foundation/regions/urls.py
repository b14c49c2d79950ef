from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from nimo.foundation.regions.views import areas, regions

app_name = "regions"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", regions.region_list, name="region_list"),
    path("<slug:code>/", regions.region_detail, name="region_detail"),
    path("<slug:code>/rename/", regions.region_rename, name="region_rename"),
    path("<slug:code>/end/", regions.region_end, name="region_end"),
    path("<slug:code>/areas/new/", areas.area_create, name="area_create"),
    path("<slug:code>/members/<int:year>/", areas.area_members, name="area_members"),
    path("<slug:code>/copy/<slug:kind>/<int:year>/", areas.area_copy, name="area_copy"),
]

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from nimo.foundation.regions.views import areas, changes, regions

app_name = "regions"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", regions.region_list, name="region_list"),
    path("changes/<uuid:change_id>/", changes.change_detail, name="change_detail"),
    path("changes/<uuid:change_id>/correct/", changes.change_correct, name="change_correct"),
    path("changes/<uuid:change_id>/cancel/", changes.change_cancel, name="change_cancel"),
    path("<slug:code>/", regions.region_detail, name="region_detail"),
    path("<slug:code>/rename/", regions.region_rename, name="region_rename"),
    path("<slug:code>/end/", regions.region_end, name="region_end"),
    path("<slug:code>/changes/", changes.change_list, name="change_list"),
    path("<slug:code>/changes/new/<slug:kind>/", changes.change_create, name="change_create"),
    path("<slug:code>/areas/new/", areas.area_create, name="area_create"),
    path("<slug:code>/members/<int:year>/", areas.area_members, name="area_members"),
    path("<slug:code>/copy/<slug:kind>/<int:year>/", areas.area_copy, name="area_copy"),
]

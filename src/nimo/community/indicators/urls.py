from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from nimo.community.indicators.views import dictionary, explorer

app_name = "indicators"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", dictionary.indicator_list, name="indicator_list"),
    path("list.csv", dictionary.indicator_list_csv, name="indicator_list_csv"),
    path("explore/", explorer.explorer, name="explorer"),
    path("explore/data.csv", explorer.explorer_csv, name="explorer_csv"),
    path("derived/<slug:derived_code>/", explorer.derived_detail, name="derived_detail"),
    path(
        "derived/<slug:derived_code>/<str:region_code>/<int:fiscal_year>/",
        explorer.derived_value,
        name="derived_value",
    ),
    path("observations/<int:observation_id>/", dictionary.observation_detail, name="observation_detail"),
    path("observations/<int:observation_id>/records/", dictionary.observation_records, name="observation_records"),
    path("laid/<str:region_code>/<int:observation_id>/", dictionary.laid_detail, name="laid_detail"),
    path("recount/", dictionary.recount_list, name="recount_list"),
    path("recount/start/", dictionary.recount_start, name="recount_start"),
    path("recount/everything/", dictionary.recount_everything, name="recount_everything"),
    path("sources/<int:source_id>/", dictionary.source_detail, name="source_detail"),
    path("sources/<int:source_id>/publish/", dictionary.source_publish, name="source_publish"),
    path("sources/<int:source_id>/unpublish/", dictionary.source_unpublish, name="source_unpublish"),
    path("sources/<int:source_id>/withdraw/", dictionary.source_withdraw, name="source_withdraw"),
    path("<slug:code>/", dictionary.indicator_detail, name="indicator_detail"),
    path("<slug:code>/values.csv", dictionary.indicator_values_csv, name="indicator_values_csv"),
]

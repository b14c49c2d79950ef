from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from nimo.community.indicators import views

app_name = "indicators"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.indicator_list, name="indicator_list"),
    path("list.csv", views.indicator_list_csv, name="indicator_list_csv"),
    path("observations/<int:observation_id>/", views.observation_detail, name="observation_detail"),
    path("observations/<int:observation_id>/records/", views.observation_records, name="observation_records"),
    path("laid/<str:region_code>/<int:observation_id>/", views.laid_detail, name="laid_detail"),
    path("recount/", views.recount_list, name="recount_list"),
    path("recount/start/", views.recount_start, name="recount_start"),
    path("recount/everything/", views.recount_everything, name="recount_everything"),
    path("sources/<int:source_id>/", views.source_detail, name="source_detail"),
    path("sources/<int:source_id>/publish/", views.source_publish, name="source_publish"),
    path("sources/<int:source_id>/unpublish/", views.source_unpublish, name="source_unpublish"),
    path("sources/<int:source_id>/withdraw/", views.source_withdraw, name="source_withdraw"),
    path("<slug:code>/", views.indicator_detail, name="indicator_detail"),
    path("<slug:code>/values.csv", views.indicator_values_csv, name="indicator_values_csv"),
]

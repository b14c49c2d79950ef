from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from nimo.community.reports.views import answers, collecting, requests

app_name = "reports"
urlpatterns: list[URLPattern | URLResolver] = [
    path("answers/", answers.answer_list, name="answer_list"),
    path("answers/new/", answers.answer_new, name="answer_new"),
    path("answers/<uuid:answer_id>/", answers.answer_detail, name="answer_detail"),
    path("answers/<uuid:answer_id>/edit/", answers.answer_edit, name="answer_edit"),
    path("answers/<uuid:answer_id>/confirm/", answers.answer_confirm, name="answer_confirm"),
    path("answers/<uuid:answer_id>/drop/", answers.answer_drop, name="answer_drop"),
    path("answers/<uuid:answer_id>/versions/<int:number>/", answers.answer_version, name="answer_version"),
    path("answers/<uuid:answer_id>/versions/<int:number>/paper.pdf", answers.answer_pdf, name="answer_pdf"),
    path("collections/", collecting.collection_list, name="collection_list"),
    path("collections/new/", collecting.collection_new, name="collection_new"),
    path("collections/<uuid:collection_id>/", collecting.collection_detail, name="collection_detail"),
    path("collections/<uuid:collection_id>/bodies.csv", collecting.collection_csv, name="collection_csv"),
    path("collections/<uuid:collection_id>/edit/", collecting.collection_edit, name="collection_edit"),
    path("collections/<uuid:collection_id>/remind/", collecting.collection_remind, name="collection_remind"),
    path("collections/<uuid:collection_id>/<slug:move>/", collecting.collection_move, name="collection_move"),
    path("targets/<uuid:target_id>/", collecting.target_detail, name="target_detail"),
    path("targets/<uuid:target_id>/contact/", collecting.target_contact, name="target_contact"),
    path("targets/<uuid:target_id>/excuse/", collecting.target_excuse, name="target_excuse"),
    path("targets/<uuid:target_id>/form/", collecting.target_packet, name="target_packet"),
    path("targets/<uuid:target_id>/return/", collecting.target_return, name="target_return"),
    path("requests/", requests.request_list, name="request_list"),
    path("requests/<uuid:target_id>/", requests.request_detail, name="request_detail"),
]

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from nimo.community.sheets.views import councils, documents, exports, flow, imports

app_name = "sheets"
_document = "documents/<uuid:document_id>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", imports.sheet_list, name="sheet_list"),
    path("new/", imports.sheet_upload, name="sheet_upload"),
    path("uploads/<uuid:upload_id>/", imports.upload_detail, name="upload_detail"),
    path("drafts/<uuid:draft_id>/", imports.draft_review, name="draft_review"),
    path("drafts/<uuid:draft_id>/confirm/", imports.draft_confirm, name="draft_confirm"),
    path("drafts/<uuid:draft_id>/discard/", imports.draft_discard, name="draft_discard"),
    path("drafts/<uuid:draft_id>/restore/", imports.draft_restore, name="draft_restore"),
    path("documents/", documents.document_list, name="document_list"),
    path("documents/new/", documents.document_new, name="document_new"),
    path(_document, documents.document_detail, name="document_detail"),
    path(f"{_document}chapters/<str:key>/", documents.document_chapter, name="document_chapter"),
    path(f"{_document}chapters/<str:key>/autosave/", documents.document_autosave, name="document_autosave"),
    path(f"{_document}chapters/<str:key>/paste/", documents.document_paste, name="document_paste"),
    path(f"{_document}chapters/<str:key>/counts/", councils.document_counts, name="document_counts"),
    path(f"{_document}chapters/<str:key>/mend/", flow.document_mend, name="document_mend"),
    path(f"{_document}fill/", documents.document_fill, name="document_fill"),
    path(f"{_document}councils/", councils.document_councils, name="document_councils"),
    path(f"{_document}carry/", documents.document_carry, name="document_carry"),
    path(f"{_document}compare/", documents.document_compare, name="document_compare"),
    path(f"{_document}print/", flow.document_print, name="document_print"),
    path(f"{_document}files/<str:file_format>/", exports.document_file, name="document_file"),
    path(f"{_document}send/", flow.document_send, name="document_send"),
    path(f"{_document}decide/", flow.document_decide, name="document_decide"),
    path(f"{_document}move/<str:move>/", flow.document_move, name="document_move"),
    path("submissions/<uuid:submission_id>/", flow.submission_detail, name="submission_detail"),
    path("submissions/<uuid:submission_id>/files/", exports.submission_files, name="submission_files"),
    path("routes/", flow.route_list, name="route_list"),
    path("routes/new/", flow.route_new, name="route_new"),
    path("routes/<uuid:route_id>/", flow.route_edit, name="route_edit"),
    path("<uuid:sheet_id>/", imports.sheet_detail, name="sheet_detail"),
    path("<uuid:sheet_id>/councils/", councils.sheet_councils, name="sheet_councils"),
    path("<uuid:sheet_id>/compare/", documents.sheet_compare, name="sheet_compare"),
    path("<uuid:sheet_id>/publish/", imports.sheet_publish, name="sheet_publish"),
    path("<uuid:sheet_id>/undo/", imports.sheet_undo, name="sheet_undo"),
]

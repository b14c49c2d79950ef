"""Every address of nimo. Each app's own list is in its urls.py; tests/access holds the table of who may open what."""

from django.urls import include, path
from django.utils.module_loading import autodiscover_modules

autodiscover_modules("panels", "measures", "handlers")  # found by registry, imported by nobody (house.md §1)

urlpatterns = [
    path("", include("nimo.surfaces.home.urls")),
    path("", include("nimo.surfaces.portal.urls")),
    path("sheets/", include("nimo.community.sheets.urls")),
    path("councils/", include("nimo.community.councils.urls")),
    path("indicators/", include("nimo.community.indicators.urls")),
    path("reports/", include("nimo.community.reports.urls")),
    path("statistics/", include("nimo.community.statistics.urls")),
    path("manage/regions/", include("nimo.foundation.regions.urls")),
    path("search/", include("nimo.foundation.search.urls")),
    path("notices/", include("nimo.foundation.notices.urls")),
    path("questionnaires/", include("nimo.foundation.questionnaires.urls")),
    path("files/", include("nimo.foundation.files.urls")),
    path("jobs/", include("nimo.foundation.jobs.urls")),
    path("", include("nimo.foundation.accounts.urls")),
    path("audit/", include("nimo.foundation.audit.urls")),
    path("ui/", include("nimo.foundation.ui.urls")),
]

handler400 = "nimo.foundation.ui.views.bad_request"
handler403 = "nimo.foundation.ui.views.permission_denied"
handler404 = "nimo.foundation.ui.views.page_not_found"
handler500 = "nimo.foundation.ui.views.server_error"

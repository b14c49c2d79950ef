from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from nimo.foundation.access.decorators import public


@public(reason="送信の確認に失敗したことを知らせる画面")
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return HttpResponse("csrf", status=403)

"""Twenty people at work on SQLite while sheets of every municipality are imported: lock errors, and p95 beside idle.

A real server, real workers (`nimo serve`'s own processes) and one process that hands in and confirms sheets; the people
read pages and save answers over HTTP with a breath between two clicks. Thirty sheets by default; NIMO_BENCH_FULL=1: 1,741.
"""

from __future__ import annotations

import http.client
import os
import random
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import django
from django.core.management import call_command
from django.utils import timezone

PEOPLE, IDLE_SECONDS, FEW_SHEETS = 20, 12.0, 30
BREATH = (0.3, 1.2)
LOCKED = ("database is locked", "database table is locked")


@dataclass(slots=True)
class Office:
    """What was met: seconds of each page by kind, and answers that were no page."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {"読む": [], "保存する": []})
    wrong: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


def run() -> None:
    django.setup()
    from nimo.foundation.access.actors import Actor  # noqa: PLC0415 - after setup
    from nimo.surfaces.demo.services.world import load_facts  # noqa: PLC0415

    for alias in ("default", "side"):
        call_command("migrate", verbosity=0, database=alias, interactive=False)
    load_facts(actor=Actor.system("測定", now=timezone.now()))
    people = [official(number) for number in range(PEOPLE)]
    folder, port = Path(os.environ["NIMO_DATA_DIR"]), free_port()
    log = folder / "office.log"
    with log.open("wb") as out:
        environment = {**os.environ, "NIMO_DEMO": "1", "NIMO_REQUIRE_SECOND_FACTOR": "0", "PYTHONPATH": "src:."}
        nimo = [sys.executable, "-m", "nimo.config.cli", "serve", "--port", str(port), "--job-workers", "1"]
        server = subprocess.Popen(nimo, env=environment, stdout=out, stderr=out)
        try:
            wait_for(port)
            work(
                people, port, lambda: time.sleep(IDLE_SECONDS / 2)
            )  # the first page of a process is slow for everybody
            idle = work(people, port, lambda: time.sleep(IDLE_SECONDS))
            importer = [sys.executable, "-m", "bench.busy_office", str(sheets())]
            busy = work(
                people, port, lambda: subprocess.run(importer, env=environment, stdout=out, stderr=out, check=True)
            )
        finally:
            server.terminate()
            server.wait(30)
    text = log.read_text(errors="replace")
    locks = sum(text.count(words) for words in LOCKED)
    print(f"  {PEOPLE}人が画面を使い、{sheets()}枚のシートを取り込んで確定（SQLite）")
    for kind in idle.seconds:
        before, after = p95(idle.seconds[kind]), p95(busy.seconds[kind])
        print(
            f"  {kind}: p95 {after / before:.2f} × 取り込みのないとき（{after * 1000:.0f} ms / {before * 1000:.0f} ms、"
            f"{len(busy.seconds[kind])}回 / {len(idle.seconds[kind])}回）"
        )
    print(f"  ロックの誤り {locks} 件、ページにならなかった答え {len(idle.wrong) + len(busy.wrong)} 件")
    for one in (idle.wrong + busy.wrong)[:5]:
        print(f"    {one}")
    report()


def sheets() -> int:
    from nimo.foundation.regions.choices import MUNICIPALITY_KINDS  # noqa: PLC0415
    from nimo.foundation.regions.models import Region  # noqa: PLC0415

    whole = Region.objects.living().filter(kind__in=MUNICIPALITY_KINDS).count()
    return whole if os.environ.get("NIMO_BENCH_FULL") == "1" else FEW_SHEETS


def report() -> None:
    from nimo.community.sheets.models.sheets import Sheet  # noqa: PLC0415
    from nimo.foundation.jobs.models import Job  # noqa: PLC0415

    states = list(Job.objects.values_list("state", flat=True))
    print(
        f"  確定したシート {Sheet.objects.filter(state='current').count()} 枚、処理 {len(states)} 件（失敗 {states.count('failed')} 件）"
    )


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)] if values else float("nan")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(240):
        try:
            status, _ = ask(port, "", "GET", "/regions/")
            if status == 200:
                return
        except OSError:
            pass
        time.sleep(0.25)
    raise SystemExit("サーバーが起動しませんでした")


def ask(port: int, cookie: str, method: str, path: str, sent: dict[str, object] | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": f"{cookie}; csrftoken={'a' * 32}", "X-CSRFToken": "a" * 32}
    body = urlencode(sent or {}, doseq=True) if method == "POST" else None
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def official(number: int) -> tuple[str, str]:
    """An invented official of 群馬県 with a session and a sheet of answers: (cookie, address of the sheet's form)."""
    from django.test import Client  # noqa: PLC0415

    from nimo.community.reports.services.answers import begin_answer  # noqa: PLC0415
    from nimo.foundation.access.permissions import Role  # noqa: PLC0415
    from nimo.foundation.accounts.queries.rights import actor_for_user  # noqa: PLC0415
    from tests.support.people import user_of  # noqa: PLC0415

    user = user_of(Role.PREFECTURE_OFFICER, "10000", login_name=f"bench{number}")
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["nimo_signed_in_at"], session["nimo_second_factor"] = timezone.now().isoformat(), "card"
    session.save()
    actor = actor_for_user(user, timezone.now())
    sheet = begin_answer(actor=actor, region_code="10205", indicator_codes=["inpatients_over_1_year"])
    return f"sessionid={session.session_key}", f"/reports/answers/{sheet.pk}/edit/"


def work(people: list[tuple[str, str]], port: int, meanwhile: object) -> Office:
    """Twenty people click until `meanwhile` has returned."""
    office = Office()
    threads = [threading.Thread(target=person, args=(office, port, *one, place)) for place, one in enumerate(people)]
    for thread in threads:
        thread.start()
    try:
        meanwhile()  # type: ignore[operator]
    finally:
        office.over.set()
        for thread in threads:
            thread.join()
    return office


def person(office: Office, port: int, cookie: str, form: str, place: int) -> None:
    dice = random.Random(place)
    pages = ["/", "/regions/10205/", "/sheets/", "/indicators/", "/jobs/", "/reports/answers/", "/indicators/recount/"]
    while not office.over.is_set():
        office.over.wait(dice.uniform(*BREATH))
        save = dice.random() < 0.25
        begin = time.perf_counter()
        try:
            if save:
                status = saved(port, cookie, form)
            else:
                status, _ = ask(port, cookie, "GET", dice.choice(pages))
        except OSError as error:
            office.wrong.append(f"{type(error).__name__}: {error}")
            continue
        office.seconds["保存する" if save else "読む"].append(time.perf_counter() - begin)
        if status not in (200, 302):
            office.wrong.append(f"{'POST' if save else 'GET'} {status}")


def saved(port: int, cookie: str, form: str) -> int:
    """Opens the form and saves it, as a person does."""
    status, page = ask(port, cookie, "GET", form)
    if status != 200:
        return status
    version = page.split(b'name="version" value="')[1].split(b'"')[0].decode()
    status, _ = ask(port, cookie, "POST", form, {"version": version, "title": "測定", "answer": "架空の答弁"})
    return status


def hand_in(number: int) -> None:
    """Uploads and confirms the sheets of `number` municipalities, each as soon as a worker has read it."""
    django.setup()
    from nimo.community.sheets.models.imports import SheetDraft, SheetUpload  # noqa: PLC0415
    from nimo.community.sheets.services.confirming import confirm_draft  # noqa: PLC0415
    from nimo.community.sheets.services.uploads import upload_sheet  # noqa: PLC0415
    from nimo.community.sheets.tests.support import TEXT  # noqa: PLC0415
    from nimo.foundation.access.actors import Actor  # noqa: PLC0415
    from nimo.foundation.regions.choices import MUNICIPALITY_KINDS  # noqa: PLC0415
    from nimo.foundation.regions.models import Region  # noqa: PLC0415

    towns = Region.objects.living().filter(kind__in=MUNICIPALITY_KINDS).select_related("prefecture").order_by("code")
    for one in list(towns)[:number]:
        assert one.prefecture is not None
        text = TEXT.replace("群馬県", one.prefecture.name).replace("館林市", one.name)
        upload_sheet(actor=Actor.system("測定", now=timezone.now()), content=text.encode(), name=f"{one.code}.txt")
    while True:
        waiting = SheetUpload.objects.filter(state="reading").exists()
        for draft in SheetDraft.objects.filter(state="review", region__isnull=False).values("pk", "version"):
            actor = Actor.system("測定", now=timezone.now())
            confirm_draft(actor=actor, draft_id=draft["pk"], version=draft["version"])
        if not waiting:
            return
        time.sleep(0.2)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nimo.config.settings")
    hand_in(int(sys.argv[1]))

"""The screens of changes: recorded as people write them, read, corrected, cancelled, closed to others."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.regions.choices import ChangeKind, RegionKind
from nimo.foundation.regions.formats.change_lines import UnreadableLine, named_parts, new_lines, pairs
from nimo.foundation.regions.models import Region, RegionChange, RegionMembership
from nimo.foundation.regions.services.members import set_members
from nimo.foundation.regions.services.places import create_area
from nimo.foundation.regions.tests.support import NOW, SYSTEM, GivenActorMiddleware, actor
from tests.support.queries import assert_constant_queries

A, B, C, NEW = "10791", "10792", "10793", "10299"
GIVEN = {"effective_on": "R8.4.1", "reference": "架空県告示第1号"}
CITY = "架空市、カクウシ、市、102997"


@pytest.fixture
def inside(country, settings, monkeypatch):
    """Signed in as the manager of 群馬県, with three invented towns."""
    settings.MIDDLEWARE = [
        f"{GivenActorMiddleware.__module__}.GivenActorMiddleware" if name.endswith("ActorMiddleware") else name
        for name in settings.MIDDLEWARE
        if not name.endswith("LoginRequiredMiddleware")
    ]
    monkeypatch.setattr(GivenActorMiddleware, "actor", actor(Role.PREFECTURE_MANAGER, region_code="10000"))
    for code, name in ((A, "架空甲町"), (B, "架空乙町"), (C, "架空丙町")):
        Region.objects.create(code=code, kind=RegionKind.TOWN, name=name, kana="かくう", prefecture_id="10000")


def url(name: str, *arguments) -> str:
    return reverse(f"regions:{name}", args=arguments)


def post(client, kind: str, status: int = 302, **fields: str) -> str:
    answer = client.post(url("change_create", "10000", kind), GIVEN | fields)
    text = answer.content.decode()
    assert answer.status_code == status, text.partition("<main")[2][:1500]
    return text


def test_reads_lines_as_people_write_them():
    assert [(one.name, one.people) for one in named_parts("架空甲町、1,200\n\n 架空乙町　３００人\n10791")] == [
        ("架空甲町", 1200),
        ("架空乙町", 300),
        ("10791", None),
    ]
    assert [(before, after.name, after.people) for before, after in pairs("甲区→中央区\n乙区 -> 北区、40")] == [
        ("甲区", "中央区", None),
        ("乙区", "北区", 40),
    ]
    (one,) = new_lines("架空村\tカクウムラ\t村\t10298\t旧")
    assert (one.name, one.kana, one.kind, one.code, one.former) == ("架空村", "かくうむら", "village", "10298", True)


@pytest.mark.parametrize(
    "read, text, says",
    [
        (pairs, "甲区 中央区", "矢印でつないで"),
        (pairs, "甲区 → ", "矢印でつないで"),
        (new_lines, "架空市、かくうし", "名称、よみ、区分、コード"),
        (new_lines, "架空市、かくうし、しち、10299", "区分は"),
    ],
)
def test_names_the_line_it_cannot_read(read, text, says):
    with pytest.raises(UnreadableLine, match=says) as refusal:
        read(text)
    assert text.strip() in str(refusal.value)


@pytest.mark.django_db(databases=["default", "side"])
@pytest.mark.usefixtures("inside")
class TestRecording:
    def test_change_create_records_a_merger_from_names_and_codes(self, client):
        post(client, "merger", befores="架空甲町\n群馬県架空乙町", after="架空市", new=CITY)
        assert Region.objects.get(pk=NEW).kana == "かくうし"
        assert Region.objects.get(pk=A).valid_to == date(2026, 4, 1)

    def test_change_create_records_an_absorption_a_rename_and_a_new_code(self, client):
        post(client, "merger", befores="10791\n10792", after="10791")
        assert Region.objects.get(pk=B).valid_to == date(2026, 4, 1)
        post(client, "rename", before="架空丙町", new_name="架空花町", new_kana="カクウハナマチ")
        assert Region.objects.get(pk=C).kana == "かくうはなまち"
        later = {"effective_on": "R8.10.1"}
        post(client, "rename", before=C, new_name="架空市", new_kana="かくうし", new_code=NEW, new_kind="city", **later)
        assert Region.objects.get(pk=NEW).valid_from == date(2026, 10, 1)

    def test_change_create_records_a_split_with_people_and_a_reorganisation(self, client):
        new = "架空新町、しんまち、町、10797"
        post(client, "split", before=A, afters="架空甲町、600\n架空新町、400", new=new, share_reference="架空統計書")
        assert (
            "1,000人）のうち架空新町へ 400人"
            in client.get(url("change_detail", RegionChange.objects.get().pk)).content.decode()
        )
        new = "架空丁町、ちょう、町、10796\n架空戊町、ぼちょう、町、10795"
        post(client, "reorganisation", pairs="架空乙町→架空丁町\n架空乙町→架空戊町\n架空丙町→架空戊町", new=new)
        assert Region.objects.living().filter(pk__in=["10795", "10796"]).count() == 2

    def test_change_create_records_a_move(self, client):
        one, other = (
            create_area(actor=SYSTEM, kind=RegionKind.WELFARE_AREA, prefecture_code="10000", name=name, kana="よみ")
            for name in ("東圏域", "西圏域")
        )
        for area, codes in ((one, [A, B]), (other, [C])):
            set_members(actor=SYSTEM, area_code=area.code, fiscal_year=FiscalYear(2024), child_codes=codes, version=1)
        post(client, "move", members="架空甲町", area_before=one.code, area_after=other.code)
        assert RegionMembership.objects.filter(fiscal_year=2026, parent=other).count() == 2

    @pytest.mark.parametrize(
        "kind, fields, says",
        [
            (
                "merger",
                {"befores": "架空甲町\n架空ほげ町", "after": "架空甲町"},
                "「架空ほげ町」は群馬県に登録されていません",
            ),
            ("merger", {"befores": "架空甲町", "after": "架空甲町"}, "合併は、前の地域を2つ以上"),
            ("merger", {"befores": "102050", "after": A}, "検査数字"),
            (
                "merger",
                {"befores": f"{A}\n{B}", "after": "架空市", "new": "架空市、かくうし、市、14100"},
                "群馬県の全国地方公共団体コード",
            ),
            ("merger", {"befores": f"{A}\n{B}", "after": A, "effective_on": "きのう"}, "日付として読み取れません"),
            ("merger", {"befores": f"{A}\n{B}", "after": A, "reference": ""}, "根拠"),
            (
                "rename",
                {"before": A, "new_name": "新町", "new_kana": "しんまち", "new_code": NEW},
                "新しい区分を選んで",
            ),
            ("split", {"before": A, "afters": A}, "分割は"),
        ],
    )
    def test_change_create_says_what_is_wrong_and_writes_nothing(self, client, kind, fields, says):
        text = post(client, kind, 422, **fields)
        assert says in text
        assert "架空県告示第1号" in text or fields.get("reference") == "", "what was typed is still there"
        assert not RegionChange.objects.exists()
        assert Region.objects.get(pk=A).valid_to is None

    def test_change_create_says_which_of_several_is_meant(self, client):
        Region.objects.create(code="10794", kind=RegionKind.TOWN, name="架空甲町", kana="か", prefecture_id="10000")
        text = post(client, "merger", 422, befores=f"架空甲町\n{B}", after=B)
        assert "10791（架空甲町）、10794（架空甲町）" in text

    def test_change_create_tells_which_memberships_are_open(self, client):
        for name, codes in (("東圏域", [A]), ("西圏域", [B])):
            area = create_area(
                actor=SYSTEM, kind=RegionKind.WELFARE_AREA, prefecture_code="10000", name=name, kana="よみ"
            )
            set_members(actor=SYSTEM, area_code=area.code, fiscal_year=FiscalYear(2024), child_codes=codes, version=1)
        fields = GIVEN | {"befores": f"{A}\n{B}", "after": "架空市", "new": "架空市、かくうし、市、10299"}
        text = client.post(url("change_create", "10000", "merger"), fields, follow=True).content.decode()
        assert "所属を決めてください" in text

    def test_an_unknown_kind_and_a_municipality_have_no_form(self, client):
        assert client.get(url("change_create", "10000", "hoge")).status_code == 404
        assert client.get(url("change_create", "10205", "merger")).status_code == 404
        for kind in ChangeKind.values:
            assert client.get(url("change_create", "10000", kind)).status_code == 200


@pytest.mark.django_db(databases=["default", "side"])
@pytest.mark.usefixtures("inside")
class TestReadingAndMending:
    def merged(self, client) -> RegionChange:
        post(client, "merger", befores=f"{A}\n{B}", after="架空市", new="架空市、かくうし、市、10299")
        return RegionChange.objects.get()

    def test_change_list_shows_all_and_each_opens(self, client):
        assert "記録された変更はまだありません" in client.get(url("change_list", "10000")).content.decode()
        change = self.merged(client)
        text = client.get(url("change_list", "10000")).content.decode()
        assert "架空甲町・架空乙町が合併し、架空市になりました。" in text
        assert url("change_detail", change.pk) in text
        assert url("change_list", "10000") in client.get(url("region_detail", "10000")).content.decode()
        assert url("change_detail", change.pk) in client.get(url("region_detail", A)).content.decode()

    def test_change_correct_begins_with_what_was_recorded(self, client):
        change = self.merged(client)
        text = client.get(url("change_correct", change.pk)).content.decode()
        assert "架空市、かくうし、市、10299" in text
        fields = GIVEN | {"befores": f"{A}\n{B}", "after": NEW, "new": "架空市、かくうし、市、10299", "version": "1"}
        wrong = client.post(url("change_correct", change.pk), fields)
        assert wrong.status_code == 422
        client.post(url("change_correct", change.pk), fields | {"reason": "誤記", "reference": "告示第2号"})
        change.refresh_from_db()
        assert (change.reference, change.version) == ("告示第2号", 2)
        fields |= {"befores": f"{A}\n{B}\n{C}", "version": "2", "reason": "漏れ"}
        assert client.post(url("change_correct", change.pk), fields).status_code == 302
        assert Region.objects.get(pk=C).valid_to == date(2026, 4, 1)

    @pytest.mark.parametrize(
        "kind, fields",
        [
            ("rename", {"before": A, "new_name": "架空花町", "new_kana": "はなまち"}),
            ("rename", {"before": A, "new_name": "架空市", "new_kana": "し", "new_code": NEW, "new_kind": "city"}),
            ("split", {"before": A, "afters": f"{A}\n架空市", "new": "架空市、し、市、10299"}),
            ("reorganisation", {"pairs": f"{A}→架空市\n{A}→{B}\n{B}→{B}", "new": "架空市、し、市、10299"}),
        ],
    )
    def test_change_correct_of_a_note_needs_nothing_typed_again(self, client, kind, fields):
        post(client, kind, **fields)
        change = RegionChange.objects.get()
        form = client.get(url("change_correct", change.pk)).context["form"]
        given = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
        given |= {"effective_on": "R8.4.1", "note": "補足の文", "reason": "補足"}
        answer = client.post(url("change_correct", change.pk), given)
        assert answer.status_code == 302, answer.context["form"].errors
        change.refresh_from_db()
        assert change.note == "補足の文"

    def test_change_cancel_asks_for_a_reason_and_keeps_the_record(self, client):
        change = self.merged(client)
        client.post(url("change_cancel", change.pk), {"version": "1"})
        assert Region.objects.filter(pk=NEW).exists()
        client.post(url("change_cancel", change.pk), {"version": "1", "reason": "二度記録した"})
        assert not Region.objects.filter(pk=NEW).exists()
        for name in ("change_list", "change_detail"):
            text = client.get(url(name, "10000" if name == "change_list" else change.pk)).content.decode()
            assert "架空甲町・架空乙町が合併し、架空市になりました。" in text
            assert "二度記録した" in text
        assert client.get(url("change_correct", change.pk)).status_code == 404

    def test_change_list_asks_a_constant_number_of_questions(self, client):
        self.merged(client)

        def grow() -> None:
            post(client, "rename", before=C, new_name="架空花町", new_kana="はなまち")
            post(
                client,
                "split",
                before=NEW,
                afters=f"{NEW}\n架空新町",
                new="架空新町、し、町、10797",
                effective_on="R9.4.1",
            )
            client.get(url("change_list", "10000"))  # what the two said is shown once, and struck out of the session

        assert_constant_queries(lambda: client.get(url("change_list", "10000")), grow)

    def test_others_find_nothing(self, client, monkeypatch):
        change = self.merged(client)
        pages = [url(name, change.pk) for name in ("change_detail", "change_correct")]
        for role, code, status in (
            (Role.PREFECTURE_MANAGER, "11000", 404),
            (Role.PREFECTURE_OFFICER, "10000", 403),
            (Role.SYSTEM_ADMINISTRATOR, "10000", 200),
        ):
            below = None if role is Role.SYSTEM_ADMINISTRATOR else frozenset()
            monkeypatch.setattr(GivenActorMiddleware, "actor", actor(role, region_code=code, below=below))
            assert {client.get(page).status_code for page in pages} == {status}
        monkeypatch.setattr(GivenActorMiddleware, "actor", Actor.anonymous(now=NOW))
        assert {client.get(page).status_code for page in pages} == {302}

"""Answers: figures as known then, kept for good; what was answered before; nothing hidden on what may be handed out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from nimo.community.indicators.models import Observation, Source
from nimo.community.indicators.services.publication import publish
from nimo.community.indicators.services.recount import next_marks, recount
from nimo.community.indicators.services.stale import mark_stale
from nimo.community.reports.choices import AnswerState
from nimo.community.reports.models.answers import AnswerSheet, AnswerVersion
from nimo.community.reports.policies import visible_answers
from nimo.community.reports.queries.papers import paper
from nimo.community.reports.queries.screens import answer_list, answer_page
from nimo.community.reports.rules.snapshot import Snapshot, from_json
from nimo.community.reports.services.answers import (
    UnableToBegin,
    UnableToConfirm,
    UnableToDrop,
    UnableToSave,
    begin_answer,
    confirm_answer,
    drop_answer,
    save_answer,
)
from nimo.community.reports.tests.support import (
    CITY,
    LATER,
    LONG_STAY,
    PREFECTURE,
    WORDS,
    begun,
    confirmed,
    figure,
    five_years,
    said,
)
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.audit.models import Entry
from nimo.foundation.files.services import open_stored
from nimo.foundation.papers.formats.typesetting import typeset
from tests.support.people import NOW, SYSTEM, actor_of, load_places
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.STORED_FILES_DIR = tmp_path
    load_places()


@pytest.fixture
def officer() -> Actor:
    return actor_of(Role.MUNICIPAL_OFFICER, CITY)


def newest(sheet: AnswerSheet) -> AnswerVersion:
    return AnswerVersion.objects.filter(sheet=sheet).order_by("-number").first()


def snapshot(sheet: AnswerSheet) -> Snapshot:
    return from_json(newest(sheet).snapshot)


def printed(actor: Actor, sheet: AnswerSheet) -> bytes:
    return typeset(paper(actor, sheet.pk)[2]).pdf


class TestFigures:
    def test_holds_five_years_with_what_was_never_told(self, officer):
        five_years()
        (one,) = snapshot(begun(officer)).figures
        assert [year.text for year in one.years] == ["240人", "233人", "記録なし", "220人", "210人"]
        assert [year.value for year in one.years] == ["240", "233", None, "220", "210"]
        assert (one.number, one.unit) == ("210", "人")
        assert "2023" in one.as_of
        assert one.basis == "シートの記載どおり"
        assert any("令和3年度" in text and "0という意味ではありません" in text for text in one.caveats)

    def test_leaves_out_years_counted_another_way_and_says_so(self, officer):
        five_years()
        figure(2021, 999, basis="630_address")
        (one,) = snapshot(begun(officer)).figures
        assert "999人" not in [year.text for year in one.years]
        assert any("数え方の違う値" in text and "患者の住所地" in text for text in one.caveats)

    def test_compares_with_the_prefecture_and_the_nation_only_where_one_may(self):
        officer = actor_of(Role.PREFECTURE_OFFICER, PREFECTURE)
        figure(2023, 20, indicator="psychiatric_beds")
        figure(2023, 4900, indicator="psychiatric_beds", region=PREFECTURE)
        (one,) = snapshot(begun(officer, ("psychiatric_beds",))).figures
        assert [(other.label, other.text) for other in one.comparisons] == [("群馬県", "4,900床")]
        figure(2023, 210)
        figure(2023, 3000, region=PREFECTURE)
        (one,) = snapshot(begun(officer)).figures
        assert not one.comparisons  # nobody knows whether the two were counted alike
        assert any("群馬県とは比べていません" in text for text in one.caveats)

    def test_a_figure_without_a_value_says_why_and_is_no_zero(self, officer):
        figure(2023, None)
        sheet = begun(officer)
        (one,) = snapshot(sheet).figures
        assert (one.state, one.number) == ("not_filled", "記入なし")
        assert "0という意味ではありません" in one.caveats[0]
        assert "0人" not in said(printed(officer, sheet))

    def test_a_region_without_the_figure_gets_a_sheet_that_says_so(self, officer):
        assert "示せる値がありません" in said(printed(officer, begun(officer)))

    def test_says_that_a_figure_waits_to_be_counted(self, officer):
        mark_stale(actor=SYSTEM, fact="sheets.sheet", region_code=CITY, fiscal_year=2024)
        recount(actor=SYSTEM, marks=next_marks(actor=SYSTEM, region_code=None, after=0))
        mark_stale(actor=SYSTEM, fact="sheets.sheet", region_code=CITY, fiscal_year=2024)
        (one,) = snapshot(begun(officer, ("sheets_confirmed",))).figures
        assert any("数え直し待ち" in text for text in one.caveats)

    def test_knows_nothing_of_years_after_the_question(self, officer):
        five_years()
        sheet = begun(officer)
        words = replace(WORDS, asked_on=date(2021, 2, 1))
        sheet = save_answer(actor=officer, answer_id=sheet.pk, version=1, words=words)
        (one,) = snapshot(sheet).figures
        assert one.text == "233人"
        assert one.years[-1].label == "令和2年度"

    def test_takes_the_figures_of_now_when_it_is_saved(self, officer):
        figure(2023, 210)
        sheet = begun(officer)
        figure(2024, 205)
        save_answer(actor=officer, answer_id=sheet.pk, version=1, words=WORDS)
        assert [one.text for one in snapshot(sheet).figures] == ["205人"]
        assert [one.text for one in from_json(AnswerVersion.objects.get(number=1).snapshot).figures] == ["210人"]


class TestPublic:
    def test_holds_only_what_was_published(self, officer):
        figure(2023, 210)
        assert not snapshot(begun(officer, public_only=True)).figures
        assert snapshot(begun(officer)).figures

    def test_hides_what_the_gate_hides(self, officer):
        figure(2023, 50_000, indicator="population", as_of="2023-06")
        figure(2023, 3)
        for source in Source.objects.all():
            publish(actor=SYSTEM, source_ids=[source.pk])
        assert Observation.objects.get(indicator_id=LONG_STAY).exposure != "shown"
        sheet = begun(officer, public_only=True)
        (one,) = snapshot(sheet).figures
        assert one.state == "suppressed"
        assert "3人" not in said(printed(officer, sheet))
        assert "3人" in said(printed(officer, begun(officer)))

    def test_repeats_only_answers_that_were_made_for_the_public(self, officer):
        figure(2023, 210)
        confirmed(officer, replace(WORDS, answer="庁内の答え"))
        confirmed(officer, replace(WORDS, answer="公の答え"), public_only=True)
        assert [one.answer for one in snapshot(begun(officer, public_only=True)).previous] == ["公の答え"]
        assert len(snapshot(begun(officer)).previous) == 2

    def test_another_municipality_sees_only_public_figures_of_this_one(self):
        figure(2023, 210)
        stranger = actor_of(Role.MUNICIPAL_OFFICER, "10201")
        assert not snapshot(begun(stranger)).figures


class TestConfirming:
    def test_keeps_its_paper_byte_for_byte_whatever_changes_later(self, officer):
        five_years()
        sheet = confirmed(officer)
        with open_stored(officer, sheet.pdf_id) as file:
            kept = file.read()
        figure(2023, 1)  # corrected afterwards
        figure(2024, 2)
        confirmed(replace(officer, now=LATER), replace(WORDS, answer="あとの答え"))
        later = replace(officer, now=LATER)
        assert printed(later, sheet) == kept
        text = said(kept)
        for part in (
            "長期に入院している方について",
            "令和8年第4回定例会",
            "福祉部長",
            "𠮷野地区",
            "240人",
            "210",
            "自治体情報シート",
        ):
            assert part in text
        assert "案" not in text.replace("案内", "")

    def test_is_one_page(self, officer):
        five_years()
        sheet = confirmed(officer)
        assert typeset(paper(officer, sheet.pk)[2]).pages == 1

    def test_a_long_answer_goes_on_to_the_next_page_whole(self, officer):
        five_years()
        lines = [f"{number}番目の説明です。" for number in range(90)]
        sheet = confirmed(officer, replace(WORDS, answer="\n".join(lines)))
        whole = typeset(paper(officer, sheet.pk)[2])
        assert whole.pages > 1
        text = said(whole.pdf)
        assert all(line in text for line in lines)
        assert f"1/{whole.pages}" in text

    def test_a_draft_says_so_on_its_paper(self, officer):
        figure(2023, 210)
        assert "案" in said(printed(officer, begun(officer)))[:40]

    @pytest.mark.parametrize("field, name", [("question", "質問"), ("answer", "答弁"), ("answerer_post", "答弁する職")])
    def test_refuses_while_something_is_missing(self, officer, field, name):
        sheet = begun(officer)
        save_answer(actor=officer, answer_id=sheet.pk, version=1, words=replace(WORDS, **{field: ""}))
        with pytest.raises(UnableToConfirm, match=name):
            confirm_answer(actor=officer, answer_id=sheet.pk, version=2)
        assert AnswerSheet.objects.get().state == AnswerState.DRAFT

    def test_refuses_a_character_that_cannot_be_printed(self, officer):
        sheet = begun(officer)
        save_answer(actor=officer, answer_id=sheet.pk, version=1, words=replace(WORDS, answer="がんばります😀"))
        with pytest.raises(UnableToConfirm, match="「😀」"):
            confirm_answer(actor=officer, answer_id=sheet.pk, version=2)

    def test_what_is_confirmed_never_changes(self, officer):
        sheet = confirmed(officer)
        with pytest.raises(UnableToSave, match="確定"):
            save_answer(actor=officer, answer_id=sheet.pk, version=2, words=WORDS)
        with pytest.raises(UnableToConfirm, match="確定"):
            confirm_answer(actor=officer, answer_id=sheet.pk, version=2)
        with pytest.raises(UnableToDrop, match="確定"):
            drop_answer(actor=officer, answer_id=sheet.pk, reason="試験")

    def test_refuses_a_version_somebody_else_has_replaced(self, officer):
        sheet = begun(officer)
        save_answer(actor=officer, answer_id=sheet.pk, version=1, words=WORDS)
        with pytest.raises(UnableToSave, match="先に"):
            save_answer(actor=officer, answer_id=sheet.pk, version=1, words=WORDS)
        with pytest.raises(UnableToConfirm, match="先に"):
            confirm_answer(actor=officer, answer_id=sheet.pk, version=1)

    def test_every_step_is_audited(self, officer):
        sheet = confirmed(officer)
        other = begun(officer)
        drop_answer(actor=officer, answer_id=other.pk, reason="質問がなくなった")
        verbs = Entry.objects.filter(target_id=str(sheet.pk)).order_by("id").values_list("verb", flat=True)
        assert list(verbs) == ["reports.begin_answer", "reports.save_answer", "reports.confirm_answer"]
        assert Entry.objects.filter(verb="reports.drop_answer", target_id=str(other.pk)).exists()


class TestPrevious:
    def test_shows_what_was_answered_before_newest_first(self, officer):
        for year in (2021, 2023, 2022, 2020):
            words = replace(WORDS, asked_on=date(year, 9, 1), answer=f"{year}年の答え")
            confirmed(officer, words)
        before = snapshot(begun(officer)).previous
        assert [one.answer for one in before] == ["2023年の答え", "2022年の答え", "2021年の答え"]
        assert before[0].asked_on == "令和5年9月1日"

    def test_drafts_and_other_figures_are_no_answers(self, officer):
        begun(officer)
        confirmed(officer, codes=("population",))
        assert not snapshot(begun(officer)).previous

    def test_answers_of_another_organisation_stay_there(self, officer):
        confirmed(actor_of(Role.PREFECTURE_OFFICER, PREFECTURE))
        assert not snapshot(begun(officer)).previous
        assert not visible_answers(officer).filter(state=AnswerState.CONFIRMED).exists()


class TestRights:
    def test_is_for_officials(self):
        for role in (Role.ADVISER, Role.HOSPITAL_WORKER, Role.AUDITOR):
            with pytest.raises(UnableToBegin, match="権限"):
                begun(actor_of(role, CITY))
        with pytest.raises(UnableToBegin):
            begun(Actor.anonymous(now=NOW))

    def test_needs_one_to_four_indicators_that_exist(self, officer):
        for codes in ((), ("population",) + tuple(f"x{number}" for number in range(4))):
            with pytest.raises(UnableToBegin, match="4つまで"):
                begun(officer, codes)
        with pytest.raises(UnableToBegin, match="見つかりません"):
            begun(officer, ("no_such",))
        with pytest.raises(UnableToBegin, match="見つかりません"):
            begin_answer(actor=officer, region_code="99999", indicator_codes=[LONG_STAY])

    def test_hides_that_it_is_there(self, officer):
        sheet = begun(officer)
        with pytest.raises(NotVisible):
            answer_page(actor_of(Role.MUNICIPAL_OFFICER, "10201"), sheet.pk)
        with pytest.raises(NotVisible):
            paper(officer, sheet.pk, 7)

    def test_needs_a_reason_to_be_given_up(self, officer):
        sheet = begun(officer)
        with pytest.raises(UnableToDrop, match="理由"):
            drop_answer(actor=officer, answer_id=sheet.pk, reason=" ")


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(officer):
    begun(officer)
    assert_constant_queries(
        lambda: answer_list(officer, words="", number=1), lambda: [begun(officer) for _ in range(15)]
    )


def test_taking_a_snapshot_asks_the_same_number_of_questions_whatever_is_stored(officer):
    five_years()
    figure(2023, 1000, indicator="population")

    def grow() -> None:
        for year in range(2010, 2019):
            figure(year, 100 + year)
        confirmed(officer)

    codes = ("population", LONG_STAY)
    sheet = begun(officer, codes)
    count = iter(range(1, 9))
    confirmed(officer)
    assert_constant_queries(
        lambda: save_answer(actor=officer, answer_id=sheet.pk, version=next(count), words=WORDS), grow
    )


def test_is_found_by_what_was_said(officer):
    confirmed(officer, replace(WORDS, answer="ピアサポーターの養成"))
    confirmed(officer, replace(WORDS, title="住まい", answer="居住支援"))
    found = answer_list(officer, words="ﾋﾟｱｻﾎﾟｰﾀｰ", number=1)
    assert [row.answer for row in found.page] == ["ピアサポーターの養成"]

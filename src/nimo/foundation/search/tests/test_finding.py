"""What is found, in which order, by whom. Runs on whichever database the suite uses: the expectations are the same."""

from __future__ import annotations

import pytest

from nimo.foundation.access.permissions import Permission, Role
from nimo.foundation.search.models import SearchEntry, SearchSynonym
from nimo.foundation.search.rules import PAGE
from nimo.foundation.search.tests.support import VISITOR, answer, titles
from tests.support.people import NOW, actor_of
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db

CORPUS = (
    ("01", "地域移行支援の利用者数", "障害福祉サービスの指標", 0),
    ("02", "太田市 令和6年度 課題", "長期入院している人の地域移行が進まない。ｸﾞﾙｰﾌﾟﾎｰﾑが足りない", 2024),
    ("03", "太田市 令和5年度 課題", "長期入院している人の地域移行が進まない。", 2023),
    ("04", "高崎市 令和6年度 取組内容", "家族会と協議の場を開き、退院した人の住まいを探した", 2024),
    ("05", "髙崎市の家族会", "家族どうしの集まり", 2022),
    ("06", "館林市 令和6年度 協議の場", "障がいのある人の移行を支える地域の会議", 2024),
    ("07", "A4の様式（NDB・630調査）", "100%の回答、x_y\\z と 'quoted' \"double\"; DROP TABLE", 0),
    ("08", "𠮷野さんの店🙂", "吉野の店は①番地", 0),
    ("09", "地域移行", "ことばの意味", 0),
)
EXPECTED = {
    "地域移行": ["地域移行", "地域移行支援の利用者数", "太田市 令和6年度 課題", "太田市 令和5年度 課題"],
    "ちいき": [],
    "家族": ["髙崎市の家族会", "高崎市 令和6年度 取組内容"],
    "高崎": ["高崎市 令和6年度 取組内容", "髙崎市の家族会"],
    "グループホーム": ["太田市 令和6年度 課題"],
    "ぐるーぷほーむ": ["太田市 令和6年度 課題"],
    "障害": ["館林市 令和6年度 協議の場", "地域移行支援の利用者数"],
    "太田市　地域移行": ["太田市 令和6年度 課題", "太田市 令和5年度 課題"],
    "吉": ["𠮷野さんの店🙂"],
    "𠮷野": ["𠮷野さんの店🙂"],
    "🙂店": ["𠮷野さんの店🙂"],
    "①": ["𠮷野さんの店🙂"],
    "ndb": ["A4の様式（NDB・630調査）"],
    "ＮＤＢ": ["A4の様式（NDB・630調査）"],
    "100%": ["A4の様式（NDB・630調査）"],
    "x_y": ["A4の様式（NDB・630調査）"],
    "x%y": ["A4の様式（NDB・630調査）"],
    "'quoted'": ["A4の様式（NDB・630調査）"],
    "drop table": ["A4の様式（NDB・630調査）"],
    "退院した人の住まいを探す": ["高崎市 令和6年度 取組内容"],
    "縦覧": [],
}  # fmt: skip


@pytest.fixture
def corpus(shelf):
    for record, title, body, year in CORPUS:
        shelf.put(record, title, body, fiscal_year=year)
    return shelf


@pytest.mark.parametrize("typed", EXPECTED)
def test_both_databases_give_this_answer_in_this_order(corpus, typed):
    assert titles(typed) == EXPECTED[typed]


@pytest.mark.parametrize(
    "typed",
    ["%", "_", "' OR 1=1 --", '" OR "', "*", "b*", "NEAR(a b)", "a & !b | c:*", "\\", "(", "^a", "-a", ":", "\x00"],
)
def test_what_a_database_might_take_for_an_operator_is_a_letter_or_nothing(corpus, typed):
    found = answer(typed)
    assert found.total <= 2
    assert all(hit.source == corpus.code for hit in found.hits)


def test_one_character_is_found_wherever_it_stands(corpus):
    assert "髙崎市の家族会" in titles("会")
    assert "太田市 令和6年度 課題" in titles("題")
    assert titles("店") == ["𠮷野さんの店🙂"]


def test_a_question_of_two_thousand_characters_finds_what_it_is_about(corpus):
    text = "長期入院している人の地域移行が進まないのはなぜか、グループホームは足りているか。" * 60
    found = answer(text[:2000])
    assert found.near
    assert "".join(piece.text for piece in found.hits[0].title) == "太田市 令和6年度 課題"
    assert answer(text + "あ" * 900).question.cut


def test_says_that_what_is_shown_is_only_near(corpus):
    found = answer("地域移行 縦覧")
    assert found.near
    assert found.hits
    assert not answer("地域移行").near


def test_marks_are_on_the_text_as_it_was_written(corpus):
    hit = answer("グループホーム").hits[0]
    assert [piece.text for piece in hit.text if piece.marked] == ["ｸﾞﾙｰﾌﾟﾎｰﾑ"]
    assert [piece.text for piece in answer("障害").hits[0].text if piece.marked] == ["障がい"]


def test_a_page_holds_so_many_and_the_rest_follow_without_a_gap(shelf):
    for number in range(PAGE + 5):
        shelf.put(f"r{number:02}", f"家族会 第{number}回")
    first, second = answer("家族会"), answer("家族会", page=2)
    assert (len(first.hits), len(second.hits)) == (PAGE, 5)
    assert first.total == second.total == PAGE + 5
    assert len({hit.href for hit in (*first.hits, *second.hits)}) == PAGE + 5
    assert answer("家族会", page=99).page == 2


def test_kind_prefecture_and_year_narrow_what_is_found(shelf):
    shelf.put("a", "家族会 一", prefecture_code="10000", fiscal_year=2024)
    shelf.put("b", "家族会 二", prefecture_code="11000", fiscal_year=2023)
    assert titles("家族会", prefecture="10000") == ["家族会 一"]
    assert titles("家族会", fiscal_year=2023) == ["家族会 二"]
    assert titles("家族会", kind="regions.region") == []
    assert [(kind.label, kind.count) for kind in answer("家族会", kind=shelf.code).kinds] == [("試験の文書", 2)]


def test_before_publication_only_officials_of_the_region_find_it(shelf):
    shelf.put("open", "家族会 公開")
    shelf.put("ota", "家族会 太田", audience=Permission.VIEW_SHEET.code, region_code="10205")
    shelf.put("tate", "家族会 館林", audience=Permission.VIEW_SHEET.code, region_code="10207")
    shelf.put("odd", "家族会 だれも持たない権限", audience="no.such.permission", region_code="10205")
    assert titles("家族会") == ["家族会 公開"]
    assert set(titles("家族会", actor_of(Role.MUNICIPAL_OFFICER, "10205"))) == {"家族会 公開", "家族会 太田"}
    assert len(titles("家族会", actor_of(Role.PREFECTURE_OFFICER, "10000"))) == 3
    assert titles("家族会", actor_of(Role.HOSPITAL_WORKER, "10205")) == ["家族会 公開"]
    assert titles("家族会", actor_of(Role.PREFECTURE_OFFICER, "11000")) == ["家族会 公開"]


def test_no_count_and_no_nearness_tells_of_what_one_may_not_find(shelf):
    shelf.put("open", "地域の会議")
    nothing = answer("秘密語 地域の会")
    shelf.put("ota", "秘密語の会議", audience=Permission.VIEW_SHEET.code, region_code="10205")
    after = answer("秘密語 地域の会")
    assert (after.total, after.near, after.kinds, after.hits) == (
        nothing.total,
        nothing.near,
        nothing.kinds,
        nothing.hits,
    )
    assert answer("秘密語").total == 0


def test_the_source_is_asked_again_before_anything_is_shown(shelf):
    shelf.put("a", "家族会")
    shelf.hidden.add("a")
    assert titles("家族会") == []
    shelf.hidden.clear()
    SearchEntry.objects.update(source="test.nobody")
    assert titles("家族会") == []


def _word(word: str, *others: str, both_ways: bool = True, in_use: bool = True) -> None:
    SearchSynonym.objects.create(
        word=word, others=list(others), both_ways=both_ways, in_use=in_use, changed_at=NOW, changed_by_name="架空"
    )


def test_words_for_one_another_take_effect_at_once_and_what_is_written_comes_first(shelf):
    shelf.put("a", "住居の支援")
    shelf.put("b", "アパート探し")
    assert titles("アパート") == ["アパート探し"]
    _word("アパート", "住居")
    assert titles("アパート") == ["アパート探し", "住居の支援"]
    assert titles("住居") == ["住居の支援", "アパート探し"]


def test_a_word_that_goes_one_way_is_not_followed_back(shelf):
    shelf.put("a", "統合失調症の方")
    shelf.put("b", "精神分裂病の方")
    _word("精神分裂病", "統合失調症", both_ways=False)
    assert titles("精神分裂病") == ["精神分裂病の方", "統合失調症の方"]
    assert titles("統合失調症") == ["統合失調症の方"]
    SearchSynonym.objects.update(in_use=False)
    assert titles("精神分裂病") == ["精神分裂病の方"]


@pytest.mark.django_db(databases=["default", "side"])
def test_the_number_of_queries_does_not_grow(shelf):
    for number in range(3):
        shelf.put(f"a{number}", f"家族会 {number}", audience=Permission.VIEW_SHEET.code, region_code="10205")
    actor = actor_of(Role.PREFECTURE_OFFICER, "10000")
    assert_constant_queries(
        lambda: (
            answer("家族会", actor),
            answer("家族 会議", VISITOR),
            answer("家族会を開いて地域の人と話しあう" * 9, actor),
        ),
        lambda: [
            shelf.put(f"b{number}", f"家族会 {number}", audience=Permission.VIEW_SHEET.code, region_code="10205")
            for number in range(30)
        ],
    )

"""Bigrams, questions, the order of answers, and marks on the text as written."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nimo.core import ranking
from nimo.core.searching import marking, sources, words
from nimo.core.text import fold

LETTERS = (
    "地障がい害ガイｶﾞｲ取り組み組申し込合わせ問\u3099\uff9e \u3000\n\u200b1一数ヶケか箇所月国年齋髙𠮷①²ＡａﬁİéE"
    "\u0301-―〜○子ども供支故保受け引継手続話.\ufe0f\U000e0100가ᄀ\u1161ヽゝ々🙂"
)
texts = st.one_of(st.text(alphabet=LETTERS, max_size=24), st.text(max_size=12))


def candidate(title: str, body: str = "", *, year: int = 0, record: str = "") -> ranking.Candidate[str]:
    return ranking.Candidate(record or title, (fold(title),), fold(body), year, ranking.tie_of("test", record or title))


def answers(question: words.Question, title: str, body: str) -> bool:
    """What a database does with the tokens of a document and the expression of a question."""
    tokens = words.index_tokens(title=fold(title), body=fold(body))

    def has(asked: str) -> bool:
        return any(token.startswith(asked[:-1]) if asked.endswith("*") else token == asked for token in tokens)

    return all(
        any(all(has(asked) for asked in tokens) for tokens in group) for group in words.match_all(question).groups
    )


@settings(max_examples=50)
@given(texts, texts)
def test_tokens_are_ascii_that_no_database_reads_as_an_operator(title, body):
    for token in words.index_tokens(title=fold(title), body=fold(body)):
        assert re.fullmatch(r"[bt](?:[0-9a-z]{4}){1,2}", token)


@settings(max_examples=50)
@given(texts, st.integers(0, 20), st.integers(1, 12))
def test_every_part_of_a_text_finds_it(text, start, length):
    part = fold(text)[start : start + length]
    question = words.parse(part)
    if question.terms and not question.loose:
        assert answers(question, "", text)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ｸﾞﾙｰﾌﾟﾎｰﾑ", "グループホーム"),
        ("ぐるーぷほーむ", "グループホーム"),
        ("障がい者", "障害者"),
        ("齋藤", "斉藤"),
        ("髙崎", "高崎"),
        ("吉野", "𠮷野"),
        ("取組", "取り組み"),
        ("ＮＤＢ", "ndb"),
        ("か所", "ヶ所"),
        ("13", "１３"),
        ("地", "墓地"),
        ("家族", "当事者と家族の会"),
    ],
)
def test_finds_what_reads_the_same(typed, written):
    assert answers(words.parse(typed), "", written)


@pytest.mark.parametrize(("typed", "written"), [("家族", "家庭と民族"), ("①13", "113"), ("地域 住居", "地域の会議")])
def test_does_not_find_what_reads_differently(typed, written):
    assert not answers(words.parse(typed), "", written)


def test_terms_are_parted_by_spaces_of_any_width_and_by_symbols():
    assert [term.text for term in words.parse("地域　移行 支援／家族").terms] == ["地域", "移行", "支援", "家族"]


@pytest.mark.parametrize("typed", ["", " 　", "\n"])
def test_an_empty_question_is_empty(typed):
    assert words.parse(typed).is_empty


@pytest.mark.parametrize("typed", ["%", " *'", "（）", "🙂", '"', "・・・", "&|!:"])
def test_symbols_alone_say_nothing(typed):
    question = words.parse(typed)
    assert question.says_nothing
    assert not question.terms


@pytest.mark.parametrize("typed", ["地域' OR '1'='1", '地域" NEAR(x)', "地域* OR t:*", "地域 & !住居 | :*", "x%_\\"])
def test_nothing_typed_becomes_an_operator(typed):
    written = words.match_all(words.parse(typed)).written(both=" & ", either=" | ", plain="{}", prefix="{}:*")
    assert re.fullmatch(r"[bt0-9a-z()&| :*]+", written)
    assert "or" not in re.findall("[a-z]+", written)


def test_a_question_of_two_thousand_characters_is_read_and_a_longer_one_is_cut():
    assert not words.parse("退院した人の住まいを探す支援" * 142).cut
    question = words.parse("あ地" * 1500)
    assert question.cut
    assert len(question.whole) <= words.QUESTION_LIMIT
    assert question.loose


def test_a_sentence_is_looked_for_by_its_telling_pairs():
    question = words.parse("精神科病院に長く入院している人が地域で暮らすためには何が必要ですか" * 20)
    tokens = words.telling_tokens(question)
    assert 0 < len(tokens) <= words.TRIED_TOKENS
    assert words.ask_tokens("いる")[0] not in tokens


def test_takes_the_rarest_tokens_within_the_limit_and_at_least_one():
    assert words.rarest({"a": 5, "b": 2, "c": 0, "d": 900}, most=10) == ["b", "a"]
    assert words.rarest({"d": 900}, most=10) == ["d"]
    assert words.rarest({"c": 0}, most=10) == []


def test_a_synonym_inside_a_term_is_replaced_and_the_longest_word_first():
    question = words.parse("アパート探し", {"アパート": ["住居"], fold("アパート"): ["住居", "賃貸"], "探し": ["捜索"]})
    assert question.terms[0].others == (fold("住居探し"), fold("賃貸探し"), fold("アパート捜索"))


def test_a_document_with_the_other_word_is_found():
    question = words.parse("精神分裂病", {"精神分裂病": ["統合失調症"]})
    assert answers(question, "", "統合失調症の方")
    assert not answers(words.parse("統合失調症", {"精神分裂病": ["統合失調症"]}), "", "精神分裂病の方")


def test_ranks_title_then_words_as_written_then_other_words_then_what_is_shared():
    question = words.parse("地域移行", {"地域移行": ["退院促進"]})
    found = ranking.rank(
        question,
        [
            candidate("シート", "移行期の地域を移す", record="shared"),
            candidate("シート", "退院促進を行う", record="other"),
            candidate("シート", "地域移行を行う", record="written"),
            candidate("地域移行の実績"),
            candidate("地域移行"),
            candidate("館林市の地域移行"),
        ],
    )
    assert found == ["地域移行", "地域移行の実績", "館林市の地域移行", "written", "other", "shared"]


def test_another_name_counts_as_the_title():
    question = words.parse("おおた")
    city = ranking.Candidate("太田市", (fold("群馬県 太田市"), fold("太田市"), fold("オオタシ")), "", 0, 1)
    found = ranking.rank(question, [candidate("おおた会議のまとめ"), candidate("シート", "おおた"), city])
    assert set(found[:2]) == {"太田市", "おおた会議のまとめ"}
    assert ranking.rank(words.parse("太田市"), [candidate("常陸太田市"), city]) == ["太田市", "常陸太田市"]


def test_the_newer_of_equals_comes_first_and_then_an_order_that_never_changes():
    question = words.parse("家族会")
    same = [
        candidate("シート", "家族会", record=name, year=year) for name, year in (("a", 2022), ("b", 2024), ("c", 2022))
    ]
    order = ranking.rank(question, same)
    assert order[0] == "b"
    assert ranking.rank(question, reversed(same)) == order


def test_leaves_out_what_shares_too_little():
    question = words.parse("精神保健福祉相談員の研修を行う")
    assert ranking.rank(question, [candidate("シート", "研修")]) == []


@settings(max_examples=50)
@given(st.lists(texts, max_size=8), texts)
def test_the_order_does_not_depend_on_the_order_the_database_gives(bodies, typed):
    question = words.parse(typed)
    found = [candidate(f"文書{at}", body, record=str(at)) for at, body in enumerate(bodies)]
    assert ranking.rank(question, found) == ranking.rank(question, found[::-1])


@settings(max_examples=50)
@given(texts)
@example("取\u200bり組み")
@example("障\nがい")
@example("A¯")
@example("か\u200b\u3099")
def test_folds_as_the_index_does_and_every_character_has_an_origin(text):
    folded = marking.fold_with_origins(text)
    assert folded.text == fold(text)
    assert len(folded.origins) == len(folded.text)
    assert all(0 <= start < end <= len(text) for start, end in folded.origins)


@settings(max_examples=50)
@given(texts, texts)
def test_the_pieces_put_together_are_the_text(text, typed):
    spans = marking.ranges(text, marking.words_of(words.parse(typed), text))
    assert "".join(piece.text for piece in marking.pieces(text, spans)) == text
    assert all(a[1] < b[0] for a, b in pairwise(spans))


@settings(max_examples=50)
@given(texts, st.integers(0, 20), st.integers(1, 6))
def test_what_is_marked_reads_as_the_word(text, start, length):
    word = fold(text)[start : start + length]
    for first, last in marking.ranges(text, [word]):
        assert word in fold(text[first:last]) or fold(text[first:last]) in word


@pytest.mark.parametrize(
    ("text", "typed", "marked"),
    [
        ("障がい者のための取り組み", "障害", ["障がい"]),
        ("障がい者のための取り組み", "取組", ["取り組み"]),
        ("ｸﾞﾙｰﾌﾟﾎｰﾑ を 増やす", "グループホーム", ["ｸﾞﾙｰﾌﾟﾎｰﾑ"]),
        ("髙崎市と高崎市", "高崎", ["髙崎", "高崎"]),
        ("𠮷野さんの会🙂", "吉野", ["𠮷野"]),
        ("地域移行", "移行地域", ["地域移行"]),
        ("何もない", "地域", []),
    ],
)
def test_marks_the_words_as_they_were_written(text, typed, marked):
    spans = marking.ranges(text, marking.words_of(words.parse(typed), text))
    assert [text[start:end] for start, end in spans] == marked


def test_an_excerpt_shows_the_place_with_the_marks():
    text = "は" * 300 + "地域移行の家族会" + "は" * 300
    shown = marking.excerpt(text, words.parse("地域移行 家族会"), length=60)
    assert [piece.text for piece in shown if piece.marked] == ["地域移行", "家族会"]
    assert shown[0].text == shown[-1].text == "…"
    assert sum(len(piece.text) for piece in shown) <= 62


def test_refuses_a_source_registered_twice(monkeypatch):
    monkeypatch.setattr(sources, "_sources", {})
    one = sources.SearchSource("test.one", "試験", list, lambda owners: [], lambda actor, records: set())
    assert sources.search_source(one) is sources.get("test.one")
    with pytest.raises(ValueError, match="twice"):
        sources.search_source(one)
    with pytest.raises(sources.UnknownSource):
        sources.get("test.two")

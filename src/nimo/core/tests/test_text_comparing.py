"""Folding for comparing and searching, kana order."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.core.tests.strategies import document_text
from nimo.core.text import fold, kana_key, to_hiragana, to_katakana
from nimo.core.variants import VARIANT_CHARACTERS

HIRAGANA = st.text(alphabet=st.characters(min_codepoint=0x3041, max_codepoint=0x3096))


class TestFold:
    @pytest.mark.parametrize(
        "same",
        [
            ["か所", "ヶ所", "ヵ所", "カ所", "ケ所", "箇所", "ｹ所"],
            ["3か月", "３ヶ月", "3カ月", "3箇月", "3 か 月"],
            ["障害", "障がい", "障碍", "障ガイ", "障 害"],
            ["取組", "取組み", "取り組み", "取り組"],
            ["打合せ", "打ち合わせ", "打ち合せ", "打合わせ"],
            ["斎藤", "齋藤", "齊藤", "斉藤"],
            ["高橋", "髙橋", "髙𣘺", "高槗"],
            ["宮崎", "宮﨑", "宮嵜"],
            ["渡辺", "渡邊", "渡邉"],
            ["広沢", "廣澤"],
            ["国", "國", "圀"],
            ["浜田", "濱田", "濵田"],
            ["島田", "嶋田", "嶌田"],
            ["館林", "舘林"],
            ["冨岡", "富岡"],
            ["吉田", "𠮷田"],
            ["柳", "栁"],
            ["龍ケ崎市", "龍ヶ崎市", "竜ケ崎市"],
            ["藪塚本町", "薮塚本町"],
            ["アウトリーチ", "あうとりーち", "ｱｳﾄﾘｰﾁ", "アウトリ－チ"],
            ["R6", "Ｒ６", "r6"],
            ["4～6月", "4〜6月", "4~6 月"],
            ["〇協議の場", "○協議の場", "◯協議の場"],
            ["R5-6", "R5－6", "R5−6", "R5‐6"],
            ["子ども", "こども", "子供", "コドモ"],
            ["辻\U000e0100", "辻"],
            ["⻑期⼊院", "長期入院"],
        ],
    )
    def test_makes_one_of_what_reads_the_same(self, same: list[str]) -> None:
        assert len({fold(one) for one in same}) == 1

    @pytest.mark.parametrize(
        "different",
        [
            ["①13", "113"],
            ["支障がある", "支障害ある"],
            ["故障がい", "故障害"],
            ["かけ所", "かか所"],
            ["病院", "病床"],
            ["はは", "ばば", "ぱぱ"],
            ["きやく", "きゃく"],
            ["一回", "ー回"],
        ],
    )
    def test_keeps_apart_what_does_not(self, different: list[str]) -> None:
        assert len({fold(one) for one in different}) == len(different)

    @given(document_text)
    def test_changes_nothing_the_second_time(self, text: str) -> None:
        assert fold(fold(text)) == fold(text)

    @given(document_text)
    def test_leaves_no_white_space_and_no_katakana_letter(self, text: str) -> None:
        folded = fold(text)
        assert not any(one.isspace() for one in folded)
        assert not any("ァ" <= one <= "ヶ" for one in folded)

    @given(st.text(alphabet="協議の場か所ヶ障がい取組み齋藤アウトリーチ１３", min_size=1), document_text)
    def test_keeps_the_beginning_of_a_text_when_a_mark_ends_it(self, start: str, rest: str) -> None:
        assert fold(f"{start}※{rest}").startswith(fold(f"{start}※"))


class TestVariantCharacters:
    def test_fold_to_a_form_that_is_not_folded_again(self) -> None:
        assert not {ord(folded) for folded in VARIANT_CHARACTERS.values()} & VARIANT_CHARACTERS.keys()

    def test_are_ones_that_compatibility_normalising_leaves(self) -> None:
        assert all(unicodedata.normalize("NFKC", chr(code)) == chr(code) for code in VARIANT_CHARACTERS)

    def test_fold_to_characters_an_ordinary_keyboard_gives(self) -> None:
        for folded in VARIANT_CHARACTERS.values():
            folded.encode("shift_jis")


class TestKanaKey:
    @pytest.mark.parametrize(
        "in_order",
        [
            ["あいかわ", "あおき", "いとう", "うえだ"],
            ["は", "ば", "ぱ", "はあ", "ひ"],
            ["きやく", "ぎやく", "きゆう"],
            ["かあさん", "カード", "かあどう", "かい"],
            ["おおた", "オオタ", "おおたし", "おおたに"],
            ["さいたまし", "さかどし", "さってし"],
            ["つしま", "つづき", "つつみ", "つて"],
            ["ささき", "さゝき"],
        ],
    )
    def test_sorts_readings_as_a_directory_does(self, in_order: list[str]) -> None:
        shuffled = in_order[::-1]
        assert sorted(shuffled, key=kana_key) == in_order

    def test_treats_width_and_script_as_one_until_a_tie(self) -> None:
        assert sorted(["ｵｵﾀB", "おおたC", "オオタA"], key=kana_key) == ["オオタA", "ｵｵﾀB", "おおたC"]

    def test_sorts_without_regard_to_spaces(self) -> None:
        assert kana_key("さとう　はなこ") == kana_key("さとうはなこ")

    @given(HIRAGANA, HIRAGANA)
    def test_puts_a_reading_before_the_longer_one_that_begins_with_it(self, start: str, rest: str) -> None:
        assert kana_key(start) <= kana_key(start + rest)

    @given(document_text, document_text)
    def test_has_equal_keys_only_for_the_same_reading(self, one: str, other: str) -> None:
        if kana_key(one) == kana_key(other):
            assert fold(one) == fold(other)


class TestKana:
    def test_turns_half_width_kana_too(self) -> None:
        assert to_hiragana("ｶﾞｸｼｭｳ センター ヴ ヾ") == "がくしゅう せんたー ゔ ゞ"
        assert to_katakana("がくしゅう ｾﾝﾀｰ") == "ガクシュウ センター"

    def test_leaves_other_characters_as_they_are(self) -> None:
        assert to_hiragana("①１３ＡＢ漢字") == "①１３ＡＢ漢字"

    @given(HIRAGANA)
    def test_returns_to_hiragana(self, text: str) -> None:
        assert to_hiragana(to_katakana(text)) == text

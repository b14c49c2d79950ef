"""Figures in cells, one irregularity of the sheets after the other."""

from __future__ import annotations

from decimal import Decimal

import pytest

from nimo.core.numbers import NumberWithUnit, ParsedQuantity, format_number, parse_quantities, share_of

Parts = tuple[int | Decimal, str | None, str | None, str | None]


def read(raw: str) -> list[Parts]:
    """Values as (value, unit, per, label)."""
    return [(one.value, one.unit, one.per, one.label) for one in parse_quantities(raw).values]


class TestOneNumber:
    @pytest.mark.parametrize(
        ("raw", "value", "unit"),
        [
            ("１３", 13, None),
            ("13", 13, None),
            ("０", 0, None),
            ("0か所", 0, "か所"),
            ("①１３", 13, None),
            ("② ５か所", 5, "か所"),
            ("⑳１", 1, None),
            ("㊿２回", 2, "回"),
            ("❶３", 3, None),
            ("㋐４", 4, None),
            ("⒈２", 2, None),
            ("⑴７人", 7, "人"),
            ("1) 3回", 3, "回"),
            ("(2) 5回", 5, "回"),
            ("13²か所", 13, "か所"),
            ("11か所", 11, "か所"),
            ("１１ヶ所", 11, "か所"),
            ("11ヵ所", 11, "か所"),
            ("11カ所", 11, "か所"),
            ("11ケ所", 11, "か所"),
            ("11 箇所", 11, "か所"),
            ("11ｶ所", 11, "か所"),
            ("1市", 1, "市"),
            ("12市町村", 12, "市町村"),
            ("23町", 23, "町"),
            ("8村", 8, "村"),
            ("2病院", 2, "病院"),
            ("418床", 418, "床"),
            ("68回", 68, "回"),
            ("2件", 2, "件"),
            ("2ケース", 2, "件"),
            ("15事業所", 15, "事業所"),
            ("28名", 28, "人"),
            ("222,364人", 222_364, "人"),
            ("２２２，３６４人", 222_364, "人"),
            ("980,219 人", 980_219, "人"),
            ("107.3万人", 1_073_000, "人"),
            ("107.3 万人", 1_073_000, "人"),
            ("1万2千人", 12_000, "人"),
            ("12万3,456人", 123_456, "人"),
            ("3億5,000万円", 350_000_000, "円"),
            ("350千円", 350, "千円"),
            ("3百万円", 3, "百万円"),
            ("三千二百九十三人", 3293, "人"),
            ("二十三か所", 23, "か所"),
            ("325.3日", Decimal("325.3"), "日"),
            ("17.1%", Decimal("17.1"), "%"),
            ("17.0％", Decimal("17.0"), "%"),
            ("-3人", -3, "人"),
            ("－3人", -3, "人"),
            ("△5人", -5, "人"),
            ("- 3回", 3, "回"),
            ("<p>3回</p>", 3, "回"),
        ],
    )
    def test_is_read_with_its_unit(self, raw: str, value: int | Decimal, unit: str | None) -> None:
        parsed = parse_quantities(raw)
        assert parsed == ParsedQuantity(raw, (NumberWithUnit(value, unit),), None, None, "value")
        assert type(parsed.values[0].value) is type(value)

    @pytest.mark.parametrize(
        ("raw", "per"),
        [
            ("月1回", "月"),
            ("月に１回", "月"),
            ("毎月1回", "月"),
            ("1回/月", "月"),
            ("1か月に1回", "月"),
            ("年1回", "年"),
            ("年間1回", "年"),
            ("1回／年度", "年"),
            ("週1回", "週"),
            ("隔月1回", "2か月"),
            ("3カ月に1回", "3か月"),
            ("３ヶ月ごとに１回", "3か月"),
            ("三か月に一回", "3か月"),
            ("1回/3か月", "3か月"),
            ("四半期に1回", "3か月"),
            ("半年に1回", "6か月"),
            ("2～3か月に1回", "2~3か月"),
            ("2年に1回", "2年"),
            ("2週間に1回", "2週"),
        ],
    )
    def test_carries_the_time_it_is_per(self, raw: str, per: str) -> None:
        assert read(raw) == [(1, "回", per, None)]

    @pytest.mark.parametrize("raw", ["昨年3回", "4月3回", "今月3回", "前年3回"])
    def test_is_no_rate_after_a_named_time(self, raw: str) -> None:
        assert [one.per for one in parse_quantities(raw).values] == [None]


class TestQualifiers:
    @pytest.mark.parametrize(
        ("raw", "values", "qualifier", "coverage"),
        [
            ("１１か所（政令市を除く）", [(11, "か所")], "政令市を除く", "政令市を除く"),
            ("１１か所\n（政令市を除く）", [(11, "か所")], "政令市を除く", "政令市を除く"),
            ("11か所 政令指定都市除く", [(11, "か所")], "政令指定都市除く", "政令市を除く"),
            ("11か所（政令市を除いた数）", [(11, "か所")], "政令市を除いた数", "政令市を除く"),
            ("（政令市を除く）11か所", [(11, "か所")], "政令市を除く", "政令市を除く"),
            ("11か所（中核市を含む）", [(11, "か所")], "中核市を含む", "中核市を含む"),
            ("5か所（県所管保健所のみ）", [(5, "か所")], "県所管保健所のみ", "県所管保健所のみ"),
            (
                "３か所\n（政令市を除く）\n※コロナ禍によ\nる影響",
                [(3, "か所")],
                "政令市を除く ※コロナ禍による影響",
                "政令市を除く",
            ),
            ("3回（その他にコア会議を開催）", [(3, "回")], "その他にコア会議を開催", None),
            ("3カ月に1回 その他コア会議 開催", [(1, "回")], "その他コア会議 開催", None),
            ("有・１か所", [(1, "か所")], "有", None),
            ("無・０か所", [(0, "か所")], "無", None),
            ("約100人以上", [(100, "人")], "約 以上", None),
            ("316日以上", [(316, "日")], "以上", None),
            ("8か所（令和6年5月時点）", [(8, "か所")], "令和6年5月時点", None),
            ("68回（中核市38回、中核市以外の市町村30回）", [(68, "回")], "中核市38回、中核市以外の市町村30回", None),
            ("11か所（政令市を除く", [(11, "か所")], "政令市を除く", "政令市を除く"),
        ],
    )
    def test_are_kept_beside_the_number(
        self, raw: str, values: list[tuple[int, str]], qualifier: str, coverage: str | None
    ) -> None:
        parsed = parse_quantities(raw)
        assert [(one.value, one.unit) for one in parsed.values] == values
        assert (parsed.qualifier, parsed.coverage) == (qualifier, coverage)


class TestSeveralNumbers:
    @pytest.mark.parametrize(
        ("raw", "values"),
        [
            ("事例検討数44人 退院者数14人", [(44, "人", None, "事例検討数"), (14, "人", None, "退院者数")]),
            ("事例検討数44人\n退院者数14人", [(44, "人", None, "事例検討数"), (14, "人", None, "退院者数")]),
            (
                "全体会2回 定例会3回 専門部会12回",
                [(2, "回", None, "全体会"), (3, "回", None, "定例会"), (12, "回", None, "専門部会")],
            ),
            ("66人 17.1%", [(66, "人", None, None), (Decimal("17.1"), "%", None, None)]),
            ("66人（17.1％）", [(66, "人", None, None), (Decimal("17.1"), "%", None, None)]),
            ("１３（１１）", [(13, None, None, None), (11, None, None, "括弧内")]),
            ("10人（8人）", [(10, "人", None, None), (8, "人", None, "括弧内")]),
            ("（１１か所）", [(11, "か所", None, "括弧内")]),
            ("12／12", [(12, None, None, "分子"), (12, None, None, "分母")]),
            ("10／12圏域", [(10, "圏域", None, "分子"), (12, "圏域", None, "分母")]),
            ("10圏域／12圏域", [(10, "圏域", None, "分子"), (12, "圏域", None, "分母")]),
            ("2回／3回", [(2, "回", None, None), (3, "回", None, None)]),
            ("PSW3名 PHN13名", [(3, "人", None, "PSW"), (13, "人", None, "PHN")]),
            ("人口10万対 25.1", [(Decimal("25.1"), None, None, "人口10万対")]),
            ("8か所→11か所", [(8, "か所", None, None), (11, "か所", None, None)]),
            ("令和3年度から年1回", [(1, "回", "年", "令和3年度から")]),
            ("年4回、月1回", [(4, "回", "年", None), (1, "回", "月", None)]),
            ("12市町村中10市町村", [(12, "市町村", None, "分母"), (10, "市町村", None, "分子")]),
            ("12分の10", [(12, None, None, "分母"), (10, None, None, "分子")]),
            ("10～20人", [(10, "人", None, "下限"), (20, "人", None, "上限")]),
            ("10人から20人", [(10, "人", None, "下限"), (20, "人", None, "上限")]),
            ("5-6回", [(5, "回", None, "下限"), (6, "回", None, "上限")]),
            ("月1～2回", [(1, "回", "月", "下限"), (2, "回", "月", "上限")]),
            ("R5年度 3回 R6年度 4回", [(3, "回", None, "R5年度"), (4, "回", None, "R6年度")]),
            ("病院 3ヶ所 診療所 2ヶ所", [(3, "か所", None, "病院"), (2, "か所", None, "診療所")]),
            ("①5回 ②3回", [(5, "回", None, None), (3, "回", None, None)]),
            ("１３ １３", [(13, None, None, None), (13, None, None, None)]),
            ("65歳以上 175人", [(175, "人", None, "65歳以上")]),
            ("1年以上 284人 73.6%", [(284, "人", None, "1年以上"), (Decimal("73.6"), "%", None, None)]),
            ("3か月以上1年未満 36人", [(36, "人", None, "3か月以上1年未満")]),
            ("入院後3か月時点 68.9%", [(Decimal("68.9"), "%", None, "入院後3か月時点")]),
            ("人口：107.3 万人", [(1_073_000, "人", None, "人口")]),
            ("第3回協議の場 2回", [(2, "回", None, "第3回協議の場")]),
            ("「8050問題」検討会 3回", [(3, "回", None, "「8050問題」検討会")]),
        ],
    )
    def test_keep_their_labels(self, raw: str, values: list[Parts]) -> None:
        assert read(raw) == values


class TestNoNumber:
    @pytest.mark.parametrize(
        ("raw", "state"),
        [
            ("", "blank"),
            (" 　\n", "blank"),
            ("②", "blank"),
            ("－", "not_filled"),
            ("‐", "not_filled"),
            ("−", "not_filled"),
            ("ー", "not_filled"),
            ("－（政令市を除く）", "not_filled"),
            ("前年度増", "no_number"),
            ("前年度より2回増", "no_number"),
            ("10%減", "no_number"),
            ("有", "no_number"),
            ("毎月", "no_number"),
            ("未定", "no_number"),
        ],
    )
    def test_is_told_apart_from_zero(self, raw: str, state: str) -> None:
        parsed = parse_quantities(raw)
        assert (parsed.values, parsed.state, parsed.raw) == ((), state, raw)

    @pytest.mark.parametrize(
        "raw",
        [
            "令和6年5月",
            "2024年度",
            "16年度",
            "R6",
            "4～6月",
            "8月1日",
            "第7期",
            "第1・2回協議の場",
            "3回目",
            "24条通報",
            "ぐんまプラン8",
            "24時間365日対応",
            "13:30～15:00",
            "048-830-1234",
            "1,23人",
            "1.2.3",
            "1½か所",
            "13/12",
            "2千3万人",
            "1" * 400 + "人",
            "一部の市町村",
            "十分に",
            "一人ひとり",
            "一人で",
            "二次医療圏",
            "数十人",
            "〇回",
            "〇〇人",
            "四日市市",
            "m2",
            "No.3",
        ],
    )
    def test_is_made_of_digits_that_count_nothing_or_cannot_be_told(self, raw: str) -> None:
        assert parse_quantities(raw).values == ()


class TestFormatNumber:
    @pytest.mark.parametrize(
        ("number", "written"),
        [
            (222_364, "222,364"),
            (0, "0"),
            (-1234, "-1,234"),
            (Decimal("1234.50"), "1,234.50"),
            (Decimal("1E+4"), "10,000"),
        ],
    )
    def test_groups_by_thousands(self, number: int | Decimal, written: str) -> None:
        assert format_number(number) == written


class TestShareOf:
    @pytest.mark.parametrize(
        ("part", "whole", "share"),
        [
            (66, 386, "17.1"),
            (36, 386, "9.3"),
            (284, 386, "73.6"),
            (0, 5, "0.0"),
            (1, 8, "12.5"),
            (1, 16, "6.3"),
            (1, 2000, "0.1"),
        ],
    )
    def test_is_a_percentage_with_one_decimal_half_up(self, part: int, whole: int, share: str) -> None:
        assert str(share_of(part, whole)) == share

    @pytest.mark.parametrize(("part", "whole"), [(0, 0), (1, 0), (1, -1), (-1, 5)])
    def test_refuses_a_whole_of_nothing_and_a_part_below_it(self, part: int, whole: int) -> None:
        with pytest.raises(ValueError, match="whole"):
            share_of(part, whole)

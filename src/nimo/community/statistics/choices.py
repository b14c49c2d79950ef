"""The closed lists of taking statistics in."""

from __future__ import annotations

from django.db.models import TextChoices


class LayoutKind(TextChoices):
    """How a file is read. AUTO: the words in the file decide."""

    AUTO = "auto", "自動で見分ける"
    SURVEY_630 = "survey_630", "630調査の集計表（従来ベース集計のExcel）"
    SURVEY_630_CSV = "survey_630_csv", "630調査の都道府県別CSV（決まった見出し）"
    REMHRAD = "remhrad", "ReMHRADの画面から出力したExcel"
    NDB = "ndb", "NDB集計の付表（精神保健医療福祉に関する指標）"
    MAPPED = "mapped", "そのほかの表（列の意味を自分で選ぶ）"


class ImportState(TextChoices):
    READING = "reading", "読み取り中"
    MAPPING = "mapping", "列の意味を待っています"
    REVIEW = "review", "確認待ち"
    CHECKING = "checking", "確かめ直し中"
    RECORDING = "recording", "記録中"
    RECORDED = "recorded", "記録済み"
    FAILED = "failed", "読めません"
    DISCARDED = "discarded", "取り込まない"


class Severity(TextChoices):
    """STOP: the row is not recorded until it is corrected. CHECK: a person looks and decides."""

    STOP = "stop", "止める"
    CHECK = "check", "確認"


class Decision(TextChoices):
    """What a person said about a doubtful cell."""

    PENDING = "pending", "未確認"
    ACCEPTED = "accepted", "このままでよい"
    CORRECTED = "corrected", "直した"
    LEFT_OUT = "left_out", "記録しない"


class ColumnRole(TextChoices):
    """What a column of a mapped table holds."""

    IGNORE = "ignore", "使わない"
    REGION_CODE = "region_code", "地域のコード"
    REGION_NAME = "region_name", "地域の名前"
    PREFECTURE_NAME = "prefecture_name", "都道府県の名前"
    YEAR = "year", "年度"
    AS_OF = "as_of", "時点（年月日）"
    INDICATOR = "indicator", "指標の名前またはコード"
    BASIS = "basis", "基準（住所地・所在地など）"
    UNIT = "unit", "単位"
    VALUE = "value", "値"
    NUMERATOR = "numerator", "分子"
    DENOMINATOR = "denominator", "分母"
    STATE = "state", "値がない理由"
    DIMENSION = "dimension", "内訳"
    COVERAGE = "coverage", "対象の範囲"
    NOTE = "note", "注意"
    FIGURE = "figure", "この列が一つの指標の値"

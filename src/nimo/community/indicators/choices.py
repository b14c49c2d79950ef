"""The closed lists of the dictionary and the store."""

from __future__ import annotations

from django.db.models import TextChoices


class ValueKind(TextChoices):
    """What a figure is: only counts are ever added; rates and means are recomputed from their parts."""

    COUNT = "count", "件数・人数"
    RATE = "rate", "割合"
    DAYS = "days", "平均日数"
    YES_NO = "yes_no", "有無"
    TEXT = "text", "文章"


class PeriodKind(TextChoices):
    DAY = "day", "時点の値"
    FISCAL_YEAR = "fiscal_year", "年度の値"


class Direction(TextChoices):
    """Which way the guideline wants the figure to move. Most figures are neither good nor bad: NEUTRAL."""

    HIGHER = "higher", "高いほど望ましい"
    LOWER = "lower", "低いほど望ましい"
    NEUTRAL = "neutral", "高低に良し悪しはない"


class Group(TextChoices):
    BASIC_INFO = "basic_info", "自治体情報シートの基本情報"
    SURVEY_630 = "survey_630", "630調査"
    OUTCOME = "outcome", "障害福祉計画の成果目標"
    ACTIVITY = "activity", "障害福祉計画の活動指標"
    REFERENCE = "reference", "全国の参考値"
    NDB = "ndb", "NDB集計"
    RESOURCES = "resources", "地域の社会資源"
    POPULATION = "population", "人口"
    COUNTED = "counted", "nimoの記録から数えた値"


class Basis(TextChoices):
    """How persons were assigned to a place, and from which collection. Different bases are different facts."""

    ADDRESS_630 = "630_address", "630調査（患者の住所地）"
    HOSPITAL_630 = "630_hospital", "630調査（病院の所在地）"
    NDB = "ndb", "NDB集計"
    NDB_AVERAGE_DAILY = "ndb_avg_daily", "NDB集計（1日平均、公費を含まない）"
    NDB_AVERAGE_DAILY_INCLUDING_PUBLIC = "ndb_avg_daily_incl_kohi", "NDB集計（1日平均、公費を含む）"
    PATIENT_SURVEY = "patient_survey", "患者調査"
    HOSPITAL_REPORT = "hospital_report", "病院報告"
    SHEET_AS_GIVEN = "sheet_as_given", "シートの記載どおり"
    RECORDS = "records", "nimoの記録から数えた値"
    RESIDENT_REGISTER = "resident_register", "住民基本台帳"
    CENSUS = "census", "国勢調査"
    PROJECTION = "projection", "将来推計人口"
    UNSPECIFIED = "unspecified", "資料に記載なし"


class ValueState(TextChoices):
    """Absent is not zero: a figure without a value says why."""

    VALUE = "value", "値あり"
    ABSENT = "absent", "資料にない"
    NOT_FILLED = "not_filled", "記入なし"
    SUPPRESSED_AT_SOURCE = "suppressed_at_source", "資料で秘匿"
    UNREADABLE = "unreadable", "読み取れない"


class Evidence(TextChoices):
    """How far a statement was checked (確認状態)."""

    SOURCE = "S", "原典で確認"
    TRANSCRIPTION = "S3", "転記した資料で確認（原典との照合待ち）"
    DERIVED = "D", "確認した値から計算"
    UNVERIFIED = "K", "未確認"


class SourceKind(TextChoices):
    OFFICIAL_STATISTICS = "official_statistics", "公表統計"
    SHEET = "sheet", "自治体情報シート"
    REPORT = "report", "資料・報告書"
    MANUAL = "manual", "画面での入力"
    COUNTED = "counted", "数えた値"


class SourceState(TextChoices):
    ACTIVE = "active", "有効"
    SUPERSEDED = "superseded", "新しい版に置き換え済み"
    WITHDRAWN = "withdrawn", "取り消し済み"


class RowState(TextChoices):
    """A figure is never overwritten: the row that was replaced stays and says by what."""

    LIVE = "live", "有効"
    SUPERSEDED = "superseded", "訂正・更新により置き換え済み"
    WITHDRAWN = "withdrawn", "取込みの取り消しにより無効"


class Exposure(TextChoices):
    """What the disclosure gate decided when the row was published (the reasons are those of core.disclosure)."""

    NOT_ASSESSED = "not_assessed", "公開の判定前"
    SHOWN = "shown", "そのまま表示"
    SMALL = "small", "少数のため非表示"
    DERIVABLE = "derivable", "ほかの値から計算されないよう非表示"
    JOINT = "joint", "少数の値を守るため非表示"
    POPULATION = "population", "人口が少ない地域のため非表示"
    NO_RULE = "no_rule", "公表の基準がないため非表示"
    DERIVED = "derived", "もとの人数を表示しないため非表示"


class Comparator(TextChoices):
    AT_LEAST = "at_least", "以上"
    AT_MOST = "at_most", "以下"
    RANGE = "range", "範囲"
    FORMULA = "formula", "算式による"
    STATED = "stated", "記述による"

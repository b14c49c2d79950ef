from __future__ import annotations

from django.db.models import TextChoices


class FormPurpose(TextChoices):
    BEFORE_MEETING = "before_meeting", "事前アンケート"
    SURVEY = "survey", "取組状況調査"
    UNDERSTANDING = "understanding", "理解度アンケート"
    CHECKLIST = "checklist", "チェックリスト"
    REVIEW = "review", "ふりかえりのアンケート"
    OTHER = "other", "その他"


class VersionState(TextChoices):
    DRAFT = "draft", "作成中"
    PUBLISHED = "published", "使用中"
    RETIRED = "retired", "使用終了"


class QuestionKind(TextChoices):
    """The types of FHIR Questionnaire items they map to are listed in README.md."""

    TEXT = "text", "短い文"
    LONG_TEXT = "long_text", "長い文"
    CHOICE = "choice", "一つ選ぶ"
    MULTIPLE = "multiple", "いくつでも選ぶ"
    NUMBER = "number", "数"
    DATE = "date", "日付"
    YES_NO = "yes_no", "はい・いいえ"
    SCALE = "scale", "段階で答える"
    TABLE = "table", "表（行を足して答える）"


class Operator(TextChoices):
    EXISTS = "exists", "に答えがあるとき"
    EQUALS = "=", "が次の答えのとき"
    DIFFERS = "!=", "が次の答えでないとき"
    AT_LEAST = ">=", "が次の数以上のとき"
    AT_MOST = "<=", "が次の数以下のとき"


class Identity(TextChoices):
    NAMED = "named", "記名"
    ANONYMOUS = "anonymous", "無記名"


class RespondentUnit(TextChoices):
    ORGANISATION = "organisation", "組織として答える"
    PERSON = "person", "一人ひとりが答える"


class AnswerRule(TextChoices):
    ONCE = "once", "一度だけ"
    EDITABLE = "editable", "期限まで直せる"


class RoundState(TextChoices):
    PLANNED = "planned", "準備中"
    OPEN = "open", "回答受付中"
    CLOSED = "closed", "締め切り"


class RecipientKind(TextChoices):
    ORGANISATION = "organisation", "組織"
    USER = "user", "利用者"
    LABEL = "label", "このシステムを使わない相手"


class Channel(TextChoices):
    SIGNED_IN = "signed_in", "ログインして回答"
    LINK = "link", "リンクから回答"
    PAPER = "paper", "紙・FAX（事務局が入力）"
    WORKBOOK = "workbook", "Excel（事務局が取り込み）"

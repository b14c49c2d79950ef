"""The closed lists of the yearly sheet."""

from __future__ import annotations

from django.db.models import TextChoices


class UploadState(TextChoices):
    READING = "reading", "読み取り中"
    REVIEW = "review", "確認待ち"
    FAILED = "failed", "読めませんでした"
    CLOSED = "closed", "処理済み"


class DraftState(TextChoices):
    """confirmed and discarded can both be taken back to review: nothing that was read is lost."""

    REVIEW = "review", "確認待ち"
    CONFIRMED = "confirmed", "確定済み"
    DISCARDED = "discarded", "取り込まない"


class SheetState(TextChoices):
    CURRENT = "current", "有効"
    SUPERSEDED = "superseded", "新しい取り込みに置き換え済み"
    UNDONE = "undone", "確定を取り消し済み"


class SectionKey(TextChoices):
    """The chapters of a sheet, in the order of the R6 form; each is published by itself."""

    LEAD = "lead", "表紙のことば"
    BASIC_INFO = "basic_info", "基本情報"
    ACTIVITIES = "activities", "取組内容"
    OVERVIEW = "overview", "取組概要（全体）"
    HISTORY = "history", "取組の経緯"
    RESULTS = "results", "取組の成果・効果"
    STRENGTHS = "strengths", "特徴（強み）"
    CHALLENGES = "challenges", "課題と取組方針・役割"
    TARGETS = "targets", "今年度の指標と目標"
    COORDINATION = "coordination", "連携状況"
    COUNCILS = "councils", "協議の場の実施状況"
    OTHER_MATTERS = "other_matters", "その他事項"
    LONG_TERM = "long_term", "スケジュール（長期）"
    SCHEDULE = "schedule", "スケジュール（今年度）"
    SPECIAL_MATTERS = "special_matters", "特別に考える必要がある事項"


class DocumentState(TextChoices):
    """A sheet being written. Only a submitted one is frozen; a returned one is drafted again as the next edition."""

    DRAFTING = "drafting", "作成中"
    CHECKING = "checking", "確認中"
    DECIDING = "deciding", "決裁中"
    DECIDED = "decided", "決裁済み（提出前）"
    SUBMITTED = "submitted", "提出済み"
    ACCEPTED = "accepted", "受理済み"
    WITHDRAWN = "withdrawn", "取りやめ"


class StepKind(TextChoices):
    """What a post on the route does. A route has checks, one decision, then those who receive the sheet."""

    CHECK = "check", "確認"
    DECIDE = "decide", "決裁"
    RECEIVE = "receive", "受付・受理"


class FlowAction(TextChoices):
    START = "start", "作りはじめた"
    SEND = "send", "回した"
    CHECK = "check", "確認した"
    DECIDE = "decide", "決裁を記録した"
    SUBMIT = "submit", "提出した"
    ACCEPT = "accept", "受理した"
    RETURN = "return", "差し戻した"
    PULL_BACK = "pull_back", "引き戻した"
    MEND = "mend", "代わりに直した"
    CORRECT = "correct", "提出後の訂正を記した"
    WITHDRAW = "withdraw", "取りやめた"


class SuggestionState(TextChoices):
    """A value of last year, offered for one field of this year. Nothing is taken over without a person."""

    OFFERED = "offered", "確かめていない"
    TAKEN = "taken", "引き継いだ"
    REFUSED = "refused", "引き継がない"


class SubmissionState(TextChoices):
    WAITING = "waiting", "受付待ち"
    ACCEPTED = "accepted", "受理"
    RETURNED = "returned", "差戻し"


class ExportFormat(TextChoices):
    """The files a sheet is written into; the value is the ending of the file's name."""

    PPTX = "pptx", "PowerPoint（PPTX）"
    XLSX = "xlsx", "Excel（XLSX）"
    PDF = "pdf", "PDF"

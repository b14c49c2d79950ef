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

"""Words of meetings, their agenda, minutes, decisions, calls and yearly reviews."""

from __future__ import annotations

from django.db.models import TextChoices


class MeetingWay(TextChoices):
    """How a meeting is held. Written: no day of meeting, but a day until which opinions are awaited (回答期限日)."""

    IN_PERSON = "in_person", "対面"
    ONLINE = "online", "オンライン"
    BOTH = "both", "併用（対面とオンライン）"
    WRITTEN = "written", "書面開催"


class MeetingState(TextChoices):
    """Only held meetings are counted."""

    PLANNED = "planned", "予定"
    HELD = "held", "開催済み"
    CANCELLED = "cancelled", "中止"


class Confidentiality(TextChoices):
    """Who may know of an agenda item, a paper or a decision at all."""

    PUBLIC = "public", "公開"
    MEMBERS = "members", "構成員限り"
    SECRETARIAT = "secretariat", "事務局限り"


class Reply(TextChoices):
    """What came back on the slip."""

    WAITING = "waiting", "回答待ち"
    COMING = "coming", "出席"
    ONLINE = "online", "オンラインで出席"
    PROXY = "proxy", "代理が出席"
    ABSENT = "absent", "欠席"


class Attendance(TextChoices):
    """What a person did on the day."""

    UNRECORDED = "unrecorded", "未記録"
    PRESENT = "present", "出席"
    ONLINE = "online", "オンラインで出席"
    PROXY = "proxy", "代理が出席"
    ABSENT = "absent", "欠席"


class ReplyChannel(TextChoices):
    """How the slip came."""

    FAX = "fax", "FAX"
    PHONE = "phone", "電話"
    MAIL = "mail", "メール・郵送"
    IN_PERSON = "in_person", "口頭"


class MinutesState(TextChoices):
    DRAFT = "draft", "作成中"
    APPROVED = "approved", "確定"


class DecisionKind(TextChoices):
    DECISION = "decision", "決定"
    TASK = "task", "宿題"


class DecisionState(TextChoices):
    OPEN = "open", "これから・進行中"
    DONE = "done", "実行した"
    DROPPED = "dropped", "実行しないことにした"


class Stance(TextChoices):
    """An opinion on an item of a written meeting."""

    AGREE = "agree", "賛成・異議なし"
    DISAGREE = "disagree", "反対・異議あり"
    OPINION = "opinion", "意見のみ"


class ReferralState(TextChoices):
    """What became of an item that was raised to another body."""

    WAITING = "waiting", "返事待ち"
    ACCEPTED = "accepted", "受け止めた"
    RETURNED = "returned", "差し戻した"
    MERGED = "merged", "ほかの議題とまとめた"


class ReviewDecision(TextChoices):
    """What the yearly look back (協議の場のふりかえり) decides about the body."""

    CONTINUE = "continue", "継続する"
    REORGANISE = "reorganise", "改組する"
    MERGE = "merge", "ほかの会議と統合する"
    ABOLISH = "abolish", "廃止する"

"""A year of one invented body (架空L圏域 コアメンバー会議): plan, call, slips by FAX, minutes, decisions, an item raised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from nimo.community.councils.choices.bodies import Axis, Category, Origin
from nimo.community.councils.choices.meetings import (
    Attendance,
    Confidentiality,
    DecisionKind,
    DecisionState,
    ReferralState,
    Reply,
    ReplyChannel,
    ReviewDecision,
)
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.meetings import Attendee, Meeting
from nimo.community.councils.models.posts import Post
from nimo.community.councils.services.agenda import ItemFacts, put_item, set_reading
from nimo.community.councils.services.calls import Slip, call_meeting, enter_replies, record_attendance
from nimo.community.councils.services.decisions import (
    DecisionFacts,
    answer_referral,
    close_decision,
    raise_item,
    record_decision,
)
from nimo.community.councils.services.meetings import MeetingFacts, hold_meeting, plan_meeting
from nimo.community.councils.services.minutes import approve_minutes, publish_minutes, save_minute
from nimo.community.councils.services.years import decide_review, plan_line, tie_plan, write_review
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor

SINCE_HELD, UNTIL_NEXT = timedelta(days=40), timedelta(days=21)
PUBLIC, MEMBERS = Confidentiality.PUBLIC, Confidentiality.MEMBERS


@dataclass(frozen=True, slots=True)
class _Item:
    facts: ItemFacts
    minute: str = ""
    decisions: tuple[DecisionFacts, ...] = ()


PLAN = (
    (5, "年間の目標と、昨年度の宿題の確認", "担当と期限を全員が言えるようにする"),
    (9, "退院後の住まいと、夜間・休日の相談先", "相談先の一覧を一枚にする"),
    (12, "ピアサポーターの活躍の場", "来年度の進め方を決める"),
    (2, "一年のふりかえり", "続けること・やめることを決める"),
)
REPLIES = (
    Reply.COMING,
    Reply.COMING,
    Reply.ONLINE,
    Reply.PROXY,
    Reply.COMING,
    Reply.COMING,
    Reply.ABSENT,
    Reply.COMING,
)
CAME = (Attendance.PRESENT, Attendance.PRESENT, Attendance.ONLINE, Attendance.PROXY,
        Attendance.PRESENT, Attendance.PRESENT, Attendance.ABSENT, Attendance.PRESENT)  # fmt: skip


def _agenda(held_on: date, today: date, nurse: UUID, social_worker: UUID) -> tuple[_Item, ...]:
    return (
        _Item(
            ItemFacts("退院後の住まいの見つけ方", "断られた理由を集め、次に頼む先を決める", "相談支援専門員",
                      Axis.BASE, Origin.WELFARE, PUBLIC),
            "家を借りるときに困ったことを出し合った。緊急時の連絡先がないことが、いちばん多い理由だった。\n"
            "居住支援法人に、次の会議への出席を頼む。\n"
            "［構成員限り］二つの不動産店の名前と、断られたときのやりとりを共有した（架空）。［ここまで］\n"
            "［事務局限り］会場費の残りは、次の回の資料の印刷にあてる（架空）。［ここまで］",
            (
                DecisionFacts("居住支援法人に、次の会議への出席を頼む", DecisionKind.TASK, owner_post_id=social_worker,
                              due_on=held_on + timedelta(days=14), confidentiality=PUBLIC),
                DecisionFacts("断られた理由を集める用紙を作り、三か月ためしてみる", owner_post_id=nurse,
                              due_on=today + timedelta(days=60), review_on=today + timedelta(days=90)),
            ),
        ),
        _Item(
            ItemFacts("個別の支援から見えたこと", "名前を出さずに、地域の課題として言い直す", "精神保健福祉士",
                      Axis.INDIVIDUAL, Origin.INTEGRATED, MEMBERS),
            "退院の前に、通院と訪問看護の日程が重なって困った例が続いた。日程を合わせる人を決めることにした。",
            (DecisionFacts("退院前の日程を合わせる担当を、病院と相談支援で一人ずつ決める", owner_post_id=social_worker,
                           due_on=today - timedelta(days=5)),),
        ),
        _Item(
            ItemFacts("夜間・休日の相談先の一覧づくり", "一枚にまとめて、家に貼れるようにする", "保健師",
                      Axis.SYSTEM, Origin.HEALTH_MEDICAL, PUBLIC),
            "夜間・休日に電話できる先を一枚の紙にまとめた。次の回までに、当事者と家族に読んでもらい、直す。",
        ),
    )  # fmt: skip


def load_council_year(*, actor: Actor, core: Body, above: Body) -> Meeting:
    """The plan of this year, one meeting from its call to its public minutes, the next one called, last year decided.

    Days are reckoned from the actor's: the demo is always in the middle of its year.
    """
    today = actor.today
    held_on = today - SINCE_HELD
    posts = list(Post.objects.filter(body=core).order_by("position"))
    items = _agenda(held_on, today, posts[0].pk, posts[2].pk)
    meeting = _held(actor, core, held_on, items)
    _raised(actor, meeting, above)
    coming = _called(actor, core, today + UNTIL_NEXT)
    year = FiscalYear.of(held_on).year
    lines = [
        plan_line(actor=actor, body_id=core.pk, fiscal_year=year, month=month, theme=theme, goal=goal)
        for month, theme, goal in PLAN
    ]
    tie_plan(actor=actor, planned_id=lines[1].pk, version=lines[1].version, meeting_id=meeting.pk)
    if coming.fiscal_year == year:
        tie_plan(actor=actor, planned_id=lines[2].pk, version=lines[2].version, meeting_id=coming.pk)
    for term, reading in (("居住支援法人", "きょじゅうしえんほうじん"), ("訪問看護", "ほうもんかんご")):
        set_reading(actor=actor, body_id=core.pk, term=term, reading=reading)
    _decided(actor, core, year - 1)
    return meeting


def _held(actor: Actor, core: Body, held_on: date, items: tuple[_Item, ...]) -> Meeting:
    before = replace(actor, now=actor.now - SINCE_HELD - timedelta(days=30))
    facts = MeetingFacts(held_on=held_on, place="架空保健所 会議室")
    meeting = plan_meeting(actor=before, body_id=core.pk, facts=facts)
    made = [(one, put_item(actor=before, meeting_id=meeting.pk, facts=one.facts).pk) for one in items]
    call_meeting(
        actor=before,
        meeting_id=meeting.pk,
        version=meeting.version,
        answer_by=held_on - timedelta(days=7),
        document_number="架空第12号",
        message="お忙しいところ恐れ入りますが、回答票をお戻しください（架空）。",
    )
    asked = list(Attendee.objects.filter(meeting=meeting).order_by("position"))
    answered = replace(actor, now=actor.now - SINCE_HELD - timedelta(days=9))
    _slips(answered, meeting, dict(zip(asked, REPLIES, strict=True)))
    meeting.refresh_from_db()
    after = replace(actor, now=actor.now - SINCE_HELD + timedelta(days=1))
    hold_meeting(
        actor=after,
        meeting_id=meeting.pk,
        version=meeting.version,
        facts=replace(facts, summary="住まいの見つけ方と、夜間・休日の相談先を話し合った（架空）。"),
        counts={Category.HEALTH: 1},  # counted anew from the names below
    )
    there = {one.pk: (came, came is not Attendance.ABSENT) for one, came in zip(asked, CAME, strict=True)}
    record_attendance(actor=after, meeting_id=meeting.pk, there=there)
    for one, pk in made:
        if one.minute:
            save_minute(actor=after, item_id=pk, version=0, text=one.minute)
        for number, decision in enumerate(one.decisions):
            kept = record_decision(actor=after, item_id=pk, facts=decision)
            if decision.kind is DecisionKind.TASK and number == 0:
                close_decision(
                    actor=actor,
                    decision_id=kept.pk,
                    version=kept.version,
                    state=DecisionState.DONE,
                    outcome="次の会議に出席してもらえることになった（架空）。",
                )
    meeting.refresh_from_db()
    approve_minutes(
        actor=actor,
        meeting_id=meeting.pk,
        version=meeting.minutes.version,
        confirmed_by="議長（架空）",
        names_read=True,
    )
    publish_minutes(actor=actor, meeting_id=meeting.pk)
    return meeting


def _slips(actor: Actor, meeting: Meeting, said: Mapping[Attendee, Reply]) -> None:
    """One of them asks for ふりがな and a person beside them; a substitute has a name."""
    slips = {
        one.pk: Slip(
            one.version,
            reply,
            proxy_name="架空 代理" if reply is Reply.PROXY else "",
            support="となりに座って説明する人（架空）" if number == 5 else "",
            furigana=number == 5,
        )
        for number, (one, reply) in enumerate(said.items(), start=1)
    }
    enter_replies(actor=actor, meeting_id=meeting.pk, channel=ReplyChannel.FAX, slips=slips)


def _raised(actor: Actor, meeting: Meeting, above: Body) -> None:
    referral = raise_item(
        actor=actor,
        item_id=meeting.items.get(position=1).pk,
        to_body_id=above.pk,
        summary="緊急時の連絡先がないために家を借りられない人がいる。圏域として頼める先を決めたい（架空）。",
    )
    answer_referral(
        actor=actor,
        referral_id=referral.pk,
        version=referral.version,
        state=ReferralState.ACCEPTED,
        answer="次の実務者会議の議題にして、居住支援法人と話し合う（架空）。",
    )


def _called(actor: Actor, core: Body, day: date) -> Meeting:
    meeting = plan_meeting(actor=actor, body_id=core.pk, facts=MeetingFacts(held_on=day, place="架空保健所 会議室"))
    for title, axis, origin in (
        ("ピアサポーターの活躍の場", Axis.BASE, Origin.INTEGRATED),
        ("宿題の確認", Axis.SYSTEM, Origin.INTEGRATED),
    ):
        facts = ItemFacts(title, axis=axis, origin=origin, confidentiality=PUBLIC)
        put_item(actor=actor, meeting_id=meeting.pk, facts=facts)
    call_meeting(actor=actor, meeting_id=meeting.pk, version=meeting.version, answer_by=day - timedelta(days=7))
    asked = list(Attendee.objects.filter(meeting=meeting).order_by("position"))
    _slips(actor, meeting, dict(zip(asked[:3], REPLIES, strict=False)))
    return meeting


def _decided(actor: Actor, core: Body, year: int) -> None:
    review = write_review(
        actor=actor,
        body_id=core.pk,
        fiscal_year=year,
        version=0,
        findings="宿題の担当と期限を決めたことで、会議のあとに動けるようになった。当事者の発言の時間は、もっとほしい（架空）。",
    )
    decide_review(
        actor=actor,
        body_id=core.pk,
        fiscal_year=year,
        version=review.version,
        decision=ReviewDecision.CONTINUE,
        reason="圏域の課題を早く見つける役割がある（架空）。",
        next_year="住まいと夜間の相談を重点にする。議題の初めに、当事者・家族の話す時間をとる（架空）。",
        decided_on=actor.today,
    )

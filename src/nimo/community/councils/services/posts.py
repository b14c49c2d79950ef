"""Seats and those who hold them. What a seat is counted as is written here and read back nowhere (policies.categories)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q, QuerySet

from nimo.community.councils.choices.bodies import SENSITIVE_CATEGORIES, Category, Field, Standing
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.posts import CategoryConsent, FormerPay, Holding, Participant, Post, PostCategory
from nimo.community.councils.models.regulations import Regulation
from nimo.community.councils.policies.bodies import get_managed_body, holdings_on
from nimo.community.councils.policies.posts import get_managed_holding, get_managed_post, known_participants
from nimo.community.councils.queries.posts import pay_of
from nimo.community.councils.rules.categories import telling_words
from nimo.community.councils.rules.payments import Pay
from nimo.community.councils.rules.posts import PersonFacts, SeatTerms
from nimo.community.councils.rules.regulations import add_months
from nimo.core.eras import to_wareki
from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.models import User
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import diff_of, record

POST_ADDED = register_verb("councils.add_post", "会議体の席を登録した")
POST_EDITED = register_verb("councils.edit_post", "会議体の席を直した")
POST_ENDED = register_verb("councils.end_post", "会議体の席を終えた")
SEATED = register_verb("councils.seat", "席に人を就けた")
EDITED = register_verb("councils.edit_holding", "席に就いている人の任期や支払いを直した")
LEFT = register_verb("councils.leave", "席を離れた")
PROMOTED = register_verb("councils.become_member", "オブザーバーを構成員にした")
CONSENT = register_verb("councils.show_category", "区分を示すことの本人の選択を記録した")

CHANGED_MEANWHILE = "ほかの人が先にこの記録を直しました。いまの内容を確かめてから、もう一度行ってください。あなたの直しはまだ保存していません。"


class UnableToChangePost(Exception):
    """str() says in Japanese what happened, that nothing was lost, and what to do."""


def _note(
    actor: Actor, verb: str, body: Body, target: tuple[str, str], diff: dict[str, object], reason: str = ""
) -> None:
    record(
        actor,
        verb=verb,
        target=target,
        region_code=body.region_id,
        organisation_id=body.organisation_id,
        diff=diff,
        reason=reason,
    )


def _telling(category: Category, *texts: str) -> str:
    """The refusal, when a name would stand beside words that say what the category must not."""
    words = telling_words(*texts) if category in SENSITIVE_CATEGORIES else []
    if not words:
        return ""
    named = "」「".join(words)
    return (
        f"職や所属に「{named}」とあり、氏名の横で当事者・家族であることが分かってしまいます。"
        "「委員」などと書き直すか、本人が示すことを選んだときは、その日付を入れてください。何も保存していません。"
    )


def _category_of(post: Post) -> Category:
    return Category(PostCategory.objects.values_list("category", flat=True).get(post=post))


def add_post(
    *,
    actor: Actor,
    body_id: UUID,
    title: str,
    affiliation: str = "",
    category: Category,
    fields: Collection[Field] = (),
) -> Post:
    with transaction.atomic():
        body = get_managed_body(actor, body_id)
        if not title.strip():
            raise UnableToChangePost("職・立場を入力してください。何も保存していません。")
        last = Post.objects.filter(body=body).aggregate(last=Max("position"))["last"] or 0
        post = Post.objects.create(
            body=body, title=title.strip(), affiliation=affiliation.strip(), position=last + 1, valid_from=actor.today
        )
        PostCategory.objects.create(post=post, category=category, fields=[one.value for one in fields])
        _note(actor, POST_ADDED, body, ("councils.post", str(post.pk)), {"title": [None, post.title]})
    return post


def edit_post(
    *,
    actor: Actor,
    post_id: UUID,
    version: int,
    title: str,
    affiliation: str,
    category: Category | None = None,
    fields: Collection[Field] | None = None,
) -> None:
    """category, fields None: as they are (the form does not read them back)."""
    with transaction.atomic():
        post = get_managed_post(actor, post_id)
        after = {"title": title.strip(), "affiliation": affiliation.strip()}
        if not after["title"]:
            raise UnableToChangePost("職・立場を入力してください。何も保存していません。")
        silent = holdings_on(actor.today).filter(post=post).exclude(pk__in=_consents(actor.today).values("holding_id"))
        refusal = _telling(category or _category_of(post), *after.values())
        if refusal and silent.exists():
            raise UnableToChangePost(refusal)
        before = {"title": post.title, "affiliation": post.affiliation}
        if Post.objects.filter(pk=post.pk, version=version).update(version=F("version") + 1, **after) != 1:
            raise UnableToChangePost(CHANGED_MEANWHILE)
        if category is not None:
            PostCategory.objects.filter(post=post).update(category=category)
        if fields is not None:
            PostCategory.objects.filter(post=post).update(fields=[one.value for one in fields])
        diff: dict[str, object] = dict(diff_of(before, after))
        if category is not None or fields is not None:
            diff["category"] = "記録した"
        _note(actor, POST_EDITED, post.body, ("councils.post", str(post.pk)), diff)


def end_post(*, actor: Actor, post_id: UUID, version: int, on: date) -> None:
    """Nobody may hold it any more."""
    with transaction.atomic():
        post = get_managed_post(actor, post_id)
        if holdings_on(on).filter(post=post).exists():
            raise UnableToChangePost(
                "この席に就いている人がいます。先に、その人が離れた日を記録してください。何も変わっていません。"
            )
        if Post.objects.filter(pk=post.pk, version=version).update(version=F("version") + 1, valid_to=on) != 1:
            raise UnableToChangePost(CHANGED_MEANWHILE)
        _note(actor, POST_ENDED, post.body, ("councils.post", str(post.pk)), {"valid_to": [None, str(on)]})


def _consents(day: date) -> QuerySet[CategoryConsent]:
    return CategoryConsent.objects.filter(Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day), chosen_on__lte=day)


def _participant(actor: Actor, body: Body, person: PersonFacts | UUID) -> Participant:
    if isinstance(person, UUID):
        found = known_participants(actor).filter(pk=person).first()
        if found is None:
            raise UnableToChangePost("選んだ人が見つかりません。氏名を入力してください。何も保存していません。")
        return found
    user = None
    if person.login_name.strip():
        user = User.objects.filter(login_name=person.login_name.strip(), is_active=True).first()
        if user is None:
            raise UnableToChangePost("その利用者IDの人が見つかりません。IDを確かめてください。何も保存していません。")
        known = Participant.objects.filter(user=user).first()
        if known is not None:
            return known
    if not person.name.strip():
        raise UnableToChangePost("氏名を入力するか、登録されている人を選んでください。何も保存していません。")
    return Participant.objects.create(
        prefecture_id=body.region.prefecture_id or body.region_id,
        name=person.name.strip(),
        kana=person.kana.strip(),
        affiliation=person.affiliation.strip(),
        user=user,
        created_at=actor.now,
    )


def _term_end(body: Body, terms: SeatTerms, begun: date) -> date | None:
    """As entered, else as the 要綱 of that day says for members."""
    if terms.term_to is not None or terms.standing is not Standing.MEMBER:
        return terms.term_to
    regulation = Regulation.objects.filter(body=body, effective_from__lte=begun).order_by("effective_from").last()
    return add_months(begun, regulation.term_months) if regulation and regulation.term_months else None


def seat(*, actor: Actor, post_id: UUID, person: PersonFacts | UUID, terms: SeatTerms) -> Holding:
    """A person takes a seat. person: a new one, or the id of one who is known. Raises UnableToChangePost."""
    with transaction.atomic():
        post = get_managed_post(actor, post_id)
        begun = terms.valid_from or actor.today
        if post.valid_to is not None and post.valid_to <= begun:
            raise UnableToChangePost("この席はもう終わっています。新しい席を登録してください。何も保存していません。")
        if terms.term_to is not None and terms.term_to < begun:
            raise UnableToChangePost(
                "任期の最後の日が、就いた日より前です。日付を確かめてください。何も保存していません。"
            )
        participant = _participant(actor, post.body, person)
        refusal = _telling(_category_of(post), post.title, post.affiliation, participant.affiliation)
        if refusal and terms.consent_on is None:
            raise UnableToChangePost(refusal)
        try:
            with transaction.atomic():
                holding = Holding.objects.create(
                    post=post,
                    participant=participant,
                    standing=terms.standing,
                    valid_from=begun,
                    term_to=_term_end(post.body, terms, begun),
                    fee_yen=terms.fee_yen,
                    travel_paid=terms.travel_paid,
                    travel_yen=terms.travel_yen if terms.travel_paid else None,
                    created_at=actor.now,
                )
        except IntegrityError:
            raise UnableToChangePost("この人は、すでにこの席に就いています。何も変わっていません。") from None
        if terms.consent_on is not None:
            CategoryConsent.objects.create(holding=holding, chosen_on=terms.consent_on, recorded_by_name=actor.name)
        _note(
            actor,
            SEATED,
            post.body,
            ("councils.holding", str(holding.pk)),
            {"standing": [None, terms.standing.value], "valid_from": [None, str(begun)]},
        )
    return holding


def edit_holding(
    *,
    actor: Actor,
    holding_id: UUID,
    version: int,
    term_to: date | None,
    fee_yen: int | None,
    travel_paid: bool,
    travel_yen: int | None = None,
    pay_from: date | None = None,
) -> None:
    """A term that is renewed, another fee. travel_yen None while travel is paid: what it really cost.

    pay_from: the first day of another amount. Without it an amount that was still open is meant for the whole time, and
    a new one from today on: what was paid for a meeting before that day stays what it was. Raises UnableToChangePost.
    """
    with transaction.atomic():
        holding = get_managed_holding(actor, holding_id)
        if term_to is not None and term_to < holding.valid_from:
            raise UnableToChangePost(
                "任期の最後の日が、就いた日より前です。日付を確かめてください。何も変わっていません。"
            )
        after = {
            "term_to": term_to,
            "fee_yen": fee_yen,
            "travel_paid": travel_paid,
            "travel_yen": travel_yen if travel_paid else None,
        }
        before = {key: getattr(holding, key) for key in after}
        former = _former(actor, holding, Pay(fee_yen, travel_paid, travel_yen if travel_paid else None), pay_from)
        if Holding.objects.filter(pk=holding.pk, version=version).update(version=F("version") + 1, **after) != 1:
            raise UnableToChangePost(CHANGED_MEANWHILE)
        changes: dict[str, object] = dict(diff_of(before, after))
        if former is not None:  # written behind the version, so that of two desks the second is told and not stopped
            former.save(force_insert=True)
            changes["pay_from"] = [None, str(former.until)]
        _note(actor, EDITED, holding.post.body, ("councils.holding", str(holding.pk)), changes)


def _former(actor: Actor, holding: Holding, after: Pay, pay_from: date | None) -> FormerPay | None:
    """What was paid until now, for the days before the new amount. None: it is the same, or it is mended for all days."""
    before = pay_of(holding)
    if before == after:
        return None
    begun = pay_from or (holding.valid_from if before.is_open else actor.today)
    last = FormerPay.objects.filter(holding=holding).order_by("until").last()
    if last is not None and begun < last.until:
        raise UnableToChangePost(
            f"{to_wareki(last.until)}からの額が、すでに記録されています。"
            "その日か、それより後の日を入れてください。何も変わっていません。"
        )
    if begun <= holding.valid_from or (last is not None and begun == last.until):
        return None
    return FormerPay(holding=holding, until=begun, recorded_at=actor.now, **asdict(before))


def _close(holding: Holding, version: int, on: date, reason: str) -> None:
    if on <= holding.valid_from:
        raise UnableToChangePost(
            "離れた日が、就いた日より前か同じ日です。日付を確かめてください。何も変わっていません。"
        )
    changed = Holding.objects.filter(pk=holding.pk, version=version, valid_to__isnull=True).update(
        valid_to=on, end_reason=reason.strip(), version=F("version") + 1
    )
    if changed != 1:
        raise UnableToChangePost(CHANGED_MEANWHILE)


def leave(*, actor: Actor, holding_id: UUID, version: int, on: date, reason: str = "") -> None:
    """on: the first day on which the person no longer holds it."""
    with transaction.atomic():
        holding = get_managed_holding(actor, holding_id)
        _close(holding, version, on, reason)
        _note(
            actor, LEFT, holding.post.body, ("councils.holding", str(holding.pk)), {"valid_to": [None, str(on)]}, reason
        )


def become_member(*, actor: Actor, holding_id: UUID, version: int, on: date, term_to: date | None = None) -> Holding:
    """An observer who sees the need joins: the time as observer stays as it was, a new row follows it."""
    with transaction.atomic():
        old = get_managed_holding(actor, holding_id)
        if old.standing != Standing.OBSERVER:
            raise UnableToChangePost("構成員にできるのは、オブザーバーとして参加している人です。何も変わっていません。")
        _close(old, version, on, "構成員になった")
        holding = Holding.objects.create(
            post=old.post,
            participant=old.participant,
            standing=Standing.MEMBER,
            valid_from=on,
            term_to=_term_end(old.post.body, SeatTerms(term_to=term_to), on),
            fee_yen=old.fee_yen,
            travel_paid=old.travel_paid,
            travel_yen=old.travel_yen,
            follows=old,
            created_at=actor.now,
        )
        for past in FormerPay.objects.filter(holding=old, until__gt=on):
            past.pk, past.holding = None, holding
            past.save(force_insert=True)
        chosen = _consents(on).filter(holding=old).first()
        if chosen is not None:
            CategoryConsent.objects.create(
                holding=holding, chosen_on=chosen.chosen_on, recorded_by_name=chosen.recorded_by_name
            )
        _note(
            actor,
            PROMOTED,
            old.post.body,
            ("councils.holding", str(holding.pk)),
            {"standing": [Standing.OBSERVER.value, Standing.MEMBER.value]},
        )
    return holding


def record_choice(*, actor: Actor, holding_id: UUID, shown: bool, on: date) -> None:
    """That the person chose to have the own category shown beside the name from a day on, or no longer."""
    with transaction.atomic():
        holding = get_managed_holding(actor, holding_id)
        if on > actor.today:
            raise UnableToChangePost("本人が選んだ日が先の日付です。日付を確かめてください。何も変わっていません。")
        post = holding.post
        if shown:
            CategoryConsent.objects.update_or_create(
                holding=holding,
                defaults={"chosen_on": on, "withdrawn_on": None, "recorded_by_name": actor.name},
            )
        else:
            refusal = _telling(_category_of(post), post.title, post.affiliation, holding.participant.affiliation)
            if refusal:
                raise UnableToChangePost(
                    "取りやめる前に、職や所属の書き方を直してください。"
                    "いまの書き方では、氏名の横で当事者・家族であることが分かります。何も変わっていません。"
                )
            CategoryConsent.objects.filter(holding=holding).update(withdrawn_on=on)
        _note(actor, CONSENT, post.body, ("councils.holding", str(holding.pk)), {"choice": "記録した"})

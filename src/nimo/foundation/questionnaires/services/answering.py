"""Answering: coming through a link, keeping what was typed, giving the answer; the secretariat types what is on paper."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F

from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.accounts.rules import hashed_token
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.questionnaires.choices import AnswerRule, Channel, RoundState
from nimo.foundation.questionnaires.models.answers import Answer, AnswerDraft
from nimo.foundation.questionnaires.models.rounds import Invitation, Round
from nimo.foundation.questionnaires.policies import (
    AnswerAccess,
    get_answerable,
    get_managed_round,
    may_answer,
)
from nimo.foundation.questionnaires.queries.answering import BY_SECRETARIAT, given_before
from nimo.foundation.questionnaires.queries.rounds import kinds_invited
from nimo.foundation.questionnaires.rules.answers import Checked, check_answers
from nimo.foundation.questionnaires.rules.flow import kept_audience
from nimo.foundation.questionnaires.rules.structure import Structure

SUBMITTED = register_verb("questionnaires.submit", "アンケートに回答した")
ENTERED = register_verb("questionnaires.enter_paper", "紙で届いた回答を入力した")

WRONG_CODES = 30
WINDOW_SECONDS = 300
MOST_CHARACTERS = 200_000

NO_SUCH_LINK = (
    "このリンク（コード）では回答の画面を開けませんでした。コードの写しまちがいがないか確かめてください。"
    "リンクが取り消されたか、新しい案内に置き換わっていることもあります。案内文にある担当に連絡してください。"
)
TOO_OFTEN = "まちがったコードが続いたため、いまは受け付けられません。5分ほど待ってから、もう一度お試しください。"


class UnableToAnswer(Exception):
    """The answer was not taken. str() is for the person; `errors`: link_id (or "link_id.row.column") → sentence."""

    def __init__(self, message: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.errors = dict(errors or {})


# -- The link ------------------------------------------------------------------------------------------------------


def _counter(address: str) -> str:
    """Addresses are not kept readable: a keyed hash is enough to count."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"questionnaires:{address}".encode(), hashlib.sha256).hexdigest()
    return f"questionnaires-wrong-{digest[:32]}"


def open_link(*, actor: Actor, code: str, address: str) -> str:
    """The hash the session remembers instead of the code. Only codes nobody was given are counted against an address:
    a hospital whose hundred workers answer from behind one address is not stopped.

    Raises UnableToAnswer: no such link, or too many wrong ones.
    """
    key = _counter(address)
    if int(cache.get(key, 0)) >= WRONG_CODES:
        raise UnableToAnswer(TOO_OFTEN)
    code_hash = hashed_token(code)
    known = Invitation.objects.filter(code_hash=code_hash, round__link_allowed=True).exclude(
        round__state=RoundState.PLANNED
    )
    if not code.strip() or not known.exists():
        cache.add(key, 0, WINDOW_SECONDS)
        cache.set(key, int(cache.get(key, 0)) + 1, WINDOW_SECONDS)
        raise UnableToAnswer(NO_SUCH_LINK)
    return code_hash


# -- Drafts --------------------------------------------------------------------------------------------------------


def _size(value: object) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(_size(one) for one in value.values())
    return sum(_size(one) for one in value) if isinstance(value, list) else 0


def _channel(access: AnswerAccess) -> Channel:
    return Channel.PAPER if access.as_secretariat else Channel.LINK if access.code_hash else Channel.SIGNED_IN


def save_draft(
    *,
    actor: Actor,
    access: AnswerAccess,
    content: Mapping[str, object],
    channel: Channel | None = None,
    replace: bool = False,
) -> None:
    """Keeps what was typed, right or wrong, page by page (`replace`: instead of all that was there). Not audited: it
    is nobody's answer yet. Raises UnableToAnswer.
    """
    with transaction.atomic():
        invitation = get_answerable(actor, access)
        _require_open(actor, invitation, access)
        known = {question.link_id for question in _asked(invitation).questions()}
        draft = AnswerDraft.objects.filter(invitation=invitation).first()
        others = draft is not None and (draft.channel in BY_SECRETARIAT) != access.as_secretariat
        before = {} if replace or others or draft is None else draft.content
        if draft is None and not replace and invitation.answered:
            before = given_before(invitation, _asked(invitation))  # an answer is changed page by page
        kept = {**before, **{key: value for key, value in content.items() if key in known}}
        if _size(kept) > MOST_CHARACTERS:
            raise UnableToAnswer(
                f"文章が長すぎるため、保存できませんでした（全部で{MOST_CHARACTERS:,}字まで）。"
                "前に保存した内容は残っています。長い資料は、担当に別に送ってください。"
            )
        AnswerDraft.objects.update_or_create(
            invitation=invitation,
            defaults={"content": kept, "channel": channel or _channel(access), "saved_at": actor.now},
        )


def _asked(invitation: Invitation) -> Structure:
    return invitation.round.form_version.questions.for_audience(invitation.audience)


def _require_open(actor: Actor, invitation: Invitation, access: AnswerAccess) -> None:
    decision = may_answer(actor, invitation, as_secretariat=access.as_secretariat)
    if not decision:
        raise UnableToAnswer(decision.reason)


# -- The answer ----------------------------------------------------------------------------------------------------


def _checked(structure: Structure, content: Mapping[str, object]) -> Checked:
    checked = check_answers(structure, content)
    if checked.errors:
        raise UnableToAnswer(
            f"直すところが{len(checked.errors)}か所あるため、まだ出していません。入力した内容は残っています。",
            checked.errors,
        )
    if not checked.values:
        raise UnableToAnswer("答えが一つもありません。一つ以上答えてから、出してください。")
    return checked


def submit(*, actor: Actor, access: AnswerAccess) -> None:
    """Turns the draft into the answer, once: two people with one link, or one on two telephones, do not both succeed.

    In an anonymous round the answer goes to a random empty place and the draft is thrown away; the audit names the
    round, never the answer. Raises UnableToAnswer with the sentences for each question.
    """
    with transaction.atomic():
        invitation = get_answerable(actor, access)
        _require_open(actor, invitation, access)
        draft = AnswerDraft.objects.filter(invitation=invitation).first()
        if draft is not None and (draft.channel in BY_SECRETARIAT) != access.as_secretariat:
            draft = None
        checked = _checked(_asked(invitation), draft.content if draft else {})
        round_ = invitation.round
        waiting = Invitation.objects.filter(pk=invitation.pk, cancelled_at__isnull=True)
        if round_.answer_rule == AnswerRule.ONCE:
            waiting = waiting.filter(answered=False)
        if waiting.update(answered=True, version=F("version") + 1) != 1:
            raise UnableToAnswer("この回答は、先に受け付けられていました。二度は出せません。何も変わっていません。")
        if round_.is_anonymous:
            _drop_in(round_, checked.values, kept_audience(invitation.audience, kinds_invited(round_)))
        else:
            _keep_named(actor, invitation, draft, access, checked.values)
        AnswerDraft.objects.filter(invitation=invitation).delete()
        anonymous_target = ("questionnaires.round", str(round_.pk))
        record(
            actor,
            verb=ENTERED if access.as_secretariat else SUBMITTED,
            target=anonymous_target if round_.is_anonymous else ("questionnaires.invitation", str(invitation.pk)),
            region_code=round_.region_id,
            organisation_id=round_.organisation_id,
        )


def _keep_named(
    actor: Actor, invitation: Invitation, draft: AnswerDraft | None, access: AnswerAccess, values: dict[str, Any]
) -> None:
    kept = {
        "content": values,
        "filled": True,
        "audience": invitation.audience,
        "channel": draft.channel if draft else _channel(access),
        "entered_by_id": actor.user_id if access.as_secretariat else None,
        "submitted_at": actor.now,
    }
    changed = Answer.objects.filter(invitation=invitation).update(version=F("version") + 1, **kept)
    if not changed:
        Answer.objects.create(
            round=invitation.round, form_version_id=invitation.round.form_version_id, invitation=invitation, **kept
        )


def _drop_in(round_: Round, values: dict[str, Any], audience: str) -> None:
    """Into a random one of the empty places, as into a ballot box that is shaken."""
    places = list(
        Answer.objects.filter(round=round_, filled=False, invitation__isnull=True).values_list("pk", flat=True)
    )
    while places:
        place = places.pop(secrets.randbelow(len(places)))
        if Answer.objects.filter(pk=place, filled=False).update(filled=True, content=values, audience=audience):
            return
    raise UnableToAnswer("回答を受け付ける場所がありません。担当に連絡してください。入力した内容は残っています。")


def enter_unnamed(
    *, actor: Actor, round_id: UUID, content: Mapping[str, object], audience: OrganisationKind | None = None
) -> None:
    """A sheet of paper without a name, of an anonymous round: typed by the secretariat, tied to no invitation."""
    with transaction.atomic():
        round_ = get_managed_round(actor, round_id)
        if round_.state != RoundState.OPEN or not round_.is_anonymous:
            raise UnableToAnswer("受付中の無記名の回だけに、名前のない紙を入力できます。何も変わっていません。")
        kind = audience.value if audience else ""
        checked = _checked(round_.form_version.questions.for_audience(kind), content)
        Answer.objects.create(round=round_, form_version_id=round_.form_version_id)  # one more place, then any of them
        _drop_in(round_, checked.values, kept_audience(kind, kinds_invited(round_)))
        record(
            actor,
            verb=ENTERED,
            target=("questionnaires.round", str(round_.pk)),
            region_code=round_.region_id,
            organisation_id=round_.organisation_id,
        )

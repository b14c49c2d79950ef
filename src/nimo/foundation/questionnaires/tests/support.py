"""An invented questionnaire before a meeting, and the people around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.accounts.models import Organisation
from nimo.foundation.questionnaires.choices import (
    AnswerRule,
    FormPurpose,
    Identity,
    Operator,
    QuestionKind,
    RespondentUnit,
)
from nimo.foundation.questionnaires.models.answers import Answer, AnswerDraft
from nimo.foundation.questionnaires.models.forms import FormVersion
from nimo.foundation.questionnaires.models.rounds import Invitation, Round
from nimo.foundation.questionnaires.policies import AnswerAccess
from nimo.foundation.questionnaires.rules.structure import (
    Condition,
    Option,
    Question,
    Section,
    Structure,
    TableColumn,
    to_data,
)
from nimo.foundation.questionnaires.services import answering, invitations, rounds, versions
from tests.support.people import NOW, actor_of

CITY = "10207"
HOSPITAL = OrganisationKind.PSYCHIATRIC_HOSPITAL.value
TODAY = date(2026, 11, 20)

STRUCTURE = Structure(
    sections=(
        Section(
            "s1",
            "基礎《きそ》データ",
            questions=(
                Question(
                    "q1",
                    QuestionKind.NUMBER,
                    "支援《しえん》している人《ひと》の数",
                    unit="人",
                    minimum="0",
                    required=True,
                ),
                Question(
                    "q2",
                    QuestionKind.CHOICE,
                    "連携はできていますか",
                    options=(Option("a1", "できている"), Option("a2", "一部できている"), Option("a3", "できていない")),
                    required=True,
                    plain="ほかの 人と いっしょに 仕事が できていますか。",
                    help="ふだんの支援でのつながりについて。",
                ),
                Question(
                    "q3",
                    QuestionKind.LONG_TEXT,
                    "できていない理由",
                    conditions=(Condition("q2", Operator.EQUALS, "a3"),),
                ),
            ),
        ),
        Section(
            "s2",
            "病院の方へ",
            audiences=(HOSPITAL,),
            questions=(Question("q4", QuestionKind.YES_NO, "退院前の話し合いに地域の支援者を呼んでいますか"),),
        ),
        Section(
            "s3",
            "困りごと・要望",
            questions=(
                Question(
                    "q5",
                    QuestionKind.MULTIPLE,
                    "足りないもの",
                    options=(Option("a1", "住まい"), Option("a2", "働く場"), Option("a3", "相談先")),
                ),
                Question(
                    "q6",
                    QuestionKind.SCALE,
                    "満足の度合い",
                    minimum="1",
                    maximum="5",
                    low_label="低い",
                    high_label="高い",
                ),
                Question("q7", QuestionKind.DATE, "前回の会議の日"),
                Question(
                    "q8",
                    QuestionKind.TABLE,
                    "関係する機関",
                    max_rows=3,
                    columns=(
                        TableColumn("q8c1", "名称", QuestionKind.TEXT),
                        TableColumn("q8c2", "回数", QuestionKind.NUMBER),
                    ),
                ),
                Question("q9", QuestionKind.LONG_TEXT, "自由記述"),
            ),
        ),
    ),
    next_number=10,
)
ANSWERS = {"q1": "12", "q2": "a1", "q5": ["a1", "a3"], "q6": "4", "q9": "駅の近くに住まいがほしい"}


def officer(role: Role = Role.MUNICIPAL_OFFICER, region: str = CITY) -> Actor:
    return actor_of(role, region)


def later(actor: Actor, **time: int) -> Actor:
    return replace(actor, now=NOW + timedelta(**time))


def published(actor: Actor, structure: Structure = STRUCTURE, title: str = "架空の事前アンケート") -> FormVersion:
    draft = versions.create_form(actor=actor, title=title, purpose=FormPurpose.BEFORE_MEETING)
    FormVersion.objects.filter(pk=draft.pk).update(structure=to_data(structure))
    versions.publish_version(actor=actor, version_id=draft.pk, version=1)
    draft.refresh_from_db()
    return draft


def planned(actor: Actor, version: FormVersion | None = None, **changes: object) -> Round:
    plan = rounds.RoundPlan(
        title="架空の回",
        opens_on=actor.today,
        due_on=actor.today + timedelta(days=14),
        link_allowed=True,
        contact="架空市 障害福祉課",
    )
    if changes.get("identity") is Identity.ANONYMOUS:
        changes.setdefault("answer_rule", AnswerRule.ONCE)
        changes.setdefault("unit", RespondentUnit.PERSON)
    return rounds.plan_round(
        actor=actor,
        version_id=(version or published(actor)).pk,
        plan=replace(plan, **changes),  # type: ignore[arg-type]
    )


def opened(actor: Actor, labels: int = 3, version: FormVersion | None = None, **changes: object) -> Round:
    """An open round with so many recipients outside the system."""
    made = planned(actor, version, **changes)
    names = [f"架空の相手{number}" for number in range(1, labels + 1)]
    invitations.invite_labels(actor=actor, round_id=made.pk, labels=names, audience=None)
    rounds.open_round(actor=actor, round_id=made.pk, version=made.version)
    made.refresh_from_db()
    return made


def give(invitation: Invitation, answers: dict[str, object] | None = None, *, actor: Actor | None = None) -> None:
    """Answers through the link."""
    visitor = actor or Actor.anonymous(now=NOW)
    access = AnswerAccess(code_hash=invitation.code_hash or "")
    answering.save_draft(actor=visitor, access=access, content=ANSWERS if answers is None else answers)
    answering.submit(actor=visitor, access=access)


def waiting(round_: Round) -> list[Invitation]:
    return list(Invitation.objects.filter(round=round_, answered=False).order_by("label"))


def drafts() -> int:
    return AnswerDraft.objects.count()


def hospital(number: int) -> Organisation:
    made, _ = Organisation.objects.get_or_create(
        region_id=CITY, kind=OrganisationKind.PSYCHIATRIC_HOSPITAL, name=f"架空病院{number}"
    )
    return made


def questionnaire(actor: Actor) -> dict[str, object]:
    """What an address of this app can name, for the tests that walk all addresses: the actor's office owns it."""
    version = published(actor)
    draft = versions.copy_version(actor=actor, version_id=version.pk)
    closed = opened(actor, 2, version)
    named = Invitation.objects.filter(round=closed).order_by("label").first()
    assert named is not None
    give(named, actor=Actor.anonymous(now=actor.now))
    closed.refresh_from_db()
    rounds.close_round(actor=actor, round_id=closed.pk, version=closed.version)
    running = opened(actor, 2, version)
    first = Invitation.objects.filter(round=running).order_by("label").first()
    assert first is not None
    return {
        "form_id": version.form_id,
        "version_id": version.pk,
        "draft_version_id": draft.pk,
        "section": "s1",
        "question": "q2",
        "round_id": running.pk,
        "closed_round_id": closed.pk,
        "invitation_id": first.pk,
        "questionnaire_answer_id": Answer.objects.get(invitation=named).pk,
    }

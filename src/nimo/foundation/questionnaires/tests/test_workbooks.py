"""The Excel round trip: what goes out comes back the same; what was changed, or belongs elsewhere, is refused."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import load_workbook

from nimo.foundation.access.actors import Actor
from nimo.foundation.questionnaires.choices import AnswerRule, Channel
from nimo.foundation.questionnaires.formats.layout import lines
from nimo.foundation.questionnaires.formats.workbook_in import FILE_LIMIT
from nimo.foundation.questionnaires.models.answers import Answer, AnswerDraft
from nimo.foundation.questionnaires.policies import AnswerAccess
from nimo.foundation.questionnaires.services import answering, workbooks
from nimo.foundation.questionnaires.tests.support import STRUCTURE, give, officer, opened, waiting
from tests.support.people import NOW

pytestmark = pytest.mark.django_db
FORM = STRUCTURE.for_audience("")
CELLS = {
    (line.question.link_id, line.option or line.column, line.table_row): line.address
    for line in lines(FORM)
    if line.question
}
FILLED = {
    CELLS["q1", "", -1]: 12,
    CELLS["q2", "", -1]: "一部できている",
    CELLS["q5", "a1", -1]: "○",
    CELLS["q5", "a2", -1]: "×",
    CELLS["q5", "a3", -1]: "○",
    CELLS["q6", "", -1]: "4",
    CELLS["q7", "", -1]: "令和8年4月1日",
    CELLS["q8", "q8c1", 0]: "甲機関",
    CELLS["q8", "q8c2", 0]: 3,
    CELLS["q9", "", -1]: "=1+1 と𠮷野屋😀",
}


@pytest.fixture
def actor() -> Actor:
    return officer()


@pytest.fixture
def round_(actor):
    return opened(actor, 2)


def secretariat(invitation) -> AnswerAccess:
    return AnswerAccess(invitation_id=invitation.pk, as_secretariat=True)


def sheet(actor, invitation) -> bytes:
    return workbooks.make_workbook(actor=actor, access=secretariat(invitation))


def changed(content: bytes, cells: dict[str, object], sheet_name: str = "回答") -> bytes:
    book = load_workbook(io.BytesIO(content))
    for address, value in cells.items():
        cell = book[sheet_name][address]
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_answer_sheet_comes_back_as_a_draft_and_is_confirmed_in_a_second_step(actor, round_):
    invitation = waiting(round_)[0]
    taken = workbooks.take_workbook(actor=actor, content=changed(sheet(actor, invitation), FILLED), round_id=round_.pk)
    assert taken == workbooks.TakenWorkbook(invitation.pk, ())
    assert not Answer.objects.filter(filled=True).exists()
    assert AnswerDraft.objects.get().channel == Channel.WORKBOOK
    answering.submit(actor=actor, access=secretariat(invitation))
    answer = Answer.objects.get()
    assert answer.content == {
        "q1": "12",
        "q2": "a2",
        "q5": ["a1", "a3"],
        "q6": 4,
        "q7": "2026-04-01",
        "q8": [{"q8c1": "甲機関", "q8c2": "3"}],
        "q9": "=1+1 と𠮷野屋😀",
    }
    assert answer.channel == Channel.WORKBOOK


def test_only_the_answers_are_open_and_the_marks_are_out_of_sight(actor, round_):
    book = load_workbook(io.BytesIO(sheet(actor, waiting(round_)[0])))
    answers = book["回答"]
    assert answers.protection.sheet
    assert book["nimo"].sheet_state == "veryHidden"
    open_cells = {c.coordinate for row in answers.iter_rows() for c in row if not c.protection.locked}
    assert open_cells == {line.address for line in lines(FORM) if line.question}
    assert answers["B7"].value == "支援している人の数"


def test_a_question_that_was_changed_names_its_cell(actor, round_):
    content = changed(sheet(actor, waiting(round_)[0]), {**FILLED, "B8": "別の質問"})
    with pytest.raises(answering.UnableToAnswer, match=r"セル B8 .*連携はできていますか"):
        workbooks.take_workbook(actor=actor, content=content, round_id=round_.pk)
    assert not AnswerDraft.objects.exists()


def test_an_answer_that_cannot_be_read_names_its_cell_and_waits_for_a_person(actor, round_):
    invitation = waiting(round_)[0]
    content = changed(sheet(actor, invitation), FILLED | {CELLS["q1", "", -1]: "多数", CELLS["q2", "", -1]: "たぶん"})
    taken = workbooks.take_workbook(actor=actor, content=content, round_id=round_.pk)
    assert [problem.split("：")[0] for problem in taken.problems] == [CELLS["q1", "", -1], CELLS["q2", "", -1]]
    with pytest.raises(answering.UnableToAnswer) as refusal:
        answering.submit(actor=actor, access=secretariat(invitation))
    assert set(refusal.value.errors) == {"q1", "q2"}


@pytest.mark.parametrize("row, value", [(2, "x"), (5, "0" * 64)])
def test_marks_that_were_changed_are_refused(actor, round_, row, value):
    content = changed(sheet(actor, waiting(round_)[0]), {f"B{row}": value}, "nimo")
    with pytest.raises(answering.UnableToAnswer, match="印が変えられて"):
        workbooks.take_workbook(actor=actor, content=content, round_id=round_.pk)


def test_the_sheet_of_another_round_or_version_is_refused(actor, round_):
    other = opened(actor, 1, title="別の回")
    content = changed(sheet(actor, waiting(other)[0]), FILLED)
    with pytest.raises(answering.UnableToAnswer, match="別の回"):
        workbooks.take_workbook(actor=actor, content=content, round_id=round_.pk)


def test_a_recipient_brings_the_own_sheet_and_no_other(actor, round_):
    mine, theirs = waiting(round_)
    access = AnswerAccess(code_hash=mine.code_hash)
    visitor = Actor.anonymous(now=NOW)
    own = changed(workbooks.make_workbook(actor=visitor, access=access), FILLED)
    assert workbooks.take_workbook(actor=visitor, content=own, access=access).invitation_id == mine.pk
    foreign = changed(sheet(actor, theirs), FILLED)
    with pytest.raises(answering.UnableToAnswer, match="別の相手"):
        workbooks.take_workbook(actor=visitor, content=foreign, access=access)


def test_a_sheet_that_was_answered_already_is_refused(actor):
    round_ = opened(actor, 1, answer_rule=AnswerRule.ONCE)
    invitation = waiting(round_)[0]
    content = changed(sheet(actor, invitation), FILLED)
    give(invitation)
    with pytest.raises(answering.UnableToAnswer, match="受け付け済み"):
        workbooks.take_workbook(actor=actor, content=content, round_id=round_.pk)


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", b"0" * (40 * 1024 * 1024))
    return out.getvalue()


def _macros() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("xl/vbaProject.bin", "x")
    return out.getvalue()


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "読み取れませんでした"),
        (b"name,answer\n", "読み取れませんでした"),
        (b"PK\x03\x04broken", "読み取れませんでした"),
        (b"\0" * (FILE_LIMIT + 1), "3MBを超えて"),
        (_bomb(), "読み取れませんでした"),
        (_macros(), "マクロ"),
    ],
    ids=["empty", "csv", "broken", "large", "bomb", "macros"],
)
def test_what_is_no_answer_sheet_is_refused(actor, round_, content, words):
    with pytest.raises(answering.UnableToAnswer, match=words):
        workbooks.take_workbook(actor=actor, content=content, round_id=round_.pk)


def test_a_workbook_of_ones_own_is_refused(actor, round_):
    book = load_workbook(io.BytesIO(sheet(actor, waiting(round_)[0])))
    del book["nimo"]
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(answering.UnableToAnswer, match="このシステムが出した回答票ではない"):
        workbooks.take_workbook(actor=actor, content=out.getvalue(), round_id=round_.pk)

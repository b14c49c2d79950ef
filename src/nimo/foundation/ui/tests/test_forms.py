"""Fields of every kind, their errors, and the summary that leads to them."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from nimo.core.eras import to_wareki
from nimo.core.fiscal import FiscalYear
from nimo.foundation.ui.components.fields import FiscalYearField, JapaneseDateField
from nimo.foundation.ui.tests.drawing import drawn, words


class VisitForm(forms.Form):
    place = forms.CharField(label="場所", help_text="家の場合は「自宅」とだけ書きます。")
    day = JapaneseDateField(label="日付", required=False)
    way = forms.ChoiceField(label="方法", choices=[("a", "訪問"), ("b", "電話")], widget=forms.RadioSelect)
    kind = forms.ChoiceField(label="種類", choices=[("", "選んでください"), ("x", "定期")])
    who = forms.MultipleChoiceField(
        label="相手", choices=[("p", "本人"), ("f", "家族")], widget=forms.CheckboxSelectMultiple, required=False
    )
    agreed = forms.BooleanField(label="本人が同意した")
    count = forms.IntegerField(label="回数", required=False, error_messages={"invalid": "数字で入力してください。"})
    paper = forms.FileField(label="資料", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self):
        if self.data.get("count") == "0":
            raise ValidationError("回数と方法が合いません。")
        return super().clean()


EMPTY = VisitForm({})


def _field(name, form=None, arguments=""):
    form = form or VisitForm()
    return drawn("{% field bound " + arguments + " %}", bound=form[name])


@pytest.mark.parametrize("name", ["place", "day", "kind", "count", "paper", "agreed"])
def test_every_box_has_a_label_of_its_own(name):
    field = _field(name)
    (box,) = field.xpath("//input | //select | //textarea")
    assert words(field.xpath(f"//label[@for='{box.get('id')}']")[0]).startswith(VisitForm()[name].label)


@pytest.mark.parametrize("name", ["way", "who"])
def test_a_group_is_a_fieldset_with_a_legend(name):
    field = _field(name)
    assert words(field.xpath("//fieldset/legend")[0]).startswith(VisitForm()[name].label)
    assert len(field.xpath("//fieldset//label/input")) == 2


def test_required_is_said_in_words():
    assert "必須" in words(_field("place"))
    assert "必須" not in words(_field("day"))


def test_the_hint_belongs_to_the_box():
    field = _field("place")
    (box,) = field.xpath("//input")
    assert words(field.xpath(f"//*[@id='{box.get('aria-describedby')}']")[0]).startswith("家の場合は")


def test_an_error_stands_beside_its_box_and_belongs_to_it():
    field = _field("place", EMPTY)
    (box,) = field.xpath("//input")
    assert box.get("aria-invalid") == "true"
    described = [words(field.xpath(f"//*[@id='{part}']")[0]) for part in box.get("aria-describedby").split()]
    assert described[1] == "エラー：場所を入力してください。"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("place", "場所を入力してください。"),
        ("way", "方法を選んでください。"),
        ("kind", "種類を選んでください。"),
        ("agreed", "確かめて、印を付けてください。"),
    ],
)
def test_a_missing_answer_says_what_to_do(name, text):
    assert text in words(_field(name, EMPTY))


def test_an_error_written_by_the_app_is_kept():
    assert "数字で入力してください。" in words(_field("count", VisitForm({"count": "多数"})))


def test_the_error_of_a_group_belongs_to_the_group():
    (group,) = _field("way", EMPTY).xpath("//fieldset")
    assert words(group.xpath(f".//*[@id='{group.get('aria-describedby')}']")[0]).startswith("エラー：")


def test_what_was_typed_is_not_lost():
    assert _field("count", VisitForm({"count": "多数"})).xpath("//input")[0].get("value") == "多数"


def test_a_unit_and_a_width_can_be_given():
    field = _field("count", arguments='unit="回" width="short"')
    assert words(field).endswith("回")
    assert "input--short" in field.xpath("//input")[0].get("class")


def test_a_hidden_field_draws_nothing_else():
    field = _field("version")
    assert field.xpath("//input")[0].get("type") == "hidden"
    assert words(field) == ""


def test_the_summary_leads_to_every_wrong_box():
    form = VisitForm({"count": "0", "agreed": ""})
    page = drawn("{% error_summary form %}{% form_fields form %}", form=form)
    links = page.xpath("//*[@role='alert']//a")
    assert [link.get("href") for link in links] == ["#id_place", "#id_way_0", "#id_kind", "#id_agreed"]
    assert all(page.xpath(f"//*[@id='{link.get('href')[1:]}']") for link in links)
    assert "回数と方法が合いません。" in words(page.xpath("//*[@role='alert']")[0])
    assert "消えていません" in words(page)


def test_the_summary_takes_the_focus():
    (summary,) = drawn("{% error_summary form %}", form=EMPTY).xpath("//*[@role='alert']")
    assert summary.get("tabindex") == "-1"
    assert summary.get("autofocus") is not None


@pytest.mark.parametrize("form", [VisitForm(), VisitForm({"place": "a", "way": "a", "kind": "x", "agreed": "on"})])
def test_no_summary_without_an_error(form):
    assert not drawn("{% error_summary form %}", form=form).xpath("//*[@role='alert']")


def test_a_formset_is_drawn_and_summed_up_like_a_form():
    rows = forms.formset_factory(VisitForm, extra=0)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-place": "a", "form-1-count": "1"}
    )
    page = drawn("{% error_summary rows %}{% form_fields rows %}", rows=rows)
    assert page.xpath("//input[@name='form-TOTAL_FORMS']")
    assert "#id_form-1-place" in [link.get("href") for link in page.xpath("//*[@role='alert']//a")]


def test_the_place_to_drop_a_file_is_one_file_input():
    drop = drawn("{% file_drop bound %}", bound=VisitForm()["paper"])
    (box,) = drop.xpath("//input[@type='file']")
    assert drop.xpath(f"//label[@for='{box.get('id')}']")


@pytest.mark.parametrize("text", ["令和6年4月1日", "R6.4.1", "2024-04-01", "2024/4/1", "Ｒ６.４.１", " R6.4.1 "])
def test_reads_a_date_in_either_calendar(text):
    assert JapaneseDateField().clean(text) == date(2024, 4, 1)


@pytest.mark.parametrize("text", ["6月ごろ", "令和6年2月30日", "2024", "令和6年4月", "昨日", "R6.4.1とR6.5.1"])
def test_refuses_what_is_not_one_whole_day(text):
    with pytest.raises(ValidationError, match="年・月・日"):
        JapaneseDateField().clean(text)


def test_an_optional_date_left_empty_is_none():
    assert JapaneseDateField(required=False).clean("") is None


@given(st.dates(date(1873, 1, 1), date(2080, 12, 31)))
def test_reads_back_every_day_it_writes(day):
    field = JapaneseDateField()
    assert field.clean(field.prepare_value(day)) == day == field.clean(day.isoformat())


def test_a_date_written_otherwise_has_not_changed():
    assert not JapaneseDateField().has_changed(date(2024, 4, 1), "R6.4.1")
    assert JapaneseDateField().has_changed(date(2024, 4, 1), "6月ごろ")


@pytest.mark.parametrize("text", ["令和6年度", "R6", "2024", "Ｒ６", "2024年度", "令和6年"])
def test_reads_a_fiscal_year_in_any_notation(text):
    assert FiscalYearField().clean(text) == FiscalYear(2024)


@pytest.mark.parametrize("text", ["昨年度", "R6とR7", "年度"])
def test_refuses_a_fiscal_year_it_would_have_to_guess(text):
    with pytest.raises(ValidationError, match="年度として読み取れませんでした"):
        FiscalYearField().clean(text)


@given(st.integers(1990, 2080).map(FiscalYear))
def test_reads_back_every_fiscal_year_it_writes(year):
    field = FiscalYearField()
    assert field.clean(field.prepare_value(year)) == year == field.clean(str(year.year))
    assert not field.has_changed(year, year.short)


def test_a_date_is_shown_in_the_japanese_calendar():
    form = forms.Form()
    form.fields["day"] = JapaneseDateField(label="日付", initial=date(2019, 5, 1))
    assert form["day"].value() is not None
    assert drawn("{% field bound %}", bound=form["day"]).xpath("//input")[0].get("value") == to_wareki(date(2019, 5, 1))

"""Lists to choose from are drawn letter for letter as Django's templates would draw them."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.forms.renderers import DjangoTemplates, get_default_renderer
from hypothesis import given
from hypothesis import strategies as st

from nimo.foundation.ui.components.renderer import FormRenderer

ODD = "太田市 <b>\"'&amp;１2　"
words = st.text(alphabet=ODD, max_size=6)
options = st.lists(st.tuples(words | st.integers(0, 9999) | st.none(), words), max_size=5)
attributes = st.dictionaries(st.sampled_from(["id", "class", "data-x", "required"]), words | st.booleans(), max_size=3)


def drawn(renderer: DjangoTemplates, widget: forms.Select, value: object, given_attributes: dict) -> str:
    return str(widget.render("region", value, given_attributes, renderer))


@given(options, st.lists(st.tuples(words.filter(bool), options), max_size=3), words, attributes)
def test_every_list_is_drawn_as_django_draws_it(plain, groups, value, given_attributes):
    choices = [*plain, *groups]
    for widget in (forms.Select(choices=choices), forms.SelectMultiple(choices=choices)):
        assert drawn(FormRenderer(), widget, [value], given_attributes) == drawn(
            DjangoTemplates(), widget, [value], given_attributes
        )


def test_what_is_chosen_is_marked_and_everything_is_escaped():
    widget = forms.Select(choices=[("10205", "太田市"), ("<", "<script>")])
    html = drawn(FormRenderer(), widget, "10205", {"disabled": True, "hidden": False})
    assert '<option value="10205" selected>太田市</option>' in html
    assert "<script>" not in html
    assert html.startswith('<select name="region" disabled>')


def test_a_list_with_templates_of_its_own_keeps_them():
    class Own(forms.Select):
        option_template_name = "django/forms/widgets/input_option.html"

    widget = Own(choices=[("1", "一")])
    assert drawn(FormRenderer(), widget, "1", {}) == drawn(DjangoTemplates(), widget, "1", {})


def test_every_form_of_nimo_is_drawn_so():
    assert isinstance(get_default_renderer(), FormRenderer)
    assert settings.FORM_RENDERER.endswith("ui.components.renderer.FormRenderer")

from __future__ import annotations

from nimo.community.sheets.rules.exposure import sensitive_spots


def test_points_out_few_people_and_facility_names():
    spots = sensitive_spots("results", [{"effect": "架空みほん病院に入院していた３名が退院した。"}])
    assert any("3名" in spot for spot in spots)
    assert any("架空みほん病院" in spot for spot in spots)


def test_is_silent_about_many_people_and_plain_words():
    assert sensitive_spots("strengths", "研修に120名が参加した。精神科病院と連携した。会議は3回。") == []


def test_leaves_the_figures_of_the_basic_info_to_the_disclosure_gate():
    assert sensitive_spots("basic_info", {"items": [{"key": "inpatients", "value": 3, "raw": "3人"}]}) == []

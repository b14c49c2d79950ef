from __future__ import annotations

from nimo.community.councils.choices.bodies import Field, Layer, RelationKind
from nimo.community.councils.rules.gaps import BodySketch, gaps


def _sketch(key, layer=Layer.MUNICIPALITY, *, counts=True, axes=("individual", "system", "base")):
    return BodySketch(key, key, layer, counts, axes)


EVERY_FIELD = dict.fromkeys(Field, 1)


def test_a_body_nobody_reports_to_is_named():
    bodies = [_sketch("県", Layer.PREFECTURE), _sketch("市")]
    assert [one.code for one in gaps(bodies, [], EVERY_FIELD)] == ["unreported", "alone"]
    assert gaps(bodies, [("市", "県", RelationKind.REPORT)], EVERY_FIELD) == []


def test_an_axis_nobody_works_on_is_named():
    found = gaps([_sketch("市", axes=("individual",))], [], EVERY_FIELD)
    assert [one.text for one in found] == [
        "「支援体制の整備」に取り組む会議体がありません。",
        "「地域基盤の整備」に取り組む会議体がありません。",
    ]


def test_a_field_nobody_represents_is_named():
    found = gaps([_sketch("市")], [], EVERY_FIELD | {Field.FIRE: 0})
    assert [one.text for one in found] == ["「消防」の分野を代表する席に、だれも就いていません。"]


def test_what_nobody_recorded_is_unknown_and_not_missing():
    found = gaps([_sketch("市", axes=())], [], None)
    assert [(one.code, one.known) for one in found] == [("axes-unknown", False), ("fields-unknown", False)]

"""What is missing from a system of bodies, in words. What nobody recorded is said to be unknown, not missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nimo.community.councils.choices.bodies import Axis, Field, Layer, RelationKind

HIGHER = frozenset({Layer.PREFECTURE, Layer.WELFARE_AREA, Layer.HEALTH_CENTRE_AREA})


@dataclass(frozen=True, slots=True)
class BodySketch:
    """What the check needs of a body."""

    id: str
    name: str
    layer: Layer
    counts: bool
    axes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """body_id: the body it is about, "" for the whole system. known False: it cannot be told from what is recorded."""

    code: str
    text: str
    body_id: str = ""
    known: bool = True


def gaps(
    bodies: Sequence[BodySketch],
    relations: Sequence[tuple[str, str, RelationKind]],
    fields: Mapping[Field, int] | None,
) -> list[Gap]:
    """relations: (source id, target id, kind). fields: how many bodies have somebody for it; None: no seat is recorded."""
    if not bodies:
        return []
    found = []
    reported_to = {target for _, target, kind in relations if kind in {RelationKind.REPORT, RelationKind.SUBCOMMITTEE}}
    tied = {end for source, target, _ in relations for end in (source, target)}
    for body in bodies:
        if body.counts and body.layer in HIGHER and body.id not in reported_to:
            found.append(Gap("unreported", f"「{body.name}」へ報告する会議体が登録されていません。", body.id))
        elif body.id not in tied and len(bodies) > 1:
            found.append(Gap("alone", f"「{body.name}」は、どの会議体ともつながっていません。", body.id))
    worked = {axis for body in bodies for axis in body.axes}
    if not worked:
        found.append(
            Gap(
                "axes-unknown",
                "どの軸に取り組むかが、どの会議体にも書かれていません。空白の軸は、まだ分かりません。",
                known=False,
            )
        )
    else:
        found += [
            Gap("axis", f"「{axis.label}」に取り組む会議体がありません。") for axis in Axis if axis.value not in worked
        ]
    if fields is None:
        found.append(
            Gap("fields-unknown", "席が登録されていないため、どの分野の人がいないかは、まだ分かりません。", known=False)
        )
    else:
        found += [
            Gap("field", f"「{field.label}」の分野を代表する席に、だれも就いていません。")
            for field in Field
            if not fields.get(field)
        ]
    return found

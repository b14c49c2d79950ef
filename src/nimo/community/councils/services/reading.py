"""Looking at members' names: recorded before they are shown, once for a page or a paper."""

from __future__ import annotations

from nimo.community.councils.models.bodies import Body
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record_read

READ_NAMES = register_verb("councils.read_names", "協議の場の構成員の氏名を見た")


def look_at_names(*, actor: Actor, body: Body, where: str) -> None:
    """`body`: one whose names the actor may see (policies). `where`: the page or paper, in words, without a name."""
    record_read(
        actor,
        verb=READ_NAMES,
        target=("councils.body", str(body.pk)),
        region_code=body.region_id,
        organisation_id=body.organisation_id,
        conditions={"画面": where},
    )

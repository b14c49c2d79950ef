"""A round of asking for sheets in the demo: 群馬県 asks its municipalities, nobody but 太田市 uses nimo (架空の依頼)."""

from __future__ import annotations

from datetime import timedelta

from nimo.community.reports.models.collections import Collection
from nimo.community.reports.queries.bodies import EVERYONE, in_scope
from nimo.community.reports.services.collections import Asking, begin_collection, move_collection, note_contact
from nimo.community.reports.services.packets import make_packet
from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.models import User
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.surfaces.demo.services.writing import YEAR

MAEBASHI, TATEBAYASHI = "10201", "10207"


def load_collecting(*, actor: Actor) -> Collection:
    """The round, one Excel form that is out, and one telephone call."""
    officer = actor_for_user(User.objects.get(login_name="ken"), actor.now)
    made = begin_collection(
        actor=officer,
        fiscal_year=YEAR,
        asking=Asking(
            title="令和8年度 自治体情報シートの提出のお願い（架空）",
            due_on=actor.today + timedelta(days=30),
            message="架空の依頼です。書きかけの中身は、提出されるまでこちらからは見えません。",
            contact="架空の係（デモ）",
        ),
        region_codes=[one.pk for one in in_scope(officer, EVERYONE)],
    )
    made = move_collection(actor=officer, collection_id=made.pk, version=made.version, move="open")
    make_packet(actor=officer, target_id=made.targets.get(region_id=TATEBAYASHI).pk)
    note_contact(
        actor=officer, target_id=made.targets.get(region_id=MAEBASHI).pk, words="電話（架空）。来週までに出すとのこと"
    )
    return made

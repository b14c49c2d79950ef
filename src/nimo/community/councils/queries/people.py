"""Names of those who sit in a body, for pointing them out in public texts."""

from __future__ import annotations

from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.meetings import Attendee
from nimo.community.councils.models.posts import Participant


def known_names(body: Body) -> set[str]:
    """Everybody who ever held a seat of the body, was asked to a meeting of it, or came instead of somebody."""
    names = set(Participant.objects.filter(holdings__post__body=body).values_list("name", flat=True))
    rows = Attendee.objects.filter(meeting__body=body).values_list("name", "proxy_name")
    return {name for name in names.union(*rows) if name}

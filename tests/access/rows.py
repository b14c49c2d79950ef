"""Sets of roles and sorts of rows for the table of who may open what (tests/access/table.py)."""

from __future__ import annotations

from dataclasses import dataclass, field

from nimo.foundation.access.permissions import Role as R

EVERYONE = frozenset(R)
SHEET_WRITERS = frozenset(
    {R.PREFECTURE_MANAGER, R.PREFECTURE_OFFICER, R.HEALTH_CENTRE_OFFICER, R.MUNICIPAL_MANAGER, R.MUNICIPAL_OFFICER}
)
COLLECTORS = frozenset({R.PREFECTURE_MANAGER, R.PREFECTURE_OFFICER, R.HEALTH_CENTRE_OFFICER, R.NATIONAL_SECRETARIAT})
HEAD_OFFICE = frozenset({R.PREFECTURE_MANAGER, R.PREFECTURE_OFFICER})
IMPORTERS = SHEET_WRITERS | {R.NATIONAL_SECRETARIAT}
SHEET_READERS = SHEET_WRITERS | {R.MENTAL_HEALTH_CENTRE_OFFICER, R.ADVISER}
PUBLISHERS = frozenset({R.PREFECTURE_MANAGER, R.MUNICIPAL_MANAGER})
FIGURE_PUBLISHERS = frozenset({R.PREFECTURE_MANAGER})
LOADERS = frozenset({R.SYSTEM_ADMINISTRATOR, R.PREFECTURE_MANAGER, R.PREFECTURE_OFFICER})
JOB_READERS = SHEET_WRITERS | {R.SYSTEM_ADMINISTRATOR}
USER_MANAGERS = frozenset({R.SYSTEM_ADMINISTRATOR, R.PREFECTURE_MANAGER, R.MUNICIPAL_MANAGER})
ORGANISATION_MANAGERS = frozenset({R.SYSTEM_ADMINISTRATOR, R.PREFECTURE_MANAGER})
REGION_MANAGERS = ORGANISATION_MANAGERS
MATRIX_READERS = USER_MANAGERS | {R.AUDITOR}
AUDIT_READERS = frozenset({R.SYSTEM_ADMINISTRATOR, R.AUDITOR})
FIGURE_READERS = SHEET_READERS | {R.SYSTEM_ADMINISTRATOR}
RECOUNTERS = SHEET_WRITERS | {R.SYSTEM_ADMINISTRATOR}
QUESTIONNAIRE_OWNERS = SHEET_WRITERS | {R.MENTAL_HEALTH_CENTRE_OFFICER}
CITY_OFFICE = frozenset({R.MUNICIPAL_MANAGER, R.MUNICIPAL_OFFICER})
COUNCIL_KEEPERS = QUESTIONNAIRE_OWNERS | {R.HOSPITAL_WORKER, R.CONSULTATION_WORKER, R.WELFARE_COUNCIL_WORKER}
COUNCIL_OFFICE = CITY_OFFICE | {R.CONSULTATION_WORKER, R.WELFARE_COUNCIL_WORKER}
"""In this world these two roles work for the office that keeps the council."""
OF_THE_PREFECTURE = EVERYONE - {R.NATIONAL_SECRETARIAT, R.RESEARCHER}
NEAR_THE_COUNCIL = SHEET_READERS | {
    R.CLINIC_WORKER,
    R.HOME_NURSE,
    R.CONSULTATION_WORKER,
    R.COMMUNITY_SUPPORT_WORKER,
    R.WELFARE_COUNCIL_WORKER,
    R.FAMILY_MEMBER,
    R.HOUSING_WORKER,
    R.FIRE_SERVICE_WORKER,
}
"""In this world the last eight work for the office that keeps the council."""
REACH_EVERYTHING = frozenset({R.SYSTEM_ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Row:
    """`arguments` names what the address needs of the test world (tests/access/world.py)."""

    allowed: frozenset[R] = EVERYONE
    own: int = 200
    elsewhere: int | None = None
    public: int | None = None
    arguments: tuple[str, ...] = ()
    post: bool = False
    beyond: frozenset[R] = field(default=REACH_EVERYTHING)
    """Roles for which another prefecture is not elsewhere."""
    signed_in: int | None = None
    """For public addresses that answer people who are signed in differently."""
    far: int | None = None
    """For people of no prefecture (国, 調査研究), where they do not get `own`."""
    same_organisation: frozenset[R] | None = None
    """Where only the organisation's own people may: they get `own`, the other allowed roles `elsewhere`."""


def page(allowed: frozenset[R], *arguments: str, own: int = 200, elsewhere: int | None = None) -> Row:
    return Row(allowed=allowed, own=own, elsewhere=elsewhere, arguments=arguments)


def one(allowed: frozenset[R], *arguments: str, own: int = 200) -> Row:
    """A page of one record: not there for those of another prefecture."""
    return Row(allowed=allowed, own=own, elsewhere=404, arguments=arguments)


def act(allowed: frozenset[R], *arguments: str) -> Row:
    """Only a POST does something: a GET is refused with 405, after the permission was asked."""
    return Row(allowed=allowed, own=405, arguments=arguments)


def answer(*arguments: str) -> Row:
    """The papers of one organisation: other organisations of the same region do not see them."""
    municipal = frozenset({R.MUNICIPAL_MANAGER, R.MUNICIPAL_OFFICER})
    return Row(
        allowed=SHEET_WRITERS, elsewhere=404, arguments=arguments, beyond=frozenset(), same_organisation=municipal
    )


def of_the_office(*arguments: str) -> Row:
    """A page of what the city's office owns: nobody else's, also not the prefecture's."""
    return Row(allowed=QUESTIONNAIRE_OWNERS, elsewhere=404, arguments=arguments, same_organisation=CITY_OFFICE)


def imported(*arguments: str, own: int = 200) -> Row:
    """A file that was taken in: for the region's own; the nation sees only what its own organisation received."""
    return Row(allowed=IMPORTERS, own=own, elsewhere=404, arguments=arguments, same_organisation=SHEET_WRITERS)


def round_of(*arguments: str) -> Row:
    """A round of asking for sheets: the prefecture's head office asked, nobody else sees it."""
    return Row(
        allowed=COLLECTORS, elsewhere=404, arguments=arguments, beyond=frozenset(), same_organisation=HEAD_OFFICE
    )


def request_to(*arguments: str) -> Row:
    """What the city was asked for: its own office only."""
    return Row(
        allowed=SHEET_WRITERS, elsewhere=404, arguments=arguments, beyond=frozenset(), same_organisation=CITY_OFFICE
    )


def council(*arguments: str) -> Row:
    """What everybody of the prefecture may know of a council."""
    return Row(elsewhere=404, arguments=arguments, beyond=frozenset(), same_organisation=OF_THE_PREFECTURE, far=404)


def near_the_council(*arguments: str) -> Row:
    """What those may open who may know the members: officers of the region, and the office that keeps it."""
    return Row(elsewhere=404, arguments=arguments, beyond=frozenset(), same_organisation=NEAR_THE_COUNCIL, far=404)


def of_the_council(*arguments: str) -> Row:
    """What only the office that keeps the council may open."""
    return Row(
        allowed=COUNCIL_KEEPERS,
        elsewhere=404,
        arguments=arguments,
        beyond=frozenset(),
        same_organisation=COUNCIL_OFFICE,
    )


def open_to_all(*arguments: str, status: int = 200) -> Row:
    return Row(public=status, arguments=arguments)

"""Who may carry which role, who needs a second factor, how long things last. Data and pure functions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from unicodedata import normalize
from uuid import UUID

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.matrix import scopes_of
from nimo.foundation.access.permissions import Permission, Role, Scope
from nimo.foundation.accounts.choices import OrganisationKind

# -- Which organisation may carry which role -----------------------------------------------------------------------

_PREFECTURE = frozenset({Role.PREFECTURE_MANAGER, Role.PREFECTURE_OFFICER})
_CITY = frozenset({Role.MUNICIPAL_MANAGER, Role.MUNICIPAL_OFFICER})
_KEEPERS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.AUDITOR})

ROLES_OF_KIND: Mapping[OrganisationKind, frozenset[Role]] = {
    OrganisationKind.HEAD_OFFICE: _PREFECTURE | _KEEPERS,
    OrganisationKind.HEALTH_CENTRE: frozenset({Role.HEALTH_CENTRE_OFFICER}),
    OrganisationKind.MENTAL_HEALTH_CENTRE: frozenset({Role.MENTAL_HEALTH_CENTRE_OFFICER}),
    # a designated city runs its own deployment (house.md §5), so a city too may keep the system and the audit
    OrganisationKind.MUNICIPALITY: _CITY | _KEEPERS,
    OrganisationKind.PSYCHIATRIC_HOSPITAL: frozenset({Role.HOSPITAL_WORKER}),
    OrganisationKind.CLINIC: frozenset({Role.CLINIC_WORKER}),
    OrganisationKind.HOME_NURSING: frozenset({Role.HOME_NURSE}),
    OrganisationKind.CONSULTATION_SUPPORT: frozenset({Role.CONSULTATION_WORKER}),
    OrganisationKind.COMMUNITY_SUPPORT_CENTRE: frozenset({Role.COMMUNITY_SUPPORT_WORKER}),
    OrganisationKind.WELFARE_COUNCIL: frozenset({Role.WELFARE_COUNCIL_WORKER}),
    OrganisationKind.PEER_GROUP: frozenset({Role.PEER_SUPPORTER}),
    OrganisationKind.FAMILY_ASSOCIATION: frozenset({Role.FAMILY_MEMBER}),
    OrganisationKind.HOUSING_SUPPORT: frozenset({Role.HOUSING_WORKER}),
    OrganisationKind.FIRE_SERVICE: frozenset({Role.FIRE_SERVICE_WORKER}),
    OrganisationKind.NATIONAL_SECRETARIAT: frozenset({Role.NATIONAL_SECRETARIAT}),
    OrganisationKind.ADVISERS: frozenset({Role.ADVISER}),
    OrganisationKind.RESEARCH: frozenset({Role.RESEARCHER}),
}

EVERY_REGION: frozenset[Role] = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.NATIONAL_SECRETARIAT})
"""Roles whose grants are not held to the organisation's region (the matrix still decides what they may do there)."""


def roles_for(kind: str) -> frozenset[Role]:
    """The roles an organisation of this kind may give; nothing for a kind that is not listed."""
    return ROLES_OF_KIND.get(OrganisationKind(kind), frozenset())


def reaches_beyond(role: Role, giver: Mapping[Permission, Scope]) -> list[Permission]:
    """The deployment-wide permissions of a role that the giver does not hold deployment-wide.

    Whoever manages users of one region must not make a user who reaches every region, himself included. What a
    role may do inside its region is bounded by the organisation it is given in.
    """
    return [
        permission
        for permission, scope in scopes_of(role).items()
        if scope is Scope.DEPLOYMENT and giver.get(permission) is not Scope.DEPLOYMENT
    ]


# -- The second factor ---------------------------------------------------------------------------------------------

WITHOUT_SECOND_FACTOR: frozenset[Permission] = frozenset(
    {
        Permission.VIEW_HOME,
        Permission.VIEW_NOTICES,
        Permission.VIEW_OWN_ACCOUNT,
        Permission.VIEW_REGION,
        Permission.VIEW_INDICATORS,
        Permission.VIEW_SHEET,
        Permission.VIEW_QUESTIONNAIRES,
        Permission.VIEW_COUNCILS,
        Permission.ANSWER_QUESTIONNAIRE,
    }
)
"""Reading without persons, and answering for oneself. A role with anything else needs a second factor: a new permission
counts as such until somebody decides otherwise here."""


def needs_second_factor(permissions: Iterable[Permission]) -> bool:
    """Whether somebody who holds these permissions signs in with two factors."""
    return not WITHOUT_SECOND_FACTOR.issuperset(permissions)


CARD_CODES = 20
CARD_CODE_DIGITS = 8
CARD_WARNING_AT = 5
"""From this many codes left on, the user is asked to print a new card."""

ATTEMPTS = 5
ATTEMPTS_WINDOW = timedelta(minutes=5)
"""Second factors tried without success before the user waits: a code is one of 100,000,000, a TOTP one of 1,000,000."""


def code_as_typed(text: str) -> str:
    """Digits only: full width, spaces and hyphens as people copy them from a card."""
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


def grouped(code: str) -> str:
    """12345678 as 1234 5678, the way it stands on the card."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


# -- Names and sign-in names ---------------------------------------------------------------------------------------

_LOGIN_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{2,63}")
LOGIN_NAME_RULE = "半角の英数字と . _ @ - を使って、3文字以上64文字以内で書いてください（例: t-yamada、00123）。"


def login_name_as_typed(text: str) -> str:
    """Full width and capitals forgiven: ＹＡＭＡＤＡ is yamada."""
    return normalize("NFKC", text).strip().lower()


def is_login_name(text: str) -> bool:
    return _LOGIN_NAME.fullmatch(text) is not None


# -- Sessions and links --------------------------------------------------------------------------------------------

SIGNED_IN_AT = "nimo_signed_in_at"
USED_AT = "nimo_used_at"
SECOND_FACTOR = "nimo_second_factor"
CARD_USED_UP = "nimo_card_used_up"
ACTING_ORGANISATION = "nimo_acting_organisation"
"""Keys of the session."""

OPEN_BEFORE_SECOND_FACTOR = frozenset(
    {
        "accounts:second_factor_set_up",
        "accounts:code_card",
        "accounts:code_card_activate",
        "accounts:totp_set_up",
        "accounts:totp_picture",
    }
)
"""Pages for somebody whose role needs a second factor that is not there yet; besides these only public ones."""

SESSION_LIMIT = timedelta(hours=12)
"""A working day with overtime: after it even a busy session ends, so that nobody inherits it the next morning."""
SESSION_KEPT_EVERY = timedelta(minutes=1)
"""How often a session in use is written, so that it does not end as an idle one."""

INVITATION_LASTS = timedelta(days=7)
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 signs nobody confuses on paper
TOKEN_LENGTH = 24
"""24 signs of 32: 120 bits."""


def token_from(numbers: bytes) -> str:
    """Random bytes as an invitation code: 24 signs that can be read from paper. ValueError for too few bytes."""
    if len(numbers) < TOKEN_LENGTH:
        raise ValueError("an invitation code needs 24 random bytes")
    return "".join(_SIGNS[number % 32] for number in numbers[:TOKEN_LENGTH])


def token_as_typed(text: str) -> str:
    """What was read from paper: lower case, full width, spaces and hyphens forgiven."""
    return "".join(sign for sign in normalize("NFKC", text).upper() if sign.isalnum())


def hashed_token(text: str) -> str:
    """What the database keeps of an invitation code. Plain SHA-256: the code itself has 120 random bits."""
    return hashlib.sha256(token_as_typed(text).encode()).hexdigest()


# -- Hand-over -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HandOverOrder:
    """What the functions of `@hands_over` are told. Called inside the transaction of the hand-over."""

    from_user_id: UUID
    to_user_id: UUID
    actor: Actor
    organisation_ids: frozenset[UUID]
    """The organisations whose roles change hands: work of other organisations stays where it is."""


class Owed(Protocol):
    """Counts what would move (preview) and moves it."""

    def __call__(self, order: HandOverOrder) -> int: ...


@dataclass(frozen=True, slots=True)
class Belonging:
    """One kind of work that changes hands."""

    code: str
    label: str
    count: Owed
    move: Owed


_BELONGINGS: dict[str, Belonging] = {}


def hands_over(code: str, label: str, *, count: Owed) -> Callable[[Owed], Owed]:
    """Registers how one kind of drafts or owed work changes hands; written in the `services` of the app that owns it.

    @hands_over("sheets.drafts", "書きかけのシート", count=count_drafts)
    def hand_over_drafts(order: HandOverOrder) -> int: …

    `count` says how many rows would move (shown before anybody confirms), the function moves them and returns how
    many it moved. Both must be safe to call twice. ValueError when another function has the code.
    """

    def mark(move: Owed) -> Owed:
        known = _BELONGINGS.get(code)
        if known and known.move is not move:
            raise ValueError(f"two functions hand over {code}")
        _BELONGINGS[code] = Belonging(code, label, count, move)
        return move

    return mark


def belongings() -> list[Belonging]:
    """Every kind of work that changes hands, in the order of its code."""
    return [_BELONGINGS[code] for code in sorted(_BELONGINGS)]


def holds_on(valid_from: date, valid_to: date | None, day: date) -> bool:
    """A period holds from its first day; `valid_to` is the first day on which it no longer does."""
    return valid_from <= day and (valid_to is None or day < valid_to)


def session_is_over(signed_in_at: datetime, now: datetime) -> bool:
    """Whether the longest a session may last has passed."""
    return now - signed_in_at >= SESSION_LIMIT


def session_is_to_be_kept(used_at: datetime, now: datetime, idle: timedelta) -> bool:
    """Whether a session in use is to be written anew. It ends `idle` after that: up to a minute early, never late."""
    return now - used_at >= min(SESSION_KEPT_EVERY, idle / 10)

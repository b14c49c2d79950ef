"""Role × permission × scope: the one table that says who may do what (generated into docs/access.md).

Deny by default: what is not listed is not allowed. Two roles that share a line share it on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from nimo.foundation.access.permissions import Permission as P
from nimo.foundation.access.permissions import Role, Scope

_EVERYONE: dict[P, Scope] = {
    P.VIEW_HOME: Scope.OWN_ORGANISATION,
    P.VIEW_OWN_ACCOUNT: Scope.OWN_ORGANISATION,
    P.VIEW_NOTICES: Scope.OWN_ORGANISATION,
    P.ANSWER_QUESTIONNAIRE: Scope.OWN_ORGANISATION,
    P.VIEW_COUNCILS: Scope.OWN_ORGANISATION,  # and of bodies one sits in: councils.policies
}

_READ_REGION: dict[P, Scope] = {
    P.VIEW_REGION: Scope.OWN_REGION,
    P.VIEW_INDICATORS: Scope.OWN_REGION,
    P.VIEW_SHEET: Scope.OWN_REGION,
    P.VIEW_QUESTIONNAIRES: Scope.OWN_REGION,
    P.VIEW_COUNCILS: Scope.OWN_REGION,
}

_WRITE_SHEET: dict[P, Scope] = {
    P.IMPORT_SHEET: Scope.OWN_REGION,
    P.CONFIRM_SHEET: Scope.OWN_REGION,
    P.EDIT_SHEET: Scope.OWN_REGION,
    P.APPROVE_SHEET: Scope.OWN_REGION,
    P.RECOUNT_INDICATORS: Scope.OWN_REGION,
    P.WRITE_ANSWER: Scope.OWN_ORGANISATION,
    P.MANAGE_QUESTIONNAIRES: Scope.OWN_ORGANISATION,
    P.MANAGE_COUNCILS: Scope.OWN_ORGANISATION,
    P.DOWNLOAD_FILE: Scope.OWN_REGION,
    P.VIEW_JOBS: Scope.OWN_ORGANISATION,
    P.CANCEL_JOB: Scope.OWN_ORGANISATION,
}

_MANAGE_PEOPLE: dict[P, Scope] = {
    P.MANAGE_USERS: Scope.OWN_REGION,
    P.HAND_OVER: Scope.OWN_REGION,
    P.VIEW_ACCESS_MATRIX: Scope.DEPLOYMENT,
}

# Workers outside the public offices: their own home, and the pages of their region that are being prepared
# reach them only through a council or a case (later apps), so here they hold no regional reading right.
_PARTNER = _EVERYONE

# Hospitals, consultation offices and welfare councils serve as secretariats of bodies (a body inside a hospital, a
# coordinator's office of an area).
_SECRETARIAT: dict[P, Scope] = {**_PARTNER, P.MANAGE_COUNCILS: Scope.OWN_ORGANISATION}

MATRIX: Mapping[Role, Mapping[P, Scope]] = MappingProxyType(
    {
        Role.SYSTEM_ADMINISTRATOR: {
            **_EVERYONE,
            P.MANAGE_USERS: Scope.DEPLOYMENT,
            P.MANAGE_ORGANISATIONS: Scope.DEPLOYMENT,
            P.HAND_OVER: Scope.DEPLOYMENT,
            P.MANAGE_REGIONS: Scope.DEPLOYMENT,
            P.MANAGE_SYNONYMS: Scope.DEPLOYMENT,
            P.LOAD_BOUNDARIES: Scope.DEPLOYMENT,
            P.LOAD_INDICATORS: Scope.DEPLOYMENT,
            P.RECOUNT_INDICATORS: Scope.DEPLOYMENT,
            P.VIEW_INDICATORS: Scope.DEPLOYMENT,
            P.VIEW_JOBS: Scope.DEPLOYMENT,
            P.CANCEL_JOB: Scope.DEPLOYMENT,
            P.VIEW_ACCESS_MATRIX: Scope.DEPLOYMENT,
            P.VIEW_AUDIT: Scope.DEPLOYMENT,
            P.VERIFY_AUDIT: Scope.DEPLOYMENT,
        },
        Role.PREFECTURE_MANAGER: {
            **_EVERYONE,
            **_READ_REGION,
            **_WRITE_SHEET,
            **_MANAGE_PEOPLE,
            P.PUBLISH_SHEET: Scope.OWN_REGION,
            P.COLLECT_SHEETS: Scope.OWN_ORGANISATION,
            P.MANAGE_SHEET_ROUTES: Scope.OWN_REGION,
            P.PUBLISH_INDICATORS: Scope.OWN_REGION,
            P.LOAD_INDICATORS: Scope.OWN_REGION,
            P.MANAGE_ORGANISATIONS: Scope.OWN_REGION,
            P.MANAGE_REGIONS: Scope.OWN_REGION,
            P.LOAD_BOUNDARIES: Scope.OWN_REGION,
        },
        Role.PREFECTURE_OFFICER: {
            **_EVERYONE,
            **_READ_REGION,
            **_WRITE_SHEET,
            P.COLLECT_SHEETS: Scope.OWN_ORGANISATION,
            P.LOAD_INDICATORS: Scope.OWN_REGION,
        },
        Role.HEALTH_CENTRE_OFFICER: {
            **_EVERYONE,
            **_READ_REGION,
            **_WRITE_SHEET,
            P.COLLECT_SHEETS: Scope.OWN_ORGANISATION,
        },
        Role.MENTAL_HEALTH_CENTRE_OFFICER: {
            **_EVERYONE,
            **_READ_REGION,
            P.MANAGE_QUESTIONNAIRES: Scope.OWN_ORGANISATION,
            P.MANAGE_COUNCILS: Scope.OWN_ORGANISATION,
        },
        Role.MUNICIPAL_MANAGER: {
            **_EVERYONE,
            **_READ_REGION,
            **_WRITE_SHEET,
            **_MANAGE_PEOPLE,
            P.PUBLISH_SHEET: Scope.OWN_REGION,
            P.MANAGE_SHEET_ROUTES: Scope.OWN_REGION,
        },
        Role.MUNICIPAL_OFFICER: {**_EVERYONE, **_READ_REGION, **_WRITE_SHEET},
        Role.HOSPITAL_WORKER: _SECRETARIAT,
        Role.CLINIC_WORKER: _PARTNER,
        Role.HOME_NURSE: _PARTNER,
        Role.CONSULTATION_WORKER: _SECRETARIAT,
        Role.COMMUNITY_SUPPORT_WORKER: _PARTNER,
        Role.WELFARE_COUNCIL_WORKER: _SECRETARIAT,
        Role.PEER_SUPPORTER: _PARTNER,
        Role.FAMILY_MEMBER: _PARTNER,
        Role.HOUSING_WORKER: _PARTNER,
        Role.FIRE_SERVICE_WORKER: _PARTNER,
        Role.NATIONAL_SECRETARIAT: {  # takes in and confirms only what its own organisation received
            **_EVERYONE,
            P.COLLECT_SHEETS: Scope.OWN_ORGANISATION,
            P.IMPORT_SHEET: Scope.OWN_ORGANISATION,
            P.CONFIRM_SHEET: Scope.OWN_REGION,
        },
        Role.ADVISER: {**_EVERYONE, **_READ_REGION},
        Role.RESEARCHER: _EVERYONE,
        Role.AUDITOR: {
            **_EVERYONE,
            P.VIEW_AUDIT: Scope.DEPLOYMENT,
            P.VERIFY_AUDIT: Scope.DEPLOYMENT,
            P.VIEW_ACCESS_MATRIX: Scope.DEPLOYMENT,
        },
    }
)


def scopes_of(role: Role) -> Mapping[P, Scope]:
    """What the matrix gives a role; an unknown role gets nothing."""
    return MATRIX.get(role, {})

from __future__ import annotations

from django.db.models import TextChoices

from nimo.foundation.access.permissions import Role


class OrganisationKind(TextChoices):
    HEAD_OFFICE = "head_office", "本庁"
    HEALTH_CENTRE = "health_centre", "保健所"
    MENTAL_HEALTH_CENTRE = "mental_health_centre", "精神保健福祉センター"
    MUNICIPALITY = "municipality", "市町村"
    PSYCHIATRIC_HOSPITAL = "psychiatric_hospital", "精神科病院"
    CLINIC = "clinic", "診療所"
    HOME_NURSING = "home_nursing", "訪問看護"
    CONSULTATION_SUPPORT = "consultation_support", "相談支援"
    COMMUNITY_SUPPORT_CENTRE = "community_support_centre", "地域包括支援センター"
    WELFARE_COUNCIL = "welfare_council", "社協"
    PEER_GROUP = "peer_group", "当事者・ピア団体"
    FAMILY_ASSOCIATION = "family_association", "家族会"
    HOUSING_SUPPORT = "housing_support", "居住支援・宅建"
    FIRE_SERVICE = "fire_service", "消防"
    NATIONAL_SECRETARIAT = "national_secretariat", "国事務局"
    ADVISERS = "advisers", "アドバイザー"
    RESEARCH = "research", "調査研究"


class InvitationKind(TextChoices):
    JOIN = "join", "はじめての利用登録"
    PASSWORD = "password", "パスワードの再設定"


class HandOverState(TextChoices):
    SCHEDULED = "scheduled", "予定"
    APPLIED = "applied", "引き継ぎ済み"
    CANCELLED = "cancelled", "取りやめ"


RoleChoice = TextChoices("RoleChoice", {role.name: (role.value, role.label) for role in Role})  # type: ignore[call-overload]

"""Words of bodies, posts and relations."""

from __future__ import annotations

from django.db.models import TextChoices


class Layer(TextChoices):
    """Where a body stands, from the town upwards."""

    MUNICIPALITY = "municipality", "市町村"
    WELFARE_AREA = "welfare_area", "障害保健福祉圏域"
    HEALTH_CENTRE_AREA = "health_centre_area", "保健所管内"
    PREFECTURE = "prefecture", "都道府県"
    HOSPITAL = "hospital", "病院内"


class BodyKind(TextChoices):
    """What a body is for. A ケア会議 about one person is none of these: it belongs to 個別支援."""

    REPRESENTATIVES = "representatives", "代表者会議"
    PRACTITIONERS = "practitioners", "実務者会議"
    CORE = "core", "コアメンバー会議"
    SUBCOMMITTEE = "subcommittee", "部会"
    WORKING_GROUP = "working_group", "分科会・ワーキンググループ"
    CASE_STUDY = "case_study", "事例検討会"
    STRATEGY = "strategy", "戦略会議"
    PREPARATION = "preparation", "事前協議・準備会"
    EXCHANGE = "exchange", "交流会・研修"
    INFORMAL = "informal", "インフォーマルな集まり"
    OTHER = "other", "その他"


class BodyState(TextChoices):
    PREPARING = "preparing", "準備中"
    ACTIVE = "active", "設置・運営中"
    PAUSED = "paused", "休止"
    ENDED = "ended", "終了"


class BodyAudience(TextChoices):
    """Who sees that the body exists and what it is for. Names of persons never go further than members and officers."""

    MEMBERS = "members", "構成員と事務局、地域の行政担当者"
    PREFECTURE = "prefecture", "同じ都道府県の利用者"
    PUBLIC = "public", "だれでも"


class HatKind(TextChoices):
    """What else the same meeting is at the same time."""

    INPATIENT_VISITS = "inpatient_visits", "入院者訪問支援事業の推進会議"
    DISCHARGE_PROMOTION = "discharge_promotion", "退院促進支援の部会"
    OUTREACH_EVALUATION = "outreach_evaluation", "アウトリーチ事業の評価委員会"
    DISABILITY_COUNCIL = "disability_council", "（自立支援）協議会とその部会"
    COMMUNITY_CARE = "community_care", "地域ケア会議"
    SUICIDE_PREVENTION = "suicide_prevention", "自殺対策の会議"
    HOUSING_SUPPORT = "housing_support", "居住支援協議会"
    TRAINING = "training", "研修"
    OTHER = "other", "その他"


class PurposeLevel(TextChoices):
    """The third level, of each agenda item, stands with the item."""

    WHOLE = "whole", "会議体全体の目的"
    BODY = "body", "この会議の目的"


class Axis(TextChoices):
    """The three axes of a council's work."""

    INDIVIDUAL = "individual", "個別支援の検討"
    SYSTEM = "system", "支援体制の整備"
    BASE = "base", "地域基盤の整備"


class Field(TextChoices):
    """Fields whose absence from a whole system is worth saying."""

    HOUSING = "housing", "住宅"
    FIRE = "fire", "消防"
    PEER = "peer", "ピア（当事者）"
    FAMILY = "family", "家族"
    ELDERLY = "elderly", "高齢"


class Category(TextChoices):
    """Categories in which participants are counted (活動指標). 当事者 and 家族 are never shown beside a name."""

    HEALTH = "health", "保健"
    PSYCHIATRY = "psychiatry", "医療・精神科"
    MEDICAL = "medical", "医療・その他"
    WELFARE = "welfare", "福祉"
    CARE = "care", "介護"
    PEER = "peer", "当事者"
    FAMILY = "family", "家族"
    OTHER = "other", "その他"


SENSITIVE_CATEGORIES = frozenset({Category.PEER, Category.FAMILY})


class Standing(TextChoices):
    MEMBER = "member", "構成員"
    OBSERVER = "observer", "オブザーバー"
    SECRETARIAT = "secretariat", "事務局"
    GUEST = "guest", "ゲスト"


class RelationKind(TextChoices):
    REPORT = "report", "報告"
    LINKED = "linked", "連動"
    SUBCOMMITTEE = "subcommittee", "部会"
    BACKUP = "backup", "バックアップ"
    INFORMAL = "informal", "インフォーマル"


class QuorumKind(TextChoices):
    UNSTATED = "unstated", "定めがない・分からない"
    NONE = "none", "定足数を設けない"
    MAJORITY = "majority", "過半数"
    HALF = "half", "半数以上"
    TWO_THIRDS = "two_thirds", "3分の2以上"
    NUMBER = "number", "人数で定める"


class Stated(TextChoices):
    """What a regulation says about a way of working."""

    UNSTATED = "unstated", "定めがない・分からない"
    YES = "yes", "できる"
    NO = "no", "できない"


class Participation(TextChoices):
    """Whom a regulation asks for among the members."""

    UNSTATED = "unstated", "定めがない・分からない"
    PEER = "peer", "当事者"
    FAMILY = "family", "家族"
    EITHER = "either", "当事者又は家族"
    BOTH = "both", "当事者と家族"


class ClauseKind(TextChoices):
    PURPOSE = "purpose", "目的"
    DUTIES = "duties", "所掌事項"
    COMPOSITION = "composition", "構成"
    TERM = "term", "任期"
    CHAIR = "chair", "会長・副会長"
    CONVENING = "convening", "招集・議長・定足数"
    OUTSIDERS = "outsiders", "構成員以外の出席"
    SUBCOMMITTEES = "subcommittees", "部会"
    WRITTEN = "written", "書面・オンラインでの開催"
    SECRECY = "secrecy", "守秘義務"
    FEES = "fees", "報償"
    SECRETARIAT = "secretariat", "庶務"
    DELEGATION = "delegation", "委任"
    SUPPLEMENT = "supplement", "附則"
    OTHER = "other", "その他"


class Origin(TextChoices):
    """From where an agenda item comes."""

    HEALTH_MEDICAL = "health_medical", "保健・医療"
    WELFARE = "welfare", "福祉"
    INTEGRATED = "integrated", "統合"

"""What may be done, by whom, how far: three closed lists. Nothing here touches a table or a request.

A permission is added together with its Japanese sentence (shown on the administrator's screen and in
docs/access.md) and at least one line of `matrix.py`; tests/architecture fails otherwise.
"""

from __future__ import annotations

from enum import Enum, StrEnum


class Scope(StrEnum):
    """How far a permission reaches."""

    OWN_ORGANISATION = "own_organisation"
    OWN_REGION = "own_region"
    DEPLOYMENT = "deployment"

    @property
    def sentence(self) -> str:
        return {
            Scope.OWN_ORGANISATION: "自分の組織のもの",
            Scope.OWN_REGION: "自分の地域とその中の地域のもの",
            Scope.DEPLOYMENT: "このシステムにあるすべてのもの",
        }[self]


class Role(StrEnum):
    """The roles a membership can carry. Which organisations may carry which role: accounts.rules."""

    SYSTEM_ADMINISTRATOR = "system_administrator"
    PREFECTURE_MANAGER = "prefecture_manager"
    PREFECTURE_OFFICER = "prefecture_officer"
    HEALTH_CENTRE_OFFICER = "health_centre_officer"
    MENTAL_HEALTH_CENTRE_OFFICER = "mental_health_centre_officer"
    MUNICIPAL_MANAGER = "municipal_manager"
    MUNICIPAL_OFFICER = "municipal_officer"
    HOSPITAL_WORKER = "hospital_worker"
    CLINIC_WORKER = "clinic_worker"
    HOME_NURSE = "home_nurse"
    CONSULTATION_WORKER = "consultation_worker"
    COMMUNITY_SUPPORT_WORKER = "community_support_worker"
    WELFARE_COUNCIL_WORKER = "welfare_council_worker"
    PEER_SUPPORTER = "peer_supporter"
    FAMILY_MEMBER = "family_member"
    HOUSING_WORKER = "housing_worker"
    FIRE_SERVICE_WORKER = "fire_service_worker"
    NATIONAL_SECRETARIAT = "national_secretariat"
    ADVISER = "adviser"
    RESEARCHER = "researcher"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        return _ROLE_LABELS[self]


_ROLE_LABELS: dict[Role, str] = {
    Role.SYSTEM_ADMINISTRATOR: "システム管理者",
    Role.PREFECTURE_MANAGER: "都道府県 責任者",
    Role.PREFECTURE_OFFICER: "都道府県 担当者",
    Role.HEALTH_CENTRE_OFFICER: "保健所 担当者",
    Role.MENTAL_HEALTH_CENTRE_OFFICER: "精神保健福祉センター 担当者",
    Role.MUNICIPAL_MANAGER: "市町村 責任者",
    Role.MUNICIPAL_OFFICER: "市町村 担当者",
    Role.HOSPITAL_WORKER: "精神科病院 職員",
    Role.CLINIC_WORKER: "診療所 職員",
    Role.HOME_NURSE: "訪問看護 職員",
    Role.CONSULTATION_WORKER: "相談支援 職員",
    Role.COMMUNITY_SUPPORT_WORKER: "地域包括支援センター 職員",
    Role.WELFARE_COUNCIL_WORKER: "社会福祉協議会 職員",
    Role.PEER_SUPPORTER: "当事者・ピアサポーター",
    Role.FAMILY_MEMBER: "家族会 会員",
    Role.HOUSING_WORKER: "居住支援・宅建 職員",
    Role.FIRE_SERVICE_WORKER: "消防 職員",
    Role.NATIONAL_SECRETARIAT: "国 事務局",
    Role.ADVISER: "アドバイザー",
    Role.RESEARCHER: "調査研究 担当者",
    Role.AUDITOR: "監査 担当者",
}


class Permission(Enum):
    """Everything a screen, a job or a command may ask for: (code, Japanese sentence)."""

    VIEW_HOME = ("home.view", "自分のホームを見る")
    VIEW_REGION = ("regions.view", "公開前の内容を含めて地域のページを見る")
    MANAGE_REGIONS = ("regions.manage", "地域の名称・区分・所属を直す")
    LOAD_BOUNDARIES = ("regions.load_boundaries", "地図の境界データを取り込む")
    VIEW_INDICATORS = ("indicators.view", "公開前のものを含めて指標の値を見る")
    LOAD_INDICATORS = ("indicators.load", "指標の値を取り込む")
    RECOUNT_INDICATORS = ("indicators.recount", "記録から指標の値を数え直す")
    PUBLISH_INDICATORS = ("indicators.publish", "指標の値を公開する・公開をやめる")
    VIEW_SHEET = ("sheets.view", "公開前の自治体情報シートを見る")
    IMPORT_SHEET = ("sheets.import", "自治体情報シートを取り込み、読み取り結果を直す")
    CONFIRM_SHEET = ("sheets.confirm", "取り込んだ自治体情報シートを確定する・取り消す")
    EDIT_SHEET = ("sheets.edit", "自治体情報シートを作成し、直し、回す")
    APPROVE_SHEET = ("sheets.approve", "回ってきた自治体情報シートを確認し、決裁を記録し、差し戻す")
    MANAGE_SHEET_ROUTES = ("sheets.routes", "自治体情報シートを回す経路を決める")
    PUBLISH_SHEET = ("sheets.publish", "自治体情報シートを章ごとに公開する・公開をやめる")
    WRITE_ANSWER = ("reports.answer", "議会答弁用の1枚を作り、確定し、自分の組織のこれまでの答弁を見る")
    COLLECT_SHEETS = ("reports.collect", "域内に自治体情報シートの提出を依頼し、集まり具合を見て、催促する")
    VIEW_COUNCILS = ("councils.view", "協議の場を見る（構成員の氏名は、地域の行政担当者と構成員だけ）")
    MANAGE_COUNCILS = ("councils.manage", "協議の場を登録し、会議を開き、記録する")
    VIEW_JOBS = ("jobs.view", "時間のかかる処理の進み具合と結果を見る")
    CANCEL_JOB = ("jobs.cancel", "時間のかかる処理を中止する")
    DOWNLOAD_FILE = ("files.download", "保管された元のファイルを受け取る")
    ANSWER_QUESTIONNAIRE = ("questionnaires.answer", "自分や自分の組織あてのアンケートに答える")
    VIEW_QUESTIONNAIRES = ("questionnaires.view", "アンケートの様式と、締め切った回の集計を見る")
    MANAGE_QUESTIONNAIRES = ("questionnaires.manage", "アンケートを作って配り、紙の回答を入力し、回答を見る")
    MANAGE_SYNONYMS = ("search.synonyms", "検索で同じように探すことばを決める")
    VIEW_NOTICES = ("notices.view", "自分あてのお知らせを見る")
    VIEW_OWN_ACCOUNT = ("accounts.view_own", "自分の利用者情報と二段階認証を見る・直す")
    MANAGE_USERS = ("accounts.manage_users", "利用者を招待し、役割と期間を決め、停止する")
    MANAGE_ORGANISATIONS = ("accounts.manage_organisations", "組織を登録し、名称や区分を直す")
    HAND_OVER = ("accounts.hand_over", "担当者の仕事と役割を後任に引き継ぐ")
    VIEW_ACCESS_MATRIX = ("access.view_matrix", "役割と権限の一覧を見る")
    VIEW_AUDIT = ("audit.view", "監査の記録を見る")
    VERIFY_AUDIT = ("audit.verify", "監査の記録が変えられていないか確かめる")

    @property
    def code(self) -> str:
        return self.value[0]

    @property
    def sentence(self) -> str:
        return self.value[1]

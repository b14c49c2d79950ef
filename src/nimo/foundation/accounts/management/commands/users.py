"""`nimo users …`: what an operator does without a screen, recorded as the system's act with a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.accounts.queries.organisations import organisation_named
from nimo.foundation.accounts.queries.users import UserFilter, user_named, user_page
from nimo.foundation.accounts.rules import INVITATION_LASTS, grouped
from nimo.foundation.accounts.services.hand_overs import UnableToHandOver, apply_due_hand_overs, hand_over
from nimo.foundation.accounts.services.invitations import Issued, UnableToInvite, invite, reissue_link
from nimo.foundation.accounts.services.organisations import UnableToChangeOrganisation, create_organisation
from nimo.foundation.accounts.services.second_factors import UnableToSetUp, reset_second_factor
from nimo.foundation.accounts.services.users import UnableToChangeUser, end_sessions, restore_user, suspend_user

REFUSALS = (UnableToInvite, UnableToHandOver, UnableToChangeUser, UnableToSetUp, UnableToChangeOrganisation)


class Command(BaseCommand):
    help = "利用者の一覧、招待、停止、ログインの終了、二段階認証の取り消し、引き継ぎ。"

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="命令")
        listing = actions.add_parser("list", help="利用者の一覧（既定は利用中の人）")
        listing.add_argument("--all", action="store_true", help="停止中・招待中・所属なしの人も")
        inviting = actions.add_parser("invite", help="利用者を登録し、パスワードを決める招待コードを出す")
        inviting.add_argument("login_name", metavar="利用者ID")
        inviting.add_argument("--name", required=True, help="氏名")
        inviting.add_argument("--kana", default="", help="よみ")
        inviting.add_argument("--organisation", required=True, help="組織の名称")
        inviting.add_argument("--role", required=True, choices=[role.value for role in Role], metavar="役割")
        again = actions.add_parser("link", help="パスワードを決める招待コードを、もう一度出す")
        again.add_argument("login_name", metavar="利用者ID")
        for action, text in (
            ("suspend", "利用者を停止する"),
            ("restore", "停止を解く"),
            ("end-sessions", "ログインをすべて終わらせる"),
            ("reset-second-factor", "二段階認証を取り消す（本人を確かめてから）"),
        ):
            changing = actions.add_parser(action, help=text)
            changing.add_argument("login_name", metavar="利用者ID")
            changing.add_argument("--reason", required=action in {"suspend", "reset-second-factor"}, default="")
        handing = actions.add_parser("handover", help="引き継ぐ。--due は、日が来た引き継ぎを行う（毎日動かす）")
        handing.add_argument("--due", action="store_true")
        handing.add_argument("--from", dest="predecessor", metavar="前任の利用者ID")
        handing.add_argument("--to", dest="successor", metavar="後任の利用者ID")
        handing.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD", help="引き継ぎの日（既定は今日）")
        handing.add_argument("--reason", default="")
        founding = actions.add_parser("create-organisation", help="組織を登録する（はじめの1つを作るとき）")
        founding.add_argument("name", metavar="名称")
        founding.add_argument("--kind", required=True, choices=list(OrganisationKind.values), metavar="区分")
        founding.add_argument("--region", required=True, metavar="地域のコード")
        founding.add_argument("--kana", default="")

    def handle(self, **options: Any) -> None:
        self.actor = Actor.system("運用者の命令 nimo users", now=timezone.now())
        act = getattr(self, "_" + options["action"].replace("-", "_"))
        try:
            act(options)
        except REFUSALS as refusal:
            raise CommandError(str(refusal)) from refusal

    def _user(self, login_name: str) -> Any:
        user = user_named(self.actor, login_name)
        if user is None:
            raise CommandError(
                f"利用者ID「{login_name}」の利用者はいません。nimo users list --all で確かめてください。"
            )
        return user

    def _list(self, options: dict[str, Any]) -> None:
        number, pages = 1, 1
        while number <= pages:
            page, rows = user_page(self.actor, UserFilter(state="all" if options["all"] else "active"), number)
            for row in rows:
                roles = "、".join(f"{m.organisation.name} {Role(m.role).label}" for m in row.memberships)
                self.stdout.write(f"{row.user.login_name}\t{row.user.name}\t{row.state}\t{roles}")
            number, pages = number + 1, page.paginator.num_pages

    def _invite(self, options: dict[str, Any]) -> None:
        organisations = organisation_named(self.actor, options["organisation"])
        if len(organisations) != 1:
            raise CommandError(
                f"「{options['organisation']}」という名称の組織が{len(organisations)}件あります。1件になる名称を書いてください。"
            )
        self._say(
            invite(
                actor=self.actor,
                login_name=options["login_name"],
                name=options["name"],
                kana=options["kana"],
                organisation_id=organisations[0].pk,
                role=Role(options["role"]),
                valid_from=self.actor.today,
            )
        )

    def _link(self, options: dict[str, Any]) -> None:
        self._say(reissue_link(actor=self.actor, user_id=self._user(options["login_name"]).pk))

    def _say(self, issued: Issued) -> None:
        self.stdout.write(f"招待コード: {grouped(issued.code)}（{INVITATION_LASTS.days}日以内、1度だけ使えます）")
        self.stdout.write(f"入力する画面: {reverse('accounts:invitation')}")

    def _suspend(self, options: dict[str, Any]) -> None:
        user = self._user(options["login_name"])
        suspend_user(actor=self.actor, user_id=user.pk, reason=options["reason"])
        self.stdout.write("停止しました。ログインはすべて終わりました。")

    def _restore(self, options: dict[str, Any]) -> None:
        user = self._user(options["login_name"])
        restore_user(actor=self.actor, user_id=user.pk, reason=options["reason"])
        self.stdout.write("停止を解きました。")

    def _end_sessions(self, options: dict[str, Any]) -> None:
        user = self._user(options["login_name"])
        end_sessions(actor=self.actor, user_id=user.pk, reason=options["reason"])
        self.stdout.write("ログインをすべて終わらせました。")

    def _reset_second_factor(self, options: dict[str, Any]) -> None:
        user = self._user(options["login_name"])
        reset_second_factor(actor=self.actor, user_id=user.pk, reason=options["reason"])
        self.stdout.write("二段階認証を取り消しました。次のログインで新しく設定します。")

    def _handover(self, options: dict[str, Any]) -> None:
        if options["due"]:
            done = apply_due_hand_overs(actor=self.actor)
            self.stdout.write(f"日が来た引き継ぎを{len(done)}件行いました。")
            return
        if not (options["predecessor"] and options["successor"]):
            raise CommandError(
                "--from と --to に、前任と後任の利用者IDを書いてください（日が来たものを行うときは --due）。"
            )
        planned = hand_over(
            actor=self.actor,
            predecessor_id=self._user(options["predecessor"]).pk,
            successor_id=self._user(options["successor"]).pk,
            effective_on=options["on"] or self.actor.today,
            reason=options["reason"],
        )
        self.stdout.write(f"{planned.effective_on}の引き継ぎ: {planned.get_state_display()}")

    def _create_organisation(self, options: dict[str, Any]) -> None:
        made = create_organisation(
            actor=self.actor,
            kind=OrganisationKind(options["kind"]),
            name=options["name"],
            kana=options["kana"],
            region_code=options["region"],
        )
        self.stdout.write(f"組織「{made.name}」を登録しました。")

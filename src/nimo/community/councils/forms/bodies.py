"""Cleaning what comes from the screens of bodies, their regulations and manuals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from nimo.community.councils.choices.bodies import (
    Axis,
    BodyAudience,
    BodyKind,
    BodyState,
    ClauseKind,
    HatKind,
    Layer,
    Participation,
    PurposeLevel,
    QuorumKind,
    RelationKind,
    Stated,
)
from nimo.community.councils.rules.bodies import BodyFacts
from nimo.community.councils.rules.regulations import Clause, Terms
from nimo.foundation.ui.components.fields import JapaneseDateField

Grouped = Sequence[tuple[str, Sequence[tuple[str, str]]]]
CLAUSE_ROWS = 8


class BodyForm(forms.Form):
    """A body; only name, layer, kind and region must be said."""

    name = forms.CharField(label="名称", max_length=120, help_text="例：○○圏域 にも包括協議会")
    kana = forms.CharField(label="よみ", max_length=240, required=False)
    layer = forms.ChoiceField(label="層", choices=Layer.choices)
    kind = forms.ChoiceField(label="種類", choices=BodyKind.choices)
    region_code = forms.ChoiceField(label="地域")
    counts_as_council = forms.BooleanField(
        label="協議の場として数える",
        required=False,
        help_text="保健・医療・福祉関係者による協議の場として、活動指標（開催回数・参加者数）に入れるとき。",
    )
    axes = forms.MultipleChoiceField(
        label="取り組む軸", choices=Axis.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    secretariat = forms.CharField(
        label="事務局", max_length=200, required=False, help_text="例：障害福祉課と健康づくり課"
    )
    frequency = forms.CharField(label="開催頻度", max_length=120, required=False, help_text="例：3か月に1回")
    members_text = forms.CharField(
        label="構成員のあらまし",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="機関の名前だけを書きます。氏名は「席と人」に登録します。",
    )
    established_on = JapaneseDateField(label="設置日（分かるとき）", required=False)
    audience = forms.ChoiceField(
        label="概要を見られる人",
        choices=BodyAudience.choices,
        initial=BodyAudience.PREFECTURE,
        widget=forms.RadioSelect,
        help_text="氏名は、どれを選んでも、事務局・地域の行政担当者・いまの構成員のほかには見えません。",
    )
    reference = forms.CharField(label="出典（ほかの資料から書いたとき）", max_length=300, required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, regions: Grouped, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"].choices = [("", "選んでください"), *regions]  # type: ignore[attr-defined]

    def facts(self) -> BodyFacts:
        data = {key: value for key, value in self.cleaned_data.items() if key != "version"}
        return BodyFacts(
            **data
            | {
                "layer": Layer(data["layer"]),
                "kind": BodyKind(data["kind"]),
                "audience": BodyAudience(data["audience"]),
                "axes": tuple(data["axes"]),
            }
        )


class BodyStateForm(forms.Form):
    state = forms.ChoiceField(label="状態", choices=BodyState.choices, widget=forms.RadioSelect)
    on = JapaneseDateField(label="終了した日（終了のとき）", required=False)
    reason = forms.CharField(
        label="理由（休止・終了のとき）", max_length=300, required=False, help_text="例：部会に統合した、役目を終えた"
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class PurposeForm(forms.Form):
    level = forms.ChoiceField(
        label="段階",
        choices=PurposeLevel.choices,
        widget=forms.RadioSelect,
        help_text="三つめの段階（議題ごとの目的）は、会議の議題に書きます。",
    )
    text = forms.CharField(label="目的", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    on = JapaneseDateField(label="共有した日")


class HatsForm(forms.Form):
    """One box for each kind, each with the name that is used."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in HatKind:
            self.fields[f"{kind.value}"] = forms.BooleanField(label=kind.label, required=False)
            self.fields[f"{kind.value}_name"] = forms.CharField(
                label=f"{kind.label}としての名称（あるとき）", max_length=120, required=False
            )

    def hats(self) -> list[tuple[HatKind, str]]:
        data = self.cleaned_data
        return [(kind, data[f"{kind.value}_name"]) for kind in HatKind if data[kind.value]]


class RelationForm(forms.Form):
    """How this body stands to another: the sentence says which way."""

    SENTENCES = [
        ("out:report", "この会議体から、次の会議体へ報告する"),
        ("in:report", "次の会議体から、この会議体へ報告がある"),
        ("out:subcommittee", "この会議体は、次の会議体の部会である"),
        ("in:subcommittee", "次の会議体は、この会議体の部会である"),
        ("out:backup", "この会議体は、次の会議体を後ろから支える"),
        ("in:backup", "この会議体は、次の会議体に支えられている"),
        ("out:linked", "この会議体と次の会議体は、連動している"),
        ("out:informal", "この会議体と次の会議体は、インフォーマルにつながっている"),
    ]
    way = forms.ChoiceField(label="関係", choices=SENTENCES, widget=forms.RadioSelect)
    other = forms.ChoiceField(label="次の会議体")
    note = forms.CharField(label="説明", max_length=200, required=False, help_text="例：年2回、部会の検討結果を報告")

    def __init__(self, *args: Any, others: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = [("", "選んでください"), *others]  # type: ignore[attr-defined]

    def ends(self, body_id: UUID) -> tuple[UUID, UUID, RelationKind]:
        """(source, target, kind)."""
        way, _, kind = self.cleaned_data["way"].partition(":")
        other = UUID(self.cleaned_data["other"])
        source, target = (body_id, other) if way == "out" else (other, body_id)
        return source, target, RelationKind(kind)


class ManualForm(forms.Form):
    title = forms.CharField(label="題名", max_length=120, help_text="例：事務局の1年の流れ")
    note = forms.CharField(
        label="引き継ぐこと",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="次の担当者がこれだけを読んで会議を開けるように、順番と相手を書きます。",
    )
    file = forms.FileField(label="ファイル（あるとき）", required=False)


class RegulationForm(forms.Form):
    """The matters that are checked, and the articles in their own words."""

    title = forms.CharField(label="題名", max_length=200, help_text="例：○○市精神保健福祉連絡会議設置要綱")
    effective_from = JapaneseDateField(label="施行日")
    quorum = forms.ChoiceField(label="定足数", choices=QuorumKind.choices, initial=QuorumKind.UNSTATED)
    quorum_number = forms.IntegerField(
        label="定足数の人数（人数で定めるとき）", min_value=1, max_value=999, required=False
    )
    proxies_count = forms.ChoiceField(label="代理の出席を定足数に数える", choices=Stated.choices)
    written = forms.ChoiceField(label="書面での開催", choices=Stated.choices)
    written_paid = forms.ChoiceField(
        label="書面での開催に謝金を支払う",
        choices=Stated.choices,
        required=False,
        help_text="「できる」のときだけ、支払いの一覧に入れます。",
    )
    online = forms.ChoiceField(label="オンラインでの出席", choices=Stated.choices)
    term_months = forms.IntegerField(
        label="任期（月）", min_value=1, max_value=120, required=False, help_text="例：2年なら24"
    )
    member_limit = forms.IntegerField(label="構成員の上限（人）", min_value=1, max_value=999, required=False)
    participation = forms.ChoiceField(label="当事者・家族の参加の定め", choices=Participation.choices)
    file = forms.FileField(label="本文のファイル", required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, mending: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if mending:
            del self.fields["effective_from"], self.fields["file"]
        for row in range(1, CLAUSE_ROWS + 1):
            self.fields[f"number_{row}"] = forms.CharField(label=f"条の番号（{row}）", max_length=20, required=False)
            self.fields[f"kind_{row}"] = forms.ChoiceField(
                label=f"条の内容（{row}）", choices=ClauseKind.choices, required=False
            )
            self.fields[f"text_{row}"] = forms.CharField(
                label=f"条の本文（{row}）", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
            )

    @property
    def checked(self) -> list[Any]:
        return [field for field in self if not field.name.startswith(("number_", "kind_", "text_"))]

    @property
    def articles(self) -> list[Any]:
        return [field for field in self if field.name.startswith(("number_", "kind_", "text_"))]

    def terms(self) -> Terms:
        data = self.cleaned_data
        return Terms(
            title=data["title"],
            quorum=QuorumKind(data["quorum"]),
            quorum_number=data["quorum_number"],
            proxies_count=Stated(data["proxies_count"]),
            written=Stated(data["written"]),
            online=Stated(data["online"]),
            written_paid=Stated(data["written_paid"] or Stated.UNSTATED),
            term_months=data["term_months"],
            member_limit=data["member_limit"],
            participation=Participation(data["participation"]),
        )

    def clauses(self) -> list[Clause]:
        data = self.cleaned_data
        return [
            Clause(data[f"number_{row}"], ClauseKind(data[f"kind_{row}"] or ClauseKind.OTHER), data[f"text_{row}"])
            for row in range(1, CLAUSE_ROWS + 1)
            if data[f"text_{row}"].strip()
        ]

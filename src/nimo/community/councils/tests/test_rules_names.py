"""Names that should not become public are pointed out; roles, letters and places are not."""

from __future__ import annotations

import pytest

from nimo.community.councils.rules.names import names_in, warning


@pytest.mark.parametrize(
    "text",
    [
        "山田太郎の退院について",
        "山田 太郎の退院について",
        "前橋さんの退院支援について",
        "タナカさんから申し出があった",
        "資料は佐藤 花子 作成",
        "退院した髙梨氏の話を聞いた",
    ],
)
def test_points_out_what_looks_like_a_name(text):
    assert names_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "利用者さんの声を聞いた",
        "保健師さんと家族さんが参加した",
        "お母さん、皆さんから意見があった",
        "Aさんの事例を検討した",
        "石川県の取組を紹介した",
        "山口県立病院と福島市の例",
        "千葉大学の調査、太田市の会議",
        "ピアサポーターさんの講話",
        "小林委員から報告があった",
        "様式と仕様を決めた",
    ],
)
def test_lets_roles_letters_and_places_pass(text):
    assert names_in(text) == []


def test_finds_the_names_it_is_given_with_and_without_a_space():
    seen = names_in("一行目\n生駒次郎と生駒　次郎", known=["生駒 次郎"])
    assert [(one.line, one.known) for one in seen] == [(2, True), (2, True)]


def test_a_name_found_twice_over_is_told_once():
    assert len(names_in("山田太郎さん", known=["山田太郎"])) == 1


def test_the_warning_says_what_to_do():
    sentence = warning("議題1の記録", names_in("山田太郎の退院"))
    assert "山田太郎" in sentence
    assert "［構成員限り］" in sentence
    assert warning("議題1の記録", []) == ""

"""Panels: offered to a slot, shown in order, absent when there is nothing to show."""

from __future__ import annotations

import pytest

from nimo.core import panels
from nimo.core.panels import Panel, panel, panels_for


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_panels", {})


def test_shows_panels_by_order_then_by_name() -> None:
    @panel("issue.detail", order=20)
    def zeta(actor: str, subject: str) -> Panel:
        return Panel("z", "z.html")

    @panel("issue.detail", order=20)
    def alpha(actor: str, subject: str) -> Panel:
        return Panel("a", "a.html")

    @panel("issue.detail", order=10)
    def first(actor: str, subject: str) -> Panel:
        return Panel("first", "f.html", {"actor": actor, "subject": subject})

    @panel("region.detail", order=1)
    def elsewhere(actor: str, subject: str) -> Panel:
        raise AssertionError("another slot")

    shown = panels_for("issue.detail", "actor", "issue")
    assert [one.title for one in shown] == ["first", "a", "z"]
    assert shown[0].context == {"actor": "actor", "subject": "issue"}
    assert [name.rsplit(".", 1)[-1] for name in panels.slots()["issue.detail"]] == ["first", "alpha", "zeta"]


def test_leaves_out_a_panel_with_nothing_to_show() -> None:
    @panel("issue.detail")
    def sometimes(actor: str, subject: str) -> Panel | None:
        return Panel("seen", "s.html") if actor == "member" else None

    assert [one.title for one in panels_for("issue.detail", "member", "issue")] == ["seen"]
    assert panels_for("issue.detail", "outsider", "issue") == []


def test_is_empty_where_nobody_offers_anything() -> None:
    assert panels_for("nowhere", "actor", "subject") == []


def test_refuses_one_function_offered_twice_to_a_slot() -> None:
    def meetings(actor: str, subject: str) -> None:
        """Nothing to show."""

    assert panel("issue.detail")(meetings) is meetings
    panel("region.detail")(meetings)
    with pytest.raises(ValueError, match="twice"):
        panel("issue.detail")(meetings)

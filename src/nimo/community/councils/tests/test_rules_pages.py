from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nimo.community.councils.rules.diagram import lay_out, points_printed
from nimo.community.councils.rules.pages import NOWHERE, areas_by_ties, paged
from nimo.community.councils.rules.shapes import Edge, Node

HEADS = [2]
TWO_WAY = {"linked", "people"}


def _prefecture(areas=12, towns=12):
    """One body above all, a council and a working round in each area, towns that report to the latter."""
    nodes = [Node("top", "架空県 協議の場", 0)]
    edges = []
    for area in range(areas):
        nodes += [Node(f"a{area}", f"第{area}圏域 代表者会議", 2, f"{area}", "", f"w{area:02}")]
        nodes += [Node(f"b{area}", f"第{area}圏域 実務者会議", 2, f"{area}", "", f"w{area:02}")]
        edges += [Edge(f"a{area}", "top", "report"), Edge(f"b{area}", f"a{area}", "report")]
        for town in range(towns):
            key = f"m{area}-{town}"
            nodes.append(
                Node(key, f"第{area}圏域 {town}町 自立支援協議会の精神保健福祉の部会", 3, key, "", f"w{area:02}")
            )
            edges.append(Edge(key, f"b{area}", "report"))
    return nodes, edges


def _paged(nodes, edges, **more):
    return paged(nodes, edges, head_layers=HEADS, two_way=TWO_WAY, **more)


def test_a_small_system_stays_on_one_page():
    nodes, edges = _prefecture(2, 4)
    (sheet,) = _paged(nodes, edges)
    assert (len(sheet.nodes), len(sheet.edges), sheet.area) == (len(nodes), len(edges), "")


def test_a_prefecture_of_150_bodies_has_a_whole_and_one_page_for_each_area_and_all_are_readable_on_a4():
    nodes, edges = _prefecture(12, 10)
    assert len(nodes) == 145
    sheets = _paged(nodes, edges)
    assert [sheet.area for sheet in sheets] == ["", *(f"w{area:02}" for area in range(12))]
    for sheet in sheets:
        assert points_printed(lay_out(sheet.nodes, sheet.edges)) >= 6, sheet.area


def test_the_whole_keeps_what_stands_above_and_folds_the_towns_with_their_number():
    whole = _paged(*_prefecture(12, 10))[0]
    assert sum(not node.folded for node in whole.nodes) == 1 + 24
    assert {node.folded for node in whole.nodes if node.folded} == {10}
    assert {edge.times for edge in whole.edges if "/" in edge.source} == {10}


def test_very_many_areas_are_folded_too():
    whole = _paged(*_prefecture(30, 3))[0]
    assert {node.folded for node in whole.nodes} == {0, 2, 3}
    assert [node.id for node in whole.nodes if not node.folded] == ["top"]


def test_a_crowded_area_is_parted_and_its_councils_stand_on_each_page():
    nodes, edges = _prefecture(2, 70)
    sheets = [sheet for sheet in _paged(nodes, edges) if sheet.area == "w00"]
    assert [(sheet.part, sheet.parts) for sheet in sheets] == [(1, 3), (2, 3), (3, 3)]
    assert all({"a0", "b0"} <= sheet.inside for sheet in sheets)
    assert all(points_printed(lay_out(sheet.nodes, sheet.edges)) >= 6 for sheet in sheets)


def test_what_stands_outside_is_shown_where_something_inside_is_tied_to_it():
    nodes, edges = _prefecture(12, 10)
    sheet = next(sheet for sheet in _paged(nodes, edges) if sheet.area == "w03")
    assert {node.id for node in sheet.nodes} - sheet.inside == {"top"}


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 6), st.integers(0, 30), st.integers(8, 40))
def test_every_body_stands_on_a_page_and_every_tie_is_drawn(areas, towns, most):
    nodes, edges = _prefecture(areas, towns)
    sheets = _paged(nodes, edges, most=most)
    assert set().union(*({node.id for node in sheet.nodes} for sheet in sheets)) >= {node.id for node in nodes}
    drawn = {(edge.source, edge.target) for sheet in sheets for edge in sheet.edges}
    assert drawn >= {(edge.source, edge.target) for edge in edges}


def test_a_town_belongs_to_the_area_it_reports_to_also_through_another():
    found = areas_by_ties({"head": "10w01"}, [("town", "head"), ("part", "town"), ("alone", "nobody")])
    assert found == {"head": "10w01", "town": "10w01", "part": "10w01"}


def test_an_area_body_without_a_registered_area_follows_the_one_it_reports_to_or_stands_for_itself():
    found = areas_by_ties({"council": "", "round": "", "other": ""}, [("round", "council"), ("town", "round")])
    assert found == {"council": "council", "round": "council", "town": "council", "other": "other"}


def test_area_bodies_that_report_in_a_circle_stand_each_for_itself():
    assert areas_by_ties({"a": "", "b": ""}, [("a", "b"), ("b", "a")]) == {"a": "a", "b": "b"}


def test_what_belongs_nowhere_comes_last():
    nodes, edges = _prefecture(3, 14)
    nodes.append(Node("lost", "迷子の会", 3, "x", "", NOWHERE))
    assert [sheet.area for sheet in _paged(nodes, edges)][-1] == NOWHERE

"""house.md §1: an app writes to its own tables only; reading never writes; the clock comes with the Actor."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.source import ROOT, apps, kind, place, python_files, tree

WRITES = {
    "create",
    "bulk_create",
    "get_or_create",
    "update_or_create",
    "bulk_update",
    "update",
    "delete",
    "save",
    "acreate",
    "asave",
    "adelete",
    "aupdate",
}
READERS = {"policies", "queries", "measures", "panels", "rules", "models", "formats"}
CLOCKLESS = {"services", "rules", "policies", "queries", "models", "measures", "panels", "choices", "events"}


def foreign_models(path: Path) -> dict[str, str]:
    """Names in this file that are models of other apps: {"Region": "regions"}."""
    here = place(path)
    found = {}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("nimo."):
            parts = node.module.split(".")
            if (
                len(parts) >= 4
                and parts[3] == "models"
                and (parts[1], parts[2]) in apps()
                and (parts[1], parts[2]) != here
            ):
                for alias in node.names:
                    found[alias.asname or alias.name] = parts[2]
    return found


def root_name(node: ast.AST) -> str | None:
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def test_writes_to_its_own_tables_only():
    offenders = []
    for path in python_files():
        if place(path) is None:
            continue
        strangers = foreign_models(path)
        # a name bound from a stranger's query is a stranger too: region = Region.objects.get(…); region.save()
        bound = {
            target.id: root_name(node.value)
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name) and root_name(node.value) in strangers
        }
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
                name = root_name(node.func.value)
                if name in strangers or (name in bound and node.func.attr in {"save", "delete", "update"}):
                    offenders.append(f"{path.relative_to(ROOT)}:{node.lineno} {name}.{node.func.attr}")
    assert not offenders


def test_reading_never_writes():
    offenders = []
    for path in python_files():
        if place(path) is None or kind(path) not in READERS:
            continue
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            through_manager = "objects" in {n.attr for n in ast.walk(node.func) if isinstance(n, ast.Attribute)}
            if node.func.attr in WRITES - {"update"} and through_manager:
                offenders.append(f"{path.relative_to(ROOT)}:{node.lineno}")
            if node.func.attr == "update" and through_manager:
                offenders.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not offenders


def test_views_and_forms_do_not_query_or_save():
    offenders = []
    for path in python_files():
        if place(path) is None or kind(path) not in {"views", "forms"}:
            continue
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"save", "filter"}
            ):
                offenders.append(f"{path.relative_to(ROOT)}:{node.lineno} .{node.func.attr}(")
    assert not offenders


def test_the_clock_comes_with_the_actor():
    offenders = []
    for path in python_files():
        if place(path) is None or kind(path) not in CLOCKLESS:
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = root_name(node.func.value)
                if (owner, node.func.attr) in {
                    ("timezone", "now"),
                    ("timezone", "localdate"),
                    ("datetime", "now"),
                    ("date", "today"),
                    ("datetime", "utcnow"),
                    ("time", "time"),
                }:
                    offenders.append(f"{path.relative_to(ROOT)}:{node.lineno}")
            if isinstance(node, ast.Name) and node.id in {"auto_now", "auto_now_add"}:
                offenders.append(f"{path.relative_to(ROOT)}:{node.lineno}")
            if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
                offenders.append(f"{path.relative_to(ROOT)}:{node.value.lineno} {node.arg}")
    assert not offenders


def test_services_take_keywords_and_an_actor():
    offenders = []
    for path in python_files():
        here = place(path)
        if here is None or kind(path) != "services" or path.name.startswith("_"):
            continue
        for node in tree(path).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if node.args.args or node.args.posonlyargs:
                offenders.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: keyword-only")
    assert not offenders


def test_no_generic_foreign_keys():
    assert not [
        str(path.relative_to(ROOT))
        for path in python_files()
        if any(
            isinstance(n, ast.Name) and n.id in {"GenericForeignKey", "GenericRelation"} for n in ast.walk(tree(path))
        )
    ]

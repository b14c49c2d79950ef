"""Generated documents: docs/actions.md (every service), docs/access.md (who may what), docs/guide/sheet-fields.md. `--check` fails when stale."""

from __future__ import annotations

import argparse
import ast
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from nimo.community.sheets.formats import owners
from nimo.foundation.access.permissions import Permission
from tests.architecture.source import SOURCE, kind, place, python_files, tree

HEAD = "<!-- 生成した文書です。直すときは `make docs` を行ってください。 -->\n"


@dataclass
class Action:
    """One service: what it is called with, what it asks for, how it refuses, what it leaves in the audit."""

    app: str
    name: str
    signature: str
    summary: str
    permissions: set[str] = field(default_factory=set)
    refusals: set[str] = field(default_factory=set)
    verbs: set[str] = field(default_factory=set)


def _functions(module: ast.Module) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}


def _read(action: Action, body: ast.AST, functions: dict[str, ast.FunctionDef], seen: set[str]) -> None:
    """What the function itself does, and the private functions of the same module it calls."""
    for node in ast.walk(body):
        named = (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in {"Permission", "P"}
        )
        if named and node.attr in Permission.__members__:
            action.permissions.add(Permission[node.attr].sentence)
        if isinstance(node, ast.Raise) and node.exc is not None:
            raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if isinstance(raised, ast.Name) and raised.id.startswith("UnableTo"):
                action.refusals.add(raised.id)
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in {"record", "record_read"}:
                for keyword in node.keywords:
                    if keyword.arg == "verb" and isinstance(keyword.value, ast.Constant):
                        action.verbs.add(str(keyword.value.value))
            if called.startswith("_") and called in functions and called not in seen:
                seen.add(called)
                _read(action, functions[called], functions, seen)


def actions() -> list[Action]:
    found = []
    for path in python_files():
        here = place(path)
        if here is None or kind(path) != "services":
            continue
        functions = _functions(tree(path))
        for name, node in functions.items():
            if name.startswith("_"):
                continue
            signature = ast.unparse(node.args) + (f") -> {ast.unparse(node.returns)}" if node.returns else ")")
            summary = (ast.get_docstring(node) or "").split("\n\n")[0].replace("\n", " ")
            action = Action(f"{here[0]}.{here[1]}", name, f"({signature}", summary)
            _read(action, node, functions, {name})
            found.append(action)
    return sorted(found, key=lambda action: (action.app, action.name))


def actions_page() -> str:
    lines = [
        HEAD,
        "# 動作の一覧（services）\n",
        "一つの関数が一つの取引です。権限・断り・監査の語を、ソースから読み取っています。\n",
    ]
    app = ""
    for action in actions():
        if action.app != app:
            app = action.app
            lines.append(f"\n## {app}\n")
        lines.append(f"### `{action.name}`\n")
        lines.append(f"```python\n{action.name}{action.signature}\n```\n")
        if action.summary:
            lines.append(f"{action.summary}\n")
        lines.append(f"- 権限: {'、'.join(sorted(action.permissions)) or '（規則は policies にあります）'}")
        lines.append(f"- 断り: {'、'.join(f'`{name}`' for name in sorted(action.refusals)) or 'なし'}")
        lines.append(f"- 監査: {'、'.join(f'`{verb}`' for verb in sorted(action.verbs)) or 'なし'}\n")
    return "\n".join(lines).rstrip() + "\n"


def _write(path: Path, content: str, check: bool) -> bool:
    if path.exists() and path.read_text(encoding="utf-8") == content:
        return True
    if check:
        print(f"{path.relative_to(ROOT)} が古くなっています。make docs を行ってください。", file=sys.stderr)
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return True


def main() -> int:
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--check", action="store_true")
    check = made.parse_args().check
    fresh = _write(ROOT / "docs" / "actions.md", actions_page(), check)
    fresh &= _write(ROOT / "docs" / "guide" / "sheet-fields.md", f"{HEAD}{owners.table(owners.field_owners())}", check)
    with tempfile.TemporaryDirectory() as data:
        environment = {**os.environ, "NIMO_DATA_DIR": data, "DJANGO_SETTINGS_MODULE": "nimo.config.settings"}
        command = [sys.executable, "-m", "django", "access_docs", *(["--check"] if check else [])]
        fresh &= subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode == 0
    return 0 if fresh else 1


if __name__ == "__main__":
    assert SOURCE.is_dir()
    sys.exit(main())

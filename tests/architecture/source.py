"""How the architecture tests see the repository: its files, its apps, and the ladder of pyproject.toml."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "nimo"
KERNEL = {"access", "audit", "ui"}


@cache
def tracked(pattern: str = "") -> tuple[Path, ...]:
    """Files of the repository: tracked, or untracked and not ignored (a new file is judged before it is added)."""
    listed = subprocess.run(
        [
            "git",
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "--deduplicate",
            "--",
            *([pattern] if pattern else []),
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    return tuple(path for path in (ROOT / line for line in listed) if path.is_file())


def python_files(*, tests: bool = False, migrations: bool = False) -> list[Path]:
    files = [path for path in tracked("*.py") if SOURCE in path.parents]
    if not tests:
        files = [path for path in files if "tests" not in path.relative_to(SOURCE).parts]
    if not migrations:
        files = [path for path in files if "migrations" not in path.parts]
    return files


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def apps() -> tuple[tuple[str, str], ...]:
    """(floor, app) of every app folder."""
    return tuple(
        sorted(
            (floor, folder.name)
            for floor in ("surfaces", "people", "community", "foundation")
            for folder in (SOURCE / floor).iterdir()
            if folder.is_dir() and (folder / "apps.py").exists()
        )
    )


def place(path: Path) -> tuple[str, str] | None:
    """(floor, app) a file belongs to, or None for core, analysis and config."""
    parts = path.relative_to(SOURCE).parts
    return (parts[0], parts[1]) if len(parts) > 2 and (parts[0], parts[1]) in apps() else None


def kind(path: Path) -> str:
    """The file's kind: services for services.py and for services/sheets.py."""
    parts = path.relative_to(SOURCE).parts
    return parts[2].removesuffix(".py") if len(parts) > 2 else parts[-1].removesuffix(".py")


@cache
def rungs() -> dict[str, int]:
    """Height of every app on the ladder of pyproject.toml: 0 at the bottom. `a | b` share a rung."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    by_floor = {
        c["containers"][0].removeprefix("nimo."): c["layers"]
        for c in contracts
        if c["type"] == "layers" and len(c.get("containers", [])) == 1
    }
    heights: dict[str, int] = {}
    base = 0
    for floor in ("foundation", "community", "people", "surfaces"):
        for layer in reversed(by_floor[floor]):
            for name in layer.split("|"):
                heights[name.strip(" ()")] = base
            base += 1
    return heights

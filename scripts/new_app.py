"""`make new-app FLOOR=community NAME=councils`: an app in the shape of house.md §2, ready to be placed on the ladder."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1] / "src" / "nimo"
FLOORS = ("foundation", "community", "people", "surfaces")

FILES = {
    "__init__.py": "",
    "tests/__init__.py": "",
    "apps.py": """from django.apps import AppConfig


class {Name}Config(AppConfig):
    name = "nimo.{floor}.{name}"
    label = "{name}"
    verbose_name = "{name}"
    default_auto_field = "django.db.models.BigAutoField"
""",
    "urls.py": """from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "{name}"
urlpatterns: list[URLPattern | URLResolver] = []
""",
    "README.md": "# {floor}.{name}\n\n目的・ことば・状態の図・根拠の法令や手引きを、1ページで書く。\n",
}


def main(floor: str, name: str) -> int:
    folder = ROOT / floor / name
    if floor not in FLOORS or not name.isidentifier() or folder.exists():
        print(f"使い方: make new-app FLOOR={'|'.join(FLOORS)} NAME=英小文字（まだ無い名前）", file=sys.stderr)
        return 2
    for relative, content in FILES.items():
        path = folder / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.format(floor=floor, name=name, Name=name.title().replace("_", "")), encoding="utf-8")
    print(f"{folder.relative_to(ROOT.parents[1])} を作りました。つぎに:")
    print("  1. pyproject.toml のはしごに置く（[tool.importlinter] の 2〜5）")
    print("  2. src/nimo/config/settings.py の INSTALLED_APPS と urls.py に加える")
    print("  3. docs/glossary.csv に用語を加え、README.md を書く")
    return 0


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:3] if len(sys.argv) >= 3 else ("", ""))))

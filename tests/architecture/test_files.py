"""house.md §2 and the habits: size, words that never enter the repository, migrations in one line."""

from __future__ import annotations

import io
import re

import pytest
from django.apps import apps as django_apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from tests.architecture.source import ROOT, apps, tracked

TEXT = {
    ".py",
    ".md",
    ".toml",
    ".html",
    ".css",
    ".js",
    ".json",
    ".lock",
    ".in",
    ".txt",
    ".csv",
    ".yml",
    ".cfg",
    ".sh",
    "",
}


def test_no_module_reaches_400_lines():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked("*.py")
        if "migrations" not in path.parts and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long, "split by noun into a package of the same name"


def test_no_template_reaches_150_lines():
    long = [
        str(p.relative_to(ROOT)) for p in tracked("*.html") if len(p.read_text(encoding="utf-8").splitlines()) > 150
    ]
    assert not long


def test_no_registry_host_and_no_machine_path_in_any_file():
    hosts = [
        f"{a}{b}"
        for a, b in (
            ("py", r"pi\.org"),
            ("python", r"hosted\.org"),
            ("registry.np", r"mjs\.org"),
            ("deb.", r"debian\.org"),
        )
    ]
    paths = [r"/" + r"work/(main|shared)", "bash" + "_jobs", r"/" + "farm/"]
    pattern = re.compile("|".join(hosts + paths))
    offenders = []
    for path in tracked():
        if path.suffix not in TEXT:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if pattern.search(line):
                offenders.append(f"{path.relative_to(ROOT)}:{number}")
    assert not offenders


def test_lock_files_carry_hashes_and_no_addresses():
    for path in [*ROOT.glob("requirements*.lock"), ROOT / "package-lock.json"]:
        text = path.read_text()
        if path.suffix == ".lock":
            assert "--hash=sha256:" in text
            assert not re.search(r"https?://", text), path.name
        else:
            assert '"integrity"' in text
            assert '"resolved"' not in text


def test_every_requirement_is_pinned():
    for path in ROOT.glob("requirements*.lock"):
        names = [line for line in path.read_text().splitlines() if re.match(r"^[A-Za-z0-9]", line)]
        assert names
        assert all("==" in line for line in names), path.name


@pytest.mark.django_db
def test_migrations_are_linear_and_complete():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    for _, app in apps():
        if not any(m._meta.app_label == app for m in django_apps.get_models()):
            continue
        leaves = loader.graph.leaf_nodes(app)
        assert len(leaves) == 1, f"{app}: {leaves}"
        for key, migration in loader.disk_migrations.items():
            if key[0] == app:
                assert sum(1 for parent in migration.dependencies if parent[0] == app) <= 1, f"{key}: a merge"
    out = io.StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out, stderr=out)


def test_no_journey_clicks_without_waiting_for_the_page():
    """`tests.support.browser.click` waits for what follows; a bare click races with the next line on a busy machine."""
    offenders = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked("*.py")
        if path.relative_to(ROOT).parts[0] == "tests" and path.name != "browser.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"\.(dbl)?click\(", line)
    ]
    assert not offenders

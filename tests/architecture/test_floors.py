"""house.md §1: floors, rooms, and what an import linter cannot see."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps as django_apps
from django.db import models

from tests.architecture.source import ROOT, SOURCE, apps, python_files, rungs


def test_the_import_contracts_are_kept():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]


def test_every_app_stands_on_a_rung():
    assert {app for _, app in apps()} <= set(rungs()), "place the new app in pyproject.toml first"


def test_every_folder_is_a_package():
    folders = {path.parent for path in python_files(tests=True, migrations=True)}
    missing = [str(f.relative_to(ROOT)) for f in folders if not (f / "__init__.py").exists()]
    assert not missing


def test_packages_re_export_nothing():
    """Callers import the sub-module, so that a name has one address (house.md §2)."""
    offenders = [
        str(path.relative_to(ROOT))
        for path in python_files()
        if path.name == "__init__.py" and ("import " in path.read_text() and "__all__" in path.read_text())
    ]
    assert not offenders


def test_no_drawer_for_odds_and_ends():
    banned = {"utils.py", "util.py", "helpers.py", "common.py", "misc.py"}
    assert not [str(p.relative_to(ROOT)) for p in python_files(tests=True) if p.name in banned]


def nimo_models() -> list[type[models.Model]]:
    labels = {app for _, app in apps()}
    return [model for model in django_apps.get_models(include_auto_created=True) if model._meta.app_label in labels]


def test_foreign_keys_point_down():
    ladder = rungs()
    offenders = []
    for model in nimo_models():
        for field in model._meta.get_fields():
            if not getattr(field, "is_relation", False) or field.auto_created or field.related_model is None:
                continue
            here, there = model._meta.app_label, field.related_model._meta.app_label
            if there in ladder and here != there and ladder[there] >= ladder[here]:
                offenders.append(f"{here}.{model.__name__}.{field.name} → {there}")
    assert not offenders


def test_keys_across_apps_are_protected_and_leave_no_way_back():
    offenders = []
    for model in nimo_models():
        for field in model._meta.local_fields + model._meta.local_many_to_many:
            if not field.is_relation or field.related_model._meta.app_label == model._meta.app_label:
                continue
            if not field.remote_field.hidden:
                offenders.append(f"{model.__name__}.{field.name}: related_name='+'")
            if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is not models.PROTECT:
                offenders.append(f"{model.__name__}.{field.name}: on_delete=PROTECT")
    assert not offenders


def test_the_audit_has_no_foreign_keys():
    keys = [
        f.name for m in nimo_models() if m._meta.app_label == "audit" for f in m._meta.local_fields if f.is_relation
    ]
    assert not keys, "the audit outlives every table"


def test_access_has_no_tables():
    assert not [m for m in nimo_models() if m._meta.app_label == "access"]


def test_models_have_no_hidden_order_and_no_save_hook():
    for model in nimo_models():
        assert not model._meta.ordering, f"{model.__name__}: sort where the list is made"
        assert "save" not in vars(model), f"{model.__name__}: saving belongs to services"


@pytest.mark.parametrize("name", ["README.md", "apps.py", "tests"])
def test_every_app_has_the_same_shape(name):
    missing = [f"{floor}/{app}" for floor, app in apps() if not (SOURCE / floor / app / name).exists()]
    assert not missing

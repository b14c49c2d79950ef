"""Every name the glossary must hold: apps, models, permissions, roles, choices, as (kind, english, japanese)."""

from __future__ import annotations

import inspect
from enum import Enum
from importlib import import_module

from django.apps import apps as django_apps
from django.db.models import Choices

from nimo.foundation.access.permissions import Permission, Role, Scope
from tests.architecture.source import SOURCE, apps, kind, place, python_files


def names() -> list[tuple[str, str, str]]:
    labels = {app for _, app in apps()}
    found: list[tuple[str, str, str]] = []
    for config in django_apps.get_app_configs():
        if config.label in labels:
            found.append(("app", config.label, str(config.verbose_name)))
    for model in django_apps.get_models():
        if model._meta.app_label in labels:
            found.append(("model", f"{model._meta.app_label}.{model.__name__}", str(model._meta.verbose_name)))
    found += [("permission", permission.code, permission.sentence) for permission in Permission]
    found += [("role", role.value, role.label) for role in Role]
    found += [("scope", scope.value, scope.sentence) for scope in Scope]
    for choice in _choices():
        found += [
            ("choice", f"{choice.__module__.split('.')[3]}.{choice.__name__}.{value}", str(label))
            for value, label in choice.choices
        ]
    return sorted(set(found))


def _choices() -> list[type[Choices]]:
    modules = {
        ".".join(("nimo", *path.relative_to(SOURCE).with_suffix("").parts))
        for path in python_files()
        if place(path) is not None and kind(path) == "choices"
    }
    found = []
    for name in sorted(modules):
        module = import_module(name)
        for _, member in inspect.getmembers(module, inspect.isclass):
            ours = issubclass(member, Choices) and issubclass(member, Enum) and member.__module__ == name
            if ours and len(member) and member.__name__ != "RoleChoice":  # the roles of access are said once
                found.append(member)
    return found

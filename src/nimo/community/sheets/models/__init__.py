"""Loaded by Django; callers import the sub-modules."""

from nimo.community.sheets.models import documents, imports, sheets, submissions  # noqa: F401 - registers the tables

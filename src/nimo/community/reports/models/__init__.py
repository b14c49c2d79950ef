"""Loaded by Django; callers import the sub-modules."""

from nimo.community.reports.models import answers, collections  # noqa: F401 - registers the tables

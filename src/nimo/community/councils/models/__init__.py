"""Loaded by Django; callers import the sub-modules."""

from nimo.community.councils.models import bodies, meetings, minutes, posts, regulations, years  # noqa: F401 - registers the tables

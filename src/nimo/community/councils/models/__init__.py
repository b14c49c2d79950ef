"""Loaded by Django; callers import the sub-modules."""

from nimo.community.councils.models import bodies, posts, regulations  # noqa: F401 - registers the tables

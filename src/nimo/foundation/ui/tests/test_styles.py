"""The style sheets: contrast computed from the tokens, colours named once, nothing asked of another host."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from nimo.foundation.ui.components.vega import PALETTE

STATIC = Path(__file__).resolve().parents[1] / "static"
CSS = STATIC / "ui" / "css"
SHEETS = sorted(CSS.glob("*.css"))
TOKENS = STATIC / "vendor" / "tokens.css"

_DECLARED = re.compile(r"(--[\w-]+)\s*:\s*([^;]+);")
_COMMENT = re.compile(r"/\*.*?\*/", re.S)


def _css(path):
    return _COMMENT.sub("", path.read_text(encoding="utf-8"))


def _variables():
    assert TOKENS.exists(), "run scripts/frontend.py: the design tokens are missing"
    wide = _css(CSS / "roles.css").split("@media")[0]
    return dict(_DECLARED.findall(_css(TOKENS))) | dict(_DECLARED.findall(wide))


VARIABLES = _variables()


def _colour(name):
    value = VARIABLES[name].strip()
    while value.startswith("var("):
        value = VARIABLES[value[4:-1]].strip()
    return value


def _linear(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def _contrast(one, other):
    """WCAG 2.2 contrast ratio."""
    lights = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (_linear(one), _linear(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


TEXT = [
    ("--text", "--page"), ("--text", "--surface"), ("--text", "--surface-primary"), ("--text", "--surface-marked"),
    ("--text", "--warning-surface"), ("--text", "--focus-glow"), ("--text-muted", "--page"), ("--text-muted", "--surface"),
    ("--text-muted", "--surface-primary"), ("--link", "--page"), ("--link", "--surface"), ("--link", "--surface-primary"),
    ("--link-hover", "--page"), ("--link-hover", "--primary-quiet-hover"), ("--link-visited", "--page"),
    ("--link-visited", "--surface"), ("--primary", "--page"), ("--primary", "--info-surface"),
    ("--text-on-primary", "--primary"), ("--text-on-primary", "--primary-hover"), ("--text-on-primary", "--primary-active"),
    ("--text-on-primary", "--danger"), ("--text-on-primary", "--danger-hover"), ("--danger", "--page"),
    ("--info", "--info-surface"), ("--info", "--page"), ("--success-text", "--success-surface"),
    ("--success-text", "--page"), ("--warning-text", "--warning-surface"), ("--warning-text", "--page"),
    ("--danger-text", "--danger-surface"), ("--danger-text", "--page"), ("--neutral-text", "--page"),
    ("--text", "--level-none"), ("--text", "--level-0"), ("--text", "--level-1"), ("--text", "--level-2"),
    ("--text-on-primary", "--level-3"), ("--text-on-primary", "--level-4"),
]  # fmt: skip
SHAPES = [
    ("--border-control", "--page"), ("--border-control", "--surface"), ("--focus-line", "--page"),
    ("--focus-line", "--focus-glow"), ("--primary", "--page"), ("--info", "--page"), ("--success", "--page"),
    ("--warning", "--page"), ("--danger", "--page"), ("--neutral", "--page"), ("--warning", "--warning-surface"),
]  # fmt: skip


@pytest.mark.parametrize(("front", "back"), TEXT)
def test_text_stands_out(front, back):
    assert _contrast(_colour(front), _colour(back)) >= 4.5


@pytest.mark.parametrize(("front", "back"), SHAPES)
def test_borders_and_marks_stand_out(front, back):
    assert _contrast(_colour(front), _colour(back)) >= 3


def test_every_colour_of_text_and_every_ground_is_in_the_tables_above():
    known = {name for pair in TEXT + SHAPES for name in pair} | {"--tone", "--border"}
    used = {
        name
        for path in SHEETS
        if path.name not in {"roles.css", "print.css"}
        for name in re.findall(r"(?:color|fill|background(?:-color)?):\s*var\((--[\w-]+)\)", _css(path))
    }
    backdrop = {"--color-neutral-opacity-gray-500"}
    quiet = {"--danger-quiet-hover", "--page", "--surface"}
    assert used - known - backdrop - quiet == set()


def test_the_rule_that_pairs_front_and_ground_is_met_wherever_both_are_set():
    for path in SHEETS:
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", _css(path)):
            front = re.search(r"(?<![\w-])color:\s*var\((--[\w-]+)\)", body)
            back = re.search(r"background-color:\s*var\((--[\w-]+)\)", body)
            if front and back and "disabled" not in selector:
                ratio = _contrast(_colour(front[1]), _colour(back[1]))
                assert ratio >= 4.5, f"{path.name}: {selector.strip()} {ratio:.2f}"


def test_the_weak_semantic_colours_are_not_used():
    for path in SHEETS:
        assert not re.search(r"semantic-(?:success|warning-yellow|warning-orange)-1\b", _css(path)), path.name


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_sheet_names_roles_not_colours_and_stays_small(path):
    text = _css(path)
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    assert "http" not in text
    assert "@import" not in text
    if path.name not in {"roles.css", "print.css"}:
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b", text), "name a role of roles.css"
        assert "--color-primitive" not in text


def test_every_variable_that_is_used_is_declared():
    declared = set(VARIABLES) | {name for path in SHEETS for name, _ in _DECLARED.findall(_css(path))}
    used = {name for path in SHEETS for name in re.findall(r"var\((--[\w-]+)", _css(path))}
    assert used <= declared


def test_every_sheet_is_linked_by_the_layout():
    listed = (CSS.parents[2] / "templates" / "ui" / "parts" / "stylesheets.html").read_text(encoding="utf-8")
    assert {path.name for path in SHEETS} == set(re.findall(r"ui/css/([\w-]+\.css)", listed))


# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
VISION = {
    "trichromat": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanope": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranope": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanope": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def _lab(rgb):
    r, g, b = (min(max(part, 0), 1) for part in rgb)
    xyz = ((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505, 0.2126 * r + 0.7152 * g + 0.0722 * b,
           (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089)  # fmt: skip
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("vision", VISION)
def test_the_colours_of_a_chart_differ_for_every_colour_vision(vision):
    matrix = VISION[vision]
    seen = [
        _lab([sum(factor * part for factor, part in zip(row, _linear(colour), strict=True)) for row in matrix])
        for colour in PALETTE
    ]
    for one, other in itertools.combinations(seen, 2):
        assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 >= 15


@pytest.mark.parametrize("colour", PALETTE)
def test_a_colour_of_a_chart_stands_out_on_white(colour):
    assert _contrast(colour, "#ffffff") >= 3


def test_the_patterns_of_a_map_have_the_colours_of_its_levels():
    patterns = (CSS.parents[2] / "templates/ui/components/parts/patterns.html").read_text(encoding="utf-8")
    for level in ("none", "0", "1", "2", "3", "4"):
        (ground,) = re.findall(rf'level-{level}".*?<rect [^>]*fill="(#[0-9a-f]+)"', patterns)
        assert ground == _colour(f"--level-{level}"), level

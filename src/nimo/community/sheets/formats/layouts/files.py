"""Layouts from their files. A new year's form is a new file in the folder; nothing else has to know of it."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from nimo.community.sheets.formats.layouts.model import (
    Block,
    Chapter,
    Column,
    FigureRow,
    Form,
    LabelledField,
    Part,
)

FOLDER = Path(__file__).resolve().parents[2] / "data" / "layouts"
_KINDS = frozenset({"text", "fields", "table", "figures", "list"})


class BrokenLayout(ValueError):
    """A layout file that cannot be used: str() names the file and what is wrong in it."""


def _column(raw: dict[str, Any]) -> Column:
    parts = tuple(Part(**part) for part in raw.get("parts", ()))
    column = Column(**{**raw, "parts": parts})
    if bool(column.field) == bool(parts):
        raise ValueError(f"column {column.title!r} must have a field or parts")
    return column


def _block(name: str, raw: dict[str, Any]) -> Block:
    kind = raw["kind"]
    if kind not in _KINDS:
        raise ValueError(f"block {name}: kind {kind!r}")
    rows = raw.get("rows", ())
    block = Block(
        name=name,
        kind=kind,
        field=raw["field"],
        label=raw.get("label", ""),
        spare_label=raw.get("spare_label", ""),
        columns=tuple(_column(column) for column in raw.get("columns", ())),
        rows=tuple(LabelledField(**row) for row in rows) if kind == "fields" else (),
        figures=tuple(FigureRow(**row) for row in rows) if kind == "figures" else (),
        titles=tuple(raw.get("titles", ())),
        widths=tuple(raw.get("widths", ())),
    )
    if kind == "table" and len(block.columns) < 2:
        raise ValueError(f"block {name}: a table needs two columns")
    if kind == "text" and not (block.label or block.spare_label):
        raise ValueError(f"block {name}: a text needs a label or a spare_label")
    if kind == "list" and (len(block.titles) != 2 or not block.label):
        raise ValueError(f"block {name}: a list needs a label and two titles")
    if sum(bool(column.parts) for column in block.columns) > 1 or any(c.parts for c in block.columns[:-1]):
        raise ValueError(f"block {name}: only the last column can have parts")
    merged = [column.merged for column in block.columns]
    if merged != sorted(merged, reverse=True):
        raise ValueError(f"block {name}: merged columns stand first")
    return block


def load(path: Path) -> list[Form]:
    """The forms of one file. Raises BrokenLayout."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        blocks = {name: _block(name, one) for name, one in raw["blocks"].items()}
        forms = []
        for form in raw["forms"]:
            chapters = tuple(
                Chapter(one["heading"], tuple(blocks[name] for name in one["blocks"])) for one in form["chapters"]
            )
            used = {name for one in form["chapters"] for name in one["blocks"]}
            forms.append(
                Form(
                    code=form["code"],
                    name=form["name"],
                    kind=form["kind"],
                    edition=raw["edition"],
                    first_fiscal_year=raw["first_fiscal_year"],
                    title=form["title"],
                    continued=raw["continued"],
                    chapters=chapters,
                    written=raw.get("written", False),
                    spare=tuple(block for name, block in blocks.items() if name not in used),
                )
            )
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenLayout(f"{path.name}: {error}") from error
    return forms


@cache
def forms(folder: Path = FOLDER) -> dict[str, Form]:
    """Every form of the folder by its code; what one edition has no block for is lent by the others (nothing is lost)."""
    found = {form.code: form for path in sorted(folder.glob("*.toml")) for form in load(path)}
    if not found:
        raise BrokenLayout(f"{folder}: no layouts")
    every = [block for form in found.values() for block in (*form.blocks, *form.spare)]
    return {code: _with_spares(form, every) for code, form in found.items()}


def _with_spares(form: Form, every: list[Block]) -> Form:
    covered = {block.field for block in form.blocks}
    spare: list[Block] = []
    for block in (*form.spare, *every):
        if block.field not in covered and block.kind != "fields":
            covered.add(block.field)
            spare.append(block)
        elif block.kind == "fields" and block.name not in {one.name for one in (*form.blocks, *spare)}:
            spare.append(block)
    return replace(form, spare=tuple(spare))


def form_for(fiscal_year: int | None, *, of_prefecture: bool, folder: Path = FOLDER) -> Form:
    """The form a new sheet is begun in: the newest that is not younger than the year, of those that are written."""
    wanted = "prefecture" if of_prefecture else "city"
    known = [form for form in forms(folder).values() if form.written]
    fitting = [form for form in known if fiscal_year is None or form.first_fiscal_year <= fiscal_year]
    if not fitting:  # an older year is written on the oldest form that is still written
        oldest = min(form.first_fiscal_year for form in known)
        fitting = [form for form in known if form.first_fiscal_year == oldest]
    return max(fitting, key=lambda form: (form.kind == wanted, form.first_fiscal_year))


def form_of(code: str | None, fiscal_year: int | None, *, of_prefecture: bool, folder: Path = FOLDER) -> Form:
    """The form a sheet says it follows; else the one of its year."""
    return forms(folder).get(code or "") or form_for(fiscal_year, of_prefecture=of_prefecture, folder=folder)

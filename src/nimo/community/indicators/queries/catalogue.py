"""Every indicator one may ask for, stored or derived, as choices and by code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from nimo.community.indicators.choices import Evidence, Group, ValueKind
from nimo.community.indicators.models import DerivedIndicator, Indicator
from nimo.community.indicators.policies import FigureNotAvailable
from nimo.community.indicators.queries.derived import GROUP, indicator_names, tree
from nimo.community.indicators.rules.expressions import in_words, references
from nimo.core.text import fold

DERIVED_LABEL = "計算で求める指標"


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator of either sort. derived: None for those whose values are recorded."""

    code: str
    name: str
    unit: str
    kind: str
    direction: str
    group: str
    definition: str
    derived: DerivedIndicator | None = None

    @property
    def href(self) -> str:
        name = "indicators:derived_detail" if self.derived else "indicators:indicator_detail"
        return reverse(name, args=[self.code])


@dataclass(frozen=True, slots=True)
class Catalogue:
    entries: Mapping[str, Entry]

    @property
    def names(self) -> dict[str, str]:
        return {code: entry.name for code, entry in self.entries.items()}

    @property
    def choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """For a select box: by group, in the order of the dictionary; texts have no picture and are left out."""
        groups = [(value, str(label)) for value, label in Group.choices] + [(GROUP, DERIVED_LABEL)]
        found = []
        for group, label in groups:
            options = [
                (entry.code, f"{entry.name}（{entry.unit}）" if entry.unit else entry.name)
                for entry in self.entries.values()
                if entry.group == group and entry.kind not in (ValueKind.TEXT, ValueKind.YES_NO)
            ]
            if options:
                found.append((label, options))
        return found

    def formula(self, entry: DerivedIndicator) -> str:
        return in_words(tree(entry.expression), self.names)


def catalogue() -> Catalogue:
    """The dictionary. Two queries."""
    fields = ("code", "name", "unit", "kind", "direction", "group", "definition")
    stored = [Entry(*row) for row in Indicator.objects.order_by("position").values_list(*fields)]
    derived = [
        Entry(one.code, one.name, one.unit, one.kind, one.direction, GROUP, one.definition, one)
        for one in DerivedIndicator.objects.order_by("position")
    ]
    return Catalogue({entry.code: entry for entry in (*stored, *derived)})


def derived_list(words: str = "", group: str = "", evidence: str = "") -> Sequence[DerivedIndicator]:
    """Derived indicators in their order; words are looked for as in the rest of the dictionary. They belong to no group
    of it: where one is asked for they are left out."""
    if group:
        return []
    wanted = [fold(word) for word in words.split()]
    rows = DerivedIndicator.objects.order_by("position")
    if evidence in Evidence.values:
        rows = rows.filter(evidence=evidence)
    return [row for row in rows if all(word in fold(f"{row.code} {row.name} {row.definition}") for word in wanted)]


def formulas(derived: Sequence[DerivedIndicator]) -> dict[str, str]:
    """code → how it is reckoned, in words. One query."""
    nodes = {one.code: tree(one.expression) for one in derived}
    names = indicator_names(one.code for node in nodes.values() for one in references(node))
    return {code: in_words(node, names) for code, node in nodes.items()}


def get_derived(code: str) -> DerivedIndicator:
    """Raises FigureNotAvailable."""
    found = DerivedIndicator.objects.filter(pk=code).first()
    if found is None:
        raise FigureNotAvailable
    return found

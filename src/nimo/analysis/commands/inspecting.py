"""The first step of `nimo indicators compute --inspect`: which column is what. Nothing is computed."""

from __future__ import annotations

import argparse
from pathlib import Path

from nimo.analysis.commands.speaking import DONE, say
from nimo.analysis.reading.inspection import Inspection, inspect
from nimo.analysis.reading.mapping import load_mapping, remember_mapping
from nimo.analysis.spells.contract import LABELS


def look(given: argparse.Namespace) -> int:
    """Say what was found; write the mapping where --mapping names a new file or values are still open."""
    path = Path(given.spells)
    known = load_mapping(given.mapping) if given.mapping and given.mapping.exists() else None
    found = inspect(path, known)
    mapping = found.proposal.mapping
    written = bool(given.mapping) and (known is None or bool(found.open_values))
    if written:
        remember_mapping(mapping, given.mapping, found.open_values)
    data = {
        "kind": found.kind,
        "encoding": found.encoding,
        "columns": dict(mapping.columns),
        "missing": list(mapping.missing),
        "ambiguous": {name: list(headings) for name, headings in found.proposal.ambiguous.items()},
        "unused": list(found.proposal.unused),
        "forbidden": list(found.proposal.forbidden),
        "unknown_values": {name: len(texts) for name, texts in found.open_values.items()},
        "rare_unknown_values": dict(found.rare_values),
        "ready": found.is_ready,
        "mapping_written": str(given.mapping) if written else None,
    }
    say(given, data, _text(found, given.mapping if written else None))
    return DONE


def _text(found: Inspection, written: Path | None) -> str:
    proposal = found.proposal
    lines = [f"{found.kind}、文字コード {found.encoding or '―'}、はじめの{found.rows:,}行を見ました。"]
    lines += [f"  {LABELS[name]} ← {heading}" for name, heading in proposal.mapping.columns.items()]
    if proposal.mapping.missing:
        lines.append("足りない項目: " + "、".join(LABELS[name] for name in proposal.mapping.missing))
    for name, headings in proposal.ambiguous.items():
        lines.append(f"どちらか決められない項目: {LABELS[name]}（{'、'.join(headings)}）")
    if proposal.forbidden:
        lines.append("使えない列（読み取りません）: " + "、".join(proposal.forbidden))
    if proposal.unused:
        lines.append("読み取らない列: " + "、".join(proposal.unused))
    for name, texts in found.open_values.items():
        lines.append(f"{LABELS[name]}: 区分の分からない値が{len(texts)}種類あります。")
    for name, number in found.rare_values.items():
        lines.append(f"{LABELS[name]}: 区分の分からない、まれな値が{number}種類あります（値は表示しません）。")
    if written:
        lines.append(f"列の対応を {written.name} に書きました。直してから --mapping で使ってください。")
    elif found.is_ready:
        lines.append("このまま計算できます。")
    return "\n".join(lines)

"""Bytes to text: UTF-8, UTF-16, Shift_JIS (CP932 with NEC and IBM characters), EUC-JP, ISO-2022-JP.

Each encoding is tried strictly, and what it gives is weighed by how much it looks like Japanese prose; a wrong
encoding gives half-width kana, private characters and rare ideographs. Nothing is repaired in silence: bytes
that fit no encoding, a near tie and characters outside Unicode's common repertoire become findings, and a text
that was saved after it had been garbled is refused.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from nimo.community.sheets.formats.loaders.plausibility import garbled_origin, looks_binary, plausibility
from nimo.community.sheets.formats.loaders.refusals import refusal
from nimo.community.sheets.formats.source import Finding

NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8（BOM付き）",
    "utf-16-le": "UTF-16LE",
    "utf-16-be": "UTF-16BE",
    "cp932": "Shift_JIS（CP932）",
    "euc-jp": "EUC-JP",
    "iso-2022-jp": "ISO-2022-JP（JIS）",
}
ENOUGH = 0.6
"""Plausibility (0–1) from which a text counts as readable; Japanese prose scores above 0.9, misread prose below 0.4."""
NEAR = 0.08
"""Two encodings this close cannot be told apart with confidence."""
LOSS = 0.01
"""Share of undecodable characters up to which a text is still read, with a finding."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_EUC_UNIT = re.compile(
    rb"[\x00-\x7f]+|(?:[\xa1-\xfe][\xa1-\xfe])+|\x8e[\xa1-\xdf]|\x8f[\xa1-\xfe][\xa1-\xfe]|.", re.DOTALL
)
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    encoding: str
    """One of `NAMES`."""
    findings: tuple[Finding, ...]


def decode(content: bytes, file_name: str) -> Decoded:
    """Decode a text file. Raises UnableToRead: empty_file, unknown_kind (not text), unknown_encoding, mojibake."""
    if not content.strip(b"\x00\xff\xfe\xef\xbb\xbf \t\r\n\x0b\x0c"):
        raise refusal("empty_file", file_name)
    text, encoding, findings = _choose(content, file_name)
    if looks_binary(text):
        raise refusal("unknown_kind", file_name)
    origin = garbled_origin(text)
    if origin:
        raise refusal("mojibake", file_name, f"{origin}。")
    findings.extend(_doubts_in(text))
    return Decoded(text, encoding, tuple(findings))


def _choose(content: bytes, file_name: str) -> tuple[str, str, list[Finding]]:
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            if encoding == "utf-32":
                raise refusal("unknown_encoding", file_name)
            return _lossy(content[len(bom) :], encoding, file_name)
    utf8 = _strict(content, "utf-8")
    if utf8 is not None and "\x00" not in utf8 and "\x1b" not in utf8:
        # Valid UTF-8 does not arise by chance: other readings are not even considered.
        return utf8, "utf-8", []
    if b"\x1b$" in content:
        jis = _strict(content, "iso2022_jp_ext")
        if jis is not None:
            return jis, "iso-2022-jp", []
    scored = sorted(_candidates(content), key=lambda c: c[0], reverse=True)
    if not scored or scored[0][0] < ENOUGH:
        return _least_lossy(content, file_name)
    best_score, text, encoding = scored[0]
    findings = []
    rivals = [c for c in scored[1:] if best_score - c[0] < NEAR and c[1] != text]
    if rivals:
        names = "、".join(NAMES[encoding] for _, _, encoding in rivals)
        findings.append(
            Finding(
                "encoding_ambiguous",
                "文字コード",
                f"文字コードを{NAMES[encoding]}と判断しましたが、{names}の可能性もあります。"
                "文字が正しいか確かめてください。違う場合は、UTF-8で保存し直してから読み込んでください。",
            )
        )
    return text, encoding, findings


def _candidates(content: bytes) -> list[tuple[float, str, str]]:
    found: list[tuple[str, str | None]] = [("utf-8", _strict(content, "utf-8"))]
    if len(content) % 2 == 0:
        found.append(("utf-16-le", _strict(content, "utf-16-le")))
        found.append(("utf-16-be", _strict(content, "utf-16-be")))
    found.append(("cp932", _strict(content, "cp932")))
    found.append(("euc-jp", _euc_jp(content, "strict")))
    return [(plausibility(text), text, encoding) for encoding, text in found if text is not None]


def _strict(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except UnicodeError:
        return None


def _euc_jp(content: bytes, errors: str) -> str | None:
    """EUC-JP as Windows writes it: the two-byte plane is CP932's (① ㈱ 髙), which Python's euc_jp lacks.

    A two-byte EUC unit is a JIS row and cell with the high bits set; moved into Shift_JIS's arrangement it is
    exactly what the cp932 codec knows.
    """
    parts: list[str] = []
    for unit in _EUC_UNIT.findall(content):
        try:
            if unit[0] < 0x80:
                parts.append(unit.decode("ascii"))
            elif unit[0] == 0x8E:
                parts.append(unit[1:].decode("cp932"))
            elif unit[0] == 0x8F and len(unit) == 3:
                parts.append(unit.decode("euc_jp"))
            elif len(unit) >= 2:
                parts.append(_to_shift_jis(unit).decode("cp932"))
            else:
                raise UnicodeDecodeError("euc_jp", unit, 0, 1, "stray byte")
        except UnicodeDecodeError:
            if errors == "strict":
                return None
            parts.append("�")
    return "".join(parts)


def _to_shift_jis(unit: bytes) -> bytes:
    out = bytearray()
    for high, low in zip(unit[::2], unit[1::2], strict=True):
        row, cell = high - 0xA0, low - 0xA0
        lead = (row - 1) // 2 + (0x81 if row <= 62 else 0xC1)
        if row % 2:
            trail = cell + (0x3F if cell < 64 else 0x40)
        else:
            trail = cell + 0x9E
        out += bytes((lead, trail))
    return bytes(out)


def _lossy(content: bytes, encoding: str, file_name: str) -> tuple[str, str, list[Finding]]:
    """Decode in an encoding that is certain; a few broken bytes become � and a finding, many are a refusal."""
    codec = "utf-8" if encoding == "utf-8-sig" else encoding
    replaced = _euc_jp(content, "replace") if codec == "euc-jp" else content.decode(codec, "replace")
    text = replaced or ""
    strict = _euc_jp(content, "strict") if codec == "euc-jp" else _strict(content, codec)
    if strict is not None:
        return strict, encoding, []
    lost = text.count("�")
    if lost > max(2, LOSS * len(text)):
        raise refusal("unknown_encoding", file_name)
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if "�" in line]
    return text, encoding, [_undecodable(encoding, lost, lines)]


def _least_lossy(content: bytes, file_name: str) -> tuple[str, str, list[Finding]]:
    """No encoding fits strictly: the one that loses least, if it loses next to nothing (a file cut in mid-character)."""
    best: tuple[float, str, str] | None = None
    for encoding in ("utf-8", "cp932", "euc-jp"):
        text = (_euc_jp(content, "replace") if encoding == "euc-jp" else content.decode(encoding, "replace")) or ""
        score = plausibility(text.replace("�", "")) - text.count("�") / max(1, len(text))
        if best is None or score > best[0]:
            best = (score, text, encoding)
    assert best is not None
    if looks_binary(best[1]):
        raise refusal("unknown_kind", file_name)
    if best[0] < ENOUGH:
        raise refusal("unknown_encoding", file_name)
    return _lossy(content, best[2], file_name)


def _undecodable(encoding: str, lost: int, lines: list[int]) -> Finding:
    shown = "、".join(f"{line}行目" for line in lines[:5]) + ("ほか" if len(lines) > 5 else "")
    return Finding(
        "undecodable_bytes",
        "文字コード",
        f"{NAMES[encoding]}として読めない部分が{lost}か所あり、「�」と表示しています（{shown}）。"
        "元のファイルと見比べて直してください。",
        lines[0] if lines else None,
    )


def _doubts_in(text: str) -> list[Finding]:
    findings = []
    private = list(_PRIVATE.finditer(text))
    if private:
        line = text.count("\n", 0, private[0].start()) + 1
        findings.append(
            Finding(
                "private_characters",
                "文字コード",
                f"外字（この文書を作ったパソコンだけで使える文字）が{len(private)}字あります（最初は{line}行目）。"
                "正しい文字に直してください。",
                line,
            )
        )
    return findings

"""How much a text looks like Japanese prose, and whether it was garbled before it was saved.

The weights are plain: what Japanese official prose is made of counts for, what wrong decoding produces counts
against. They were set on prose misread on purpose in each pair of encodings (see the tests).
"""

from __future__ import annotations

import re
import unicodedata

_KANA = re.compile("[ぁ-んァ-ヶー]")
_BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_HALF_KANA = re.compile("[｡-ﾟ]+")
SAMPLE = 20_000
HOPELESS = 0.75
"""Below this a text is not Japanese, however it came about; misread prose lies under 0.72, real sheets above 0.99."""
FEW = 20
"""Fewer unusual characters than this say nothing about the whole text."""


def plausibility(text: str) -> float:
    """0 (nothing a person would write) to 1 (every character is expected in Japanese or plain ASCII text)."""
    sample = text if len(text) <= SAMPLE else text[: SAMPLE // 2] + text[len(text) // 2 :][: SAMPLE // 2]
    visible = [c for c in sample if not c.isspace()]
    if not visible:
        return 0.0
    weight = total = 0.0
    for character in visible:
        # A page of digits and Latin letters must not drown the few ideographs that decide.
        share = 0.25 if character < "\x80" else 1.0
        total += share
        weight += share * _expected(character)
    penalty = _half_kana_share(sample, len(visible))
    return max(0.0, weight / total - penalty)


def _expected(character: str) -> float:
    code = ord(character)
    if 0x20 <= code < 0x7F or 0x3040 <= code <= 0x30FF or 0x3000 <= code <= 0x303F:
        return 1.0
    if 0x4E00 <= code <= 0x9FFF:
        return 1.0 if _is_common(character) else 0.35
    if 0xFF01 <= code <= 0xFF60 or 0xFFE0 <= code <= 0xFFE6:
        return 1.0
    if 0xFF61 <= code <= 0xFF9F:
        return 0.8
    if 0x2010 <= code <= 0x27BF or 0x3200 <= code <= 0x33FF or 0xF900 <= code <= 0xFAFF or 0x2E80 <= code <= 0x2FDF:
        return 0.9
    if character in "§°±´¶×÷":
        return 0.9
    if 0x20000 <= code <= 0x2FFFF or 0xFE00 <= code <= 0xFE0F or 0x3400 <= code <= 0x4DBF:
        return 0.5
    if 0x1F300 <= code <= 0x1FAFF or 0x0391 <= code <= 0x03C9 or 0x0410 <= code <= 0x044F:
        return 0.5
    if 0xE000 <= code <= 0xF8FF:
        return 0.2
    return 0.0


def _is_common(character: str) -> bool:
    """JIS X 0208 level 1, the ideographs of everyday writing: rows 16 to 47 of Shift_JIS."""
    try:
        return b"\x88\x9f" <= character.encode("shift_jis") <= b"\x98\x72"
    except UnicodeEncodeError:
        return False


def _half_kana_share(text: str, visible: int) -> float:
    """Half-width kana are written as words (ｱｳﾄﾘｰﾁ); misread bytes give them scattered among other characters."""
    runs = [len(run) for run in _HALF_KANA.findall(text)]
    scattered = sum(length for length in runs if length < 3)
    long_runs = sum(runs) - scattered
    return (scattered + max(0.0, long_runs - 0.2 * visible)) / visible


def looks_binary(text: str) -> bool:
    """Control characters that no text file holds (form feed, tab, escape and line ends apart)."""
    return len(_BINARY.findall(text)) > max(1, len(text) // 2000)


def garbled_origin(text: str) -> str | None:
    """How the text was garbled before it was saved, as a Japanese clause, or None where it reads well.

    Undoing the usual mistakes (UTF-8 read as Shift_JIS or Latin-1, Shift_JIS read as Latin-1) must give text that is
    clearly better Japanese than what stands there; prose that merely quotes odd characters does not pass.
    """
    if text.count("�") > max(2, len(text) // 50):
        return "多くの文字が「�」に置き換わっています"
    before = plausibility(text)
    if before > 0.9:
        return None
    for wrong, right, clause in (
        ("cp932", "utf-8", "UTF-8の文字をShift_JISとして読んだ結果が保存されています"),
        ("cp1252", "utf-8", "UTF-8の文字を欧文の文字コードとして読んだ結果が保存されています"),
        ("latin-1", "utf-8", "UTF-8の文字を欧文の文字コードとして読んだ結果が保存されています"),
        ("euc_jp", "utf-8", "UTF-8の文字をEUC-JPとして読んだ結果が保存されています"),
        ("cp932", "euc_jp", "EUC-JPの文字をShift_JISとして読んだ結果が保存されています"),
        ("latin-1", "euc_jp", "EUC-JPの文字を欧文の文字コードとして読んだ結果が保存されています"),
        ("latin-1", "cp932", "Shift_JISの文字を欧文の文字コードとして読んだ結果が保存されています"),
        ("cp1252", "cp932", "Shift_JISの文字を欧文の文字コードとして読んだ結果が保存されています"),
    ):
        undone = _undo(text, wrong, right)
        if _KANA.search(undone) and plausibility(undone) > max(before + 0.15, 0.7):
            return clause
    if before < HOPELESS and sum(c > "\x7f" for c in text) >= FEW:
        return "日本語の文章として読めない文字が並んでいます"
    return None


def _undo(text: str, wrong: str, right: str) -> str:
    """What the text would be had it been read in the right encoding; what cannot be undone is left out."""
    body = "".join(c for c in text if unicodedata.category(c) != "Cn")
    return body.encode(wrong, "ignore").decode(right, "ignore")

"""Japanese text as municipal documents hold it: normalising, row marks, cut lines, comparing, kana order.

The irregularities handled here are those met in the yearly sheets (full and half width, ①, Kangxi radicals from PDF,
words cut by line breaks, HTML residue). `normalise` is for text that is shown, `fold` for comparing and searching only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from nimo.core.characters import (
    BULLETS,
    CIRCLES,
    DASHES,
    INVISIBLE,
    LINE_BREAKS,
    RADICALS,
    ROW_MARKS,
    TILDES,
    kept_ranges,
)
from nimo.core.variants import SPELLINGS, VARIANT_CHARACTERS

_BEFORE_NFKC: dict[int, str | None] = {**RADICALS, **INVISIBLE, **LINE_BREAKS}
_KEPT_PARTS = re.compile(f"([{kept_ranges()}])")


def normalise(text: str) -> str:
    """NFKC for display: half-width digits, full-width kana, ordinary characters; marks such as ① ⑴ ² stay; \\n stays.

    Every kind of line break becomes \\n; zero-width characters go. Idempotent.
    """
    text = text.replace("\r\n", "\n").translate(_BEFORE_NFKC)
    # NFKC would turn ①１３ into 113: everything Unicode counts as "other number" is stepped around.
    parts = _KEPT_PARTS.split(text)
    parts[::2] = [unicodedata.normalize("NFKC", part) for part in parts[::2]]
    return "".join(parts)


_ENCLOSED_MARK = re.compile(f"[{ROW_MARKS}]")
# (1) 1) 1. need something after them that is not a digit: 1.5倍 and （１３） are values, not marks.
_TYPED_MARK = re.compile(r"(\([0-9]{1,2}\)|[0-9]{1,2}\)|[0-9]{1,2}\.|\([ア-ン]\))(?=\s*[^\s0-9])")
_LIST_BULLET = re.compile(r"[-*]\s+|・\s*")


def split_row_mark(line: str) -> tuple[str | None, str]:
    """Take the row mark off a line start, then normalise: `①１３` → ("①", "13"); no mark → (None, normalised line).

    Marks: ① ⑴ ⒈ ❶ ㋐ Ⓐ ㊀ … and typed (1) 1) 1. before text. A list bullet before the mark (`- ①…`) goes with it.
    """
    stripped = line.strip()
    bullet = _LIST_BULLET.match(stripped)
    for start in (0, bullet.end() if bullet else 0):
        mark = _ENCLOSED_MARK.match(stripped, start)
        if mark:
            return mark.group(), normalise(stripped[mark.end() :]).strip()
        plain = normalise(stripped[start:]).strip()
        typed = _TYPED_MARK.match(plain)
        if typed:
            return typed.group(1), plain[typed.end() :].strip()
    return None, normalise(stripped).strip()


_ANY_LINE_BREAK = re.compile(r"\r\n|[\n\v\f\r\x85\u2028\u2029]")
_KANJI_DIGITS = "〇一二三四五六七八九十百千"
_LATIN_END = re.compile(r"[A-Za-z0-9Ａ-Ｚａ-ｚ０-９][,.;:!?)\]%]*$")
_LATIN_START = re.compile(r"[A-Za-z0-9Ａ-Ｚａ-ｚ０-９]")


def _opens_item(line: str, previous: str) -> bool:
    """Whether this line begins a new item rather than continuing the line above it."""
    first, rest = line[0], line[1:]
    if _ENCLOSED_MARK.match(line):
        return True
    if first not in BULLETS:
        return False
    if first in "-‐–−－*":
        # "-5" is a number and "---" a ruler; "- item" and "-項目" are items.
        return bool(rest) and rest[0] not in "-‐–−－*" and not _LATIN_START.match(rest)
    if first in CIRCLES:
        # 〇〇市 is a placeholder name; 二⏎〇二四年 is a number cut in two.
        if rest and rest[0] in CIRCLES:
            return False
        return not (previous and previous[-1] in _KANJI_DIGITS and rest and rest[0] in _KANJI_DIGITS + "年")
    return True


def join_wrapped(lines: Iterable[str]) -> str:
    """Join lines that were cut inside a cell or a slide: 地域包⏎括ケア → 地域包括ケア.

    Nothing goes between Japanese characters, one space between two Latin or digit words; empty lines are skipped.
    A line that starts with a bullet or a row mark begins a new line of the result. No other character is lost.
    """
    joined: list[str] = []
    for line in (part.strip() for text in lines for part in _ANY_LINE_BREAK.split(text)):
        if not line:
            continue
        if not joined or _opens_item(line, joined[-1]):
            joined.append(line)
        else:
            both_latin = _LATIN_END.search(joined[-1][-8:]) and _LATIN_START.match(line)
            joined[-1] += (" " if both_latin else "") + line
    return "\n".join(joined)


_HALF_WIDTH_KANA = re.compile("[\uff66-\uff9f]+")
_TO_HIRAGANA = {**{code: code - 0x60 for code in range(0x30A1, 0x30F7)}, 0x30FD: 0x309D, 0x30FE: 0x309E}
_TO_KATAKANA = {hiragana: katakana for katakana, hiragana in _TO_HIRAGANA.items()}


def _full_width_kana(text: str) -> str:
    return _HALF_WIDTH_KANA.sub(lambda run: unicodedata.normalize("NFKC", run.group()), text)


def to_hiragana(text: str) -> str:
    """Katakana, half-width too, to hiragana; everything else stays."""
    return _full_width_kana(text).translate(_TO_HIRAGANA)


def to_katakana(text: str) -> str:
    """Hiragana and half-width katakana to full-width katakana; everything else stays."""
    return _full_width_kana(text).translate(_TO_KATAKANA)


# ー and not - stands for every dash: a bigram index takes ー as part of a word (せんたー), a hyphen as its end.
_UNIFIED = {
    **{ord(dash): "ー" for dash in DASHES},
    **{ord(tilde): "~" for tilde in TILDES},
    **{ord(circle): "〇" for circle in CIRCLES},
}
_SMALL_KA_KE = {0x3095: "か", 0x3096: "け"}


def _fold_once(text: str) -> str:
    text = normalise(normalise(text).casefold())
    text = "".join(
        character
        for character in text
        if not character.isspace()
        and unicodedata.category(character) not in ("Cf", "Cc")
        and not 0xFE00 <= ord(character) <= 0xFE0F
        and not 0xE0100 <= ord(character) <= 0xE01EF
    )
    text = text.translate(_UNIFIED).translate(VARIANT_CHARACTERS)
    for pattern, replacement in SPELLINGS:
        text = pattern.sub(replacement, text)
    return text.translate(_TO_HIRAGANA).translate(_SMALL_KA_KE)


_MOST_ROUNDS = 8


def fold(text: str) -> str:
    """One form for everything that reads the same, for comparing and searching only: never shown.

    Width, case, kana, old and variant characters (齋 斎 齊 斉 are one), か所 and 障害 and 取組 spellings, dashes, tildes
    and circles are unified, white space goes. Idempotent. Row marks stay, so ①13 and 113 remain different.
    """
    # What one round takes away can bring a pair together (取り 組, か + zero-width + ゛); three rounds settle any text seen.
    for _ in range(_MOST_ROUNDS):
        folded = _fold_once(text)
        if folded == text:
            break
        text = folded
    return text


_LARGE_KANA = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ")
_VOICE_MARKS = dict.fromkeys((0x3099, 0x309A))
_VOWEL_ROWS = {
    "あ": "あかさたなはまやらわ",
    "い": "いきしちにひみりゐ",
    "う": "うくすつぬふむゆる",
    "え": "えけせてねへめれゑ",
    "お": "おこそとのほもよろを",
}
_VOWEL = {kana: vowel for vowel, row in _VOWEL_ROWS.items() for kana in row}
_LEVEL = "\x1f"


def kana_key(text: str) -> str:
    """Sorting key of a reading, after JIS X 4061: は ば ぱ and や ゃ are equal first, then decide between equals.

    Katakana sorts with hiragana, ー as the vowel before it, ゝ as the kana before it; white space does not count.
    Levels are joined by U+001F, so that a shorter reading precedes a longer one; compare by code point.
    """
    plain = "".join(
        c for c in normalise(text).casefold() if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf")
    )
    hiragana = unicodedata.normalize("NFC", to_hiragana(plain))
    bare = unicodedata.normalize("NFD", hiragana).translate(_VOICE_MARKS).translate(_LARGE_KANA)
    primary = ""
    for character in bare:
        if character == "ー" and primary[-1:] in _VOWEL:
            primary += _VOWEL[primary[-1]]
        elif character == "ゝ" and primary:
            primary += primary[-1]
        else:
            primary += character
    return _LEVEL.join((primary, hiragana, plain))


_NOT_FILLED = re.compile(rf"[{re.escape(DASHES)}/／\\＼…‥・.\s]+")


def is_not_filled(text: str) -> bool:
    """True when a cell holds only dashes, slashes or dots (－ ‐ ー ― / …): the writer left it out. Blank is False."""
    stripped = text.strip()
    return bool(stripped) and _NOT_FILLED.fullmatch(stripped) is not None


_BREAKING_TAG = re.compile(r"<(?:br\s?/?|/p|/?li|/div|/?tr)\s?>", re.IGNORECASE)
_TAG_NAMES = "ul|ol|li|p|br|div|span|b|i|u|em|strong|sup|sub|font|a|table|thead|tbody|tr|td|th|h[1-6]|hr|img"
_TAG = re.compile(rf"</?(?:{_TAG_NAMES})(?:\s[^<>]*|/)?>", re.IGNORECASE)
_CUT_TAG = re.compile(r"<(?:ul|ol|p|div|span|td|font)\s[a-z-]+=[^<>]*\Z", re.IGNORECASE)


def strip_markup(text: str) -> str:
    """Drop the HTML residue of converters (`<ul style=…>` never closed, `<p>`, `</p>`), keep every word.

    `<br>` and the ends of paragraphs and items become \\n. Angle brackets that are no HTML tag (＜通年＞, <通年>) stay.
    """
    stripped = text
    # Taking a tag out of a tag makes another: more rounds than any converter nests.
    for _ in range(20):
        without = _CUT_TAG.sub("", _TAG.sub(" ", _BREAKING_TAG.sub("\n", stripped)))
        if without == stripped:
            break
        stripped = without
    if stripped == text:
        return text.strip()
    lines = (re.sub(r"[ \t]{2,}", " ", line).strip(" ") for line in stripped.split("\n"))
    return re.sub(r"\n{2,}", "\n", "\n".join(lines)).strip()

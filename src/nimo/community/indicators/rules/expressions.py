"""Derived indicators as expressions: a small language of our own, read into a tree; nothing is ever executed.

    share(inpatients_over_1_year, inpatients)                             percent, the part never above the whole
    per(100000, psychiatric_beds, near(resident_population, population))  a rate with its numerator and denominator
    sum(a, b)   a + b − c   2 × a   change(inpatients_over_1_year)        counts; the difference to the year before
    inpatients[入院形態=医療保護入院]   inpatients@630_address|630_hospital   one breakdown; only on these bases

near(a, b): the first of these that has a value, of the same fiscal year, else of the year before; its as-of need not be
that of the other operands. + - * / are written − × ÷ too. Only counts enter arithmetic: rates and means are never added.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

MAX_LENGTH = 400
MAX_DEPTH = 12
MAX_DIGITS = 12
PERS = (1, 100, 1_000, 10_000, 100_000)


class ExpressionError(ValueError):
    """The text is no expression, or its units do not fit; the message (Japanese) says where and why."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An indicator, in one breakdown ("" the whole), perhaps only on some bases (empty: any)."""

    code: str
    dimension: str = ""
    bases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Near:
    options: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """The value less that of the year before."""

    of: Reference


@dataclass(frozen=True, slots=True)
class Constant:
    value: Fraction


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """operator: + - * /."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Ratio:
    """inside: the numerator is a part of the denominator and cannot be greater."""

    per: int
    numerator: Node
    denominator: Node
    inside: bool = False


Node = Reference | Near | Change | Constant | Arithmetic | Ratio

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<name>[A-Za-z][A-Za-z0-9_]*)|(?P<dimension>\[[^\[\]]{1,120}\])"
    r"|(?P<basis>@[a-z0-9_]+(?:\|[a-z0-9_]+)*)|(?P<sign>[-+*/×÷−(),]))"
)
_SIGNS = {"×": "*", "÷": "/", "−": "-"}
_FUNCTIONS = ("sum", "share", "per", "change", "near")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    place: int


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    while place < len(text.rstrip()):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise ExpressionError(f"{place + 1}文字目の「{text[place : place + 8]}」が読めません。")
        word = match[match.lastgroup]
        yield _Token(match.lastgroup, _SIGNS.get(word, word), match.start(match.lastgroup))
        place = match.end()
    yield _Token("end", "", len(text))


class _Parser:
    """Recursive descent; depth and length are bounded, so that no text takes long or much."""

    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.at = 0
        self.depth = 0

    @property
    def now(self) -> _Token:
        return self.tokens[self.at]

    def take(self, text: str = "") -> _Token:
        token = self.now
        if text and token.text != text:
            raise ExpressionError(f"{token.place + 1}文字目に「{text}」がありません（「{token.text or '終わり'}」）。")
        self.at += 1
        return token

    def whole(self) -> Node:
        found = self.added()
        if self.now.kind != "end":
            raise ExpressionError(f"{self.now.place + 1}文字目の「{self.now.text}」が余っています。")
        return found

    def added(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError(f"かっこが深すぎます（{MAX_DEPTH}段まで）。")
        found = self.multiplied()
        while self.now.text in ("+", "-"):
            operator = self.take().text
            found = Arithmetic(operator, found, self.multiplied())
        self.depth -= 1
        return found

    def multiplied(self) -> Node:
        found = self.single()
        while self.now.text in ("*", "/"):
            operator = self.take().text
            found = Arithmetic(operator, found, self.single())
        return found

    def single(self) -> Node:
        token = self.take()
        if token.kind == "number":
            if len(token.text) > MAX_DIGITS:
                raise ExpressionError(f"{token.place + 1}文字目の数が長すぎます。")
            return Constant(Fraction(token.text))
        if token.text == "(":
            found = self.added()
            self.take(")")
            return found
        if token.kind != "name":
            raise ExpressionError(f"{token.place + 1}文字目の「{token.text or '終わり'}」のところに、値がありません。")
        if self.now.text == "(":
            return self.function(token)
        return self.reference(token)

    def reference(self, token: _Token) -> Reference:
        dimension = ""
        bases: tuple[str, ...] = ()
        if self.now.kind == "dimension":
            dimension = self.take().text[1:-1]
        if self.now.kind == "basis":
            bases = tuple(self.take().text[1:].split("|"))
        return Reference(token.text, dimension, bases)

    def arguments(self) -> list[Node]:
        self.take("(")
        found = [self.added()]
        while self.now.text == ",":
            self.take()
            found.append(self.added())
        self.take(")")
        return found

    def function(self, name: _Token) -> Node:
        if name.text not in _FUNCTIONS:
            raise ExpressionError(f"「{name.text}」という計算はありません（{'、'.join(_FUNCTIONS)}）。")
        given = self.arguments()
        if name.text == "sum":
            found = given[0]
            for term in given[1:]:
                found = Arithmetic("+", found, term)
            return found
        if name.text == "share" and len(given) == 2:
            return Ratio(100, given[0], given[1], inside=True)
        if name.text == "per" and len(given) == 3:
            first = given[0]
            if isinstance(first, Constant) and first.value in PERS:
                return Ratio(int(first.value), given[1], given[2])
            raise ExpressionError(f"per の最初は {'、'.join(f'{per}' for per in PERS)} のどれかです。")
        references = [one for one in given if isinstance(one, Reference)]
        if len(references) == len(given):
            if name.text == "change" and len(given) == 1:
                return Change(references[0])
            if name.text == "near":
                return Near(tuple(references))
        raise ExpressionError(f"「{name.text}」に渡すものの数か種類が違います。")


def parse(text: str) -> Node:
    """The tree of an expression. Raises ExpressionError."""
    if not text.strip():
        raise ExpressionError("式がありません。")
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"式が長すぎます（{MAX_LENGTH}文字まで）。")
    found = _Parser(text).whole()
    if not isinstance(found, Change) and _has_change(found):
        raise ExpressionError("change は、ほかの計算の中では使えません。")
    return found


def _has_change(node: Node) -> bool:
    if isinstance(node, Arithmetic):
        return _has_change(node.left) or _has_change(node.right)
    if isinstance(node, Ratio):
        return _has_change(node.numerator) or _has_change(node.denominator)
    return isinstance(node, Change)


def references(node: Node) -> Iterator[Reference]:
    """Every indicator of an expression, from left to right."""
    if isinstance(node, Reference):
        yield node
    elif isinstance(node, Near):
        yield from node.options
    elif isinstance(node, Change):
        yield node.of
    elif isinstance(node, Arithmetic):
        yield from references(node.left)
        yield from references(node.right)
    elif isinstance(node, Ratio):
        yield from references(node.numerator)
        yield from references(node.denominator)


def leading(node: Node) -> Reference | None:
    """What the derived figure is about: the first operand that is not merely near it."""
    if isinstance(node, Near):
        return None
    if isinstance(node, Arithmetic):
        return leading(node.left) or leading(node.right)
    if isinstance(node, Ratio):
        return leading(node.numerator) or leading(node.denominator)
    return next(references(node), None)


Unit = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Known:
    """What the check of an expression must know of an indicator."""

    name: str
    kind: str
    unit: str
    bases: tuple[str, ...]


def unit_of(text: str) -> Unit:
    """ "人/月" → {"人": 1, "月": -1}; "" → {}: a plain number."""
    found: Counter[str] = Counter()
    for place, part in enumerate(text.split("/")):
        if part and part != "1":
            found[part] += -1 if place else 1
    return _clean(found)


def _clean(unit: Counter[str]) -> Unit:
    return {name: power for name, power in sorted(unit.items()) if power}


def unit_words(unit: Unit) -> str:
    above = "・".join(name for name, power in unit.items() if power > 0)
    below = "".join(f"/{name}" for name, power in unit.items() if power < 0)
    return f"{above or '1'}{below}" if unit else "単位なし"


def _combined(left: Unit, right: Unit, sign: int) -> Unit:
    found = Counter(dict(left))
    for name, power in right.items():
        found[name] += sign * power
    return _clean(found)


def _of_reference(one: Reference, known: Mapping[str, Known], *, arithmetic: bool) -> Unit:
    meaning = known.get(one.code)
    if meaning is None:
        raise ExpressionError(f"指標「{one.code}」は辞書にありません。")
    if meaning.kind not in ("count", "rate", "days"):
        raise ExpressionError(f"「{meaning.name}」は数ではないため、計算に使えません。")
    if arithmetic and meaning.kind != "count":
        raise ExpressionError(f"「{meaning.name}」は件数ではないため、足したり割ったりできません。")
    unknown = [basis for basis in one.bases if basis not in meaning.bases]
    if unknown:
        raise ExpressionError(f"「{meaning.name}」に基準「{unknown[0]}」はありません。")
    return unit_of(meaning.unit)


def check(node: Node, known: Mapping[str, Known]) -> Unit:
    """The unit of the result (without the scale of `per`). ExpressionError where indicators or units do not fit."""
    if isinstance(node, Constant):
        return {}
    if isinstance(node, Reference):
        return _of_reference(node, known, arithmetic=True)
    if isinstance(node, Change):
        return _of_reference(node.of, known, arithmetic=False)
    if isinstance(node, Near):
        units = [_of_reference(one, known, arithmetic=True) for one in node.options]
        if any(unit != units[0] for unit in units):
            raise ExpressionError("near の中の単位が違います。")
        return units[0]
    if isinstance(node, Ratio):
        above, below = check(node.numerator, known), check(node.denominator, known)
        if node.inside and above != below:
            raise ExpressionError(f"割合の分子（{unit_words(above)}）と分母（{unit_words(below)}）の単位が違います。")
        return _combined(above, below, -1)
    left, right = check(node.left, known), check(node.right, known)
    if node.operator in "+-":
        if left != right:
            raise ExpressionError(f"単位の違う値は足せません（{unit_words(left)} と {unit_words(right)}）。")
        return left
    return _combined(left, right, 1 if node.operator == "*" else -1)


_SIGN_WORDS = {"+": "＋", "-": "−", "*": "×", "/": "÷"}


def in_words(node: Node, names: Mapping[str, str]) -> str:
    """The expression as people read it: 精神科病床数 ÷ 住民基本台帳人口 × 100,000."""
    if isinstance(node, Constant):
        return f"{node.value}"
    if isinstance(node, Reference):
        name = names.get(node.code, node.code)
        return f"{name}（{node.dimension.replace('=', ': ')}）" if node.dimension else name
    if isinstance(node, Near):
        return "または".join(in_words(one, names) for one in node.options)
    if isinstance(node, Change):
        name = in_words(node.of, names)
        return f"{name} − 前の年度の{name}"
    if isinstance(node, Ratio):
        said = f"{_inner(node.numerator, names)} ÷ {_inner(node.denominator, names)}"
        return said if node.per == 1 else f"{said} × {node.per:,}"
    return f"{_inner(node.left, names)} {_SIGN_WORDS[node.operator]} {_inner(node.right, names)}"


def _inner(node: Node, names: Mapping[str, str]) -> str:
    said = in_words(node, names)
    several = isinstance(node, Arithmetic | Ratio) or (isinstance(node, Near) and len(node.options) > 1)
    return f"（{said}）" if several else said

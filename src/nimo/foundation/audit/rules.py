"""What an audit entry is made of: its verbs, its canonical bytes, its keyed MAC, the head of a day. Pure functions.

A row's MAC covers its own number, so that two rows cannot change places; a day's head covers the numbers and MACs
of its rows and the head of the day before, so that a sealed day cannot lose or gain a row.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from uuid import UUID

JAPAN = timezone(timedelta(hours=9), "JST")
SEAL_GRACE = timedelta(hours=1)
"""A transaction begun before midnight may commit after it: a day is sealed an hour after it ended."""

TEXT_LIMIT = 500
DIFF_LIMIT = 32_000
FIELDS_LISTED = 100
WITHHELD = "（値は記録しません）"
CHAIN_BEGINS = "0" * 64

_SECRET_WORDS = frozenset({"password", "secret", "token", "credential", "hash"})
_VERB_FORM = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
_VERBS: dict[str, str] = {}


class UnknownVerb(ValueError):
    """A verb nobody registered: the programmer's mistake, found before anything is written."""


def register_verb(code: str, sentence: str) -> str:
    """Gives a verb its Japanese sentence in the past tense, and returns the code so that it can be kept as a constant.

    Call it at the top of the module that records the verb (an app's `services.py`; `views.py` for audited lists):
    whoever can record it has then registered it. Registering the same pair twice is harmless; two sentences
    for one verb raise ValueError.
    """
    if not _VERB_FORM.fullmatch(code):
        raise ValueError(f"a verb is written app.verb, not {code!r}")
    if not sentence:
        raise ValueError(f"the verb {code} needs a sentence")
    if _VERBS.setdefault(code, sentence) != sentence:
        raise ValueError(f"the verb {code} already means {_VERBS[code]}")
    return code


def sentence_of(code: str) -> str:
    """What the verb says on screen; the code itself for a verb of an app that is no longer installed."""
    return _VERBS.get(code, code)


def require_verb(code: str) -> None:
    """Raises UnknownVerb unless somebody registered the verb."""
    if code not in _VERBS:
        raise UnknownVerb(f"register_verb({code!r}, …) is missing")


def verbs() -> Mapping[str, str]:
    """Every verb known to this process, by code."""
    return dict(sorted(_VERBS.items()))


@dataclass(frozen=True, slots=True)
class Content:
    """Everything the MAC covers, in this order. Adding a field needs a new `VERSION`, or old rows stop verifying."""

    id: int
    day: date
    recorded_at: datetime
    occurred_at: datetime
    actor_kind: str
    actor_id: str
    actor_name: str
    actor_organisation_id: str
    actor_organisation_name: str
    verb: str
    target_type: str
    target_id: str
    region_code: str
    organisation_id: str
    reason: str
    emergency_reason: str
    diff: str
    request_id: str
    key_id: str


VERSION = 1


def canonical(content: Content) -> bytes:
    """One spelling for one content: a JSON list of strings, times in UTC to the microsecond."""
    return json.dumps([VERSION, *(_spelled(value) for value in astuple(content))], ensure_ascii=False).encode()


def _spelled(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def key_id_of(key: str) -> str:
    """Names a key without telling it, so that rows written under an older key can still be verified."""
    return hashlib.sha256(b"nimo.audit.key-id." + key.encode()).hexdigest()[:8]


def _derived(key: str, purpose: bytes) -> bytes:
    return hmac.digest(key.encode(), b"nimo.audit." + purpose, "sha256")


def mac_of(content: Content, key: str) -> str:
    """The row's keyed MAC, 64 hexadecimal digits."""
    return hmac.new(_derived(key, b"entry"), canonical(content), hashlib.sha256).hexdigest()


def rows_digest(rows: Iterable[tuple[int, str]]) -> str:
    """SHA-256 over (number, MAC) in the order of the numbers: one pass, no matter how long the day was."""
    digest = hashlib.sha256()
    for number, mac in rows:
        digest.update(f"{number}:{mac}\n".encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Day:
    """What the head of a day covers. `ranges` are the row numbers of the day, "1-5,8": it names a row that is gone."""

    day: date
    count: int
    ranges: str
    digest: str
    previous_head: str
    key_id: str


def head_of(day: Day, key: str) -> str:
    """The day's head: covers the head before it, hence every day since the beginning."""
    parts = [VERSION, *(_spelled(value) for value in astuple(day))]
    return hmac.new(_derived(key, b"seal"), json.dumps(parts).encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def ranges_of(numbers: Iterable[int]) -> str:
    """Ascending numbers as "1-5,8,10-11"."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)


def numbers_in(ranges: str) -> list[range]:
    """The inverse of `ranges_of`, as ranges. Raises ValueError for a text that is not one."""
    found = []
    for part in filter(None, ranges.split(",")):
        first, _, last = part.partition("-")
        found.append(range(int(first), int(last or first) + 1))
    return found


def japanese_day(moment: datetime) -> date:
    return moment.astimezone(JAPAN).date()


def last_day_to_seal(now: datetime) -> date:
    """The newest day that is surely over: yesterday, from an hour after midnight in Japan."""
    return japanese_day(now - SEAL_GRACE) - timedelta(days=1)


def short(text: str, limit: int = TEXT_LIMIT) -> str:
    """Free text as the audit keeps it: no NUL (PostgreSQL refuses it), never longer than the column."""
    clean = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def plain(value: object) -> object:
    """A value of a diff as JSON can hold it; a long text is cut and its digest kept, so that it can be compared."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, str) and not isinstance(value, Enum):
        if len(value) <= TEXT_LIMIT:
            return short(value)
        return {"先頭": short(value, 80), "文字数": len(value), "sha256": hashlib.sha256(value.encode()).hexdigest()}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [plain(item) for item in items]
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, datetime | date | Decimal | UUID):
        return str(value)
    raise TypeError(f"a diff cannot hold {type(value).__name__}")


def diff_text(diff: Mapping[str, object]) -> str:
    """The diff as the one canonical JSON text that is stored and sealed.

    Raises ValueError when a field's name says that it holds a secret. A diff beyond DIFF_LIMIT characters is
    replaced by its field names, its length and its digest: the act is not refused because it changed much.
    """
    for name, value in _walk(diff):
        if _SECRET_WORDS.intersection(name.lower().split("_")) and WITHHELD not in str(value):
            raise ValueError(f"the audit never holds the value of {name!r}")
    text = json.dumps(plain(diff), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if len(text) <= DIFF_LIMIT:
        return text
    names = sorted(diff)
    shortened = {
        "_項目": [short(name, 100) for name in names[:FIELDS_LISTED]],
        "_項目数": len(names),
        "_文字数": len(text),
        "_sha256": hashlib.sha256(text.encode()).hexdigest(),
    }
    return json.dumps(shortened, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _walk(diff: Mapping[str, object]) -> Iterable[tuple[str, object]]:
    for name, value in diff.items():
        yield str(name), value
        if isinstance(value, Mapping):
            yield from _walk(value)


GUARDED_TABLES = ("audit_entry", "audit_dayseal")


def guards(vendor: str) -> list[str]:
    """SQL that makes the database itself refuse to change or remove what was recorded."""
    statements: list[str] = []
    if vendor == "postgresql":
        statements.append(
            "CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'audit rows are append-only' USING ERRCODE = '23001'; END $$"
        )
    for table in GUARDED_TABLES:
        if vendor == "postgresql":
            statements += [
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()",
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()",
            ]
        else:
            statements += [
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'audit rows are append-only'); END"
                for verb in ("UPDATE", "DELETE")
            ]
    return statements


def no_guards(vendor: str) -> list[str]:
    """Undoes `guards`: for the migration's way back and for emptying a test database, nothing else."""
    if vendor == "postgresql":
        return [
            f"DROP TRIGGER IF EXISTS {table}_{kind} ON {table}"
            for table in GUARDED_TABLES
            for kind in ("append_only", "no_truncate")
        ]
    return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for table in GUARDED_TABLES for verb in ("update", "delete")]

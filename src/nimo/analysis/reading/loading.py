"""The second step: read a file into Parquet of the contract, inside the folder of the job.

What is written holds no number of the hospital: persons are numbered anew. Lines that cannot be read are named and
left out; whether the others are used is decided by the caller.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from nimo.analysis.reading.fields import BAD, Memo, places_of, reader_of, split_birth
from nimo.analysis.reading.mapping import AREA_FIELDS, ColumnMapping, MappingError
from nimo.analysis.reading.problems import Problems
from nimo.analysis.reading.sources import Progress, RawBatch, open_source
from nimo.analysis.spells.contract import CODE_LISTS, LABELS, PERSON, is_contract

_SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        (PERSON, pa.binary()),
        ("municipality", pa.string()),
        ("hospital", pa.string()),
        ("hospital_municipality", pa.string()),
        ("admitted_on", pa.date32()),
        ("discharged_on", pa.date32()),
        ("admission_type", pa.string()),
        ("diagnosis_group", pa.string()),
        ("birth_date", pa.date32()),
        ("birth_year", pa.int32()),
        ("outcome", pa.string()),
        ("bed", pa.string()),
    ]
)

_KIND = {name: f"unknown_{name}" for name in (*CODE_LISTS, *AREA_FIELDS)}
_PEOPLE = """
CREATE TABLE people AS
SELECT hash, row_number() OVER () AS number
FROM (SELECT DISTINCT person_key AS hash FROM hashed WHERE person_key IS NOT NULL)
"""
_NUMBERED = """
SELECT hashed.* REPLACE (people.number AS person_key) FROM hashed LEFT JOIN people ON hashed.person_key = people.hash
"""


def _silent(done: int, of: int, text: str) -> None:
    """No progress is shown."""


@dataclass(frozen=True)
class Loaded:
    """path: Parquet of the contract. rows: lines of the source that hold something; problems: those not in it."""

    path: Path
    rows: int
    problems: Problems
    sha256: str
    kind: str
    encoding: str | None
    mapping: ColumnMapping | None


def file_hash(path: Path) -> str:
    """SHA-256 of a file; of a folder: of the names and hashes of its files, in order of name."""
    if path.is_dir():
        whole = hashlib.sha256()
        for one in sorted(item for item in path.rglob("*") if item.is_file()):
            whole.update(f"{one.relative_to(path).as_posix()}\0{file_hash(one)}\n".encode())
        return whole.hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_contract_file(path: Path) -> bool:
    """True for Parquet (a file, or a folder of files) that needs no reading: its columns are those of the contract."""
    files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    try:
        return bool(files) and all(
            is_contract(dict(ibis.Schema.from_pyarrow(pq.read_schema(one)).items())) for one in files
        )
    except (OSError, pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return False


def load(path: Path, mapping: ColumnMapping, folder: Path, *, progress: Progress = _silent) -> Loaded:
    """Read `path` into `folder`/spells.parquet. MappingError before anything is written, SourceError likewise.

    progress(done, of, text) is called after each batch; what it raises stops the reading and nothing is kept.
    """
    if mapping.missing:
        lacking = "、".join(LABELS[name] for name in mapping.missing)
        raise MappingError(f"列の対応に、必要な項目がありません: {lacking}。まだ何も読み取っていません。")
    source = open_source(path, encoding=mapping.encoding, sheet=mapping.sheet)
    places = places_of(mapping, source.headings)
    columns = _Columns(mapping, places)
    problems, rows = Problems(), 0
    hashed, target = folder / "reading.parquet", folder / "spells.parquet"
    try:
        with pq.ParquetWriter(hashed, _SCHEMA) as writer:
            for batch in source.batches():
                for row, kind in batch.problems:
                    problems.add(row, kind)
                writer.write_table(columns.read(batch, problems))
                rows += len(batch.rows) + len(batch.problems)
                progress(batch.done, batch.of, "読み取っています")
        progress(1, 1, "人の番号を付け替えています")
        _number_persons(hashed, target, folder)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    finally:
        hashed.unlink(missing_ok=True)
    return Loaded(target, rows, problems, file_hash(path), source.kind, source.encoding, mapping)


class _Columns:
    """Reads the mapped columns of each batch; every different text of a batch is read once."""

    def __init__(self, mapping: ColumnMapping, places: dict[str, int]) -> None:
        secret = secrets.token_bytes(32)
        self.places = places
        # Persons hardly repeat: remembering them would cost more than reading them.
        self.readers = {name: reader_of(name, mapping, secret) for name in places}
        self.readers = {name: read if name == PERSON else Memo(read) for name, read in self.readers.items()}
        self.constants: dict[str, Any] = {}
        for name, text in mapping.constants.items():
            value = reader_of(name, mapping, secret)(text)
            if value is BAD:
                raise MappingError(f"「{LABELS[name]}」の固定の値を読めません。列の対応を直してください。")
            self.constants[name] = value

    def read(self, batch: RawBatch, problems: Problems) -> pa.Table:
        """The rows without problem, in the order of the file."""
        size = len(batch.rows)
        arrays: dict[str, pa.Array] = {"row": pa.array(batch.rows, pa.int64())}
        unreadable: set[int] = set()
        for name, place in self.places.items():
            coded = pa.array(batch.columns[place], pa.string()).dictionary_encode()
            values = [self.readers[name](text) for text in coded.dictionary.to_pylist()]
            bad = [number for number, value in enumerate(values) if value is BAD]
            if bad:
                found = pc.indices_nonzero(pc.is_in(coded.indices, value_set=pa.array(bad, coded.indices.type)))
                for index in found.to_pylist():
                    problems.add(batch.rows[index], _KIND.get(name, "unreadable"), name)
                    unreadable.add(index)
                values = [None if value is BAD else value for value in values]
            self._put(arrays, name, values, coded.indices)
        for name, value in self.constants.items():
            self._put(arrays, name, [value], pa.array([0] * size, pa.int32()))
        table = pa.table(
            [arrays[name] if name in arrays else pa.nulls(size, _SCHEMA.field(name).type) for name in _SCHEMA.names],
            schema=_SCHEMA,
        )
        if unreadable:
            table = table.filter(pa.array([index not in unreadable for index in range(size)]))
        return table

    @staticmethod
    def _put(arrays: dict[str, pa.Array], name: str, values: list[Any], indices: pa.Array) -> None:
        if not name.startswith("birth_"):
            arrays[name] = pa.array(values, _SCHEMA.field(name).type).take(indices)
            return
        # Either column may hold a date or a year; what the first one tells goes first.
        births = list(map(split_birth, values))
        for number, column in enumerate(("birth_date", "birth_year")):
            read = pa.array([birth[number] for birth in births], _SCHEMA.field(column).type).take(indices)
            arrays[column] = pc.coalesce(arrays[column], read) if column in arrays else read


def _number_persons(hashed: Path, target: Path, folder: Path) -> None:
    """Replace the hashes of persons by numbers: exact (no two persons share one) and short."""
    with duckdb.connect(config={"temp_directory": str(folder), "memory_limit": "2GB", "threads": 2}) as connection:
        connection.execute("SET preserve_insertion_order = false")
        connection.read_parquet(str(hashed)).create_view("hashed")
        connection.execute(_PEOPLE)
        connection.sql(_NUMBERED).write_parquet(str(target), compression="zstd")

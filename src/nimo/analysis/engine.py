"""Where the expressions run: embedded DuckDB by default, Spark or any other Ibis backend by name.

An engine keeps intermediate tables so that each is computed once, inside a folder that disappears with it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends import BaseBackend

DEFAULT = "duckdb"
_FULL = ("OutOfMemoryException", "MemoryError")


class EngineError(RuntimeError):
    """The engine cannot be used; the message (Japanese) says what is missing and what to do."""


@dataclass
class Engine:
    """One connection. Use `open_engine`; a notebook may wrap a connection of its own: `Engine(ibis.connect(…))`."""

    connection: BaseBackend
    session: Any = None  # the SparkSession, on Spark
    _kept: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def name(self) -> str:
        """ "duckdb", "pyspark", …"""
        return str(self.connection.name)

    @property
    def version(self) -> str:
        """Version of the engine, for the lineage of results."""
        return str(self.connection.version)

    def read_parquet(self, path: str | Path) -> ir.Table:
        """A Parquet file (or folder of files) as a table; nothing is loaded yet. EngineError when it cannot be read."""
        try:
            return self.connection.read_parquet(str(path))
        except Exception as error:
            raise EngineError(
                f"計算の仕組み（{self.name}）から {Path(str(path)).name} を読めません（{type(error).__name__}）。場所と、"
                "Parquet であることを確かめてください。計算は始めていません。"
            ) from error

    def table(self, columns: pa.Table) -> ir.Table:
        """A small table of this process, for joining."""
        return ibis.memtable(columns)

    def keep(self, expression: ir.Table) -> ir.Table:
        """The same table, computed once: indicators share it. On Spark it is cached in the cluster's memory and disks."""
        name = f"nimo_kept_{os.getpid()}_{next(self._numbers)}"
        with self._running():
            if self.session is not None:
                self.connection.create_view(name, expression)
                self.session.catalog.cacheTable(name)
            else:
                self.connection.create_table(name, expression, temp=self.name != "duckdb")
        self._kept.append(name)
        return self.connection.table(name)

    def forget(self) -> None:
        """Drop every kept table."""
        while self._kept:
            name = self._kept.pop()
            if self.session is not None:
                with suppress(Exception):  # a cluster that went away has forgotten by itself
                    self.session.catalog.uncacheTable(name)
                    self.session.catalog.dropTempView(name)
            else:
                # Not drop_table: Ibis 12.0 with sqlglot 30 writes it without the name.
                self.connection.raw_sql(f"DROP TABLE IF EXISTS {name}")

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """The rows of a small result, with Python integers, texts and dates."""
        with self._running():
            found: list[dict[str, Any]] = self.connection.to_pyarrow(expression).to_pylist()
        return found

    @contextmanager
    def _running(self) -> Iterator[None]:
        """What an engine says when it fails may quote rows: only the kind of failure is passed on."""
        try:
            yield
        except Exception as error:
            kind = type(error).__name__
            why = "メモリかディスクが足りません" if kind in _FULL else f"途中で止まりました（{kind}）"
            raise EngineError(
                f"計算の仕組み（{self.name}）: {why}。結果は書いていません。--memory と --work（空きのあるフォルダー）を"
                "見直して、もう一度お試しください。"
            ) from error


@contextmanager
def open_engine(
    spec: str = DEFAULT, *, folder: Path | None = None, memory_limit: str = "2GB", threads: int = 2
) -> Iterator[Engine]:
    """Open an engine for a `with` block.

    spec: "duckdb" · "sc://host:port" (Spark Connect) · "local[2]" (Spark in this process, for trying) · any URL that
    `ibis.connect` takes. folder: where DuckDB may spill (default: the system's temporary folder); what it writes there
    is deleted. memory_limit, threads: DuckDB only. EngineError when the engine is not there.
    """
    if spec == DEFAULT:
        with _duckdb(folder, memory_limit, threads) as engine:
            yield engine
        return
    engine = _spark(spec) if spec.startswith(("sc://", "local[")) else _other(spec)
    try:
        yield engine
    finally:
        engine.forget()
        if spec.startswith("sc://"):
            engine.session.stop()
        elif engine.session is None:
            engine.connection.disconnect()


@contextmanager
def _duckdb(folder: Path | None, memory_limit: str, threads: int) -> Iterator[Engine]:
    # A database file instead of :memory:, so that kept tables are compressed and can leave the memory.
    with tempfile.TemporaryDirectory(prefix="nimo-analysis-", dir=folder) as scratch:
        connection = ibis.duckdb.connect(
            Path(scratch) / "scratch.duckdb",
            temp_directory=scratch,
            memory_limit=memory_limit,
            threads=threads,
            preserve_insertion_order=False,
        )
        try:
            yield Engine(connection)
        finally:
            connection.disconnect()


def _spark(spec: str) -> Engine:
    try:
        sql = import_module("pyspark.sql")
    except ImportError as error:
        raise EngineError(
            "Spark を使う部品（pyspark）が入っていません。requirements-cluster.lock の部品を入れるか、"
            "--engine duckdb で計算してください。"
        ) from error
    builder = sql.SparkSession.builder
    try:
        if spec.startswith("sc://"):
            session = builder.remote(spec).getOrCreate()
        else:
            session = (
                builder.master(spec)
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "4")
                .config("spark.sql.session.timeZone", "UTC")
                .getOrCreate()
            )
        return Engine(ibis.pyspark.connect(session), session)
    except Exception as error:
        raise EngineError(
            f"Spark につなげません（{spec.partition(';')[0]}）。アドレスと、Spark Connect が動いていることを"
            "確かめてください。計算は始めていません。"
        ) from error


def _other(spec: str) -> Engine:
    try:
        return Engine(ibis.connect(spec))
    except Exception as error:
        raise EngineError(f"計算の仕組み「{spec.partition(':')[0]}」につなげません。計算は始めていません。") from error

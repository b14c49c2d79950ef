"""Engines for the tests: DuckDB always, Spark where it is (marker `cluster`)."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from nimo.analysis.engine import Engine, open_engine


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "cluster: needs pyspark and Java")


def lacking() -> str:
    """What this machine lacks for Spark, in words; "" when it lacks nothing."""
    missing = [
        name
        for name, there in (
            ("pyspark（requirements-cluster.lock）", importlib.util.find_spec("pyspark")),
            ("Java", shutil.which("java")),
        )
        if not there
    ]
    return "、".join(missing)


@pytest.fixture(scope="session")
def duckdb_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with open_engine("duckdb", folder=tmp_path_factory.mktemp("duckdb"), memory_limit="1GB") as engine:
        yield engine


# Small data: most of Spark's time goes into plans and compilers, which these leave out. The figures are the same.
QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
QUICK = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


@pytest.fixture(scope="session")
def spark_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if missing := lacking():
        pytest.skip(f"Spark での同じ計算は確かめていません。ないもの: {missing}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_SUBMIT_ARGS", f'--driver-java-options "{QUICK_JAVA}" pyspark-shell')
        with open_engine("local[2]", folder=tmp_path_factory.mktemp("spark")) as engine:
            for name, value in QUICK.items():
                engine.session.conf.set(name, value)
            yield engine
            engine.session.stop()


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=pytest.mark.cluster)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each test that asks for it runs on both."""
    opened: Engine = request.getfixturevalue(f"{request.param}_engine")
    yield opened
    opened.forget()


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """The folder of a job."""
    folder = tmp_path / "job"
    folder.mkdir()
    return folder

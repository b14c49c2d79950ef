"""The whole command against Spark Connect (`sc://…`), in processes of their own: the same figures as on DuckDB."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nimo.analysis.tests.conftest import QUICK_JAVA, lacking
from nimo.analysis.worldspells import CITY, write_world

ROOT = Path(__file__).resolve().parents[4]
SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"
PATIENCE = 90  # seconds until the server must answer


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    missing = lacking() or ("grpcio（requirements-cluster.lock）" if not importlib.util.find_spec("grpc") else "")
    if missing:
        pytest.skip(f"Spark Connect では確かめていません。ないもの: {missing}")
    (home,) = importlib.util.find_spec("pyspark").submodule_search_locations  # type: ignore[union-attr, misc]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (jar,) = (Path(home) / "jars").glob("spark-connect_*.jar")
    settings = {"spark.connect.grpc.binding.port": port, "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": 1}
    given = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    folder = tmp_path_factory.mktemp("spark-server")
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [str(Path(home) / "bin" / "spark-submit"), "--master", "local[2]", "--driver-java-options", QUICK_JAVA, "--class", SERVER, *given, str(jar)],
            cwd=folder, stdout=log, stderr=log, env={**os.environ, "SPARK_HOME": home, "PYSPARK_PYTHON": sys.executable},
        )  # fmt: skip
    try:
        _wait(port, server, folder / "log")
        yield f"sc://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.5)
    pytest.fail(f"Spark Connect が動きません:\n{log.read_text()[-2000:]}")


def command(folder: Path, *arguments: str) -> dict[str, Any]:
    program = "import sys; from nimo.config.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", program, "indicators", "compute", "--json", *arguments],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.cluster
def test_spark_connect_gives_the_same_result(address: str, tmp_path: Path):
    spells = tmp_path / "spells.parquet"
    write_world(CITY, spells)
    given = (
        "--spells",
        str(spells),
        "--census",
        "2025-06-30",
        "--ground",
        "law",
        "--ground-note",
        "試験",
        "--label",
        "x",
    )
    results = []
    for engine in ("duckdb", address):
        out = tmp_path / f"{engine[:2]}.json"
        command(tmp_path, *given, "--engine", engine, "--out", str(out))
        results.append(json.loads(out.read_text(encoding="utf-8")))
    here, there = results
    assert there["lineage"]["sources"][0]["engine"] == "pyspark"
    for part in ("figures", "derived", "rules", "suppression", "coverage"):
        assert there[part] == here[part]
    assert any(figure["value"] for figure in here["figures"])

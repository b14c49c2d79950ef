"""`make test-cluster` where Spark cannot run: nothing fails, and what lacks is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import cluster


def java_that_says(folder: Path, text: str) -> Path:
    java = folder / "java"
    java.write_text(f"#!/bin/sh\necho '{text}' >&2\n")
    java.chmod(0o755)
    return folder


@pytest.mark.parametrize("text", [None, 'openjdk version "11.0.2" 2019-01-15', 'java version "1.8.0_392"', "?"])
def test_names_the_java_it_would_need_and_leaves_the_tests_out(
    text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", f"{java_that_says(tmp_path, text) if text else tmp_path}")
    assert cluster.main() == 0
    assert "ないもの: Java 17 以上" in capsys.readouterr().out


def test_takes_a_java_that_is_new_enough_and_then_names_pyspark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(java_that_says(tmp_path, 'openjdk version "21" 2023-09-19')))
    monkeypatch.setattr(cluster, "STAMP", tmp_path / ".installed")
    assert cluster.java() == 21
    assert cluster.lacking().startswith("PySpark")

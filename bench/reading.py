"""Reading one sheet as text, PPTX, XLSX and PDF, against reading the same sheet as plain text."""

from __future__ import annotations

from bench.timing import say, seconds
from nimo.community.sheets.formats.loaders.load import load
from nimo.community.sheets.formats.reader import read_document, read_file
from nimo.community.sheets.tests.builders.facts import city_facts
from nimo.community.sheets.tests.builders.formats import FORMATS, OFFICE
from nimo.community.sheets.tests.builders.layouts import layout_parts


def run() -> None:
    parts = layout_parts(city_facts(), "r6-city")
    files = {name: FORMATS[name](parts) for name in OFFICE}
    baseline = seconds(lambda: read_file(files["text"], file_name="sheet.text"))
    for name, content in files.items():
        ending = "txt" if name == "text" else name
        taken = seconds(lambda content=content, ending=ending: read_file(content, file_name=f"sheet.{ending}"))
        document = load(content, f"sheet.{ending}")
        understood = seconds(lambda document=document: read_document(document))
        say(f"読み取り {ending}", taken, baseline, "テキスト")
        print(f"    うち意味の読み取り {understood / taken:.0%}、ファイルを開く {1 - understood / taken:.0%}")

"""The figures of a round as an Excel file: what the screen shows, with reasons where a figure is hidden. No words."""

from __future__ import annotations

import io

import xlsxwriter

from nimo.foundation.questionnaires.rules.results import Count, Results


def results_workbook(title: str, results: Results) -> bytes:
    """One row a figure. Hidden figures are texts, so that nobody adds them up as zero."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": title, "author": ""})
    head = book.add_format({"bold": True, "bg_color": "#E6E6E6", "border": 1, "text_wrap": True, "valign": "top"})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("集計")
    sheet.write_string(0, 0, title)
    rate = f"（回答率 {results.rate}％）" if results.rate is not None else ""
    sheet.write_string(1, 0, f"配った数 {results.invited}、回答の数 {results.submitted}{rate}")
    if results.suppressed:
        sheet.write_string(2, 0, "少ない数は、だれの答えか分かるおそれがあるため、伏せています。")
    names = ("番号", "まとまり", "質問", "答え", "件数など", "伏せた理由")
    widths = (8, 24, 48, 32, 12, 48)
    for column, (name, width) in enumerate(zip(names, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(4, column, name, head)
    row = 5
    for result in results.questions:
        lines: list[tuple[str, Count]] = [("聞いた数", result.asked), ("答えた数", result.answered)]
        lines += [(line.label, line.count) for line in result.lines]
        for label, count in lines:
            for column, text in enumerate((f"問{result.number}", result.section, result.question.label, label)):
                sheet.write_string(row, column, text, cell)
            if count.value is None:
                sheet.write_string(row, 4, count.text, cell)
            else:
                sheet.write_number(row, 4, count.value, cell)
            sheet.write_string(row, 5, count.sentence, cell)
            row += 1
        for label, number in (("平均", result.mean), ("中央値", result.median), ("合計", result.total)):
            if number is None:
                continue
            for column, text in enumerate((f"問{result.number}", result.section, result.question.label, label)):
                sheet.write_string(row, column, text, cell)
            sheet.write_number(row, 4, float(number), cell)
            sheet.write_blank(row, 5, None, cell)
            row += 1
    sheet.freeze_panes(5, 0)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    book.close()
    return buffer.getvalue()

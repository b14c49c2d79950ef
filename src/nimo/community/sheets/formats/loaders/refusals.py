"""Why a file cannot be read, in words for the person who chose it.

Every message says what happened, that nothing was lost or changed, and what to do next. The codes are stable:
screens, tests and statistics on failed uploads use them.
"""

from __future__ import annotations

from nimo.community.sheets.formats.source import UnableToRead

UNCHANGED = "登録済みの内容は何も変わっていません。"

_REASONS: dict[str, tuple[str, str]] = {
    "empty_file": (
        "ファイルの中身が空です（0バイト、または空白だけです）。",
        "元のファイルを開いて内容があることを確かめ、もう一度お選びください。",
    ),
    "too_large": (
        "ファイルが大きすぎるため、読み込みを始めませんでした。",
        "写真や動画を除くか圧縮し、小さくしてからもう一度お選びください。",
    ),
    "damaged": (
        "ファイルが壊れているか、途中までしか保存されていないため、開けませんでした。",
        "元のファイルを開き直して別名で保存するか、送り主から受け取り直して、もう一度お選びください。",
    ),
    "password": (
        "ファイルがパスワードで保護されているため、開けませんでした。",
        "パスワードを外して保存し直したファイルを、もう一度お選びください。",
    ),
    "archive_bomb": (
        "ファイルの圧縮が異常で、広げると非常に大きくなるため、安全のために読み込みを止めました。",
        "元のアプリで開いて別名で保存し直すか、送り主に確かめてください。",
    ),
    "unsafe_content": (
        "ファイルの中に、文書には不要な外部参照などの定義が含まれているため、安全のために読み込みを止めました。",
        "元のアプリで開いて別名で保存し直すか、送り主に確かめてください。",
    ),
    "too_many_pages": (
        "ページ（スライド、シート）の数が多すぎるため、読み込みを止めました。",
        "自治体ごとにファイルを分けて、もう一度お選びください。",
    ),
    "too_many_cells": (
        "表のセルの数が多すぎるため、読み込みを止めました。",
        "使っていない行や列を削除するか、自治体ごとにファイルを分けて、もう一度お選びください。",
    ),
    "too_much_text": (
        "文字の量が多すぎるため、読み込みを止めました。",
        "自治体ごとにファイルを分けて、もう一度お選びください。",
    ),
    "too_complex": (
        "ページの図形や文字の数が多すぎるため、読み込みを止めました。",
        "元のアプリで図を画像に置き換えるか、ページを分けて保存し、もう一度お選びください。",
    ),
    "took_too_long": (
        "決められた時間とメモリの中で読み終えられなかったため、読み込みを止めました。",
        "ページを分けて保存するか、元のPowerPointやExcelのファイルをお選びください。",
    ),
    "no_text": (
        "ファイルに文字の情報がありませんでした（紙を読み取った画像だけのファイルと思われます）。",
        "元のPowerPointやExcelのファイルか、文字を選択できるPDFをお選びください。",
    ),
    "no_unicode": (
        "このPDFの文字には文字コードの情報がなく、正しい文字に直せませんでした。",
        "元のPowerPointやExcelのファイルをお選びください。",
    ),
    "mojibake": (
        "文字化けした状態で保存されているため、読み込みませんでした。",
        "文字化けする前の元のファイルを、もう一度お選びください。",
    ),
    "unknown_encoding": (
        "文字コードを判別できませんでした（UTF-8、Shift_JIS、UTF-16、EUC-JPとして読めません）。",
        "メモ帳などで開き、文字コードに「UTF-8」を選んで保存し直してから、もう一度お選びください。",
    ),
    "image": (
        "中身は画像でした。画像の中の文字は読み取れません。",
        "元のPowerPoint、Excel、PDF（文字を選択できるもの）をお選びください。",
    ),
    "old_excel": (
        "中身は古い形式のExcelファイル（.xls）などでした。表示されている数値を正しく読み取れないため、読み込みませんでした。",
        "Excelで開き「名前を付けて保存」で「Excelブック（.xlsx）」を選んで保存してから、もう一度お選びください。",
    ),
    "binary_excel": (
        "中身はバイナリ形式のExcelファイル（.xlsb）でした。この形式は読み込めません。",
        "Excelで開き「名前を付けて保存」で「Excelブック（.xlsx）」を選んで保存してから、もう一度お選びください。",
    ),
    "old_powerpoint": (
        "中身は古い形式のPowerPointファイル（.ppt）でした。この形式は読み込めません。",
        "PowerPointで開き「名前を付けて保存」で「PowerPointプレゼンテーション（.pptx）」を選んで保存してから、"
        "もう一度お選びください。",
    ),
    "word": (
        "中身はWordの文書でした。この形式は読み込めません。",
        "Wordで開いて「PDF」または「書式なし（.txt）」で保存したファイルを、もう一度お選びください。",
    ),
    "open_document": (
        "中身はOpenDocument形式（.odp、.ods、.odt）でした。この形式は読み込めません。",
        "PowerPoint形式（.pptx）、Excel形式（.xlsx）またはPDFで保存し直してから、もう一度お選びください。",
    ),
    "archive": (
        "中身は複数のファイルをまとめた圧縮ファイルでした。",
        "解凍して、シートのファイルを1つずつお選びください。",
    ),
    "web_page": (
        "中身はWebページなどのHTML・XMLでした。この形式は読み込めません。",
        "ExcelやPowerPointで開いて .xlsx または .pptx で保存し直してから、もう一度お選びください。",
    ),
    "unknown_kind": (
        "文書として読み取れない種類のファイルでした。",
        "PowerPoint（.pptx）、Excel（.xlsx）、PDF、テキスト（.txt）のいずれかをお選びください。",
    ),
}


def refusal(code: str, file_name: str, detail: str = "") -> UnableToRead:
    """The refusal for `code`. `detail` is a Japanese sentence with the particulars, put after what happened."""
    happened, advice = _REASONS[code]
    return UnableToRead(code, f"「{file_name}」を読み込めませんでした。{happened}{detail}{UNCHANGED}{advice}")

"""Why a file cannot be read, in words for the person who chose it: what happened, that nothing changed, what to do."""

from __future__ import annotations

UNCHANGED = "登録済みの値は何も変わっていません。"


class UnableToReadTable(Exception):
    """str() is the sentence for the user; `code` is stable, for tests and statistics. `cells`: the places it names."""

    def __init__(self, code: str, message: str, cells: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.cells = cells


_REASONS: dict[str, tuple[str, str]] = {
    "empty": ("ファイルに表がありません（空、または空白だけです）。", "元のファイルを開いて確かめてください。"),
    "too_large": ("ファイルが大きすぎるため、読み込みを止めました。", "必要な表だけのファイルに分けてください。"),
    "damaged": (
        "ファイルが壊れているか、途中までしか保存されていないため、開けませんでした。",
        "元のファイルを開き直して、別名で保存してから選んでください。",
    ),
    "password": (
        "ファイルがパスワードで保護されているか、古い形式（.xls）のため、開けませんでした。",
        "パスワードを外し、「Excelブック（.xlsx）」で保存し直してから選んでください。",
    ),
    "archive_bomb": (
        "ファイルの圧縮が異常で、広げると非常に大きくなるため、安全のために読み込みを止めました。",
        "Excelで開いて別名で保存し直すか、送り主に確かめてください。",
    ),
    "unsafe_content": (
        "ファイルの中に、表には不要な定義が含まれているため、安全のために読み込みを止めました。",
        "Excelで開いて別名で保存し直すか、送り主に確かめてください。",
    ),
    "too_many_rows": (
        "表の行や列、セルの数が多すぎるため、読み込みを止めました。",
        "年度や都道府県ごとにファイルを分けてください。使っていない行や列があれば削除してください。",
    ),
    "too_many_figures": (
        "一度に取り込める値の数を超えたため、読み込みを止めました。",
        "年度や都道府県ごとにファイルを分けてください。",
    ),
    "kind": (
        "Excel（.xlsx）でもCSVでもないため、読み込みませんでした。",
        "表を「Excelブック（.xlsx）」か「CSV UTF-8」で保存して選ぶか、Excelの範囲を写して貼り付けてください。",
    ),
    "encoding": (
        "文字コードを判別できませんでした（UTF-8、Shift_JIS、UTF-16として読めません）。",
        "Excelで開き、「CSV UTF-8」で保存し直してから選んでください。",
    ),
    "quotes": (
        '引用符（"）の対応が崩れていて、表として読めませんでした。',
        "Excelで開いて保存し直してから選んでください。",
    ),
}


def refusal(code: str, detail: str = "") -> UnableToReadTable:
    what, then = _REASONS[code]
    return UnableToReadTable(code, f"{what}{detail}{UNCHANGED}{then}")

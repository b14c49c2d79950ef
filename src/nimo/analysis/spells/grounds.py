"""On what ground person-level spells may be counted by whoever counts them. Recorded in every result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

GROUNDS: Mapping[str, str] = MappingProxyType(
    {
        "own": "自らの機関が業務として持つ記録を、その機関の中で集計する",
        "entrusted": "記録を持つ機関から委託を受けて集計する",
        "law": "法令に基づいて提供を受けた記録を集計する",
        "research": "倫理審査を経た研究のために提供を受けた記録を集計する",
        "consent": "本人の同意を得て提供を受けた記録を集計する",
    }
)
OWN = "own"
LONGEST_NOTE = 200


class GroundError(ValueError):
    """The ground is not good enough; the message (Japanese) says what is missing. Nothing was read."""


@dataclass(frozen=True, slots=True)
class Ground:
    """code: of GROUNDS. note: the paper it rests on (contract, article of law, approval), needed for all but "own"."""

    code: str = OWN
    note: str = ""

    def __post_init__(self) -> None:
        if self.code not in GROUNDS:
            raise GroundError(f"根拠「{self.code}」はありません。使えるもの: {'、'.join(GROUNDS)}。")
        if self.code != OWN and not self.note.strip():
            raise GroundError(
                f"根拠「{self.code}」（{GROUNDS[self.code]}）には、もとになる文書の名前・番号か条文を "
                "--ground-note に書いてください。ファイルはまだ開いていません。"
            )
        if len(self.note) > LONGEST_NOTE or not self.note.isprintable():
            raise GroundError(f"--ground-note は改行のない{LONGEST_NOTE}字までで書いてください。")

    def require_beyond_own(self, why: str) -> None:
        """GroundError where counting one's own records is no ground. why: what asks for more, in Japanese."""
        if self.code == OWN:
            raise GroundError(
                f"{why}ときは、個人の記録を扱う根拠が要ります。--ground（{'・'.join(c for c in GROUNDS if c != OWN)}）と "
                "--ground-note を指定してください。ファイルはまだ開いていません。"
            )

    def to_data(self) -> dict[str, str]:
        """For the lineage of a result."""
        return {"code": self.code, "label": GROUNDS[self.code], "note": self.note.strip()}


OWN_RECORDS = Ground()

"""Loading published statistics: the 630 survey by prefecture, and the nation's figures that ship with nimo."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from nimo.community.indicators.choices import Evidence, SourceKind
from nimo.community.indicators.formats.packaged import packaged_national_series, packaged_survey_630
from nimo.community.indicators.formats.survey_630 import Preview630, read_630
from nimo.community.indicators.rules.drafts import SourceDraft
from nimo.community.indicators.rules.periods import UnableToReadAsOf, as_of_words, check_as_of, fiscal_year_of
from nimo.community.indicators.services.observations import Recorded, UnableToRecord, record_observations
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.choices import NATION_CODE
from nimo.foundation.regions.models import Region

AS_OF_2025 = "2025-06-30"
CREDIT_630 = "精神保健福祉資料"
OPEN_STATISTICS = "国が公表している統計（精神保健福祉資料 630調査）の都道府県別・全国の値のため"
OPEN_DOCUMENTS = "公表された資料に載っている全国の値のため"


class UnableToLoad(Exception):
    """Nothing was recorded; the message names the lines and columns. `problems` are its lines."""

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class LoadedSeries:
    """How many documents and figures of the nation were recorded now (0 when they were there already)."""

    sources: int
    recorded: int


def _wrong_names(preview: Preview630) -> tuple[str, ...]:
    """The code and the name must be the same prefecture: a line shifted by one would be believed otherwise."""
    names = dict(Region.objects.filter(code__in=[row.region_code for row in preview.rows]).values_list("code", "name"))
    problems = []
    for row in preview.rows:
        expected = "全国" if row.region_code == NATION_CODE else names.get(row.region_code)
        if row.region_code not in names:
            problems.append(f"{row.line}行目: コード {row.region_code[:2]} の地域が、地域の表にありません。")
        elif row.name != expected:
            problems.append(
                f"{row.line}行目: コード {row.region_code[:2]} は{expected}ですが、名前は「{row.name}」となっています。"
            )
    return tuple(problems)


def load_prefecture_beds(
    *,
    actor: Actor,
    content: bytes | None = None,
    as_of: str = AS_OF_2025,
    evidence: str = Evidence.TRANSCRIPTION,
    reference: str = "https://www.ncnp.go.jp/nimh/seisaku/data/",
    file_id: UUID | None = None,
) -> Recorded:
    """Record the figures of the 630 survey by prefecture; without `content` the packaged file (2025-06-30).

    Each column on its own basis (formats.survey_630), the nation's line as figures of their own. Published at once,
    being official statistics. The same file again changes nothing; another file of the same as-of date replaces it.
    Raises UnableToLoad (what is wrong with the file, line by line; no permission). Audit: by record_observations.
    """
    preview = read_630(packaged_survey_630() if content is None else content)
    problems = preview.errors or _wrong_names(preview)
    try:
        check_as_of(as_of)
    except UnableToReadAsOf as error:
        problems = (str(error), *problems)
    if problems:
        listed = "\n".join(problems[:20])
        raise UnableToLoad(f"ファイルを取り込めませんでした。何も記録していません。\n{listed}", tuple(problems))
    source = SourceDraft(
        series=f"630:prefectures:{as_of}",
        origin="630",
        kind=SourceKind.OFFICIAL_STATISTICS,
        title=f"630調査 都道府県別集計（{as_of_words(as_of).partition('（')[0]}時点）",
        publisher="国立精神・神経医療研究センター、厚生労働省",
        region_code=NATION_CODE,
        reference=reference,
        credit=CREDIT_630,
        digest=preview.digest,
        file_id=file_id,
        fiscal_year=fiscal_year_of(as_of),
        open_reason=OPEN_STATISTICS,
    )
    try:
        return record_observations(actor=actor, rows=preview.drafts(as_of, evidence), source=source)
    except UnableToRecord as error:
        raise UnableToLoad(str(error), error.problems) from error


def load_national_series(*, actor: Actor) -> LoadedSeries:
    """Record the nation's published figures that ship with nimo, one source a document, with their evidence marks.

    Raises UnableToLoad. Audit: one entry a document, by record_observations.
    """
    done: list[Recorded] = []
    for document in packaged_national_series():
        source = SourceDraft(
            series=f"national:{document.key}",
            kind=SourceKind.REPORT,
            title=document.title,
            publisher=document.publisher,
            region_code=NATION_CODE,
            reference=document.reference,
            credit=document.credit,
            open_reason=OPEN_DOCUMENTS,
        )
        try:
            done.append(record_observations(actor=actor, rows=document.rows, source=source))
        except UnableToRecord as error:
            raise UnableToLoad(str(error), error.problems) from error
    return LoadedSeries(sum(1 for one in done if not one.unchanged), sum(one.recorded for one in done))

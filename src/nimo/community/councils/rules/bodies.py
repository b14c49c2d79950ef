"""What a body may be called, and what is not a body at all."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from nimo.community.councils.choices.bodies import BodyAudience, BodyKind, Layer


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """What a person says about a body. axes: values of choices.bodies.Axis."""

    name: str
    layer: Layer
    kind: BodyKind
    region_code: str
    kana: str = ""
    counts_as_council: bool = False
    audience: BodyAudience = BodyAudience.PREFECTURE
    secretariat: str = ""
    frequency: str = ""
    members_text: str = ""
    axes: tuple[str, ...] = ()
    established_on: date | None = None
    reference: str = ""


_ONE_PERSON = re.compile(
    r"(個別|本人|退院前|退院支援|合同)?ケア(会議|カンファレンス)|ケースカンファレンス|サービス担当者会議|個別支援会議"
)
_COMMUNITY = re.compile(r"地域ケア")


def about_one_person(name: str) -> bool:
    """Whether a name says that the meeting is about one person. 地域ケア会議 is a body of the town, not such a meeting.

    地域ケア個別会議 is about one person again.
    """
    text = unicodedata.normalize("NFKC", name)
    if "地域ケア個別会議" in text:
        return True
    return bool(_ONE_PERSON.search(text)) and not _COMMUNITY.search(text)


BELONGS_TO_PEOPLE = (
    "一人の本人についてのケア会議は、協議の場としては登録できません。本人の同意と守秘のもとで、個別支援の記録に残します。"
    "入力した内容は保存していません。町や圏域の会議であるときは、その名称（例：事例検討会）で登録してください。"
)

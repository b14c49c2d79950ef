"""The bodies of the demo as tables: what the sheets of four places say in public, and two invented systems."""

from __future__ import annotations

from dataclasses import dataclass

from nimo.community.councils.choices.bodies import BodyKind, Layer, RelationKind

GUNMA, OTA, SAITAMA, KANAGAWA = "10000", "10205", "11000", "14000"
K, L, R = BodyKind, Layer, RelationKind


@dataclass(frozen=True, slots=True)
class Invented:
    """An invented body: its name, kind, layer, whether it counts, its axes, how many meetings a year."""

    name: str
    kind: BodyKind
    layer: Layer
    counts: bool
    axes: tuple[str, ...]
    meetings: int


@dataclass(frozen=True, slots=True)
class Real:
    """A body as a public sheet names it. code: its region; owner: whose office keeps it here; often: how often it meets."""

    name: str
    kind: BodyKind
    layer: Layer
    code: str
    owner: str
    reference: str
    counts: bool = False
    often: str = ""
    secretariat: str = ""


L_AREA = (
    Invented("架空L圏域 代表者会議", K.REPRESENTATIVES, L.WELFARE_AREA, True, ("system", "base"), 1),
    Invented("架空L圏域 実務者会議", K.PRACTITIONERS, L.WELFARE_AREA, True, ("system",), 3),
    Invented("架空L圏域 コアメンバー会議", K.CORE, L.WELFARE_AREA, True, ("individual", "system"), 4),
)
# A system of the kind a city built since the 1980s: an expert round every month, its issues carried up once a year, the
# council of welfare beside it, and a study circle nobody founded.
I_CITY = (
    Invented("架空D県 自立支援協議会", K.REPRESENTATIVES, L.PREFECTURE, False, ("base",), 0),
    Invented(
        "架空I市圏域 精神医療保健福祉協議会", K.REPRESENTATIVES, L.HEALTH_CENTRE_AREA, True, ("system", "base"), 1
    ),
    Invented("架空I市圏域 精神部会", K.SUBCOMMITTEE, L.HEALTH_CENTRE_AREA, True, ("system",), 3),
    Invented("架空I市圏域 地域移行部会", K.SUBCOMMITTEE, L.HEALTH_CENTRE_AREA, False, ("system",), 2),
    Invented("架空I市圏域 アウトリーチ部会", K.SUBCOMMITTEE, L.HEALTH_CENTRE_AREA, False, ("individual",), 2),
    Invented("架空I市圏域 包括支援会議", K.PRACTITIONERS, L.WELFARE_AREA, True, ("individual", "system"), 12),
    Invented("架空I市 自立支援協議会 運営会議", K.REPRESENTATIVES, L.MUNICIPALITY, True, ("system", "base"), 2),
    Invented("架空I市 サービス調整会議", K.CASE_STUDY, L.MUNICIPALITY, False, ("individual",), 4),
    Invented("架空I市 ネットワーク会議", K.PRACTITIONERS, L.MUNICIPALITY, False, ("system",), 2),
    Invented("架空I市 じりつ部会", K.SUBCOMMITTEE, L.MUNICIPALITY, False, ("base",), 2),
    Invented("架空I市 専門部会", K.SUBCOMMITTEE, L.MUNICIPALITY, False, ("system",), 1),
    Invented("架空I市 在宅支援部会", K.SUBCOMMITTEE, L.MUNICIPALITY, False, ("individual",), 1),
    Invented("架空I市 自死対策部会", K.SUBCOMMITTEE, L.MUNICIPALITY, False, (), 1),
    Invented("架空I市 地域生活支援拠点プロジェクト会議", K.WORKING_GROUP, L.MUNICIPALITY, False, ("base",), 1),
    Invented("架空I市 退院支援会議", K.CASE_STUDY, L.MUNICIPALITY, False, ("individual",), 2),
    Invented("架空I市 精神科医療の勉強会", K.INFORMAL, L.MUNICIPALITY, False, ("individual",), 3),
    Invented("架空みほん病院 退院支援委員会", K.SUBCOMMITTEE, L.HOSPITAL, False, ("individual",), 0),
)
EDGES = (
    ("架空L圏域 コアメンバー会議", "架空L圏域 実務者会議", R.REPORT),
    ("架空L圏域 実務者会議", "架空L圏域 代表者会議", R.REPORT),
    ("架空L圏域 代表者会議", "架空D県 自立支援協議会", R.REPORT),
    ("架空I市圏域 精神医療保健福祉協議会", "架空D県 自立支援協議会", R.REPORT),
    ("架空I市圏域 精神部会", "架空I市圏域 精神医療保健福祉協議会", R.SUBCOMMITTEE),
    ("架空I市圏域 地域移行部会", "架空I市圏域 精神部会", R.SUBCOMMITTEE),
    ("架空I市圏域 アウトリーチ部会", "架空I市圏域 精神部会", R.SUBCOMMITTEE),
    ("架空I市圏域 包括支援会議", "架空I市圏域 精神部会", R.REPORT),
    ("架空I市 退院支援会議", "架空I市圏域 包括支援会議", R.REPORT),
    ("架空I市 自立支援協議会 運営会議", "架空D県 自立支援協議会", R.REPORT),
    ("架空I市 サービス調整会議", "架空I市 自立支援協議会 運営会議", R.REPORT),
    ("架空I市 ネットワーク会議", "架空I市 自立支援協議会 運営会議", R.REPORT),
    ("架空I市 専門部会", "架空I市 自立支援協議会 運営会議", R.SUBCOMMITTEE),
    ("架空I市 じりつ部会", "架空I市 専門部会", R.SUBCOMMITTEE),
    ("架空I市 在宅支援部会", "架空I市 専門部会", R.SUBCOMMITTEE),
    ("架空I市 じりつ部会", "架空I市圏域 包括支援会議", R.LINKED),
    ("架空I市 地域生活支援拠点プロジェクト会議", "架空I市 じりつ部会", R.LINKED),
    ("架空I市 精神科医療の勉強会", "架空I市圏域 包括支援会議", R.INFORMAL),
    ("架空みほん病院 退院支援委員会", "架空I市 退院支援会議", R.LINKED),
)

_KANAGAWA = "神奈川県 令和3年度 事前課題シート"
_EACH = f"{_KANAGAWA}（協議の場は、政令市を除くすべての保健所に設置：県域8か所、保健所設置市3か所）"
_KINDS = f"{_KANAGAWA}（協議の場と連携する会議として示されたものを、種類ごとに一つにまとめて記載）"
_CENTRES = (
    ("平塚保健福祉事務所", KANAGAWA),
    ("平塚保健福祉事務所秦野センター", KANAGAWA),
    ("鎌倉保健福祉事務所", KANAGAWA),
    ("鎌倉保健福祉事務所三崎センター", KANAGAWA),
    ("小田原保健福祉事務所", KANAGAWA),
    ("小田原保健福祉事務所足柄上センター", KANAGAWA),
    ("厚木保健福祉事務所", KANAGAWA),
    ("厚木保健福祉事務所大和センター", KANAGAWA),
    ("横須賀市保健所", "14201"),
    ("藤沢市保健所", "14205"),
    ("茅ヶ崎市保健所", "14207"),
)
REAL = (
    Real("埼玉県自立支援協議会 精神障害者の地域移行を扱う部会", K.SUBCOMMITTEE, L.PREFECTURE, SAITAMA, SAITAMA,
         "埼玉県 令和元年度 事前課題シート", True, "年2回"),
    Real("群馬県精神障害者地域移行支援事業運営協議会", K.REPRESENTATIVES, L.PREFECTURE, GUNMA, GUNMA,
         "群馬県 令和6年度 自治体情報シート", True, "年2回"),
    Real("太田市 にも包括の協議の場", K.PRACTITIONERS, L.MUNICIPALITY, OTA, OTA,
         "太田市 令和6年度 自治体情報シート", True, "3か月に1回（ほかにコア会議）"),
    Real("神奈川県障害者自立支援協議会", K.REPRESENTATIVES, L.PREFECTURE, KANAGAWA, KANAGAWA, _KANAGAWA),
    Real("神奈川県 地域移行・地域定着支援事業運営委員会", K.OTHER, L.PREFECTURE, KANAGAWA, KANAGAWA, _KANAGAWA,
         secretariat="県精神保健福祉センター"),
    *(
        Real(f"{name} 協議の場", K.REPRESENTATIVES, L.HEALTH_CENTRE_AREA, code, KANAGAWA, _EACH, True,
             secretariat=name)
        for name, code in _CENTRES
    ),
    Real("圏域自立支援協議会", K.OTHER, L.WELFARE_AREA, KANAGAWA, KANAGAWA, _KINDS),
)  # fmt: skip
REAL_EDGES = (
    ("群馬県精神障害者地域移行支援事業運営協議会", "太田市 にも包括の協議の場", R.BACKUP),
    *((f"{name} 協議の場", "神奈川県障害者自立支援協議会", R.REPORT) for name, _ in _CENTRES),
    *((f"{name} 協議の場", "圏域自立支援協議会", R.LINKED) for name, _ in _CENTRES),
)
"""神奈川県のシート「協議の場のイメージ」: each 協議の場 reports to the prefecture's council and works with (連携) its 圏域."""

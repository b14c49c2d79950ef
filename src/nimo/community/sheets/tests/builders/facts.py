"""A sheet described by its facts, whatever the layout; every text is invented."""

from __future__ import annotations

from dataclasses import dataclass, field

ROLE_NAMES = ("government", "medical", "welfare", "other")


@dataclass(slots=True)
class Result:
    indicator: str
    target: str
    actual: str
    effect: str


@dataclass(slots=True)
class Target:
    indicator: str
    current: str
    target: str
    effect: str


@dataclass(slots=True)
class Challenge:
    challenge: str
    policy: str
    roles: tuple[str, str, str, str]
    """Government, medical, welfare, others."""


@dataclass(slots=True)
class Council:
    name: str
    members: tuple[str, ...]
    frequency: str
    content: str
    note: str


@dataclass(slots=True)
class Period:
    period: str
    content: str
    actions: str


@dataclass(slots=True)
class BasicRow:
    """A row of the basic-information block: `group` and `as_of` stand once over the rows they belong to."""

    group: str
    as_of: str
    label: str
    shown: str
    number: object = None
    number_format: str = "General"


@dataclass(slots=True)
class Facts:
    """The words of one sheet. Lists left empty leave their section out of the document."""

    prefecture: str = "架空県"
    municipality: str | None = None
    fiscal_year: int = 2024
    lead: tuple[str, ...] = ()
    basic: list[BasicRow] = field(default_factory=list)
    activities: tuple[str, ...] = ()
    overview: tuple[str, ...] = ()
    history: list[tuple[str, str]] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    strengths: tuple[str, ...] = ()
    challenges: list[Challenge] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    system: tuple[str, ...] = ()
    departments: list[tuple[str, str, list[tuple[str, str]]]] = field(default_factory=list)
    """Owner, its work, its partners with theirs."""
    sectors: list[tuple[str, str, str]] = field(default_factory=list)
    councils: list[Council] = field(default_factory=list)
    other_matters: tuple[str, ...] = ()
    long_term_until: str = ""
    long_term_goal: str = ""
    long_term: list[Period] = field(default_factory=list)
    short_term_goal: str = ""
    small_steps: str = ""
    schedule: list[Period] = field(default_factory=list)
    special: list[Period] = field(default_factory=list)
    """R3 only: matter, when, action."""
    page_breaks: bool = True
    order: tuple[str, ...] = ()
    """Names of sections in another order than the layout's; empty for the layout's own."""


def city_basic(
    *, beds: str = "310床", under_3: int = 41, middle: int = 27, over: int = 132, over_65: int = 90, under_65: int = 42
) -> list[BasicRow]:
    """The block of the R6 city form; shares follow from the counts, half up to one decimal."""
    total = under_3 + middle + over

    def share(count: int) -> str:
        return f"{count}人 {(count * 2000 + total) // (2 * total) / 10:.1f}%"

    may, june, patients = "(令和6年5月時点)", "(令和5年6月30日時点)", "入院精神障害者数"
    offices = "相談支援事業所数"
    return [
        BasicRow("障害保健福祉圏域数", may, "", "1ヶ所", 1, '0"ヶ所"'),
        BasicRow("市町村数", may, "", "1市", 1, '0"市"'),
        BasicRow("人口", may, "", "148,205人", 148205, '#,##0"人"'),
        BasicRow("精神科病院の数", may, "", "2病院", 2, '0"病院"'),
        BasicRow("精神科病床数", may, "", beds, int(beds.rstrip("床")), '0"床"'),
        BasicRow(patients, june, "合計", f"{total}人", total, '0"人"'),
        BasicRow(patients, june, "3か月未満 (%：構成割合)", share(under_3)),
        BasicRow(patients, june, "3か月以上1年未満 (%：構成割合)", share(middle)),
        BasicRow(patients, june, "1年以上 (%：構成割合)", share(over)),
        BasicRow(patients, june, "うち65歳以上", f"{over_65}人", over_65, '0"人"'),
        BasicRow(patients, june, "うち65歳未満", f"{under_65}人", under_65, '0"人"'),
        BasicRow(offices, may, "基幹相談支援センター数", "1ヶ所", 1, '0"ヶ所"'),
        BasicRow(offices, may, "一般相談支援事業所数", "6ヶ所", 6, '0"ヶ所"'),
        BasicRow(offices, may, "特定相談支援事業所数", "18ヶ所", 18, '0"ヶ所"'),
        BasicRow("保健所数", "(令和6年4月時点)", "", "0ヶ所", 0, '0"ヶ所"'),
        BasicRow("自立支援協議会の開催頻度", "(令和5年度)", "協議会の開催頻度", "全体会1回 定例会4回 専門部会10回"),
        BasicRow("自立支援協議会の開催頻度", "(令和5年度)", "精神領域に関する議論を行う部会の有無", "無"),
        BasicRow("協議の場の設置状況", "(令和6年3月末時点)", "市町村", "1ヶ所", 1, '0"ヶ所"'),
    ]


def city_facts() -> Facts:
    """みほん市, R6: a whole sheet."""
    return Facts(
        municipality="みほん市",
        fiscal_year=2024,
        lead=("みほん市では、誰もが住み慣れた町で暮らせるよう、次の二つに取り組みます。", "1) 窓口のつながりを太くする。", "2) 家族の声を聴く。"),
        basic=city_basic(),
        results=[
            Result("①協議の場の開催回数", "2回", "4回", "顔の見える関係ができた。"),
            Result("②訪問による支援", "月1回", "月2回", "医師の同行が3件あった。"),
            Result("③住まいの相談会", "1回", "0回", "会場の都合で次の年度に延ばした。"),
        ],
        strengths=("・総合病院に精神科の外来がある。", "・家族会が毎月の集まりを続けている。"),
        challenges=[
            Challenge(
                "退院した後の住まいが足りない",
                "不動産店との勉強会を開き、受け入れの不安を減らす",
                ("勉強会の事務局を担う", "退院前の相談に加わる", "入居後の見守りを行う", "物件の情報を寄せる"),
            ),
            Challenge(
                "相談の窓口がわかりにくい",
                "窓口の一覧を作り、町内に配る",
                ("一覧をまとめる", "外来で配る", "事業所で配る", "回覧板に載せる"),
            ),
        ],
        targets=[
            Target("協議の場の開催回数", "4回", "5回（ほかに作業部会を開催）", "課題を早く共有できる"),
            Target("勉強会の参加者数", "0人", "30人", "受け入れる大家が増える"),
            Target("窓口一覧の配布", "0か所", "12か所", "相談が早く届く"),
        ],
        system=("障がい支援課を中心に、保健センターと相談支援センターが月に一度集まる。",),
        departments=[
            ("障がい支援課", "障害福祉の計画と支給決定", [("相談支援センター", "基幹相談"), ("保健センター", "保健師の訪問")]),
            ("住宅課", "公営住宅の管理", [("社会福祉協議会", "入居支援")]),
        ],
        sectors=[
            ("保健", "保健センターと保健所が月に一度話し合う", "訪問の人手が足りない"),
            ("医療", "市内の二つの病院と連絡票を使う", "夜間の連絡先が決まっていない"),
            ("福祉", "相談支援事業所の連絡会がある", "新しい事業所が増えた"),
            ("その他関係機関・住民等", "家族会と民生委員が参加する", "若い世代が少ない"),
        ],
        councils=[
            Council("みほん市精神保健連絡会", ("相談支援センター", "市立みほん病院", "家族会"), "年4回", "事例を一つ選んで話し合う", "参加者が固定している"),
            Council("住まい部会", ("住宅課", "不動産店の会"), "年2回", "空き室の情報を持ち寄る", "個人情報の扱いを決める必要がある"),
        ],
        other_matters=("ほかの市の連絡票の様式を知りたい。",),
        long_term_until="令和8年度",
        long_term_goal="困ったときに、どの窓口からでも支援につながる町にする",
        long_term=[Period("令和6年度 ～ 令和8年度", "連絡会を中心に課題を解いていく", "一年に一つの課題を選び、翌年に振り返る")],
        short_term_goal="窓口の一覧を配り終える",
        small_steps="原稿を作る",
        schedule=[
            Period("4～6月", "連絡会の開催", "年間の計画を決める"),
            Period("7～9月", "勉強会の準備", "講師と日程を決める"),
            Period("10～12月", "勉強会の開催", "参加者に感想を尋ねる"),
            Period("1～3月", "振り返り", "次の年度の計画に生かす"),
        ],
    )  # fmt: skip


def only(facts: Facts, *sections: str) -> Facts:
    """The sheet with nothing but these sections besides its head, so that a test about one of them stays quick."""
    fields = {
        "basic": ("basic",),
        "results": ("results",),
        "challenges": ("strengths", "challenges", "targets"),
        "coordination": ("system", "departments", "sectors"),
        "councils": ("councils", "other_matters"),
        "long_term": ("long_term", "long_term_goal", "long_term_until"),
        "schedule": ("schedule", "short_term_goal", "small_steps"),
    }
    empty = Facts()
    for section, names in fields.items():
        if section not in sections:
            for name in names:
                setattr(facts, name, getattr(empty, name))
    facts.order = ("head", *(section for section in fields if section in sections))
    return facts


def prefecture_facts() -> Facts:
    """架空県, R6: no basic information, as in the form that year."""
    facts = city_facts()
    facts.municipality = None
    facts.basic = []
    facts.lead = ("架空県では、圏域ごとの話し合いを支え、どこに住んでいても同じ支援が届くことを目指します。",)
    facts.overview = ("県は圏域の連絡会に助言者を送り、年に二回の研修を開く。",)
    facts.history = [
        ("平成24年度～平成26年度", "退院支援の試行"),
        ("平成29年度～", "県の連絡会の設置"),
        ("令和2年度～", "構築支援事業の実施"),
    ]
    facts.results = [
        Result("圏域の研修会の開催", "2回", "3回", "延べ96人が参加した。"),
        Result("退院支援会議への市町村の参加", "12回", "57回", "すべての圏域で参加があった。"),
    ]
    return facts


def r3_facts() -> Facts:
    """架空県, R3: with the special matters of that year."""
    return Facts(
        fiscal_year=2021,
        lead=("架空県では、仲間どうしの支え合いを広げます。",),
        activities=("・保健所ごとに協議の場を置いている。", "・ピアサポーターの養成を五つの圏域に委託している。"),
        overview=("保健所を単位に、医療と福祉と行政が一つの席につく。",),
        history=[("平成28年度～", "先行圏域での取組"), ("平成30年度～", "県全体での取組")],
        results=[
            Result("①協議の場の設置", "９か所（政令市を除く）", "９か所（政令市を除く）", "すべての保健所に置いた。"),
            Result("②研修の実施", "９か所（政令市を除く）", "４か所（政令市を除く）", "集まる研修を減らした。"),
        ],
        strengths=("〇ピアサポーターの活動が十年続いている。",),
        challenges=[
            Challenge("圏域ごとに取組の差がある", "進んだ圏域の例を伝える", ("発表会を開く", "事例を出す", "－", "－")),
        ],
        targets=[
            Target("①研修の実施", "４か所", "９か所", "理解が深まる"),
            Target("②地域移行の取組み", "事例検討数21人 退院者数8人", "前年度増", "退院が進む"),
        ],
        schedule=[
            Period("4月～5月", "計画の作成", "保健所の会議で共有する"),
            Period("9月～10月", "上半期のまとめ", "課題を持ち寄る"),
            Period("通年", "病院訪問", "五つの圏域で続ける"),
        ],
        special=[Period("対面の会議が開きにくい", "随時", "画面越しの会議を使う")],
    )


def r1_facts() -> Facts:
    """架空県, R1."""
    facts = r3_facts()
    facts.fiscal_year = 2019
    facts.special = []
    facts.results = [
        Result("①協議の場の設置", "９", "９", "すべての保健所に置いた。"),
        Result("②連絡会の開催", "３", "２", "一回は台風で中止した。"),
    ]
    facts.targets = [Target("①連携研修の実施", "０", "９", "切れ目のない支援ができる")]
    facts.schedule = [
        Period("４月", "事業の説明", "保健所に説明する"),
        Period("６月", "研修会の開催", "精神保健福祉センターと開く"),
        Period("通年", "協議の場の開催", "保健所ごとに開く"),
    ]
    return facts

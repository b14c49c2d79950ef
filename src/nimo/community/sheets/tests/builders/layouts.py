"""The layouts of the form over the years, as parts: titles, numbers and column heads after the format catalogue."""

from __future__ import annotations

from nimo.community.sheets.tests.builders.facts import Facts
from nimo.community.sheets.tests.builders.parts import C, Grid, Heading, PageBreak, Paragraph, Part, grid

SYSTEM = "精神障害にも対応した地域包括ケアシステム"
ROLES = ("行政", "医療", "福祉")
_FULL = str.maketrans("0123456789", "０１２３４５６７８９")


def layout_parts(facts: Facts, layout: str) -> list[Part]:
    """The parts of a sheet in `layout`: "r1", "r3", "r6-prefecture" or "r6-city"."""
    makers = {"r1": _r1, "r3": _r3, "r6-prefecture": _r6_prefecture, "r6-city": _r6_city}
    sections = makers[layout](facts)
    names = facts.order or tuple(sections)
    parts: list[Part] = []
    for index, name in enumerate(names):
        section = sections.get(name, [])
        if section and index and facts.page_breaks:
            parts.append(PageBreak())
        parts.extend(section)
    return parts


def _lines(lines: tuple[str, ...]) -> list[Part]:
    return [Paragraph(lines)] if lines else []


def _era(year: int) -> str:
    return f"R{year - 2018}" if year >= 2019 else f"H{year - 1988}"


def _r6_city(facts: Facts) -> dict[str, list[Part]]:
    year = facts.fiscal_year
    return {
        "head": [
            Heading(f"{facts.prefecture} {facts.municipality}"),
            Heading(f"{facts.municipality}における{SYSTEM}の構築について"),
            *_lines(facts.lead),
        ],
        "basic": [Heading("圏域の基礎情報"), basic_grid(facts)] if facts.basic else [],
        "results": _results(
            facts, f"2 {SYSTEM}の構築支援事業 実施前の課題・実施後の効果等", "<昨年度までの成果・効果>"
        ),
        "challenges": _challenges(facts, f"3 {SYSTEM}の構築に向けた現時点における強みと課題", year),
        "coordination": _coordination(facts, f"4 {SYSTEM}の構築のための連携状況"),
        "councils": _councils(facts, f"5 {SYSTEM}の構築のための協議の場の実施状況"),
        "long_term": _long_term(facts, f"6 {SYSTEM}の構築に向けたスケジュール(長期)"),
        "schedule": _schedule_r6(facts, f"7 {SYSTEM}の構築に向けたスケジュール（今年度）"),
    }


def _r6_prefecture(facts: Facts) -> dict[str, list[Part]]:
    year = facts.fiscal_year
    return {
        "head": [
            Heading(facts.prefecture),
            Heading(f"{facts.prefecture}における「{SYSTEM}」の構築について"),
            *_lines(facts.lead),
        ],
        "overview": [Heading(f"2 {SYSTEM}の構築に向けた取組概要（全体）"), *_lines(facts.overview)],
        "history": _history(facts, f"3 {SYSTEM}の構築に向けた取組の経緯", " …… "),
        "results": _results(facts, f"4 {SYSTEM}構築に資する取組の成果・効果", "＜昨年度までの成果・効果＞"),
        "challenges": _challenges(facts, f"5 {SYSTEM}の構築に向けた現時点における強みと課題", year),
        "coordination": _coordination(facts, f"6 {SYSTEM}の構築のための連携状況"),
        "councils": _councils(facts, f"7 {SYSTEM}の構築のための協議の場の実施状況"),
        "long_term": _long_term(facts, f"8 {SYSTEM}の構築に向けたスケジュール（長期）"),
        "schedule": _schedule_r6(facts, f"9 {SYSTEM}の構築に向けたスケジュール（今年度）"),
    }


def _older(facts: Facts, title: tuple[str, ...], others: str) -> dict[str, list[Part]]:
    body = facts.prefecture
    past = _era(facts.fiscal_year - 1) + "年度"
    now = f"令和{'元' if facts.fiscal_year == 2019 else facts.fiscal_year - 2018}年度".translate(_FULL)
    return {
        "head": [Heading(body), *(Heading(line) for line in title), *_lines(facts.lead)],
        "activities": [Heading(f"１ {body}の基礎情報"), Heading("取組内容"), *_lines(facts.activities)],
        "overview": [Heading(f"2 {SYSTEM}の構築に向けた取組概要（全体）"), *_lines(facts.overview)],
        "history": _history(facts, f"３ {SYSTEM}の構築に向けた取組の経緯", " "),
        "results": [
            Heading(f"４ {SYSTEM}構築に資する取組の成果・効果"),
            Heading(f"＜{past}までの成果・効果＞"),
            grid(
                [
                    [
                        "課題解決の達成度を測る指標",
                        f"目標値\n（{past}当初）",
                        f"実績値\n（{past}末）",
                        "具体的な成果・効果",
                    ],
                    *([r.indicator, r.target, r.actual, r.effect] for r in facts.results),
                ],
                (4, 2, 2, 5),
            ),
        ],
        "challenges": [
            Heading(f"５ {SYSTEM}の構築に向けた現時点における強みと課題"),
            Paragraph(("【特徴（強み）】", *facts.strengths)),
            challenge_grid(facts, others),
            target_grid(facts, "現状値\n（今年度当初）", f"目標値\n（{now}末）"),
        ],
    }


def _r1(facts: Facts) -> dict[str, list[Part]]:
    sections = _older(
        facts, ("令和元年度 第１回 アドバイザー・都道府県等担当者合同会議「事前課題」シート",), "その他関係機関・住民等"
    )
    sections["schedule"] = [
        Heading(f"６ {SYSTEM}の構築に向けた今年度の取組スケジュール"),
        grid([["時期", "項目", "内容"], *([p.period, p.content, p.actions] for p in facts.schedule)], (1, 3, 5)),
    ]
    return sections


def _r3(facts: Facts) -> dict[str, list[Part]]:
    sections = _older(facts, (f"{SYSTEM}構築支援事業", "自治体情報シート"), "その他関係機関・住民等")
    sections["schedule"] = [
        Heading(f"６ {SYSTEM}の構築に向けた今年度の取組スケジュール"),
        grid(
            [
                ["時期（月）", "実施する項目", "実施する内容"],
                *([p.period, p.content, p.actions] for p in facts.schedule),
            ],
            (2, 3, 5),
        ),
    ]
    if facts.special:
        sections["special"] = [
            Heading(f"７ {SYSTEM}の構築に向けた今年度の特別に考える必要がある事項について"),
            grid(
                [
                    ["考えられる事項", "想定される次期\n（方向性判断の必要性が考えらえれる次期）", "実施する内容"],
                    *([p.period, p.content, p.actions] for p in facts.special),
                ],
                (3, 3, 4),
            ),
        ]
    return sections


def basic_grid(facts: Facts) -> Grid:
    """Label and as-of date share a cell where rows are grouped, as the form prints them."""
    rows: list[list[C]] = [[C("<基本情報入力シート>", columns=2), C(f"{facts.prefecture}{facts.municipality or ''}")]]
    groups = [row.group for row in facts.basic]
    for index, row in enumerate(facts.basic):
        value = C(row.shown, number=row.number, number_format=row.number_format)
        if not row.label:
            rows.append([C(row.group), C(row.as_of), value])
        elif index and groups[index - 1] == row.group:
            rows.append([C(row.label), value])
        else:
            rows.append([C(f"{row.group}\n{row.as_of}", rows=groups.count(row.group)), C(row.label), value])
    return grid(rows, (4, 5, 5))


def _history(facts: Facts, title: str, between: str) -> list[Part]:
    if not facts.history:
        return []
    bullet = "- " if between.strip() else ""
    return [Heading(title), Paragraph(tuple(f"{bullet}{period}{between}{text}" for period, text in facts.history))]


def _results(facts: Facts, title: str, caption: str) -> list[Part]:
    if not facts.results:
        return []
    rows = [[r.indicator, r.target, r.actual, r.effect] for r in facts.results]
    head = ["課題解決の達成度を測る指標", "目標値\n昨年度当初", "実績値\n昨年度末", "具体的な成果・効果"]
    return [Heading(title), Heading(caption), grid([head, *rows], (4, 2, 2, 5))]


def _challenges(facts: Facts, title: str, year: int) -> list[Part]:
    parts: list[Part] = [Heading(title), Paragraph(("【特徴（強み）】", *facts.strengths))]
    if facts.challenges:
        parts.append(challenge_grid(facts, "その他"))
    if facts.targets:
        parts.append(target_grid(facts, f"現状値\n({_era(year - 1)}年度)", f"目標値\n({_era(year)}年度)"))
    return parts


def challenge_grid(facts: Facts, others: str) -> Grid:
    rows: list[list[C | str]] = [["課題", "課題解決に向けた取組方針", C("課題・方針に対する役割（取組）", columns=2)]]
    for challenge in facts.challenges:
        rows.append([C(challenge.challenge, rows=4), C(challenge.policy, rows=4), ROLES[0], challenge.roles[0]])
        rows += [[name, text] for name, text in zip((*ROLES[1:], others), challenge.roles[1:], strict=True)]
    return grid(rows, (3, 4, 2, 5))


def target_grid(facts: Facts, current: str, target: str) -> Grid:
    rows = [[t.indicator, t.current, t.target, t.effect] for t in facts.targets]
    return grid([["課題解決の達成度を測る指標", current, target, "見込んでいる成果・効果"], *rows], (4, 2, 2, 5))


def _coordination(facts: Facts, title: str) -> list[Part]:
    if not facts.departments and not facts.sectors:
        return []
    departments: list[list[C | str]] = [
        ["所管部署名", "所管部署における主な業務", "連携部署名", "連携部署における主な業務"]
    ]
    for owner, work, partners in facts.departments:
        first, *rest = partners
        departments.append([C(owner, rows=len(partners)), C(work, rows=len(partners)), *first])
        departments += [list(partner) for partner in rest]
    sectors: list[list[C | str]] = [
        [C("各部門の連携状況", columns=2), "強み・課題等"],
        *(list(s) for s in facts.sectors),
    ]
    return [
        Heading(title),
        Paragraph(("【にも包括構築の体制】", *facts.system)),
        grid(departments, (3, 4, 3, 4)),
        grid(sectors, (3, 6, 5)),
    ]


def _councils(facts: Facts, title: str) -> list[Part]:
    if not facts.councils:
        return []
    rows = [[c.name, "\n".join(c.members), c.frequency, c.content, c.note] for c in facts.councils]
    head = ["名称", "協議の場の構成員", "開催頻度", "実施内容", "特記事項等\n(課題・強み等)"]
    prompt = (
        "【その他事項】 ※協議の場運営における課題や悩んでいる点、アドバイザーに相談したい事項など、自由に記載ください"
    )
    return [Heading(title), grid([head, *rows], (4, 4, 2, 5, 4)), Paragraph((prompt, *facts.other_matters))]


def _long_term(facts: Facts, title: str) -> list[Part]:
    if not facts.long_term:
        return []
    return [
        Heading(title),
        Paragraph((f"事業利用予定年数：{facts.long_term_until}まで",)),
        grid(
            [
                ["長期目標", C(facts.long_term_goal, columns=2)],
                ["年度", "実施内容", "具体的な取組"],
                *([p.period, p.content, p.actions] for p in facts.long_term),
            ],
            (2, 5, 6),
            header_rows=0,
        ),
    ]


def _schedule_r6(facts: Facts, title: str) -> list[Part]:
    if not facts.schedule:
        return []
    return [
        Heading(title),
        grid(
            [
                ["短期目標\n（今年度）", C(facts.short_term_goal, columns=2)],
                ["スモール\nステップ", C(facts.small_steps, columns=2)],
                ["時期", "実施内容", "具体的な取組"],
                *([p.period, p.content, p.actions] for p in facts.schedule),
            ],
            (2, 5, 6),
            header_rows=0,
        ),
    ]

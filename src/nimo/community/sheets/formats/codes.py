"""Codes of the doubts a reading may carry, with the sentence the user sees. Codes are stable; sentences may improve."""

from __future__ import annotations

from nimo.community.sheets.formats.source import Finding

MESSAGES: dict[str, str] = {
    "value_missing": "「{field}」が空欄か、読み取れませんでした。0とはせず、空のままにしています。原文を確かめて入力してください。",
    "not_filled": "「{field}」は「－」などの記号だけで、記入されていません。空のままにしています。",
    "block_missing": "「{field}」の表が文書に見当たりません（画像だった可能性があります）。数値は0とはせず、空のままにしています。",
    "section_missing": "「{field}」の部分が文書に見当たりません。文書が途中で切れていないか確かめてください。",
    "column_missing": "「{field}」の列が表に見当たりません。空のままにしています。",
    "several_candidates": "「{field}」に当たる記載が二つ以上あります。最初のものを入れ、残りは「割り当てできなかった文」に残しました。",
    "inconsistent_sum": "{field}の内訳の合計（{sum}）が、全体（{total}）と合いません。原文の値のまま残しています。",
    "inconsistent_share": "{field}の構成割合（{share}%）が、人数から計算した値（{expected}%）と合いません。原文の値のまま残しています。",
    "inconsistent_share_sum": "{field}の合計が{sum}%で、100%になりません。原文の値のまま残しています。",
    "inconsistent_count": "{field}の数（{part}）が、全体の数（{whole}）を超えています。原文の値のまま残しています。",
    "inpatients_exceed_beds": "入院精神障害者数（{inpatients}人）が精神科病床数（{beds}床）を超えています。原文の値のまま残しています。",
    "inconsistent_year": "年度の記載が合いません：{detail}。どちらが正しいか確かめてください。",
    "year_order": "目標の年度（{target}）が現状の年度（{current}）より前になっています。",
    "coverage_differs": "「{field}」で、対象範囲の違う数値（{first}／{second}）が並んでいます。足したり比べたりしないでください。",
    "row_unassignable": "どの欄の文か決められない記載があります：「{text}」。「割り当てできなかった文」に残しました。",
    "alignment_lost": "{field}は列ごとに書かれており、行の対応が分かりません。書かれている文は残しました。行への割り当てをお願いします。",
    "alignment_assumed": "{field}は列ごとに書かれていたため、上から順に対応させました。対応が正しいか確かめてください。",
    "columns_unclear": "{field}のこの行は欄の数が足りず、どの欄の値か決められません：「{text}」。決められない値は空のままにしています。",
    "table_cut": "{field}の表が途中で切れているようです。読み取れた分だけを入れています。元の文書を確かめてください。",
    "table_unrecognised": "見出しから種類の分からない表があります：「{text}」。「割り当てできなかった文」に残しました。",
    "year_unknown": "シートの年度が分かりません。年度を選んでください。",
    "municipality_unknown": "自治体名が分かりません。自治体を選んでください。",
    "prefecture_unknown": "「{name}」の都道府県名が書かれていません。都道府県を確かめてください。",
    "layout_unknown": "様式の種類（年度の版）が分かりません。読み取れた項目だけを入れています。",
    "duplicate_sheet": "{name}の{year}のシートが二つ以上あります。取り込むシートを選んでください。",
    "letters_missing": "「{letters}」は印刷に使う書体にないため、PDF の紙面では 〓 で示しました。"
    "文字そのものは、PDF に添えたデータと、PowerPoint・Excel のファイルに残っています。",
    "letters_variant": "「{letters}」は字の形を選んだ文字（異体字）です。開くパソコンの書体によっては、ふつうの形で表示されます。"
    "ファイルの中の文字はそのままです。",
    "letters_private": "外字（{letters}）が使われています。ほかの団体のパソコンでは別の字や空白に見えます。"
    "標準の文字に直せるときは直してください。",
    "letters_rare": "「{letters}」は、開くパソコンの書体によっては四角（□）に見えることがあります。"
    "ファイルの中の文字はそのままです。",
    "control_characters": "目に見えない制御文字が入っていたため、ファイルには入れていません。画面の内容は変わっていません。",
    "attachment_differs": "ファイルに添えられた nimo のデータと、紙面の記載が一致しません。紙面の記載のほうを読み取りました。"
    "改行の位置は、もとと違うことがあります。",
    "not_a_sheet": "「{file}」に、自治体情報シート（事前課題シート）の見出しや表が見つかりません。"
    "ファイルはそのままです。読み取るファイルが正しいか確かめてください。",
}


def finding(code: str, where: str, line: int | None = None, **words: object) -> Finding:
    """A finding of a known code; `words` fill its sentence. KeyError for an unknown code or a missing word."""
    return Finding(code, where, MESSAGES[code].format(**words), line)


FIELD_NAMES: dict[str, str] = {
    "basic_info": "基本情報",
    "disability_welfare_areas": "障害保健福祉圏域数",
    "municipalities": "市町村数",
    "population": "人口",
    "psychiatric_hospitals": "精神科病院の数",
    "psychiatric_beds": "精神科病床数",
    "inpatients": "入院精神障害者数（合計）",
    "inpatients_under_3_months": "入院精神障害者数（3か月未満）",
    "inpatients_3_to_12_months": "入院精神障害者数（3か月以上1年未満）",
    "inpatients_over_1_year": "入院精神障害者数（1年以上）",
    "inpatients_over_1_year_65_and_over": "入院精神障害者数（1年以上のうち65歳以上）",
    "inpatients_over_1_year_under_65": "入院精神障害者数（1年以上のうち65歳未満）",
    "core_consultation_centres": "基幹相談支援センター数",
    "general_consultation_offices": "一般相談支援事業所数",
    "specific_consultation_offices": "特定相談支援事業所数",
    "health_centres": "保健所数",
    "council_frequency": "協議会の開催頻度",
    "has_mental_health_subcommittee": "精神領域に関する議論を行う部会の有無",
    "councils_prefecture": "協議の場の設置状況（都道府県）",
    "councils_area": "協議の場の設置状況（障害保健福祉圏域）",
    "councils_municipality": "協議の場の設置状況（市町村）",
    "council_settings": "協議の場の設置状況",
    "activities": "取組内容",
    "overview": "取組概要（全体）",
    "special_matters": "今年度の特別に考える必要がある事項",
    "matter": "考えられる事項",
    "when": "想定される時期",
    "action": "実施する内容",
    "other_matters": "その他事項",
    "history": "取組の経緯",
    "results": "取組の成果・効果",
    "targets": "今年度の指標",
    "indicator": "課題解決の達成度を測る指標",
    "target": "目標値",
    "actual": "実績値",
    "current": "現状値",
    "effect": "具体的な成果・効果",
    "expected_effect": "見込んでいる成果・効果",
    "strengths": "特徴（強み）",
    "challenges": "課題",
    "challenge": "課題",
    "policy": "課題解決に向けた取組方針",
    "roles": "課題・方針に対する役割（取組）",
    "government": "役割：行政",
    "medical": "役割：医療",
    "welfare": "役割：福祉",
    "other": "役割：その他関係機関・住民等",
    "coordination": "連携状況",
    "system": "にも包括構築の体制",
    "departments": "所管部署と連携部署",
    "owner": "所管部署名",
    "owner_work": "所管部署における主な業務",
    "partner": "連携部署名",
    "partner_work": "連携部署における主な業務",
    "sectors": "各部門の連携状況",
    "state": "各部門の連携状況",
    "note": "特記事項等（課題・強み等）",
    "councils": "協議の場の実施状況",
    "name": "名称",
    "members": "協議の場の構成員",
    "frequency": "開催頻度",
    "content": "実施内容",
    "actions": "具体的な取組",
    "long_term": "スケジュール（長期）",
    "until_fiscal_year": "事業利用予定年数",
    "goal": "長期目標",
    "schedule": "今年度のスケジュール",
    "short_term_goal": "短期目標（今年度）",
    "small_steps": "スモールステップ",
    "period": "時期",
    "rows": "行",
}


def field_name(path: str) -> str:
    """The Japanese name of the field a path leads to: "targets.2.expected_effect" → 見込んでいる成果・効果（3行目）."""
    parts = path.split(".")
    named = [part for part in parts if not part.isdigit()]
    numbers = [int(part) for part in parts if part.isdigit()]
    name = FIELD_NAMES.get(named[-1], named[-1])
    if named[-1] == "rows" and len(named) > 1:
        name = FIELD_NAMES[named[-2]]
    return f"{name}（{numbers[-1] + 1}行目）" if numbers else name

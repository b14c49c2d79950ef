"""Gallery pages: buttons, badges, banners, cards, empty states, progress, what opens, what is printed."""

from __future__ import annotations

from nimo.foundation.ui.components.gallery.examples import Example, page

page(
    "button",
    Example("主なボタン", '{% button "保存する" %}', note="1画面に1つ。次にしてほしいことを書きます。"),
    Example("ほかのボタン", '{% button "下書きに戻す" variant="secondary" %}'),
    Example("取り消しにくいこと", '{% button "公開をやめる" variant="danger" %}'),
    Example("目立たせないボタン", '{% button "入力を消す" type="reset" variant="quiet" %}'),
    Example(
        "読み上げだけの補足",
        '{% button "削除" variant="secondary" note="太田市の下書きを" name="draft" value="7" %}',
        note="同じ言葉のボタンが並ぶとき、何に対するものかを読み上げで伝えます。",
    ),
    Example(
        "押せないとき",
        '{% button "確定する" disabled=True %}',
        note="なるべく使わず、押せない理由を文で示します。",
    ),
)
page(
    "link_button",
    Example("ほかの画面へ", '{% link_button "シートを見る" href="#link_button" %}'),
    Example("主な行き先", '{% link_button "シートを取り込む" href="#link_button" variant="primary" %}'),
)
page(
    "actions",
    Example(
        "ボタンの帯",
        "{% actions %}\n"
        '  {% button "確定する" %}\n'
        '  {% button "下書きとして保存" variant="secondary" %}\n'
        '  {% link_button "やめる" href="#actions" variant="quiet" %}\n'
        "{% endactions %}",
    ),
)
page(
    "badge",
    Example("ふつう", '{% badge "下書き" %}'),
    Example("知らせる", '{% badge "確認待ち" tone="info" %}'),
    Example("済んだ", '{% badge "公開中" tone="success" %}'),
    Example("気をつける", '{% badge "期限が近い" tone="warning" %}'),
    Example("すぐに見てほしい", '{% badge "期限切れ" tone="danger" %}'),
)
page(
    "banner",
    Example(
        "知らせる",
        '{% banner tone="info" title="令和6年度のシートがまだ取り込まれていません" %}\n'
        "  <p>提出期限は3月31日です。ファイルを選ぶと、読み取った内容を確かめられます。</p>\n"
        "{% endbanner %}",
    ),
    Example(
        "済んだことを伝える",
        '{% banner tone="success" title="18項目を確定しました" %}<p>地域のページに反映されています。</p>{% endbanner %}',
    ),
    Example(
        "気をつけてもらう",
        '{% banner tone="warning" title="合計が内訳と合いません" %}'
        "<p>元の資料では、内訳の合計は120人、合計の欄は118人です。</p>{% endbanner %}",
    ),
    Example(
        "重要なことを伝える",
        '{% banner tone="danger" title="このファイルは読み取れませんでした" %}'
        "<p>パスワードが付いています。何も保存されていません。パスワードを外してから、もう一度選んでください。</p>{% endbanner %}",
    ),
    Example("題のない補足", '{% banner tone="neutral" %}<p>数字は令和6年6月30日の時点です。</p>{% endbanner %}'),
)
page(
    "card",
    Example(
        "入口になるカード",
        '{% card title="太田市" href="#card" badge="確認待ち" tone="info" %}\n'
        "  <p>令和6年度のシートに、確かめてほしい項目が3つあります。</p>\n"
        "{% endcard %}",
    ),
    Example("題だけのカード", '{% card title="協議の場" %}<p>年2回、6月と2月に開いています。</p>{% endcard %}'),
)
page(
    "section",
    Example(
        "見出しのある区切り",
        '{% section title="退院後の行き先" id="destination" lead="昨年度に退院した人の行き先です。" heading_level=3 %}\n'
        "  <p>自宅、グループホーム、施設の順に多くなっています。</p>\n"
        "{% endsection %}",
    ),
)
page(
    "grid",
    Example(
        "カードを並べる",
        "{% grid columns=3 %}\n"
        '  {% card title="保健所" %}<p>5か所</p>{% endcard %}\n'
        '  {% card title="協議の場" %}<p>4か所</p>{% endcard %}\n'
        '  {% card title="基幹相談支援センター" %}<p>記載なし</p>{% endcard %}\n'
        "{% endgrid %}",
    ),
)
page(
    "entry_row",
    Example(
        "一人ずつの入力",
        '{% entry_row title="架空 一郎" note="架空保健所 保健師" heading_level=3 %}\n'
        "  <p>出席</p><p>付き添いなし</p>\n"
        "{% endentry_row %}\n"
        '{% entry_row title="架空 二葉" note="架空みほん病院 看護師" heading_level=3 %}\n'
        "  <p>欠席</p><p>付き添いなし</p>\n"
        "{% endentry_row %}",
    ),
)
page(
    "empty_state",
    Example(
        "まだ何もないとき",
        '{% empty_state title="まだシートがありません" '
        'body="自治体情報シートは、年に1度、取組の現状と課題をまとめるものです。取り込むと、地域のページに数字と課題が並びます。" '
        'action_label="シートを取り込む" action_href="#empty_state" %}',
    ),
    Example(
        "することがないとき",
        '{% empty_state title="今日の予定はありません" body="期限のある仕事が出ると、ここに並びます。" %}',
    ),
)
page(
    "progress",
    Example(
        "全体の量が分かるとき",
        '{% progress label="シートの読み取り" value=12 max=48 text="12枚目の表を読んでいます" %}',
    ),
    Example("全体の量が分からないとき", '{% progress label="ファイルの確認" %}'),
    Example("終わったとき", '{% progress label="シートの読み取り" value=48 max=48 text="読み取りが終わりました" %}'),
)
page(
    "dialog",
    Example(
        "もう一度たしかめる",
        '{% dialog id="withdraw" trigger="公開をやめる" title="令和6年度のシートの公開をやめますか" %}\n'
        "  <p>公開ページから見えなくなります。記録は残り、あとでもう一度公開できます。</p>\n"
        '  <form method="get">{% button "公開をやめる" variant="danger" %}</form>\n'
        "{% enddialog %}",
    ),
)
page(
    "details",
    Example(
        "畳んである",
        '{% details summary="数え方" %}<p>住所地で数えています。県外の病院にいる人も含みます。</p>{% enddetails %}',
    ),
    Example("開いてある", '{% details summary="数え方" open=True %}<p>所在地で数えています。</p>{% enddetails %}'),
)
page(
    "print_only",
    Example("紙にだけ出す", "{% print_only %}<p>文書番号：　　　　　決裁日：　　年　　月　　日</p>{% endprint_only %}"),
)
page(
    "screen_only",
    Example("画面にだけ出す", "{% screen_only %}<p>見出しを選ぶと並べ替えられます。</p>{% endscreen_only %}"),
)

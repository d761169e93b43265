"""Japanese, as it is printed in Japan: words without spaces, amounts without decimals, years of eras."""

from dataclasses import replace
from decimal import Decimal

from synthdocs.languages.base import Language, Market, Money, Trade, Wording, cities, variants, wares

WORDING = Wording(
    receipt=variants("領収書 | レシート | 領収証 | お買上明細 | ご利用明細 |"),
    invoice=variants("請求書 | 御請求書 | ご請求書"),
    receipt_number=variants("レシート番号 | レシートNo. | 伝票番号 | 領収書番号 | 取引No."),
    invoice_number=variants("請求書番号 | 請求番号 | 請求書No."),
    order_number=variants("注文番号 | 発注番号"),
    customer_number=variants("お客様番号 | 顧客番号"),
    date=variants("日付 | 日時 | 発行日 |"),
    invoice_date=variants("請求日 | 発行日 | 日付"),
    due_date=variants("お支払期限 | 支払期日 | お振込期限"),
    delivery_date=variants("納品日 | お届け日"),
    time=variants("時刻 | 時間"),
    cashier=variants("担当 | 責任者 | 係 | 担当者"),
    till=variants("レジ | 端末番号 | 店舗"),
    table=variants("テーブル | 卓番"),
    guests=variants("人数 | お客様数"),
    item=variants("品名 | 商品名 | 品目 | 摘要"),
    quantity=variants("数量 | 個数"),
    price=variants("単価 | 価格"),
    amount=variants("金額 | 税抜金額"),
    item_count=variants("点数 | お買上点数 | 合計点数"),
    subtotal=variants("小計 | 小 計"),
    total=variants("合計 | 合 計 | お会計 | 総合計 | お支払金額 | ご請求額 | 税込合計"),
    invoice_total=variants("ご請求金額 | 合計金額 | 御請求額 | 合計 | 税込合計"),
    discount=variants("値引 | 割引 | 会員割引 | クーポン値引"),
    service=variants("サービス料{rate}%"),
    net=variants("税抜 | 対象額 | 税抜額"),
    gross=variants("税込 | 税込額"),
    includes=variants("(内{tax}{rate}%) | うち{tax}{rate}% | {rate}%対象 {tax}"),
    rounding=variants("端数調整"),
    cash=variants("現金 | お預り | お預かり | 現金預り"),
    change=variants("お釣り | お釣 | おつり | 釣銭"),
    card=variants("クレジット | カード | 電子マネー | VISA | 交通系IC"),
    approved=variants("承認済 | お客様控え | サイン不要"),
    phone=variants("TEL | 電話 | Tel"),
    bill_to=variants("請求先 | お客様 | 宛先 |"),
    ship_to=variants("納品先 | お届け先"),
    terms=variants("お支払条件: {days}日以内 | {days}日以内にお振込みください。 | 支払期限は{days}日後です。"),
    bank=variants("お振込先 | 振込口座 | 銀行口座"),
    thanks=variants(
        "ありがとうございました | 毎度ありがとうございます | またのお越しをお待ちしております | "
        "お買上げありがとうございます"
    ),
    small_print=variants(
        "返品は7日以内に レシートをご持参ください | 軽減税率対象商品には ※印を付けています | "
        "領収書として ご利用いただけます | "
        "ポイントカードをご利用ください | アンケートにご協力ください"
    ),
    letter=variants(
        "下記の通りご請求申し上げます。 | 下記の通り納品いたしました。 | 平素より大変お世話になっております。 |"
    ),
    paid=variants("入金済 | 領収済 | 支払済 | 受領"),
)

SHOPS = (
    Trade(
        variants("{last}商店 | スーパー{last} | {last}青果店 | {last}酒店 | フレッシュ市場{last}"),
        wares(
            """
            牛乳 1L         | 1.6 | 2.4 | reduced
            食パン 6枚切    | 1 | 2 | reduced
            卵 10個         | 1.8 | 2.8 | reduced
            おにぎり 鮭     | 0.9 | 1.4 | reduced
            緑茶 500ml      | 0.8 | 1.4 | reduced
            豆腐            | 0.5 | 1.2 | reduced
            トマト 3個      | 1.6 | 3.2 | reduced
            米 5kg          | 15 | 28 | reduced
            缶ビール        | 1.6 | 2.4
            洗剤            | 2 | 4
            レジ袋          | 0.03 | 0.05
            """
        ),
    ),
    Trade(
        variants("{last}薬局 | くすりの{last} | ドラッグ{last} | みどり薬局"),
        wares(
            """
            解熱鎮痛薬 20錠 | 4 | 12
            風邪薬 24錠     | 8 | 16
            目薬            | 4 | 12
            絆創膏 30枚     | 2 | 4
            歯磨き粉        | 1.5 | 5
            シャンプー      | 4 | 9
            マスク 30枚     | 3 | 7
            ビタミンC       | 6 | 14
            """
        ),
    ),
    Trade(
        variants("{last}書店 | 文具の{last} | ブックス{last} | {last}文具店"),
        wares(
            """
            文庫本          | 5 | 8
            ノート A5       | 1 | 3
            ボールペン      | 1 | 3
            手帳            | 8 | 20
            コピー用紙      | 3 | 6
            漫画単行本      | 4 | 6
            消しゴム        | 0.6 | 1.2
            色鉛筆 12色     | 5 | 10
            """
        ),
    ),
    Trade(
        variants("{last}金物店 | ホームセンター{last} | {last}工具"),
        wares(
            """
            木ねじ 100本    | 3 | 7
            養生テープ      | 2 | 4
            LED電球         | 4 | 9
            刷毛            | 2 | 5
            金づち          | 8 | 18
            水性塗料 1L     | 12 | 24
            延長コード      | 6 | 14
            軍手            | 1 | 4
            """
        ),
    ),
)
RESTAURANTS = (
    Trade(
        variants("食堂{last} | 居酒屋{last} | 手打そば{last} | 寿司{last} | 焼肉{last} | ラーメン{last}"),
        wares(
            """
            日替定食        | 6 | 9
            醤油ラーメン    | 6 | 9
            天ぷらそば      | 8 | 13
            寿司盛合せ      | 14 | 26
            焼き鳥 5本      | 5 | 9
            枝豆            | 2.5 | 4
            餃子            | 3 | 5
            生ビール        | 4 | 6
            日本酒          | 4 | 8
            ウーロン茶      | 2 | 3.5
            """
        ),
        table=True,
    ),
    Trade(
        variants("喫茶{last} | カフェ{last} | ベーカリー{last} | 珈琲館{last}"),
        wares(
            """
            ブレンド        | 3 | 5
            カフェラテ      | 3.5 | 5.5
            紅茶            | 3 | 5
            トースト        | 2.5 | 4.5
            チーズケーキ    | 3.5 | 5.5
            サンドイッチ    | 4 | 7
            メロンパン      | 1.2 | 2 | reduced
            クロワッサン    | 1.4 | 2.4 | reduced
            """
        ),
        table=True,
    ),
)
SUPPLIERS = (
    Trade(
        variants("{last}システム | {last}設計事務所 | {last}コンサルティング | 東西ソフト"),
        wares(
            """
            コンサルティング   | 200 | 900
            開発作業 (時間)    | 40 | 90
            サーバー利用料     | 20 | 120
            ソフトウェア年額   | 150 | 900
            研修 半日          | 300 | 900
            データ移行         | 300 | 2000
            保守料 月額        | 100 | 600
            出張費             | 60 | 400
            """
        ),
    ),
    Trade(
        variants("{last}工務店 | {last}設備 | {last}印刷 | {last}自動車"),
        wares(
            """
            作業費 (時間)      | 30 | 60
            出張料             | 20 | 50
            部品代             | 10 | 200
            エアコン清掃       | 70 | 140
            ブレーキ交換       | 80 | 180
            壁紙張替 m2        | 8 | 16
            名刺印刷 100枚     | 12 | 40
            廃材処分           | 40 | 160
            """
        ),
    ),
)

_JAPAN = Market(
    code="JP",
    faker="ja_JP",
    money=Money(("¥", "¥", "￥", "", "¥ "), ".", ",", decimals=0),
    dates=variants(
        "{yyyy}年{m}月{d}日 | {yyyy}/{mm}/{dd} | {yyyy}年{mm}月{dd}日 | {era}年{m}月{d}日 | {yyyy}-{mm}-{dd} | "
        "{yyyy}.{mm}.{dd}"
    ),
    times=variants("{hh}:{min} | {hh}時{min}分 | {hh}:{min}:{sec}"),
    tax=variants("消費税 | 消費税等 | 消費税"),
    rates=(Decimal(10), Decimal(8)),
    inclusive=True,
    suffixes=variants(
        "株式会社{name} | {name}株式会社 | 有限会社{name} | {name} | (株){name} | 合同会社{name} | {name}"
    ),
    streets=variants("中央 | 本町 | 栄 | 神田 | 緑ヶ丘 | 桜台 | 大手町 | 東雲 | 西新 | 旭町"),
    address=(
        ("〒{code}", "{region}{city}{street}{unit}-{number}"),
        ("〒{code} {region}{city}{street}{unit}-{number}",),
        ("{region}{city}{street}{unit}丁目{number}番地",),
        ("〒{code}", "{region}{city}{street}{unit}-{number}", "第一ビル3F"),
    ),
    cities=cities(
        "千代田区 | 10#-00## | 東京都; 新宿区 | 16#-00## | 東京都; 横浜市西区 | 220-00## | 神奈川県; "
        "大阪市北区 | 530-00## | 大阪府; "
        "名古屋市中区 | 460-00## | 愛知県; 札幌市中央区 | 060-00## | 北海道; 福岡市博多区 | 812-00## | 福岡県; "
        "京都市左京区 | 606-8### | 京都府"
    ),
    phone=variants("03-####-#### | 0##-###-#### | 06-####-####"),
    tax_number=variants("登録番号 T############# | 登録番号: T############# | 事業者登録番号 T#############"),
    comma=" ",
    scale=130,
    price_step=Decimal(1),
    cash_step=Decimal(1),
    notes=(500, 1000, 2000, 5000, 10000),
)
MARKETS = (
    _JAPAN,
    # The word for the currency stands behind the amount, its sign before it.
    replace(_JAPAN, code="JP-yen", money=replace(_JAPAN.money, signs=("円", "円", " 円"), after=True)),
)

LANGUAGE = Language(
    code="ja",
    wording=WORDING,
    months=tuple(f"{month}月" for month in range(1, 13)),
    short_months=tuple(f"{month}月" for month in range(1, 13)),
    shops=SHOPS,
    restaurants=RESTAURANTS,
    suppliers=SUPPLIERS,
    markets=MARKETS,
    script="japanese",
    person="{last} {first} 様",
)

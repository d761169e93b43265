"""Japanese, whose words are not parted by spaces."""

from extraction.engines.teacher.rules.vocabulary.meanings import Meaning, Numbered, Vocabulary

VOCABULARY = Vocabulary(
    code="ja",
    phrases={
        Meaning.TOTAL_DUE: (
            "お会計, 総合計, お支払金額, ご請求額, 御請求額, ご請求金額, 御請求金額, 請求金額, 税込合計, "
            "合計金額, お買上計, お支払い金額, お支払合計, 領収金額, 総額, 合計(税込)"
        ),
        Meaning.TOTAL: "合計, 計",
        Meaning.PAYABLE: "金額, お買上",
        Meaning.SUBTOTAL: "小計, 税抜合計, 税抜小計",
        Meaning.BEFORE_TAX: "税抜, 税抜額, 税抜金額, 外税対象, 対象額, 税抜合計",
        Meaning.NET: "税抜, 税抜額, 対象額, 対象",
        Meaning.TAX: "消費税, 消費税等, 内税, 外税, 内消費税, 内消費税等, 消費税額, 税額",
        Meaning.TAX_TOTAL: "消費税額, 消費税合計, 税合計, 消費税等合計, 消費税計",
        Meaning.TAX_LINE: "内消費税, 内消費税等, うち消費税, うち消費税等",
        Meaning.TAX_ELSEWHERE: "対象額, 軽減税率",
        Meaning.GROSS: "税込",
        Meaning.DISCOUNT: "値引, 割引, 値引き, クーポン",
        Meaning.ROUNDING: "端数調整, 端数",
        Meaning.TENDERED: "お預り, お預かり, 預り, 預り金, 現金預り",
        Meaning.CASH: "現金",
        Meaning.CARD: "クレジット, カード, 電子マネー, 交通系IC, クレジットカード",
        Meaning.CHANGE: "お釣り, お釣, おつり, 釣銭, 釣り",
        Meaning.SERVICE: "サービス料",
        Meaning.COUNT: "点数, お買上点数, 合計点数, 数量, 個数, 買上点数",
        Meaning.OTHER_AMOUNT: "単価, 価格, ポイント, 残高",
        Meaning.DATE: "日付, 日時, 年月日",
        Meaning.ISSUED: "発行日, 請求日, 発行年月日, 取引日, 請求書発行日",
        Meaning.DUE: "お支払期限, 支払期限, 支払期日, お振込期限, 振込期限",
        Meaning.DELIVERY: "納品日, お届け日, 納期",
        Meaning.ORDERED: "注文日, 発注日",
        Meaning.OTHER_DATE: "有効期限, 生年月日, 賞味期限",
        Meaning.LEGAL_FORM: "株式会社, 有限会社, 合同会社, (株), (有), 合資会社, 一般社団法人",
        Meaning.TRADE: (
            "商店, スーパー, 青果店, 酒店, 市場, 薬局, くすり, ドラッグ, 書店, 文具, ブックス, 金物店, "
            "ホームセンター, 工具, 食堂, 居酒屋, そば, 寿司, 焼肉, ラーメン, 喫茶, カフェ, ベーカリー, 珈琲, "
            "システム, 設計事務所, 事務所, コンサルティング, 工務店, 設備, 印刷, 自動車, ソフト, 商事, 店, "
            "ホテル, レストラン, マート, ストア, 屋"
        ),
        Meaning.STREET: "丁目, 番地, 市, 区, 町, 村, 郡, 番",
        Meaning.UNIT: "ビル, 階, 号室, 号, マンション",
        Meaning.REGION: "東京都, 北海道, 大阪府, 京都府, 県, 日本",
        Meaning.CONTACT: "電話",
        Meaning.REGISTRATION: "登録番号, 事業者登録番号, 法人番号",
        Meaning.TITLE: (
            "領収書, 領収証, レシート, お買上明細, ご利用明細, 請求書, 御請求書, ご請求書, 責任者, 担当者, "
            "担当, 係, レジ, 端末番号, テーブル, 卓番, 人数, 時刻, 時間, 品名, 商品名, 品目, 摘要, ありがとう, "
            "お待ちして, お客様控え, 伝票, 取引, 店舗, 日付, 日時, 番号, 明細, 下記の通り"
        ),
        Meaning.RECIPIENT: "請求先, お客様, 宛先, 納品先, お届け先, 御中, 様",
        Meaning.AMOUNT_DUE: (
            "ご請求額, 御請求額, ご請求金額, 御請求金額, 請求金額, お支払金額, お支払い金額, "
            "差引請求額, 今回請求額, 今回御請求額"
        ),
        Meaning.PREPAID: "前受金, 前払金, 内金, 手付金, 入金額",
        Meaning.TIP: "チップ",
        Meaning.TIME: "時刻, 時間, 日時",
        Meaning.PHONE: "電話, 電話番号, tel",
        Meaning.FAX: "ファックス, ファクス, fax",
        Meaning.TAX_ID: "登録番号, 事業者登録番号, 適格請求書発行事業者登録番号",
        Meaning.ISSUER: "請求元, 発行元, 発行者, 販売者",
    },
    postcodes=(
        r"〒\s?\d{3}-?\d{4}",
        r"(?<![\d-])\d{3}-\d{4}(?=\s?[\u4e00-\u9fff])",
    ),
    numbered={
        Numbered.CUSTOMER: "お客様番号|顧客番号",
        Numbered.ORDER: "注文番号|発注番号",
        Numbered.TAX: "登録番号",
        Numbered.TABLE: "卓番|テーブル",
        Numbered.DOCUMENT: "請求書番号|請求番号|レシート番号|伝票番号|領収書番号|請求書|レシート|取引",
    },
    labels={
        "cashier": "責任者, 担当者, 担当, レジ担当, 係",
        "server": "担当, 担当者",
        "payment method": "お支払方法, 支払方法, お支払い方法",
        "payment terms": "支払条件, お支払条件",
        "reference": "参照番号",
        "project": "件名, 案件名",
        "subject": "件名",
        "contact": "担当者, ご担当者",
        "bank": "振込先, 銀行名, お振込先",
        "guests": "人数, 客数",
        "store": "店舗, 店名",
        "table": "卓番, テーブル",
        "period": "期間",
    },
)

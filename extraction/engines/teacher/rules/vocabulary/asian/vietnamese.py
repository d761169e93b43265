"""Vietnamese, also where its accents are not read."""

from extraction.engines.teacher.rules.vocabulary.meanings import Meaning, Numbered, Vocabulary

VOCABULARY = Vocabulary(
    code="vi",
    phrases={
        Meaning.TOTAL_DUE: (
            "tổng cộng, tổng tiền, tổng thanh toán, phải thanh toán, tổng cộng tiền thanh toán, "
            "tổng tiền phải trả, tổng tiền thanh toán, khách phải trả, tiền phải trả, tổng số tiền, "
            "cần thanh toán"
        ),
        Meaning.TOTAL: "tổng, thành tiền, thanh toán",
        Meaning.PAYABLE: "số tiền, phải trả",
        Meaning.SUBTOTAL: "tạm tính, cộng tiền hàng, tổng tiền hàng, cộng tiền, tiền hàng",
        Meaning.BEFORE_TAX: "tiền trước thuế, chưa thuế, trước thuế, tiền hàng",
        Meaning.NET: "tiền trước thuế, chưa thuế, tiền hàng",
        Meaning.TAX: "thuế gtgt, gtgt, thuế vat, thuế, đã gồm vat, tiền thuế, tiền thuế gtgt, thuế suất",
        Meaning.TAX_TOTAL: "tổng thuế, tổng tiền thuế, tiền thuế, tiền thuế gtgt",
        Meaning.TAX_LINE: "đã gồm vat, đã gồm thuế, tiền thuế, tiền thuế gtgt",
        Meaning.TAX_ELSEWHERE: "mã số thuế",
        Meaning.DISCOUNT: "giảm giá, chiết khấu, khuyến mãi, giảm",
        Meaning.ROUNDING: "làm tròn",
        Meaning.TENDERED: "khách đưa, tiền khách trả, tiền khách đưa, đã nhận, khách trả",
        Meaning.CASH: "tiền mặt",
        Meaning.CARD: "quẹt thẻ, thẻ ngân hàng, chuyển khoản, thẻ tín dụng, momo",
        Meaning.CHANGE: "tiền thối, tiền thừa, trả lại, tiền thối lại, tiền trả lại",
        Meaning.SERVICE: "phí phục vụ, phí dịch vụ",
        Meaning.COUNT: "sl, số lượng, số mặt hàng, tổng số lượng, tổng sl",
        Meaning.OTHER_AMOUNT: "điểm, đơn giá, giá, đ.giá, đặt cọc, số dư, tiền sau thuế",
        Meaning.DATE: "ngày, ngày giờ, thời gian",
        Meaning.ISSUED: "ngày lập, ngày hóa đơn, ngày xuất hóa đơn, ngày bán, ngày in",
        Meaning.DUE: "hạn thanh toán, ngày đến hạn, thanh toán trước ngày, đến hạn",
        Meaning.DELIVERY: "ngày giao hàng, giao ngày, ngày giao",
        Meaning.ORDERED: "ngày đặt hàng",
        Meaning.OTHER_DATE: "hiệu lực đến, hạn sử dụng, ngày sinh",
        Meaning.LEGAL_FORM: (
            "công ty tnhh, công ty cổ phần, công ty tnhh mtv, công ty cp, dntn, hộ kinh doanh, cty tnhh, "
            "cty cp, doanh nghiệp tư nhân, công ty"
        ),
        Meaning.TRADE: (
            "tạp hóa, siêu thị, cửa hàng, bách hóa, thực phẩm, nhà thuốc, hiệu thuốc, nhà sách, "
            "văn phòng phẩm, điện máy, vật liệu, điện nước, quán ăn, quán, nhà hàng, phở, cơm tấm, bún bò, "
            "cà phê, trà sữa, tiệm bánh, tư vấn, giải pháp, công nghệ, sửa chữa, in ấn, cơ khí, nội thất, "
            "khách sạn, tiệm"
        ),
        Meaning.STREET: "đường, phường, quận, tp., huyện, xã, phố, thị trấn, thành phố, tỉnh, kp",
        Meaning.UNIT: "số nhà, tòa nhà",
        Meaning.REGION: (
            "hồ chí minh, hà nội, đà nẵng, cần thơ, huế, nha trang, khánh hòa, việt nam, tp. hcm, hcm, "
            "hải phòng, bình dương, đồng nai"
        ),
        Meaning.CONTACT: "đt, điện thoại, sđt, hotline",
        Meaning.REGISTRATION: "mst, mã số thuế, mã số doanh nghiệp",
        Meaning.TITLE: (
            "hóa đơn, hóa đơn bán lẻ, hóa đơn bán hàng, hóa đơn giá trị gia tăng, phiếu thanh toán, "
            "phiếu tính tiền, biên lai, thu ngân, nhân viên, phục vụ, số khách, giờ, tên hàng, "
            "mặt hàng, tên món, diễn giải, cảm ơn, hẹn gặp lại, số hđ, số phiếu, ngày, đơn hàng, chi nhánh, "
            "mã hđ"
        ),
        Meaning.RECIPIENT: "khách hàng, người mua hàng, người mua, đơn vị mua hàng, giao đến, địa chỉ giao hàng",
        Meaning.AMOUNT_DUE: (
            "còn phải thanh toán, còn lại phải thanh toán, số tiền còn lại, phải thanh toán, cần thanh toán, "
            "còn phải trả, còn nợ"
        ),
        Meaning.PREPAID: "đặt cọc, tạm ứng, đã thanh toán, trả trước, tiền cọc",
        Meaning.TIP: "tiền boa, tip",
        Meaning.TIME: "giờ, thời gian, ngày giờ, giờ vào, giờ ra",
        Meaning.PHONE: "đt, điện thoại, sđt, tel, số điện thoại, di động",
        Meaning.FAX: "fax",
        Meaning.TAX_ID: "mst, mã số thuế",
        Meaning.ISSUER: "đơn vị bán hàng, người bán, người bán hàng, bên bán, nhà cung cấp",
    },
    patterns={
        Meaning.STREET: r"\b[qp]\. ?(?:\d|[a-z]{2})",
    },
    numbered={
        Numbered.CUSTOMER: "khach hang|kh",
        Numbered.ORDER: "don hang",
        Numbered.TAX: "mst|ma so thue",
        Numbered.TABLE: "ban",
        Numbered.DOCUMENT: "hoa don|hd|phieu|ct",
    },
    labels={
        "cashier": "thu ngân",
        "server": "phục vụ, nhân viên",
        "payment method": "hình thức thanh toán, phương thức thanh toán, httt",
        "payment terms": "điều khoản thanh toán",
        "reference": "tham chiếu, số tham chiếu",
        "project": "dự án",
        "contact": "liên hệ",
        "bank": "ngân hàng",
        "guests": "số khách",
        "store": "chi nhánh, cửa hàng",
        "form number": "mẫu số",
        "serial": "ký hiệu",
        "account number": "số tài khoản, stk",
        "period": "kỳ",
    },
)

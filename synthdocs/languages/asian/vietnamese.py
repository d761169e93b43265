"""Vietnamese, as it is printed in Vietnam: amounts without decimals, the family name first."""

from decimal import Decimal

from synthdocs.languages.base import Language, Market, Money, Trade, Wording, cities, variants, wares

WORDING = Wording(
    receipt=variants("HÓA ĐƠN BÁN LẺ | PHIẾU THANH TOÁN | HÓA ĐƠN BÁN HÀNG | Phiếu tính tiền | BIÊN LAI |"),
    invoice=variants("Hóa đơn | HÓA ĐƠN GIÁ TRỊ GIA TĂNG | Hóa đơn bán hàng"),
    receipt_number=variants("Số HĐ | Số hóa đơn | Số phiếu | Mã HĐ | Số CT"),
    invoice_number=variants("Số hóa đơn | Hóa đơn số | Số HĐ"),
    order_number=variants("Số đơn hàng | Mã đơn hàng"),
    customer_number=variants("Mã khách hàng | Mã KH"),
    date=variants("Ngày | NGÀY | Ngày giờ | Thời gian |"),
    invoice_date=variants("Ngày lập | Ngày hóa đơn | Ngày | Ngày xuất hóa đơn"),
    due_date=variants("Hạn thanh toán | Ngày đến hạn | Thanh toán trước ngày"),
    delivery_date=variants("Ngày giao hàng | Giao ngày"),
    time=variants("Giờ | GIỜ"),
    cashier=variants("Thu ngân | Nhân viên | NV | Phục vụ"),
    till=variants("Quầy | Máy | Chi nhánh"),
    table=variants("Bàn | BÀN"),
    guests=variants("Số khách"),
    item=variants("Tên hàng | Mặt hàng | Tên món | Diễn giải"),
    quantity=variants("SL | Số lượng"),
    price=variants("Đơn giá | Giá | Đ.giá"),
    amount=variants("Thành tiền | T.tiền | Số tiền"),
    item_count=variants("Số mặt hàng | Tổng số lượng | Tổng SL"),
    subtotal=variants("Tạm tính | Cộng tiền hàng | TẠM TÍNH"),
    total=variants("TỔNG CỘNG | Tổng cộng | Tổng tiền | THANH TOÁN | Tổng thanh toán | Phải thanh toán | Thành tiền"),
    invoice_total=variants("Tổng cộng tiền thanh toán | Tổng thanh toán | TỔNG CỘNG | Tổng tiền phải trả"),
    discount=variants("Giảm giá | GIẢM GIÁ | Chiết khấu | Khuyến mãi"),
    service=variants("Phí phục vụ {rate}%"),
    net=variants("Tiền trước thuế | Tiền hàng | Chưa thuế"),
    gross=variants("Tiền sau thuế | Có thuế"),
    includes=variants("Đã gồm {tax} {rate}% | {tax} {rate}%"),
    rounding=variants("Làm tròn"),
    cash=variants("TIỀN MẶT | Tiền mặt | Khách đưa | Tiền khách trả"),
    change=variants("TIỀN THỐI | Tiền thừa | Trả lại | Tiền thối lại"),
    card=variants("Thẻ | Quẹt thẻ | Thẻ ngân hàng | Chuyển khoản | VISA"),
    approved=variants("GIAO DỊCH THÀNH CÔNG | Đã thanh toán | Liên khách hàng"),
    phone=variants("ĐT | Điện thoại | SĐT | Hotline"),
    bill_to=variants("Khách hàng | Người mua hàng | Đơn vị mua hàng |"),
    ship_to=variants("Giao đến | Địa chỉ giao hàng"),
    terms=variants(
        "Thanh toán trong vòng {days} ngày. | Đề nghị thanh toán trong {days} ngày. | Thời hạn nợ: {days} ngày."
    ),
    bank=variants("Số tài khoản | Chuyển khoản đến | STK"),
    thanks=variants("Cảm ơn quý khách! | CẢM ƠN VÀ HẸN GẶP LẠI | Xin cảm ơn quý khách | Chúc quý khách vui vẻ"),
    small_print=variants(
        "Đổi hàng trong 7 ngày kèm hóa đơn. | Vui lòng giữ hóa đơn. | Giá đã bao gồm thuế. | "
        "Hàng mua rồi miễn trả lại. | Đăng ký thành viên để tích điểm."
    ),
    letter=variants("Chúng tôi xin gửi bảng kê sau: | Chi tiết đơn hàng: | Nội dung công việc đã làm: |"),
    paid=variants("ĐÃ THANH TOÁN | ĐÃ THU TIỀN | ĐÃ NHẬN"),
)

SHOPS = (
    Trade(
        variants(
            "Tạp hóa {last} | Siêu thị Mini {first} | Cửa hàng {last} {first} | Bách hóa {first} | "
            "Thực phẩm Sạch {first}"
        ),
        wares(
            """
            Gạo thơm 5kg        | 5 | 9
            Nước mắm 750ml      | 1.5 | 4
            Mì gói tôm          | 0.15 | 0.4
            Sữa tươi 1L         | 1.3 | 2
            Trứng gà 10 quả     | 1.2 | 2
            Dầu ăn 1L           | 1.6 | 2.6
            Rau muống bó        | 0.4 | 0.9
            Thịt heo 500g       | 3 | 5
            Nước rửa chén       | 1 | 2
            Bánh quy hộp        | 1.5 | 4
            """
        ),
    ),
    Trade(
        variants("Nhà thuốc {first} | Nhà thuốc Tây {last} {first} | Hiệu thuốc {first}"),
        wares(
            """
            Thuốc hạ sốt vỉ     | 0.4 | 1.5
            Siro ho 100ml       | 1.5 | 4
            Vitamin C lọ        | 1.5 | 5
            Dầu gió xanh        | 0.8 | 2
            Băng cá nhân hộp    | 0.8 | 2
            Khẩu trang hộp      | 1.2 | 3.5
            Kem đánh răng       | 1 | 2.5
            Nước muối sinh lý   | 0.3 | 0.8
            """
        ),
    ),
    Trade(
        variants("Nhà sách {first} | Văn phòng phẩm {first} | Nhà sách {last} {first}"),
        wares(
            """
            Tập 96 trang        | 0.3 | 0.8
            Bút bi hộp 10       | 1.2 | 3
            Giấy A4 500 tờ      | 2.5 | 4
            Truyện tranh        | 0.9 | 2
            Tiểu thuyết         | 3 | 7
            Bút màu 12 cây      | 1.2 | 3
            Bìa hồ sơ           | 0.2 | 0.6
            Thước kẻ            | 0.2 | 0.5
            """
        ),
    ),
    Trade(
        variants("Điện máy {first} | Vật liệu Xây dựng {first} | Điện nước {last} {first}"),
        wares(
            """
            Bóng đèn LED 9W     | 1.2 | 3.5
            Dây điện 10m        | 3 | 8
            Ổ cắm 3 lỗ          | 1.5 | 4
            Sơn nước 5L         | 9 | 25
            Xi măng bao         | 3 | 5
            Ống nhựa 4m         | 2.5 | 7
            Búa đóng đinh       | 2 | 5
            Keo dán             | 0.5 | 1.5
            """
        ),
    ),
)
RESTAURANTS = (
    Trade(
        variants("Quán ăn {first} | Nhà hàng {last} {first} | Phở {first} | Cơm tấm {first} | Bún bò Huế {first}"),
        wares(
            """
            Phở bò tái          | 2 | 4
            Bún chả             | 1.8 | 3.5
            Cơm tấm sườn        | 1.6 | 3.2
            Gỏi cuốn 2 cuốn     | 0.8 | 2
            Lẩu hải sản         | 10 | 20
            Chả giò             | 1.5 | 4
            Trà đá              | 0.1 | 0.3
            Bia chai            | 0.8 | 1.6
            Nước chanh          | 0.8 | 1.6
            Chè ba màu          | 0.9 | 1.8
            """
        ),
        table=True,
    ),
    Trade(
        variants("Cà phê {first} | Trà sữa {first} | Tiệm bánh {first} | Quán Góc Phố"),
        wares(
            """
            Cà phê sữa đá       | 0.9 | 2.2
            Bạc xỉu             | 1 | 2.2
            Trà đào cam sả      | 1.6 | 3
            Trà sữa trân châu   | 1.4 | 2.8
            Bánh mì thịt        | 0.8 | 1.8
            Bánh flan           | 0.5 | 1.2
            Sinh tố bơ          | 1.4 | 2.8
            Bánh kem nhỏ        | 1.5 | 4
            """
        ),
        table=True,
    ),
)
SUPPLIERS = (
    Trade(
        variants("Tư vấn {last} {first} | Giải pháp Phần mềm {first} | Công nghệ {first}"),
        wares(
            """
            Tư vấn (giờ)              | 12 | 50
            Lập trình (giờ)           | 10 | 40
            Thuê máy chủ tháng        | 8 | 50
            Bản quyền năm             | 50 | 400
            Đào tạo nửa ngày          | 80 | 350
            Bảo trì hệ thống          | 40 | 250
            Chuyển đổi dữ liệu        | 100 | 900
            Chi phí đi lại            | 10 | 90
            """
        ),
    ),
    Trade(
        variants("Sửa chữa {first} | In ấn {first} | Cơ khí {last} {first} | Nội thất {first}"),
        wares(
            """
            Công thợ (giờ)         | 3 | 10
            Thay dầu máy           | 5 | 15
            Má phanh trước         | 8 | 25
            In tờ rơi 500 tờ       | 15 | 50
            Vệ sinh máy lạnh       | 5 | 12
            Bàn làm việc gỗ        | 50 | 200
            Vật tư phụ             | 5 | 60
            Phí vận chuyển         | 2 | 12
            """
        ),
    ),
)

MARKETS = (
    Market(
        code="VN",
        faker="vi_VN",
        money=Money(("đ", " đ", " VND", "", " VNĐ"), ",", ".", after=True, decimals=0),
        dates=variants(
            "{dd}/{mm}/{yyyy} | {dd}-{mm}-{yyyy} | {d} tháng {m} năm {yyyy} | {d}/{m}/{yyyy} | {dd}/{mm}/{yy} | "
            "{dd}.{mm}.{yyyy}"
        ),
        times=variants("{hh}:{min} | {hh}:{min}:{sec} | {hh}h{min}"),
        tax=variants("VAT | Thuế GTGT | GTGT | Thuế VAT"),
        rates=(Decimal(8), Decimal(5)),
        inclusive=True,
        suffixes=variants(
            "Công ty TNHH {name} | Công ty Cổ phần {name} | {name} | Công ty TNHH MTV {name} | DNTN {name} | "
            "Hộ kinh doanh {name} | {name}"
        ),
        streets=variants(
            "Lê Lợi | Trần Hưng Đạo | Nguyễn Trãi | Hai Bà Trưng | Lý Thường Kiệt | Điện Biên Phủ | "
            "Cách Mạng Tháng Tám | "
            "Phạm Ngũ Lão | Võ Thị Sáu | Nguyễn Huệ"
        ),
        address=(
            ("{number} {street}, Phường {unit}", "{region}, {city}"),
            ("Số {number} đường {street}", "{region}, {city}"),
            ("{number}/{unit} {street}, {region}, {city}",),
            ("{number} Đường {street}", "Phường {unit}, {region}", "{city}"),
        ),
        cities=cities(
            "TP. Hồ Chí Minh | | Quận 3; TP. Hồ Chí Minh | | Quận 10; Hà Nội | | Quận Ba Đình; "
            "Hà Nội | | Quận Cầu Giấy; "
            "Đà Nẵng | | Quận Hải Châu; Cần Thơ | | Quận Ninh Kiều; Huế | | TP. Huế; Nha Trang | | Khánh Hòa; "
            "TP. HCM | | Q. Tân Bình"
        ),
        phone=variants("028 #### #### | 024-####-#### | 09## ### ### | 0### ### ####"),
        tax_number=variants("MST: ########## | Mã số thuế: ########## | MST ##########-###"),
        cash_step=Decimal(500),
        scale=16000,
        surnames=variants("Nguyễn | Trần | Lê | Phạm | Hoàng | Phan | Vũ | Đặng | Bùi | Đỗ | Hồ | Ngô | Dương | Lý"),
        given_names=variants(
            "Minh | Hương | Tuấn | Lan | Hùng | Thảo | Dũng | Mai | Sơn | Ngọc | Phúc | Thanh Hà | Quốc Bảo | "
            "Kim Liên | An Khang"
        ),
        price_step=Decimal(1000),
        notes=(20000, 50000, 100000, 200000, 500000),
    ),
)

LANGUAGE = Language(
    code="vi",
    wording=WORDING,
    months=tuple(f"tháng {month}" for month in range(1, 13)),
    short_months=tuple(f"thg {month}" for month in range(1, 13)),
    shops=SHOPS,
    restaurants=RESTAURANTS,
    suppliers=SUPPLIERS,
    markets=MARKETS,
    script="vietnamese",
    person="{last} {first}",
)

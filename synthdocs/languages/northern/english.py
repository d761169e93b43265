"""English, as it is printed in the United States, the United Kingdom, Ireland, Australia and Malaysia."""

from decimal import Decimal

from synthdocs.languages.base import Language, Market, Money, Wording, cities, listed
from synthdocs.languages.northern.english_trades import RESTAURANTS, SHOPS, SUPPLIERS

WORDING = Wording(
    receipt=("RECEIPT", "TAX INVOICE", "SALES RECEIPT", "CASH SALE", "CUSTOMER COPY", ""),
    invoice=("INVOICE", "Invoice", "TAX INVOICE", "Tax Invoice"),
    receipt_number=("Receipt No", "Receipt #", "Bill No", "Trans", "Ref", "Doc No", "Inv No"),
    invoice_number=("Invoice No", "Invoice number", "Invoice #"),
    order_number=("Order No", "Your order", "PO number"),
    customer_number=("Customer No", "Account", "Client ID"),
    date=("Date", "DATE", "Date/Time", ""),
    invoice_date=("Invoice date", "Date", "Date of issue", "Issued"),
    due_date=("Due date", "Payment due", "Due", "Pay by"),
    delivery_date=("Delivery date", "Shipped", "Date of supply"),
    time=("Time", "TIME"),
    cashier=("Cashier", "Served by", "Operator", "Staff", "Clerk"),
    till=("Till", "Reg", "POS", "Terminal", "Counter"),
    table=("Table", "TBL"),
    guests=("Guests", "Covers", "Pax"),
    item=("Item", "Description", "ITEM", "Product"),
    quantity=("Qty", "QTY", "Quantity"),
    price=("Price", "Unit price", "U/Price", "Rate"),
    amount=("Amount", "AMOUNT", "Total", "Amt"),
    item_count=("Items sold", "No. of items", "Item count", "Total qty"),
    subtotal=("Subtotal", "SUB-TOTAL", "Sub Total", "SUBTOTAL"),
    total=("TOTAL", "Total", "TOTAL DUE", "GRAND TOTAL", "Amount due", "NET TOTAL", "BALANCE DUE", "Total to pay"),
    invoice_total=("Total", "Total due", "Amount due", "Invoice total", "TOTAL", "Balance due"),
    discount=("Discount", "Member discount", "Promo", "SAVINGS"),
    service=("Service charge {rate}%", "Service {rate}%", "Svc chg {rate}%"),
    net=("Net", "Excl. tax", "Net amount"),
    gross=("Gross", "Incl. tax"),
    includes=("incl. {tax} {rate}%", "Total includes {tax} {rate}%", "{tax} {rate}% incl."),
    rounding=("Rounding", "Rounding adj.", "ROUNDING"),
    cash=("CASH", "Cash", "Cash tendered", "Paid cash"),
    change=("CHANGE", "Change", "Change due"),
    card=("VISA DEBIT", "MASTERCARD", "Card", "VISA", "Contactless"),
    approved=("APPROVED", "APPROVED - THANK YOU", "Verified by PIN", "CARDHOLDER COPY", "No signature required"),
    phone=("Tel", "Tel.", "Phone", "TEL", "Ph"),
    bill_to=("Bill to", "Invoice to", "Customer", "Sold to"),
    ship_to=("Ship to", "Deliver to"),
    terms=("Payment terms: {days} days net.", "Please pay within {days} days.", "Terms: net {days} days."),
    bank=("Bank transfer", "Bank details", "Pay to"),
    thanks=(
        "Thank you for your custom!",
        "THANK YOU",
        "Thank you, please come again",
        "Thanks for visiting!",
        "Have a nice day",
        "Please call again",
        "Thank you for shopping with us",
    ),
    small_print=(
        "Please retain your receipt as proof of purchase.",
        "Goods sold are not returnable.",
        "Refunds within 28 days with receipt.",
        "No cash refund. Exchange within 7 days.",
        "Join our loyalty club and save more.",
        "Tell us how we did today.",
        "All prices include tax where applicable.",
    ),
    letter=(
        "Thank you for your order. We charge for the following goods and services:",
        "Please find below the items supplied to you:",
        "For services rendered:",
        "",
    ),
    paid=("PAID", "RECEIVED", "POSTED", "APPROVED"),
)

MONTHS = listed("January, February, March, April, May, June, July, August, September, October, November, December")

_BRITISH_STREETS = (
    "High Street",
    "Station Road",
    "Church Lane",
    "Victoria Road",
    "Mill Lane",
    "King Street",
    "Park Avenue",
    "The Green",
    "Market Place",
    "Queens Road",
    "Castle Street",
    "Bridge Street",
)
_DAY_FIRST = ("{dd}/{mm}/{yyyy}", "{dd}/{mm}/{yy}", "{d} {mon} {yyyy}", "{dd}-{mm}-{yyyy}", "{dd} {month} {yyyy}")

MARKETS = (
    Market(
        code="US",
        faker="en_US",
        money=Money(("$", "$", "USD ", "")),
        dates=("{mm}/{dd}/{yyyy}", "{mm}/{dd}/{yy}", "{mon} {d}, {yyyy}", "{m}/{d}/{yyyy}", "{month} {d}, {yyyy}"),
        times=("{h12}:{min} {ap}", "{hh}:{min}:{sec}", "{h12}:{min}{ap}"),
        tax=("Sales tax", "Tax", "TAX"),
        rates=(Decimal("8.25"), Decimal("0")),
        inclusive=False,
        suffixes=("Inc.", "LLC", "Co.", "Corp.", "", ""),
        streets=(
            "Main St",
            "Oak Avenue",
            "Maple Drive",
            "2nd Street",
            "Lincoln Blvd",
            "Cedar Lane",
            "Washington Ave",
            "Elm Street",
            "Highland Rd",
            "W 14th St",
            "Sunset Blvd",
            "Harbor Way",
        ),
        address=(
            ("{number} {street}", "{city}, {region} {code}"),
            ("{number} {street}, Suite {unit}", "{city}, {region} {code}"),
        ),
        cities=cities(
            "Austin | 787## | TX; Portland | 972## | OR; Columbus | 432## | OH; Denver | 802## | CO; "
            "Boise | 837## | ID; Tampa | 336## | FL; Albany | 122## | NY; Fresno | 937## | CA; "
            "Madison | 537## | WI"
        ),
        phone=("(###) 555-01##", "###-555-01##"),
        tax_number=("", "EIN ##-#######"),
        weight=2,
    ),
    Market(
        code="GB",
        faker="en_GB",
        money=Money(("£", "£", "GBP ", "")),
        dates=(*_DAY_FIRST, "{dd}.{mm}.{yy}"),
        times=("{hh}:{min}", "{hh}:{min}:{sec}"),
        tax=("VAT", "VAT"),
        rates=(Decimal("20"), Decimal("0")),
        inclusive=True,
        suffixes=("Ltd", "Limited", "PLC", "LLP", "", ""),
        streets=_BRITISH_STREETS,
        address=(
            ("{number} {street}", "{city}", "{code}"),
            ("{number} {street}, {city}", "{code}"),
            ("{number} {street}", "{city} {code}"),
        ),
        cities=cities(
            "Leeds | LS# #@@; York | YO# #@@; Bristol | BS# #@@; Norwich | NR# #@@; "
            "Cardiff | CF## #@@; Exeter | EX# #@@; Glasgow | G# #@@; Bath | BA# #@@; "
            "Manchester | M## #@@; London | SE# #@@"
        ),
        phone=("01632 960###", "020 7946 0###", "0113 496 0###"),
        tax_number=("VAT No GB ### #### ##", "VAT Reg {n}### #### ##"),
        weight=3,
    ),
    Market(
        code="IE",
        faker="en_IE",
        money=Money(("€", "€", "EUR ", "")),
        dates=_DAY_FIRST,
        times=("{hh}:{min}", "{hh}:{min}:{sec}"),
        tax=("VAT",),
        rates=(Decimal("23"), Decimal("13.5")),
        inclusive=True,
        suffixes=("Ltd", "Limited", "DAC", "", ""),
        streets=(
            "Main Street",
            "Patrick Street",
            "Quay Street",
            "Bridge Street",
            "O'Connell Street",
            "Dame Street",
            "Shop Street",
        ),
        address=(("{number} {street}", "{city}", "{code}"), ("{number} {street}, {city}",)),
        cities=cities("Dublin 2 | D02 @@##; Cork | T12 @@##; Galway | H91 @@##; Sligo | F91 @@##; Kilkenny | R95 @@##"),
        phone=("01 555 0###", "(021) 555 ####"),
        tax_number=("VAT No IE#######@@",),
        weight=2,
    ),
    Market(
        code="AU",
        faker="en_AU",
        money=Money(("$", "$", "AUD ", "")),
        dates=_DAY_FIRST,
        times=("{h12}:{min} {ap}", "{hh}:{min}"),
        tax=("GST",),
        rates=(Decimal("10"), Decimal("0")),
        inclusive=True,
        suffixes=("Pty Ltd", "Pty. Ltd.", "", ""),
        streets=(
            "George Street",
            "Collins St",
            "Beach Road",
            "Railway Parade",
            "Banksia Avenue",
            "Hume Highway",
            "Pacific Drive",
        ),
        address=(
            ("{number} {street}", "{city} {region} {code}"),
            ("Shop {unit}, {number} {street}", "{city} {region} {code}"),
        ),
        cities=cities(
            "Newtown | 204# | NSW; Fremantle | 616# | WA; Geelong | 322# | VIC; Cairns | 487# | QLD; "
            "Hobart | 700# | TAS; Glenelg | 504# | SA"
        ),
        phone=("(02) 5550 ####", "03 5550 ####"),
        tax_number=("ABN ## ### ### ###",),
        cash_step=Decimal("0.05"),
        scale=1.6,
        weight=2,
    ),
    Market(
        code="MY",
        faker="en_US",
        money=Money(("RM ", "RM", "")),
        dates=("{dd}/{mm}/{yyyy}", "{dd}-{mm}-{yyyy}", "{dd}/{mm}/{yy}", "{dd} {mon} {yyyy}", "{dd}-{mon}-{yy}"),
        times=("{h12}:{min}:{sec} {ap}", "{hh}:{min}:{sec}", "{hh}:{min}"),
        tax=("SST", "GST", "Service tax"),
        rates=(Decimal("6"), Decimal("0")),
        inclusive=True,
        suffixes=("Sdn Bhd", "SDN. BHD.", "Enterprise", "Trading", "(M) Sdn Bhd"),
        streets=(
            "Jalan Mawar",
            "Jalan Cempaka",
            "Jalan Kenari",
            "Lorong Melati",
            "Jalan Bukit",
            "Persiaran Utama",
            "Jalan Seri",
        ),
        address=(
            ("No. {number}, {street} {unit},", "Taman Harmoni,", "{code} {city}, {region}."),
            ("{number}, {street} {unit}", "{code} {city}", "{region}"),
            ("Lot {number}, {street} {unit},", "{code} {city},", "{region}, Malaysia"),
        ),
        cities=cities(
            "Shah Alam | 40### | Selangor; Ipoh | 31### | Perak; Melaka | 75### | Melaka; "
            "Seremban | 70### | Negeri Sembilan; Kuantan | 25### | Pahang; Muar | 84### | Johor"
        ),
        phone=("03-#### ####", "0#-### ####"),
        tax_number=("SST ID: @##-####-########", "(######-@)", "Co. Reg. No: ######-@"),
        cash_step=Decimal("0.05"),
        scale=2.8,
        weight=2,
        surnames=("Tan", "Lim", "Wong", "Lee", "Ismail", "Rahman", "Chong", "Kumar", "Goh", "Hassan", "Ong", "Yap"),
    ),
)

LANGUAGE = Language(
    code="en",
    wording=WORDING,
    months=MONTHS,
    short_months=tuple(month[:3] for month in MONTHS),
    shops=SHOPS,
    restaurants=RESTAURANTS,
    suppliers=SUPPLIERS,
    markets=MARKETS,
)

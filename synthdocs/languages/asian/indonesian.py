"""Indonesian, as it is printed in Indonesia: amounts without decimals."""

from decimal import Decimal

from synthdocs.languages.base import Language, Market, Money, Trade, Wording, cities, listed, variants, wares

WORDING = Wording(
    receipt=variants("STRUK PEMBAYARAN | NOTA | KUITANSI | Struk Belanja | NOTA PENJUALAN |"),
    invoice=variants("Faktur | FAKTUR PENJUALAN | Tagihan"),
    receipt_number=variants("No. Struk | No. Nota | Nota No | No Transaksi | No. Bon"),
    invoice_number=variants("No. Faktur | Nomor Faktur | Faktur No."),
    order_number=variants("No. Pesanan | Nomor PO | No. Pemesanan"),
    customer_number=variants("Kode Pelanggan | No. Pelanggan"),
    date=variants("Tanggal | TGL | Tgl. | Tanggal/Jam |"),
    invoice_date=variants("Tanggal Faktur | Tanggal | Tgl. Faktur"),
    due_date=variants("Jatuh Tempo | Tgl. Jatuh Tempo | Tanggal Jatuh Tempo"),
    delivery_date=variants("Tanggal Kirim | Tgl. Pengiriman"),
    time=variants("Jam | Waktu | JAM"),
    cashier=variants("Kasir | KASIR | Dilayani oleh | Pelayan"),
    till=variants("POS | Mesin | Terminal | Cabang"),
    table=variants("Meja | MEJA"),
    guests=variants("Tamu | Orang"),
    item=variants("Nama Barang | Menu | Keterangan | Barang"),
    quantity=variants("Jml | Qty | Banyak"),
    price=variants("Harga | Harga Satuan | @Harga"),
    amount=variants("Jumlah | Nilai | Sub"),
    item_count=variants("Total Item | Jumlah Barang | Jml Item"),
    subtotal=variants("Subtotal | SUBTOTAL | Sub Total"),
    total=variants("TOTAL | Total Bayar | TOTAL BELANJA | Grand Total | Jumlah Bayar | TOTAL TAGIHAN | Total Harga"),
    invoice_total=variants("Total Tagihan | Jumlah Yang Harus Dibayar | TOTAL | Grand Total | Total Bayar"),
    discount=variants("Diskon | DISKON | Potongan | Diskon Member"),
    service=variants("Biaya Layanan {rate}% | Servis {rate}%"),
    net=variants("DPP | Harga Pokok | Neto"),
    gross=variants("Bruto | Jumlah"),
    includes=variants("Termasuk {tax} {rate}% | {tax} {rate}%"),
    rounding=variants("Pembulatan | PEMBULATAN"),
    cash=variants("TUNAI | Tunai | Bayar Tunai | Dibayar"),
    change=variants("KEMBALI | Kembalian | Kembali | Uang Kembali"),
    card=variants("Kartu Debit | KARTU KREDIT | QRIS | Debit BCA | Kartu"),
    approved=variants("TRANSAKSI BERHASIL | Disetujui | Lunas"),
    phone=variants("Telp. | Telp | Telepon | HP"),
    bill_to=variants("Kepada | Kepada Yth. | Pelanggan |"),
    ship_to=variants("Alamat Kirim | Dikirim ke"),
    terms=variants(
        "Pembayaran dalam {days} hari. | Mohon dibayar paling lambat {days} hari. | Syarat pembayaran: {days} hari."
    ),
    bank=variants("Rekening | Transfer ke | No. Rekening"),
    thanks=variants(
        "Terima kasih! | TERIMA KASIH ATAS KUNJUNGAN ANDA | Terima kasih, datang kembali | Selamat belanja"
    ),
    small_print=variants(
        "Barang yang dibeli tidak dapat ditukar. | Simpan struk ini sebagai bukti. | Harga sudah termasuk pajak. | "
        "Layanan konsumen buka tiap hari. | Daftar jadi member dan hemat."
    ),
    letter=variants("Dengan ini kami tagihkan: | Rincian pesanan Anda: | Atas pekerjaan yang telah selesai: |"),
    paid=variants("LUNAS | DIBAYAR | DITERIMA"),
)

SHOPS = (
    Trade(
        variants("Toko {last} | Toko Sinar Jaya | Swalayan {last} | Warung Bu {first} | Minimarket Berkah"),
        wares(
            """
            Beras pandan 5kg     | 6 | 9
            Minyak goreng 1L     | 1.4 | 2.2
            Gula pasir 1kg       | 1.3 | 1.9
            Telur ayam 10 btr    | 2 | 3
            Mie instan           | 0.25 | 0.4
            Kopi bubuk 165g      | 1 | 1.8
            Teh celup 25         | 0.5 | 0.9
            Kecap manis 520ml    | 1.6 | 2.4
            Sabun cuci 800g      | 1.5 | 2.5
            Kantong plastik      | 0.03 | 0.1
            """
        ),
    ),
    Trade(
        variants("Apotek {last} | Apotek Sehat Sentosa | Apotek Kimia {last}"),
        wares(
            """
            Parasetamol strip   | 0.4 | 1.2
            Obat batuk 60ml     | 1 | 2.5
            Vitamin C 500       | 1 | 3
            Minyak kayu putih   | 1.4 | 3
            Plester 10 lembar   | 0.4 | 1
            Masker 50 lembar    | 1.5 | 4
            Pasta gigi 190g     | 0.9 | 1.8
            Sampo 170ml         | 1.4 | 2.6
            """
        ),
    ),
    Trade(
        variants("Toko Besi {last} | Toko Bangunan {last} | UD Sumber Baru | Toko Cat Warna Indah"),
        wares(
            """
            Semen 40kg          | 4 | 6
            Cat tembok 5kg      | 8 | 16
            Kuas 3 inci         | 0.7 | 1.6
            Paku 1kg            | 1.1 | 1.8
            Lampu LED 9W        | 1.5 | 4
            Kabel listrik 10m   | 4 | 9
            Pipa PVC 4m         | 3 | 8
            Lem kayu            | 0.8 | 2
            """
        ),
    ),
    Trade(
        variants("Toko Buku {last} | Toko Buku Cendekia | Fotokopi {last}"),
        wares(
            """
            Buku tulis 38 lbr   | 0.25 | 0.5
            Pulpen gel          | 0.25 | 0.7
            Kertas A4 500 lbr   | 3 | 5
            Novel               | 4 | 8
            Spidol 12 warna     | 1.5 | 4
            Map plastik         | 0.2 | 0.6
            Penggaris           | 0.2 | 0.5
            Tempat pensil       | 1 | 3
            """
        ),
    ),
)
RESTAURANTS = (
    Trade(
        variants("Rumah Makan {last} | Warung Makan Bu {first} | RM Sederhana | Restoran {last} | Bakso Pak {first}"),
        wares(
            """
            Nasi goreng spesial | 1.5 | 3
            Ayam bakar madu     | 1.8 | 3.5
            Soto ayam           | 1.2 | 2.2
            Rendang             | 1.5 | 3
            Sate kambing 10     | 2.5 | 4.5
            Gado-gado           | 1.2 | 2.2
            Es teh manis        | 0.3 | 0.7
            Es jeruk            | 0.5 | 1.2
            Nasi putih          | 0.3 | 0.7
            Kerupuk             | 0.1 | 0.4
            """
        ),
        table=True,
    ),
    Trade(
        variants("Kedai Kopi {last} | Kopi Senja | Toko Roti {last} | Kafe {last}"),
        wares(
            """
            Kopi susu gula aren | 1.2 | 2.5
            Americano           | 1.2 | 2.4
            Roti bakar keju     | 1.2 | 2.4
            Pisang goreng       | 1 | 2
            Donat kentang       | 0.5 | 1.2
            Teh tarik           | 1 | 2
            Kentang goreng      | 1.4 | 2.8
            Bolu pandan         | 2 | 5
            """
        ),
        table=True,
    ),
)
SUPPLIERS = (
    Trade(
        variants("{last} Konsultan | Solusi Digital {last} | Karya {last} | Mitra Teknologi"),
        wares(
            """
            Jasa konsultasi (jam)    | 15 | 60
            Pembuatan aplikasi       | 300 | 2000
            Sewa server bulanan      | 10 | 50
            Lisensi tahunan          | 60 | 400
            Pelatihan setengah hari  | 100 | 400
            Pemeliharaan bulanan     | 40 | 250
            Migrasi data             | 100 | 900
            Biaya perjalanan         | 15 | 120
            """
        ),
    ),
    Trade(
        variants("Bengkel {last} | Percetakan {last} | Jaya Teknik {last} | Sumber Makmur"),
        wares(
            """
            Upah kerja (jam)        | 4 | 12
            Ganti oli               | 6 | 18
            Kampas rem              | 8 | 25
            Cetak brosur 500 lbr    | 20 | 60
            Spanduk 3 meter         | 8 | 20
            Servis AC               | 6 | 15
            Suku cadang             | 10 | 120
            Ongkos kirim            | 2 | 10
            """
        ),
    ),
)

MARKETS = (
    Market(
        code="ID",
        faker="id_ID",
        money=Money(("Rp ", "Rp", "Rp. ", "", "IDR "), ",", ".", decimals=0),
        dates=variants(
            "{dd}/{mm}/{yyyy} | {dd}-{mm}-{yyyy} | {d} {month} {yyyy} | {dd}/{mm}/{yy} | {dd} {mon} {yyyy} | "
            "{dd}.{mm}.{yyyy}"
        ),
        times=variants("{hh}:{min} | {hh}:{min}:{sec} | {hh}.{min}"),
        tax=variants("PPN | PPN | PB1"),
        rates=(Decimal(11), Decimal(10)),
        inclusive=False,
        suffixes=variants("PT {name} | CV {name} | UD {name} | {name} | PT. {name} Tbk | {name} Sejahtera"),
        streets=variants(
            "Jl. Sudirman | Jl. Merdeka | Jalan Diponegoro | Jl. Gatot Subroto | Jl. Ahmad Yani | Jalan Malioboro | "
            "Jl. Pahlawan | Gang Mawar | Jl. Raya Bogor | Jl. Melati"
        ),
        address=(
            ("{street} No. {number}", "{city} {code}"),
            ("{street} No. {number}, {city}", "{region} {code}"),
            ("{street} {number}", "{city}, {region}"),
            ("Ruko {street} Blok B{unit}", "{city} {code}"),
        ),
        cities=cities(
            "Bandung | 40### | Jawa Barat; Surabaya | 60### | Jawa Timur; Semarang | 50### | Jawa Tengah; "
            "Yogyakarta | 55### | DIY; Medan | 20### | Sumatera Utara; Denpasar | 80### | Bali; "
            "Makassar | 90### | Sulawesi Selatan; Bogor | 16### | Jawa Barat"
        ),
        phone=variants("(0##) ####### | 021-####### | 08## #### #### | 0###-######"),
        tax_number=variants("NPWP ##.###.###.#-###.### | NPWP: ##.###.###.#-###.###"),
        cash_step=Decimal(100),
        scale=12000,
        price_step=Decimal(500),
        notes=(10000, 20000, 50000, 100000, 200000),
    ),
)

LANGUAGE = Language(
    code="id",
    wording=WORDING,
    months=listed("Januari, Februari, Maret, April, Mei, Juni, Juli, Agustus, September, Oktober, November, Desember"),
    short_months=listed("Jan, Feb, Mar, Apr, Mei, Jun, Jul, Agu, Sep, Okt, Nov, Des"),
    shops=SHOPS,
    restaurants=RESTAURANTS,
    suppliers=SUPPLIERS,
    markets=MARKETS,
    script="accented",
)

"""Indonesian."""

from extraction.engines.teacher.rules.vocabulary.meanings import Meaning, Numbered, Vocabulary

VOCABULARY = Vocabulary(
    code="id",
    phrases={
        Meaning.TOTAL_DUE: (
            "total bayar, total belanja, grand total, jumlah bayar, total tagihan, jumlah yang harus dibayar, "
            "total harga, total pembayaran, jumlah tagihan, harus dibayar, total akhir"
        ),
        Meaning.TOTAL: "total, jumlah",
        Meaning.PAYABLE: "bayar, tagihan, nilai",
        Meaning.SUBTOTAL: "subtotal, sub total, total sebelum pajak, jumlah sebelum pajak",
        Meaning.BEFORE_TAX: "dpp, neto, sebelum pajak, dasar pengenaan pajak",
        Meaning.NET: "dpp, neto, harga pokok",
        Meaning.TAX: "ppn, pb1, pajak, p.p.n., pajak restoran",
        Meaning.TAX_TOTAL: "total ppn, jumlah pajak, total pajak",
        Meaning.TAX_ELSEWHERE: "termasuk ppn, npwp",
        Meaning.DISCOUNT: "diskon, potongan, disc, hemat, diskon member",
        Meaning.ROUNDING: "pembulatan",
        Meaning.TENDERED: "dibayar, bayar tunai, uang tunai, diterima, uang muka",
        Meaning.CASH: "tunai",
        Meaning.CARD: "kartu debit, kartu kredit, qris, kartu, gopay, ovo",
        Meaning.CHANGE: "kembali, kembalian, uang kembali, kembalian tunai",
        Meaning.SERVICE: "biaya layanan, servis, biaya pelayanan",
        Meaning.COUNT: "jml, banyak, total item, jumlah barang, jml item, qty, total qty",
        Meaning.OTHER_AMOUNT: "poin, harga, harga satuan, sisa, deposit",
        Meaning.DATE: "tanggal, tgl, tanggal jam",
        Meaning.ISSUED: "tanggal faktur, tgl. faktur, tanggal transaksi, tanggal nota",
        Meaning.DUE: "jatuh tempo, tgl. jatuh tempo, tanggal jatuh tempo, batas pembayaran",
        Meaning.DELIVERY: "tanggal kirim, tgl. pengiriman, tanggal pengiriman",
        Meaning.ORDERED: "tanggal pesan, tanggal pesanan",
        Meaning.OTHER_DATE: "berlaku sampai, berlaku hingga, dicetak, sejak, kedaluwarsa",
        Meaning.LEGAL_FORM: "tbk, firma",
        Meaning.TRADE: (
            "toko, swalayan, warung, minimarket, apotek, toko besi, toko buku, rumah makan, restoran, bakso, "
            "kedai, kopi, kafe, konsultan, bengkel, percetakan, teknik, fotokopi, toserba, depot, resto, hotel"
        ),
        Meaning.STREET: "jl, jl., jln, jalan, gang, gg., ruko, komplek, perumahan",
        Meaning.UNIT: "blok, lantai, kav, rt, rw, lt",
        Meaning.REGION: (
            "indonesia, jawa barat, jawa timur, jawa tengah, bali, sumatera utara, sulawesi selatan, "
            "dki jakarta, jakarta, jakarta selatan, jakarta barat, jakarta pusat, kota, kec, kel, banten, "
            "bandung, surabaya, bogor, yogyakarta, semarang, medan, denpasar, makassar"
        ),
        Meaning.CONTACT: "telp, telepon, hp, surel",
        Meaning.REGISTRATION: "npwp, nib, siup",
        Meaning.TITLE: (
            "struk, struk pembayaran, struk belanja, nota, nota penjualan, kuitansi, faktur, faktur penjualan, "
            "tagihan, kasir, dilayani oleh, pelayan, meja, tamu, waktu, nama barang, keterangan, terima kasih, "
            "selamat datang, transaksi, pesanan, tanggal"
        ),
        Meaning.RECIPIENT: "kepada, kepada yth, yth, pelanggan, alamat kirim, dikirim ke, pembeli",
        Meaning.AMOUNT_DUE: (
            "sisa tagihan, sisa pembayaran, harus dibayar, yang harus dibayar, jumlah yang harus dibayar, "
            "kekurangan, sisa bayar"
        ),
        Meaning.PREPAID: "uang muka, DP, down payment, sudah dibayar, deposit",
        Meaning.TIP: "tip",
        Meaning.TIME: "jam, waktu, tanggal jam",
        Meaning.PHONE: "telp, telepon, tel, tlp, hp, no. hp",
        Meaning.FAX: "fax, faks",
        Meaning.TAX_ID: "npwp, no. npwp, nomor npwp",
        Meaning.ISSUER: "penjual, pemasok, dari",
    },
    patterns={
        Meaning.LEGAL_FORM: r"^(?:pt|cv|ud)\b\.?(?= ?[a-z]{3})",
    },
    numbered={
        Numbered.CUSTOMER: "pelanggan",
        Numbered.ORDER: "pesanan|pemesanan",
        Numbered.TAX: "npwp",
        Numbered.TABLE: "meja",
        Numbered.DOCUMENT: "faktur|struk|nota|kuitansi|transaksi",
    },
    labels={
        "cashier": "kasir",
        "server": "pelayan, dilayani oleh",
        "payment method": "metode pembayaran, cara pembayaran, cara bayar, pembayaran",
        "payment terms": "syarat pembayaran, termin",
        "reference": "referensi, no. referensi",
        "project": "proyek",
        "contact": "kontak",
        "bank": "bank, nama bank",
        "guests": "tamu, jumlah tamu, pax",
        "store": "toko, cabang, outlet",
        "period": "periode",
    },
)

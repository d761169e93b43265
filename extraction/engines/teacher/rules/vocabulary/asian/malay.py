"""Malay, as it stands beside English on receipts of Malaysia."""

from extraction.engines.teacher.rules.vocabulary.meanings import Meaning, Numbered, Vocabulary

VOCABULARY = Vocabulary(
    code="ms",
    phrases={Meaning.TOTAL: "jumlah", Meaning.DATE: "tarikh"},
    patterns={
        Meaning.CASH: r"\btunai\b",
        Meaning.CHANGE: r"\bbaki\b",
        Meaning.LEGAL_FORM: r"sdn\.?,?\s?bhd\.?|\bs/b\b|\bbhd\b|\bplt\b",
        Meaning.TRADE: r"restoran|kedai|perniagaan|syarikat",
        Meaning.STREET: (
            r"\bjalan\b|\bjln\b|\bjl\b|\blorong\b|\blrg\b|\btaman\b|\btmn\b|\bbandar\b|\bkampung\b|\bkg\b|"
            r"\bpersiaran\b|\bseksyen\b|\bkawasan\b|\bmukim\b|\bbatu\b|\bdataran\b|\bkompleks\b"
        ),
        Meaning.UNIT: r"\btingkat\b|\bbangunan\b|\bwisma\b|\bmenara\b",
        Meaning.REGION: (
            r"\bselangor\b|\bjohor\b|kuala lumpur|\bk\.?l\.?\b|\bmalaysia\b|petaling jaya|\bp\.?j\b|shah alam|"
            r"\bklang\b|\bperak\b|\bpenang\b|\bpahang\b|\bmelaka\b|\bkedah\b|\bsabah\b|\bsarawak\b|\bkelantan\b|"
            r"\bputrajaya\b|darul ehsan|\bsel\b|\bpuchong\b|\bcheras\b|\bsetapak\b"
        ),
    },
    numbered={Numbered.DOCUMENT: r"resit"},
)

"""SROIE 2019: receipts with the labels of a teacher, in `KD_SROIE_DIR` or with the other corpora."""

from benchmarks.corpora import Corpus
from extraction.domain.fields import Field, Schema

SCHEMA = Schema(
    "Receipts",
    "receipt",
    (
        Field("company", "text", "the name of the business that issued the receipt"),
        Field("date", "date", "the date of the purchase"),
        Field("address", "text", "the postal address of the business"),
        Field("total", "money", "the amount to pay, taxes and rounding included"),
    ),
)
CORPUS = Corpus("sroie", "SROIE receipts", own_schema=SCHEMA, variable="KD_SROIE_DIR")

"""Attributes of a claim that a column of a table can hold, and what such columns are called."""

from __future__ import annotations

from enum import StrEnum


class Attribute(StrEnum):
    """What a column says about a claim; the file is named by the column that names documents."""

    REFERENCE = "reference"
    EMPLOYEE = "employee"
    REPORT = "report"
    MERCHANT = "merchant"
    AMOUNT = "amount"
    CURRENCY = "currency"
    DATE = "date"
    CATEGORY = "category"
    ATTENDEES = "attendees"
    PAYMENT = "payment"
    COMMENT = "comment"


# Without these a line is no claim.
NEEDED = (Attribute.EMPLOYEE, Attribute.AMOUNT)
# Characters of each text.
LONGEST = {
    Attribute.REFERENCE: 100,
    Attribute.EMPLOYEE: 200,
    Attribute.REPORT: 100,
    Attribute.MERCHANT: 200,
    Attribute.CATEGORY: 100,
    Attribute.PAYMENT: 100,
    Attribute.COMMENT: 1000,
}
# Names of columns beside the attribute's own, without spaces, accents and capitals.
NAMES = {
    attribute: frozenset({attribute.value, *names.split()})
    for attribute, names in {
        Attribute.REFERENCE: "ref referenceno claimid claimnumber expenseid entryid id referenz vorgang vorgangsnummer "
        "positionsnummer spesennummer",
        Attribute.EMPLOYEE: "employeename employeeid claimant submitter person staff mitarbeiter mitarbeiterin "
        "angestellter name personalnummer einreicher",
        Attribute.REPORT: "reportid reportname expensereport trip abrechnung abrechnungsnummer reise bericht",
        Attribute.MERCHANT: "company vendor vendorname supplier seller store shop payee firma handler lieferant "
        "verkaufer unternehmen",
        Attribute.AMOUNT: "total totalamount grandtotal gross grossamount claimedamount sum betrag gesamt "
        "gesamtbetrag brutto summe",
        Attribute.CURRENCY: "currencycode curr wahrung",
        Attribute.DATE: "expensedate transactiondate receiptdate documentdate datum belegdatum ausgabedatum",
        Attribute.CATEGORY: "expensetype expensecategory type kategorie spesenart ausgabenart kostenart",
        Attribute.ATTENDEES: "attendeecount numberofattendees guests people teilnehmer anzahlteilnehmer personen gaste",
        Attribute.PAYMENT: "paymentmethod paymenttype paidby paidwith zahlungsart zahlung zahlungsmittel bezahlt",
        Attribute.COMMENT: "comments note notes description purpose kommentar bemerkung notiz anlass zweck "
        "beschreibung",
    }.items()
}

"""Sentences in the reader's language: of forms, of stored refusals, of errors; and numbers in them."""

from __future__ import annotations

import pickle
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from extraction.domain.errors import UserError, gettext_noop
from extraction.models import Role
from extraction.services import errors, figures
from extraction.services.sentences import translated
from tests.support import builders


class TestWrittenInEnglish:
    """Texts of rows and of errors, which pages translate by the sentence that they were made of."""

    @pytest.mark.parametrize(
        ("english", "german"),
        [
            ("The PDF has no pages.", "Die PDF-Datei hat keine Seiten."),
            ("Page 3 of the PDF is damaged.", "Seite 3 der PDF-Datei ist beschädigt."),
            (
                "The ZIP archive holds 1,234 files; at most 1,000 are taken.",
                "Das ZIP-Archiv enthält 1.234 Dateien; höchstens 1.000 werden angenommen.",
            ),
            ("There is no user named 'anna'.", "Es gibt keinen Benutzer namens anna."),
            ('There is no user named "o\'neill".', "Es gibt keinen Benutzer namens o'neill."),
            ("There is no user named 'a\\nb'.", "Es gibt keinen Benutzer namens a\nb."),
            (
                "The file is a RAR archive, which is not supported; use JPEG, PNG, HEIC, WebP, TIFF or PDF.",
                "Die Datei ist ein RAR-Archiv; das wird nicht unterstützt. "
                "Möglich sind JPEG, PNG, HEIC, WebP, TIFF oder PDF.",
            ),
            (
                "{x} is the last owner of %(y)s; name another one first.",
                "{x} ist der letzte Eigentümer von %(y)s; benennen Sie zuerst einen anderen.",
            ),
            (
                "Step 43 of 1075: loss 2.277, mean ANLS 0.175 on the validation documents.",
                "Schritt 43 von 1075: Loss 2,277, mittlere ANLS 0,175 auf den Validierungsdokumenten.",
            ),
            ("The run 2.0 is complete.", "Der Lauf 2.0 ist abgeschlossen."),
            ("Something that nobody wrote.", "Something that nobody wrote."),
            ("", ""),
        ],
    )
    def test_they_are_told_in_german(self, english: str, german: str) -> None:
        with override("de"):
            assert translated(english) == german
        with override("en"):
            assert translated(english) == english

    @pytest.mark.parametrize(("number", "english", "german"), [(999, "999", "999"), (10_000, "10,000", "10.000")])
    def test_numbers_of_errors_are_grouped(self, number: int, english: str, german: str) -> None:
        error = UserError("The PDF has {pages} pages; at most {most} are read.", pages=number, most="2000")
        assert str(error) == f"The PDF has {english} pages; at most 2000 are read."
        with override("de"):
            assert translated(error) == f"Die PDF-Datei hat {german} Seiten; höchstens 2000 werden gelesen."

    def test_a_value_that_looks_like_a_sentence_stays(self) -> None:
        with override("de"):
            assert translated("There is already a user named Review.") == "Es gibt schon einen Benutzer namens Review."

    @pytest.mark.parametrize("kind", [UserError, errors.Invalid, errors.Conflict, errors.NotFound])
    def test_an_error_is_english_wherever_it_is_raised_and_survives_a_process(self, kind: type[UserError]) -> None:
        with override("de"):
            error = kind(gettext_noop("There is no user named {name!r}."), name="{anna}")
            assert str(error) == "There is no user named '{anna}'."
            assert translated(error) == "Es gibt keinen Benutzer namens {anna}."
        assert str(pickle.loads(pickle.dumps(error))) == str(error)

    def test_a_long_text_that_nearly_fits_takes_no_time(self) -> None:
        """Quadratic time would be minutes."""
        text = "anna is " + " is of ; name another one first" * 200_000
        with override("de"):
            assert translated(text) == text

    def test_a_sentence_without_values_may_hold_braces(self) -> None:
        assert str(UserError("{not a place}")) == "{not a place}"


class TestFigures:
    def test_english(self) -> None:
        written = figures.whole(12345), figures.decimal(-1234.55, 1), figures.percent(0.962), figures.dollars(12.4)
        assert written == ("12,345", "-1,234.5", "96.2 %", "$12.40")
        assert figures.decimal(1.25, 1, sign=True) == "+1.2"

    def test_no_sum_is_nothing_but_zero(self) -> None:
        written = [figures.dollars(amount) for amount in (1.0, 0.5, 0.0031, 0.00002, Decimal("0.0000147"), 0)]
        assert written == ["$1.00", "$0.5000", "$0.0031", "$0.00002", "$0.00001", "$0"]

    @pytest.mark.parametrize("kind", [float, Decimal])
    def test_a_small_sum_has_one_digit_however_it_is_rounded(self, kind: type[float | Decimal]) -> None:
        small = ("0.0000999", "0.00000999", "0.0000001", "1e-9")
        assert [figures.dollars(kind(text)) for text in small] == ["$0.0001", "$0.00001", "$0.0000001", "$0.000000001"]

    def test_german(self) -> None:
        with override("de"):
            written = (
                figures.whole(12345),
                figures.decimal(-1234.55, 1),
                figures.percent(0.962),
                figures.dollars(0.0031),
            )
        assert written == ("12.345", "-1.234,5", "96,2\xa0%", "0,0031\xa0$")


@pytest.mark.django_db
class TestForms:
    """What is wrong with what somebody typed: by Django, by a form, by a service, by the domain."""

    @pytest.mark.parametrize(
        ("name", "typed", "sentence"),
        [
            ("members", {"role": "viewer"}, "Nennen Sie den Benutzer, der hinzukommen soll."),
            ("members", {"name": "nobody", "role": "viewer"}, "Es gibt keinen Benutzer namens nobody."),
            ("members", {"name": "x" * 200, "role": "viewer"}, "höchstens 150 Zeichen"),
            ("fields", {"toml": "name = 1"}, "Das Schema braucht einen Text unter name."),
            ("fields", {"toml": "name ="}, "kein gültiges TOML: "),
            ("project_delete", {"confirmation": "no"}, "Geben Sie zur Bestätigung receipts ein."),
            ("documents_upload", {}, "Mit der Anfrage kam keine Datei."),
        ],
    )
    def test_they_tell_it_in_german(self, client: Client, name: str, typed: dict[str, str], sentence: str) -> None:
        project = builders.project("receipts")
        client.force_login(builders.member(project, Role.OWNER))
        page = client.post(reverse(name, args=["receipts"]), typed, headers={"Accept-Language": "de"})
        assert page.status_code == 400
        assert sentence in page.content.decode()

    def test_a_refusal_for_scripts_is_german_too(self, client: Client) -> None:
        project = builders.project("receipts")
        client.force_login(builders.member(project, Role.OWNER))
        headers = {"Accept-Language": "de", "Accept": "application/json"}
        answer = client.post(reverse("documents_upload", args=["receipts"]), {"split": "x"}, headers=headers)
        assert answer.json()["error"] == "Mit der Anfrage kam keine Datei."

    def test_a_wrong_password(self, client: Client) -> None:
        builders.member(builders.project("receipts"), Role.OWNER)
        typed = {"username": "anna", "password": "wrong"}
        page = client.post(reverse("login"), typed, headers={"Accept-Language": "de"}).content.decode()
        assert "Benutzername und Passwort passen zu keinem Konto." in page

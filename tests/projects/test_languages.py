"""Languages of a project: found from its first documents, set by its owner, and what follows for its pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from extraction.domain.languages import LANGUAGES, Script, UnknownLanguage, listed, names, script_of, scripts_of
from extraction.domain.pages import Box, Word
from extraction.domain.progress import Silent
from extraction.domain.schemas.files import SchemaFile
from extraction.engines.ingest.ocr import registry
from extraction.engines.ingest.ocr.identification import is_unread, language_of
from extraction.models import Document, Job, Project, Role, Source
from extraction.services.documents import intake, reading, rereading
from extraction.services.documents.jobs import READ_AGAIN
from extraction.services.labels import store
from extraction.services.operation import health
from extraction.services.projects import languages
from tests.support import builders
from tests.support.commands import Command
from tests.support.drawing import encoded, receipt

# What a till prints in each of the languages that documents are made in.
PRINTED = {
    "en": "Thank you for your visit please keep this receipt for your records total amount paid by card",
    "de": "Vielen Dank für Ihren Einkauf bitte bewahren Sie den Beleg auf Gesamtbetrag Mehrwertsteuer enthalten",
    "fr": "Merci de votre visite veuillez conserver ce ticket montant total à payer par carte bancaire",
    "es": "Gracias por su compra conserve este recibo para cualquier cambio importe total pagado con tarjeta",
    "it": "Grazie per averci scelto conservare lo scontrino per eventuali cambi totale pagato con carta",
    "nl": "Bedankt voor uw bezoek bewaar deze kassabon goed totaal te betalen bedrag met pinpas",
    "pt": "Obrigado pela sua visita guarde este recibo para trocas valor total a pagar com cartão",
    "pl": "Dziękujemy za zakupy prosimy zachować paragon do zwrotu razem do zapłaty kartą płatniczą",
    "id": "Terima kasih atas kunjungan anda barang yang sudah dibeli tidak dapat dikembalikan jumlah bayar tunai",
    "vi": "Cám on quý khách hàng mua roi min trå li phái thanh toán tin mt tin thôi hóa don",
    "el": "EYXAPIΣTOYME ΓIA THN EΠIΣKEΨH ΣAΣ anóδειξη λιανικής συνολικó noσó πληρωμή μετρητά",
    "ja": "ありがとうございました またのご来店をお待ちしております 合計金額 お預り 領収書",
}


def words(text: str, confidence: float = 0.95) -> tuple[Word, ...]:
    return tuple(
        Word(each, Box(0, number / 100, 0.5, (number + 1) / 100), confidence, number)
        for number, each in enumerate(text.split())
    )


@pytest.mark.parametrize("code", PRINTED)
def test_words_tell_their_language(code: str) -> None:
    found = language_of(words(PRINTED[code]))
    assert found is not None
    assert found.code == code
    assert not is_unread(words(PRINTED[code]))


def test_foreign_names_do_not_hide_a_script() -> None:
    found = language_of(words(f"COCA COLA LIGHT NESCAFE {PRINTED['el']} Samsung Galaxy"))
    assert found is not None
    assert found.code == "el"


def test_numbers_and_rubbish_tell_nothing() -> None:
    assert language_of(words("12.50 27/09/2021 1 2 3")) is None
    assert language_of(()) is None
    assert is_unread(words("122.66 269.34 676.62 840.66 x7"))
    assert not is_unread(())


class Toy:
    """An engine that reads a constant line in its first language."""

    doubtful = 0.1

    def __init__(self, threads: int, spoken: Sequence[object] = ()) -> None:
        self.name = "toy with data" if spoken else "toy"
        self.text = "Φαρμακείο" if spoken else PRINTED["el"]

    def read(self, image: Image.Image) -> tuple[Word, ...]:
        return words(self.text)

    def recognise(self, lines: Sequence[Image.Image]) -> list[tuple[str, float]]:
        return [(self.text, 0.9) for _ in lines]


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(registry, "installed_data", lambda: frozenset({"eng", "ell"}))
    factory = f"{__name__}:Toy"
    registry.register(
        registry.OcrEngineKind("toy", factory, needs_data=lambda spoken: spoken.code != "en", with_data=factory)
    )
    yield
    registry.unregister("toy")


def project(*codes: str) -> Project:
    held = builders.project()
    held.ocr, held.languages_set = "toy", list(codes)
    held.save()
    return held


def added(held: Project) -> Document:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.png"
        path.write_bytes(encoded(receipt(), "PNG"))
        document, _ = intake.add_document(held, path.name, path, enqueue=False)
    reading.read(document.pk, Silent())
    document.refresh_from_db()
    return document


@pytest.mark.django_db
def test_the_first_document_tells_and_is_read_by_the_engine_that_can(toy: None) -> None:
    held = project()
    document = added(held)
    held.refresh_from_db()
    assert (document.language, held.languages, held.languages_set) == ("el", ("el",), [])
    assert document.pages.get().reader == "toy with data"
    reading.read(document.pk, Silent())
    held.refresh_from_db()
    assert held.languages == ("el",)


@pytest.mark.django_db
def test_what_is_set_stays_whatever_is_found(toy: None) -> None:
    held = project("en")
    document = added(held)
    held.refresh_from_db()
    assert (held.languages, held.languages_found) == (("en",), ["el"])
    assert document.pages.get().reader == "toy"


@pytest.mark.django_db
def test_what_a_wrong_language_read_tells_nothing(toy: None) -> None:
    held = project("ru")
    document = added(held)
    held.refresh_from_db()
    assert (document.language, held.languages_found) == (None, [])
    languages.set_languages(held, [])
    reading.read(document.pk, Silent())
    held.refresh_from_db()
    assert held.languages == ("el",)


@pytest.mark.django_db
def test_another_language_reads_again_and_keeps_labels(toy: None, django_capture_on_commit_callbacks: object) -> None:
    held = project("en")
    document = added(held)
    [label] = store.write_many(held, [store.LabelInput(document, "company", "Φαρμακείο", source=Source.REVIEWER)])
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        languages.set_languages(held, ["el"])
    job = Job.objects.get(kind=READ_AGAIN.name)
    rereading.read_again(job.subject, Silent())
    label.refresh_from_db()
    assert document.pages.get().reader == "toy with data"
    assert (label.value, len(label.spans)) == ("Φαρμακείο", 1)
    before = document.pages.get().pk
    rereading.read_again(held.pk, Silent())
    assert document.pages.get().pk == before


@pytest.mark.django_db
def test_a_file_that_is_gone_keeps_its_pages(toy: None) -> None:
    held = project("en")
    document = added(held)
    languages.set_languages(held, ["el"])
    document.original = "missing/original.png"
    document.save()
    rereading.read_again(held.pk, Silent())
    document.refresh_from_db()
    assert (document.state, document.pages.count()) == (Document.State.READY, 1)


@pytest.mark.django_db
def test_a_rare_language_is_not_the_projects() -> None:
    held = builders.project()
    for number in range(15):
        languages.learn(builders.document(held), "ms" if number == 0 else "en")
    assert Project.objects.get(pk=held.pk).languages == ("en",)
    assert languages.is_looked_for(builders.document(held))
    for _ in range(5):
        languages.learn(builders.document(held), "")
    assert not languages.is_looked_for(builders.document(held))


@pytest.mark.django_db
def test_unknown_languages_are_refused() -> None:
    with pytest.raises(UnknownLanguage, match="'xx'"):
        languages.set_languages(builders.project(), ["xx"])


@pytest.mark.django_db
def test_the_page_shows_and_sets_them(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "installed_data", lambda: frozenset({"eng"}))
    held = builders.project()
    client.force_login(builders.member(held, Role.OWNER))
    page = reverse("languages", args=[held.slug])
    assert "Ελληνικά" in client.get(page).content.decode()
    assert client.post(page, {"language": ["el", "en"]}).status_code == 302
    held.refresh_from_db()
    assert held.languages_set == ["el", "en"]
    shown = client.get(page).content.decode()
    assert "apt-get install tesseract-ocr-ell" in shown
    assert client.post(page, {"language": ["xx"]}).status_code == 400
    assert any("tesseract-ocr-ell" in issue.remedy for issue in health.issues())
    assert client.post(page).status_code == 302
    held.refresh_from_db()
    assert held.languages == ()


@pytest.mark.parametrize("codes", [None, (), ("el", "en")])
def test_a_schema_file_is_restored_with_its_languages(codes: tuple[str, ...] | None) -> None:
    file = SchemaFile(builders.RECEIPT, None, codes)
    assert SchemaFile.from_toml(file.to_toml()) == file


@pytest.mark.django_db
def test_the_command_sets_them(command: Command) -> None:
    code, result = command("create_project", "greek", "--template", "receipt", "--languages", "el,en")
    assert (code, result["languages"]) == (0, ["el", "en"])
    assert Project.objects.get(slug="greek").languages == ("el", "en")


def test_each_language_names_its_data_and_package() -> None:
    assert LANGUAGES["el"].package == "tesseract-ocr-ell"
    assert LANGUAGES["zh"].package == "tesseract-ocr-chi-sim"
    assert all(language.name and language.tesseract for language in LANGUAGES.values())


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_languages_own_name_is_in_its_script(code: str) -> None:
    language = LANGUAGES[code]
    expected = {Script.CHINESE} if code == "ja" else {language.script}
    assert set(scripts_of(language.name)) == expected


def test_digits_and_signs_have_no_script() -> None:
    assert [script_of(sign) for sign in "1€ -"] == [None] * 4


def test_codes_are_read_once_each_and_unknown_ones_refused() -> None:
    assert listed("el, en,el") == ("el", "en")
    assert names(["el", "xx"]) == "Ελληνικά, xx"
    with pytest.raises(UnknownLanguage, match="'xx'; known are en, de"):
        listed("el,xx")

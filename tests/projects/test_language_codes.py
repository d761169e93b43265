"""Codes of languages however they are written, and what is said of others: at the form, and never the whole of it."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.errors import LONGEST_ECHO, UserError
from extraction.domain.languages import UnknownLanguage, find, listed
from extraction.domain.schemas.files import SchemaFile
from extraction.models import Project, Role
from extraction.services.projects import tokens
from tests.support import builders
from tests.support.commands import Command

pytestmark = pytest.mark.django_db
# More than a sentence repeats.
HUGE = "x" * 100_000
SHORT = 1_000


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.fixture
def owner(client: Client, project: Project) -> Client:
    client.force_login(builders.member(project, Role.OWNER))
    return client


def told(content: bytes) -> str:
    """The sentence beside the form."""
    page = html.unescape(content.decode())
    return page.partition('<p class="error" role="alert">')[2].partition("</p>")[0]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("EL", "el"),
        (" el ", "el"),
        ("pt-BR", "pt"),
        ("zh_CN", "zh"),
        ("zh-Hant-TW", "zh"),
        ("De-de", "de"),
        ("\ten_GB\n", "en"),
        *(("nb", "no"), ("nn", "no"), ("nb-NO", "no"), ("nn_NO", "no"), ("no", "no")),
        *(("iw", "he"), ("iw-IL", "he"), ("in", "id"), ("in_ID", "id"), ("mo", "ro"), ("bs", "hr"), ("sh", "hr")),
        *(("sr", "sr"), ("sr-RS", "sr"), ("sr-Cyrl-RS", "sr"), ("sr-Latn", "hr"), ("sr_Latn_RS", "hr")),
        *(("zh-TW", "zh"), ("zh-HK", "zh"), ("zh-Hans", "zh"), ("bs-Latn-BA", "hr")),
    ],
)
def test_a_code_is_known_by_its_language(written: str, code: str) -> None:
    assert find(written).code == code
    assert listed(f"{written},{code}") == (code,)


@pytest.mark.parametrize("written", ["", "e", "eng", "xx", "xx-GB", "el-", "-el", "el GR", "el--GR", "e l", "εл", HUGE])
def test_others_are_refused_in_a_short_sentence(written: str) -> None:
    with pytest.raises(UnknownLanguage) as caught:
        find(written)
    assert len(str(caught.value)) < SHORT


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        *(("deu", "write de"), ("nor-NO", "write no"), ("srp", "write sr"), ("heb", "write he"), ("chi", "write zh")),
        *(("mk", "ru, uk, bg, sr"), ("be-BY", "ru, uk, bg, sr"), ("ur", "ar, fa"), ("ps", "ar, fa"), ("mr", "hi")),
        *(("yi", "he"), ("yue", "zh"), ("ca", "en, de, fr"), ("gl-ES", "en, de, fr")),
    ],
)
def test_others_are_told_what_to_write_instead(written: str, instead: str) -> None:
    with pytest.raises(UnknownLanguage) as caught:
        find(written)
    assert instead in str(caught.value)


def test_every_code_that_is_named_instead_is_known() -> None:
    for written in ("deu", "mk", "xx"):
        with pytest.raises(UnknownLanguage) as caught:
            find(written)
        assert listed(str(caught.value).rpartition(" ")[2].strip("."))


class TestThePage:
    @pytest.mark.parametrize(
        ("sent", "code"), [("nb", "no"), ("iw", "he"), ("sr", "sr"), ("in", "id"), ("zh-TW", "zh")]
    )
    def test_codes_of_one_language_are_saved_as_one(
        self, owner: Client, project: Project, sent: str, code: str
    ) -> None:
        assert owner.post(reverse("languages", args=["receipts"]), {"language": [sent, code]}).status_code == 302
        project.refresh_from_db()
        assert project.languages_set == [code]
        page = owner.get(reverse("languages", args=["receipts"])).content.decode()
        checked = [part.partition('value="')[2][:2] for part in page.split("<input")[1:] if "checked" in part[:300]]
        assert checked == [code]

    @pytest.mark.parametrize(("sent", "code"), [("nb", "no"), ("iw", "he"), ("sr-Latn", "hr"), ("in", "id")])
    def test_a_schema_file_may_name_them(self, owner: Client, project: Project, sent: str, code: str) -> None:
        toml = f'name = "R"\ndocument = "receipt"\nlanguages = ["{sent}"]\n[[field]]\nname = "a"\ntype = "text"\n'
        assert SchemaFile.from_toml(toml).languages == (code,)
        assert owner.post(reverse("fields", args=["receipts"]), {"toml": toml}).status_code in (200, 302)

    @pytest.mark.parametrize("sent", [["xx", "el", "ja"], ["el", "ja", HUGE]])
    def test_a_wrong_code_is_told_at_the_form_which_keeps_what_was_chosen(
        self, owner: Client, project: Project, sent: list[str]
    ) -> None:
        answer = owner.post(reverse("languages", args=["receipts"]), {"language": sent})
        page = answer.content.decode()
        assert answer.status_code == 400
        assert told(answer.content).startswith("There is no language 'x")
        assert len(told(answer.content)) < SHORT
        checked = [part.partition('value="')[2][:2] for part in page.split("<input")[1:] if "checked" in part[:300]]
        assert sorted(checked) == ["el", "ja"]
        project.refresh_from_db()
        assert project.languages_set == []

    def test_the_order_of_dates_likewise(self, owner: Client) -> None:
        for order in ("ydm", HUGE):
            answer = owner.post(reverse("date_order", args=["receipts"]), {"order": order})
            assert answer.status_code == 400
            assert told(answer.content).startswith("The order of dates is one of ")
            assert len(told(answer.content)) < SHORT

    @pytest.mark.parametrize(
        "line", [f'languages = ["{HUGE[:50_000]}"]', f'dates = "{HUGE[:50_000]}"', f"{HUGE[:150]} = {{a=1, a=2}}"]
    )
    def test_a_schema_file_likewise(self, owner: Client, line: str) -> None:
        toml = f'name = "R"\ndocument = "receipt"\n{line}\n[[field]]\nname = "a"\ntype = "text"\n'
        answer = owner.post(reverse("fields", args=["receipts"]), {"toml": toml})
        page = answer.content.decode()
        error = page.partition('id="toml-error" role="alert">')[2].partition("</span>")[0]
        assert answer.status_code == 400
        assert 0 < len(error) < SHORT


class TestPrograms:
    @pytest.mark.parametrize("query", ["sort", "lacks", "cursor", "split", "review"])
    def test_an_answer_repeats_no_more_than_a_sentence_needs(
        self, client: Client, project: Project, query: str
    ) -> None:
        user = builders.member(project, Role.OWNER)
        _, secret = tokens.create(project, user, name="till", scopes=["read"])
        answer = client.get(
            f"/api/v1/projects/receipts/documents?{query}={HUGE}", headers={"Authorization": f"Bearer {secret}"}
        )
        assert 400 <= answer.status_code < 500
        assert len(answer.content) < SHORT

    def test_a_command_accepts_tags_and_repeats_no_more(self, command: Command, tmp_path: Path) -> None:
        code, sentence = command("create_project", "a", "--template", "receipt", "--languages", HUGE)
        assert code == 2
        assert len(sentence) < SHORT
        assert command("create_project", "b", "--template", "receipt", "--languages", "EL, pt-BR")[0] == 0
        assert Project.objects.get(slug="b").languages_set == ["el", "pt"]
        assert command("create_project", "c", "--template", "receipt", "--languages", "nb,nn,iw,sr,in,zh-TW")[0] == 0
        assert Project.objects.get(slug="c").languages_set == ["no", "he", "sr", "id", "zh"]
        code, sentence = command("create_project", "d", "--template", "receipt", "--languages", "mk")
        assert (code, "ru, uk, bg, sr" in sentence) == (2, True)


@pytest.mark.parametrize("value", [HUGE, [HUGE], {"a": HUGE}, HUGE.encode()])
def test_a_sentence_of_an_error_repeats_the_beginning_of_any_value(value: object) -> None:
    assert len(str(UserError("There is no {value!r}.", value=value))) < LONGEST_ECHO + 20
    assert str(UserError("There is no {value!r}.", value="ab'c")) == """There is no "ab'c"."""

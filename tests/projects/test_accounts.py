"""Accounts: generated passwords are shown once, bad ones refused."""

import pytest

from extraction.models import User
from extraction.services.errors import Conflict, Invalid
from extraction.services.projects.accounts import create_user, find_user

pytestmark = pytest.mark.django_db


def test_a_generated_password_works_and_is_not_stored_readably() -> None:
    user, password = create_user("ann")
    assert password is not None
    assert user.check_password(password)
    assert password not in User.objects.get(username="ann").password


def test_a_given_password_is_not_told_back() -> None:
    user, password = create_user("ann", "correct horse battery")
    assert password is None
    assert user.check_password("correct horse battery")


@pytest.mark.parametrize(
    ("name", "password"), [("", None), ("bad name!", None), ("ann", "short"), ("ann", "password123")]
)
def test_bad_names_and_passwords_are_refused_with_a_sentence(name: str, password: str | None) -> None:
    with pytest.raises(Invalid, match=r"\.$"):
        create_user(name, password)
    assert not User.objects.exists()


def test_a_taken_name_is_refused() -> None:
    create_user("ann")
    with pytest.raises(Conflict, match="already a user named ann"):
        create_user("ann")


def test_an_unknown_user_is_named() -> None:
    with pytest.raises(Invalid, match="no user named 'bob'"):
        find_user("bob")

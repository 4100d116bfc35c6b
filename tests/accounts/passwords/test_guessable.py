"""Passwords that somebody would guess are refused, and those of the demonstration are not."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import Agency, User
from accounts.passwords.guessable import ENGLISH, THAI, common_thai
from accounts.passwords.one_time import one_time_password
from reports.demo import DEFAULT_PASSWORD


@pytest.fixture
def person() -> User:
    agency = Agency(
        slug="kongkoi",
        name="องค์การบริหารส่วนตำบลกองก้อย",
        short_name="อบต.กองก้อย",
        province="แม่ฮ่องสอน",
        district="สบเมย",
    )
    return User(username="somying", full_name="สมหญิง ใจดี", email="somying@example.go.th", agency=agency)


@pytest.mark.parametrize(
    "password",
    [
        "short-one",
        "Passw0rd2566!!",
        "p@ssw0rd-2026",
        "Thailand@2566!",
        # รหัสผ่าน and สวัสดี, typed on an English keyboard.
        "isylzjko12345",
        "l;ylfu2566256",
        "รหัสผ่าน12345",
        "นายก-2566-2567",
        # The office and a year.
        "kongkoi-2566-2567",
        "กองก้อย256625672568",
        "อบต.กองก้อย2566",
        "แม่ฮ่องสอน2566",
        # Rows of keys, and the same again.
        "qwertyuiop12",
        "ฟหกดเ้่าสวงผป",
        "abcabcabcabc",
        "111122223333",
        "somying.2566!",
    ],
)
def test_what_is_guessed_first_is_refused(person: User, password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, person)


@pytest.mark.parametrize(
    "password",
    [
        DEFAULT_PASSWORD,
        "a long enough password",
        "correct horse battery",
        "ฉันกินข้าวเช้าที่ตลาด",
        "mdk4-9zpc-r8tw",
        "Kru7gT8-xwQz2",
    ],
)
def test_what_is_one_s_own_is_taken(person: User, password: str) -> None:
    validate_password(password, person)


def test_no_password_of_the_system_is_refused(person: User) -> None:
    for _ in range(200):
        validate_password(one_time_password(), person)


def test_both_keyboards_have_as_many_keys() -> None:
    assert len(ENGLISH) == len(THAI)
    assert len(common_thai()) > 150


def test_who_has_no_agency_is_asked_the_same(person: User) -> None:
    person.agency = None
    validate_password("kongkoi-2566-2567", person)
    with pytest.raises(ValidationError):
        validate_password("รหัสผ่าน12345", person)

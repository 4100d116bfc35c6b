"""Django's administration speaks Thai on every page, in the site's letters, with its own tables alone."""

import gettext
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from django.contrib import admin
from django.urls import reverse

from accounts.models import Agency, User
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db

CATALOG: Final = Path(settings.BASE_DIR) / "core/locale/th/LC_MESSAGES"
# Names, and what stands in the database.
ALLOWED: Final = re.compile(
    r"ITA|Tracker|LINE|PDF|Word|Ctrl|Command|Mac|https?|username|argon2id|md5|[a-z]*_[a-z_]*|here|elsewhere|staff|officer"
    r"|executive|overseer|admin|stranger|other|kongkoi"
)
# Of a hash, the first signs are shown.
HASH: Final = re.compile(r"\S+\*+")


class WordsReader(HTMLParser):
    """What is read on a page: its text, and what buttons and fields say of themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.inside += tag in ("script", "style")
        names = ["title", "aria-label", "placeholder"]
        names += ["value"] * (tag == "input" and said.get("type") in ("submit", "button"))
        self.words += [str(said[name]) for name in names if said.get(name)]

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.words.append(data)


def english(page: str) -> set[str]:
    reader = WordsReader()
    reader.feed(page)
    text = HASH.sub("", "\n".join(reader.words))
    return {word for word in re.findall(r"[A-Za-z]{3,}\w*", text) if not ALLOWED.fullmatch(word)}


def test_no_page_of_it_speaks_english(sign_in: SignIn, people: dict[str, User], agency: Agency) -> None:
    client = sign_in("admin")
    person = people["staff"]
    person.save()
    division = agency.divisions.all()[0]
    paths = [
        reverse("admin:index"),
        reverse("admin:app_list", args=["accounts"]),
        reverse("admin:password_change"),
        reverse("admin:auth_user_password_change", args=[person.pk]),
    ]
    for name, pk in (("agency", agency.pk), ("division", division.pk), ("user", person.pk)):
        paths += [reverse(f"admin:accounts_{name}_{page}") for page in ("changelist", "add")]
        paths += [reverse(f"admin:accounts_{name}_{page}", args=[pk]) for page in ("change", "history")]
    found = {path: english(client.get(path).content.decode()) for path in paths}
    found["sign-in"] = english(sign_in("anonymous").get(reverse("admin:login")).content.decode())
    assert {path: words for path, words in found.items() if words} == {}


def test_it_has_the_letters_of_the_site(sign_in: SignIn, people: dict[str, User]) -> None:
    page = sign_in("admin").get(reverse("admin:index")).content.decode()
    assert "/static/css/administration.css" in page
    assert reverse("site_admin") in page


def test_only_the_tables_of_the_site_are_in_it() -> None:
    assert {model._meta.label for model in admin.site._registry} == {
        "accounts.Agency",
        "accounts.Division",
        "accounts.User",
    }


def test_divisions_are_listed_with_their_agency(sign_in: SignIn, people: dict[str, User]) -> None:
    page = sign_in("admin").get(reverse("admin:accounts_division_changelist")).content.decode()
    assert "องค์การบริหารส่วนตำบล here" in page
    assert "องค์การบริหารส่วนตำบล elsewhere" in page


def test_people_are_filtered_by_role_kind_and_province(sign_in: SignIn, people: dict[str, User]) -> None:
    Agency.objects.filter(slug="here").update(kind="provincial", province="เลย")
    admin_ = sign_in("admin")
    address = reverse("admin:accounts_user_changelist")
    for query, count in (
        ({"is_officer__exact": "1"}, 2),
        ({"agency__kind__exact": "provincial"}, 4),
        ({"agency__province": "เลย"}, 4),
    ):
        page = admin_.get(address, query)
        assert page.context["cl"].result_count == count, query


def test_a_person_is_given_divisions_of_the_own_agency_alone(
    sign_in: SignIn, people: dict[str, User]
) -> None:
    page = sign_in("admin").get(reverse("admin:accounts_user_change", args=[people["staff"].pk]))
    offered = [label for _, label in page.context["adminform"].form.fields["divisions"].choices]
    assert offered == ["กองที่ 1 · อบต. here", "กองที่ 2 · อบต. here"]


def test_a_seal_is_not_uploaded_past_its_check(
    sign_in: SignIn, people: dict[str, User], agency: Agency
) -> None:
    page = sign_in("admin").get(reverse("admin:accounts_agency_change", args=[agency.pk]))
    assert "seal" not in page.context["adminform"].form.fields


def test_every_word_of_the_catalog_is_compiled() -> None:
    with (CATALOG / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    texts = re.findall(r'^msgid "(.+)"$', (CATALOG / "django.po").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(texts) > 100
    known = {key[0] if isinstance(key, tuple) else key for key in compiled._catalog}  # type: ignore[attr-defined]
    assert {text.replace('\\"', '"') for text in texts} - known == set()

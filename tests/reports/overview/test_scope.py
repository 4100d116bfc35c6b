"""An overseer of a part sees that part alone, and of it no private evidence unless it is granted."""

from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.access import agencies_overseen, can_see_agency
from accounts.models import AccountEvent, Agency, User
from measures.evidence.hiding import hide
from measures.models import Evidence, EvidenceHiding, Measure, Plan
from reports.renderers import FORMATS
from reports.rounds.services import submit
from reports.waiting.selectors import waiting_for
from tests.conftest import SignIn
from tests.ita_tracker.test_permissions import TABLE, addresses_of, files_take_no_time
from tests.support.factories import YEAR, make_agency, make_edition, make_evidence, make_evidence_file
from tests.support.html import read

pytestmark = pytest.mark.django_db

__all__ = ["files_take_no_time"]
HERE: Final = "?agency=here"


@pytest.fixture
def overseer(people: dict[str, User], agency: Agency) -> User:
    """Of one province, and of one agency of another."""
    Agency.objects.filter(pk=agency.pk).update(province="เลย")
    far = make_agency("far")
    Agency.objects.filter(pk=far.pk).update(province="ตรัง")
    named = make_agency("named")
    person = people["overseer"]
    person.oversees_everywhere = False
    person.overseen_provinces = ["เลย"]
    person.save()
    person.overseen_agencies.add(named)
    return person


def names(client: Client, path: str = "overview") -> set[str]:
    content = client.get(reverse(path)).content.decode()
    return {agency.slug for agency in Agency.objects.all() if agency.name in content}


def test_the_overview_its_counts_and_its_file_have_that_part_alone(
    sign_in: SignIn, overseer: User, plan: Plan
) -> None:
    client = sign_in("overseer")
    assert names(client) == names(client, "overview_csv") == {"here", "named"}
    page = read(client.get(reverse("overview")))
    assert "ตรัง" not in page.one("main").text


def test_another_agency_is_not_there(sign_in: SignIn, overseer: User, plan: Plan) -> None:
    client = sign_in("overseer")
    assert client.get(f"{reverse('dashboard')}{HERE}").status_code == 200
    for slug in ("far", "elsewhere", "nowhere"):
        for name in ("dashboard", "reports"):
            assert client.get(f"{reverse(name)}?agency={slug}").status_code == 404, (name, slug)


def test_the_rule_and_the_query_say_the_same(overseer: User) -> None:
    for provinces, everywhere in ((["เลย"], False), ([], False), (["ตรัง", ""], False), ([], True)):
        overseer.overseen_provinces, overseer.oversees_everywhere = provinces, everywhere
        seen = {agency.pk for agency in Agency.objects.all() if can_see_agency(overseer, agency)}
        assert seen == set(agencies_overseen(overseer).values_list("pk", flat=True))


@pytest.mark.parametrize("role", ["staff", "officer", "executive", "admin"])
def test_a_scope_opens_nothing_for_anybody_else(people: dict[str, User], overseer: User, role: str) -> None:
    person = people[role]
    person.overseen_provinces = ["ตรัง"]
    assert not can_see_agency(person, Agency.objects.get(slug="far"))
    assert not agencies_overseen(person)


def test_what_waits_counts_that_part_alone(overseer: User, plan: Plan) -> None:
    today = timezone.localdate().replace(year=2023, month=5, day=1)
    before = waiting_for(overseer, today)
    overseer.overseen_provinces = []
    overseer.overseen_agencies.clear()
    del overseer.overseen_agency_ids
    assert [item.count for item in before] == [1]
    assert waiting_for(overseer, today) == []


# --- Private evidence ---------------------------------------------------------------------------------


@pytest.fixture
def secret(measure: Measure) -> Evidence:
    return make_evidence(measure, "รายชื่อผู้ร้องเรียน")


def seen_in(client: Client, measure: Measure, text: str) -> set[str]:
    """The pages and files of the agency on which a text stands."""
    pages = {
        "measure": reverse("measure", args=[measure.pk]),
        "report": reverse("report", args=[YEAR, 6]),
        "csv": reverse("download", args=[YEAR, 6, "csv"]),
        "json": reverse("download", args=[YEAR, 6, "json"]),
    }
    return {name for name, path in pages.items() if text in client.get(f"{path}{HERE}").content.decode()}


def test_private_evidence_is_told_to_who_is_granted_it(
    sign_in: SignIn, people: dict[str, User], measure: Measure, secret: Evidence
) -> None:
    client = sign_in("overseer")
    assert seen_in(client, measure, secret.title) == set()
    assert seen_in(sign_in("officer"), measure, secret.title), "the test looks in the right places"
    User.objects.filter(pk=people["overseer"].pk).update(sees_private_evidence=True)
    assert "measure" in seen_in(client, measure, secret.title)


def test_public_evidence_is_told_until_it_is_hidden(
    sign_in: SignIn, measure: Measure, secret: Evidence
) -> None:
    Evidence.objects.filter(pk=secret.pk).update(public=True)
    client = sign_in("overseer")
    assert "measure" in seen_in(client, measure, secret.title)
    EvidenceHiding.objects.create(
        evidence=secret, hidden=True, reason="มีชื่อคน", done_by="x", done_at=timezone.now()
    )
    assert "measure" not in seen_in(client, measure, secret.title)


@pytest.mark.usefixtures("files_take_no_time")
def test_no_address_tells_of_private_evidence_without_the_grant(
    sign_in: SignIn, people: dict[str, User], measure: Measure
) -> None:
    """Neither of what was never public nor of what was hidden, nor why: pages, files, search."""
    kept, hidden = make_evidence_file(measure), make_evidence_file(measure, public=True)
    make_evidence(measure, "QZKEPT")
    Evidence.objects.filter(measure=measure).update(title="QZKEPT")
    Evidence.objects.filter(pk__in=[kept.pk, hidden.pk]).update(file_name="QZKEPT.pdf")
    hide(hidden, people["officer"], "QZKEPT")
    year = measure.plan.rounds.select_related("plan__agency")
    make_edition(year.get(months=12), published=False)
    measure.status, measure.status_reason = "in_progress", "x"
    measure.save()
    submit(year.get(months=6), people["officer"])
    where = addresses_of(measure)
    paths = {where[name] for name, method in TABLE if method == "GET" and name != "logout"}
    paths |= {reverse("download", args=[YEAR, months, ending]) for months in (6, 12) for ending in FORMATS}
    paths |= {reverse("edition", args=[YEAR, 12, 1, ending]) for ending in FORMATS}
    for proof in (kept, hidden):
        paths |= {reverse(f"evidence_{what}", args=[proof.pk]) for what in ("file", "thumbnail")}
        paths.add(reverse("public_evidence", args=["here", proof.pk]))
    report, plan = reverse("report", args=[YEAR, 6]), reverse("plan", args=[YEAR])
    paths |= {f"{report}?changes=1", f"{report}?public=1", f"{plan}?text=QZKEPT"}
    paths |= {f"{plan}?status=unproved", f"{reverse('measure', args=[measure.pk])}?field=evidence"}

    paths = {path if "?" not in path else f"{path}&agency=here" for path in paths}

    def asked(client: Client, path: str, headers: dict[str, str]) -> tuple[Any, bool]:
        response = client.get(path, {"agency": "here"} if "?" not in path else None, headers=headers)
        said = b"QZKEPT" in b"".join(response) or "QZKEPT" in response.get("Content-Disposition", "")
        return response, said

    overseer, executive = sign_in("overseer"), sign_in("executive")
    opened, telling = set(), set()
    for path in paths:
        response, said = asked(overseer, path, {})
        # A part of a page is asked for where there is a page or the way to one.
        is_page = response.status_code < 400 and response.get("Content-Type", "").startswith("text/html")
        parts = is_page and asked(overseer, path, {"HX-Request": "true"})[1]
        opened |= {path} if response.status_code == 200 else set()
        telling |= {path} if said or parts else set()
    # What was typed into the search stands in its field.
    assert telling <= {path for path in paths if "text=" in path}
    right = {path for path in paths if path in opened or "evidence" in path}
    told = {path for path in right if asked(executive, path, {})[1]}
    assert len(told) > 8, "the test looks in the right places"
    assert told - opened, "among them some that are closed to an overseer"
    searched = overseer.get(f"{plan}?text=QZKEPT&agency=here")
    assert read(searched).one("main").all("mark") == []


# --- Who says what the part is ------------------------------------------------------------------------


def test_the_administrator_names_the_part_and_it_is_logged(
    sign_in: SignIn, people: dict[str, User], agency: Agency
) -> None:
    admin, overseer = sign_in("admin"), people["overseer"]
    path = reverse("admin:accounts_user_change", args=[overseer.pk])
    form = read(admin.get(path)).one("form", id="user_form").form_data()
    del form["oversees_everywhere"]
    chosen = {"overseen_provinces": ["เลย", "ตรัง"], "overseen_agencies": [str(agency.pk)]}
    assert admin.post(path, form | chosen).status_code == 302
    stored = User.objects.get(pk=overseer.pk)
    assert (stored.oversees_everywhere, sorted(stored.overseen_provinces)) == (False, ["ตรัง", "เลย"])
    assert list(stored.overseen_agencies.all()) == [agency]
    (event,) = AccountEvent.objects.filter(person=stored)
    assert "จังหวัดที่กำกับดูแล" in event.detail
    again = read(admin.get(path)).one("form", id="user_form").form_data()
    assert again["overseen_provinces"] == ["ตรัง", "เลย"]


@pytest.mark.parametrize(
    "typed",
    [{"overseen_provinces": "ไม่มีจังหวัดนี้"}, {"overseen_agencies": "x"}, {"overseen_agencies": "9" * 30}],
)
def test_what_is_no_province_or_agency_is_refused(
    sign_in: SignIn, people: dict[str, User], typed: dict[str, str]
) -> None:
    admin = sign_in("admin")
    path = reverse("admin:accounts_user_change", args=[people["overseer"].pk])
    form = read(admin.get(path)).one("form", id="user_form").form_data()
    answer = admin.post(path, form | typed)
    assert answer.status_code == 200
    assert read(answer).all("ul", class_="errorlist")

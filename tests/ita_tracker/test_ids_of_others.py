"""What belongs to somebody else, named in an address, a form or a file: refused, and nothing changes.

One agency asks for the objects of another, and one division for those of another. After each request every
row of the others is compared, and no other row may name one of theirs.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.agency_settings.services import PROFILE, state_of
from accounts.divisions.services import list_version
from accounts.models import Agency, Division, Role, User
from accounts.people.services import person_version
from accounts.sessions.services import mark_of
from measures.models import Measure, Part, Plan
from measures.workbook.services import workbook
from reports.new_year.services import open_year
from reports.renderers import FORMATS
from reports.rounds.services import submit
from tests.conftest import SignIn
from tests.ita_tracker.test_permissions import as_signed_in
from tests.support.another_office import MARK, AnotherOffice, Guard, furnish_another_office, keys
from tests.support.factories import YEAR, make_evidence_file, make_measure, make_person
from tests.support.thorough import in_turn
from tests.support.writes import undone, writes_noted

pytestmark = pytest.mark.django_db

NOW: Final = {"status": "in_progress", "status_reason": "ก", "result": "ยึด", "obstacle": "", "version": "1"}


@dataclass(frozen=True)
class Attack:
    """A request that names what is somebody else's."""

    role: str
    name: str
    args: Sequence[Any] = ()
    data: Mapping[str, Any] | None = None
    """What is posted; None for a GET."""
    query: str = ""
    refused: frozenset[int] = frozenset({403, 404, 409, 422})
    """With what it may be answered; 200 or 302 only where what is not one's own is passed over."""
    headers: Mapping[str, str] = field(default_factory=dict)
    is_told_again: bool = False
    """Whether the answer repeats what was sent, a name of theirs included."""

    @property
    def path(self) -> str:
        return f"{reverse(self.name, args=self.args)}{self.query}"

    def __str__(self) -> str:
        return f"{self.role} {self.path} {self.data if self.data is None else dict(self.data)!r:.300}"


PASSED_OVER: Final = frozenset({200, 302, 403, 404, 409, 422})


@dataclass(frozen=True)
class Near:
    """What the agency that asks has itself."""

    plan: Plan
    measure: Measure
    """Of the first division."""
    shared: Measure
    """Of both, which report apart."""
    people: Mapping[str, User]

    @property
    def first(self) -> Division:
        return self.plan.agency.divisions.get(position=1)


@pytest.fixture
def near(plan: Plan, measure: Measure, people: dict[str, User]) -> Near:
    make_evidence_file(measure, public=True)
    shared = make_measure(plan, "ร่วมกัน", position=2, divisions=2, by_division=True)
    before = open_year(plan.agency, YEAR - 1)
    make_measure(before, "ปีก่อน", status="done")
    submit(before.rounds.select_related("plan__agency").get(months=6), people["officer"])
    return Near(plan, measure, shared, people)


@dataclass(frozen=True)
class Guarded:
    """Another agency, and a measure of the other division of one's own."""

    far: AnotherOffice
    next_door: Measure
    rows: Guard


@pytest.fixture
def guarded(near: Near) -> Guarded:
    stranger = near.people["stranger"]
    assert stranger.agency is not None
    before = keys()
    # What was there before of the other agency is guarded too.
    before[Agency].remove(stranger.agency_id)
    before[Division].difference_update(stranger.agency.divisions.values_list("pk", flat=True))
    before[User].remove(stranger.pk)
    far = furnish_another_office(stranger.agency, stranger)
    next_door = make_measure(near.plan, "ของกองที่ 2", indicator=3, divisions=0)
    next_door.responsibilities.create(division=near.plan.agency.divisions.get(position=2), position=1)
    make_evidence_file(next_door)
    return Guarded(far, next_door, Guard(before, keys()))


def outline(near: Near, **fields: Any) -> dict[str, Any]:
    """The form of a measure with a party and a step."""
    data = {
        "version": "1",
        "indicator": str(near.measure.indicator_id),
        "title": "ก",
        "first_step": "1",
        "parties-TOTAL_FORMS": "1",
        "parties-INITIAL_FORMS": "0",
        "parties-0-division": str(near.first.pk),
        "steps-TOTAL_FORMS": "1",
        "steps-INITIAL_FORMS": "1",
        "steps-0-text": "ยึด",
        "steps-0-level": "1",
    }
    return data | fields


def row(measure: Measure, **more: Any) -> str:
    values = {name: NOW[name] for name in ("status", "status_reason", "result", "obstacle")}
    return json.dumps({"pk": measure.pk, "version": measure.version, "values": values, **more})


def in_addresses(near: Near, far: AnotherOffice, next_door: Measure) -> Iterator[Attack]:
    """Objects of the others in addresses, opened and posted to."""
    nothing_there = frozenset({404, 405})
    routes: dict[str, list[Any]] = {
        "import_measure": [far.taken_in.pk, 0],
        "part": [far.part.pk],
        "tick_step": [far.step.pk],
        "executive": [far.executive.pk],
        "drop_filter": [YEAR, far.saved.pk],
        "repeat_reminder": [far.reminder.pk],
    }
    of_kind: list[tuple[int, str]] = [
        (
            far.measure.pk,
            "measure edit_measure move_measure delete_measure put_back add_evidence add_comment",
        ),
        (far.public.pk, "remove_evidence publish_evidence evidence_file evidence_thumbnail reuse_evidence"),
        (far.taken_in.pk, "import_preview import_columns import_year import_copied import_apply import_undo"),
        (far.taken_in.pk, "import_choose import_forget"),
        (far.staff.pk, "person person_password person_active"),
        (far.acting.pk, "end_acting confirm_acting"),
        (far.job.pk, "job cancel_job retry_job"),
    ]
    routes |= {name: [key] for key, names in of_kind for name in names.split()}
    for place, (name, args) in enumerate(routes.items()):
        htmx = {"HX-Request": "true", "HX-Target": "main"} if place % 2 else {}
        for role in ("officer", *in_turn(("staff", "executive", "far_overseer"), place, 3)):
            # Of who has no right to it in the own agency, that may be said first.
            refused = nothing_there if role == "officer" else nothing_there | {403}
            query = "?agency=elsewhere" if role == "far_overseer" else ""
            for data in (None, NOW | {"done": "1", "public": "1", "active": "0", "title": "ยึด"}):
                yield Attack(role, name, args, data, query, refused, htmx)
    for name in ("remove_evidence", "publish_evidence", "reuse_evidence"):
        yield Attack("staff", name, [next_door.evidence.get().pk], {"public": "1"}, "", frozenset({403}))
    for name in ("measure", "add_evidence", "put_back", "add_comment"):
        yield Attack("staff", name, [next_door.pk], NOW, "", frozenset({403}))
    yield Attack("staff", "tick_step", [next_door.steps.all()[0].pk], {"done": "1"}, "", frozenset({403}))
    other = near.shared.parts.get(division__position=2)
    yield Attack("staff", "part", [other.pk], NOW, "", frozenset({403}))


def in_queries(near: Near, far: AnotherOffice) -> Iterator[Attack]:
    """Their agency, division and part in the query of one's own pages; their files at public addresses."""
    division = far.agency.divisions.all()[0].pk
    pages: list[tuple[str, list[Any]]] = [
        *(
            (name, [])
            for name in "year plans dashboard dashboard_pdf reports divisions people people_log".split()
        ),
        *((name, [YEAR, 12]) for name in ("report", "round_history")),
        ("plan", [YEAR]),
        *(("download", [YEAR, 12, ending]) for ending in FORMATS),
        *(("edition", [YEAR, 12, 1, ending]) for ending in FORMATS),
    ]
    for place, (name, args) in enumerate(pages):
        for role in ("officer", *in_turn(("staff", "executive", "far_overseer"), place, 3)):
            yield Attack(role, name, args, None, "?agency=elsewhere&year=2566")
    yield Attack("officer", "plan_workbook", [YEAR], query=f"?division={division}", refused=frozenset({404}))
    yield Attack("officer", "plan", [YEAR], query=f"?division={division}", refused=PASSED_OVER)
    yield Attack("officer", "people", query=f"?division={division}", refused=PASSED_OVER)
    yield Attack("officer", "measure", [near.shared.pk], query=f"?part={far.part.pk}", refused=PASSED_OVER)
    for slug in ("here", "elsewhere"):
        for evidence in (far.private, far.public):
            yield Attack("anonymous", "public_evidence", [slug, evidence.pk])
        yield Attack("anonymous", "public_report", [slug, YEAR, 12])
        yield Attack("anonymous", "public_edition_download", [slug, YEAR, 12, 1, "pdf"])
        yield Attack("anonymous", "public_picture", [slug, YEAR, 12])
    # What another key has signed, and what is no key.
    for token in (signing.dumps(far.staff.pk), signing.dumps(far.staff.pk, salt="x"), str(far.staff.pk)):
        yield Attack("anonymous", "stop_reminders", [token], {})
    yield Attack("anonymous", "calendar_feed", ["A" * 43])
    yield Attack("anonymous", "calendar_feed", [far.agency.slug])


def in_forms(near: Near, far: AnotherOffice, next_door: Measure) -> Iterator[Attack]:
    """Their objects in the fields of one's own forms, those that a form does not show included."""
    division = str(far.agency.divisions.all()[0].pk)
    step, evidence = str(far.step.pk), near.measure.evidence.get()
    measure, shared = near.measure, near.shared
    yield Attack("officer", "add_measure", [YEAR], outline(near, **{"parties-0-division": division}))
    for theirs in (step, str(next_door.steps.all()[0].pk)):
        steps = outline(near, **{"steps-0-id": theirs, "plan": far.plan.pk, "agency": far.agency.pk})
        yield Attack("officer", "add_measure", [YEAR], steps, refused=PASSED_OVER)
        yield Attack("officer", "edit_measure", [measure.pk], steps, refused=PASSED_OVER)
        yield Attack("staff", "add_evidence", [measure.pk], evidence_form(**{"evidence-step": theirs}))
    parties = outline(near, **{"parties-0-division": division})
    yield Attack("officer", "edit_measure", [measure.pk], parties)
    parent = outline(
        near, **{"steps-0-parent": step, "steps-0-measure": str(far.measure.pk), "id": far.measure.pk}
    )
    yield Attack("officer", "edit_measure", [measure.pk], parent, refused=PASSED_OVER)
    stored = near.plan.agency.divisions.order_by("position", "id")
    rows = {"divisions-TOTAL_FORMS": "3", "divisions-INITIAL_FORMS": "2", "version": list_version(stored)}
    for place, (key, name) in enumerate([*stored.values_list("pk", "name"), (division, "ยึด")]):
        rows |= {f"divisions-{place}-id": str(key), f"divisions-{place}-name": name}
    yield Attack("officer", "divisions", (), rows, refused=PASSED_OVER)
    yield Attack("officer", "divisions", (), rows, "?agency=elsewhere", frozenset({404}))
    hidden: dict[str, Any] = {
        "plan": far.plan.pk,
        "plan_id": far.plan.pk,
        "measure": far.measure.pk,
        "agency": far.agency.pk,
    }
    hidden |= {"reported_by": far.staff.pk, "division": division, "part": far.part.pk, "id": far.measure.pk}
    joined = {"joined": f"{division}:1"}
    yield Attack("officer", "measure", [measure.pk], NOW | hidden, refused=PASSED_OVER)
    yield Attack("officer", "measure", [shared.pk], NOW | hidden | joined, refused=PASSED_OVER)
    part = shared.parts.get(division__position=1)
    yield Attack("officer", "part", [part.pk], NOW | hidden, refused=PASSED_OVER)
    ticked = shared.steps.all()[0].pk
    for number in (far.part.pk, 10**17):
        yield Attack("officer", "tick_step", [ticked], {"done": "1"}, f"?part={number}", frozenset({404}))
    other = shared.parts.get(division__position=2)
    yield Attack("staff", "tick_step", [ticked], {"done": "1"}, f"?part={other.pk}", frozenset({403}))
    of_theirs = evidence_form(**{"evidence-measure": far.measure.pk, "evidence-part": far.part.pk})
    yield Attack("staff", "add_evidence", [measure.pk], of_theirs, f"?part={far.part.pk}", PASSED_OVER)
    yield Attack("officer", "reuse_evidence", [evidence.pk], {"measures": [far.measure.pk]})
    yield Attack("staff", "reuse_evidence", [evidence.pk], {"measures": [next_door.pk]})
    for name, theirs in (
        ("named", str(far.staff.pk)),
        ("answers", str(far.comment.pk)),
        ("returns_to", division),
    ):
        said = {"comment-text": "ก", f"comment-{name}": theirs}
        yield Attack("officer", "add_comment", [measure.pk], said)
    key = f"{Measure.history.filter(id=far.measure.pk).latest().pk}"
    for save in (key, f"measure-{key}", f"Measure-{key}", f"{far.measure.pk}"):
        yield Attack("officer", "put_back", [measure.pk], {"save": save}, f"?part={far.part.pk}")
    yield Attack(
        "staff",
        "keep_filter",
        [YEAR],
        {"save-name": "ก", "status": "late", "division": division},
        refused=PASSED_OVER,
    )


def evidence_form(**fields: Any) -> dict[str, Any]:
    form = {
        "evidence-title": "ก",
        "evidence-address": "https://example.go.th/",
        "evidence-effective_on": "31/1/2566",
    }
    return form | fields


def of_many(near: Near, far: AnotherOffice, next_door: Measure) -> Iterator[Attack]:
    """Many at once: bulk changes, workbooks, imports."""
    for role, theirs in (("officer", far.measure), ("staff", next_door)):
        change = {
            "bulk-status": "cancelled",
            "bulk-status_reason": "ยึด",
            "measure": [theirs.pk, near.measure.pk],
        }
        yield Attack(role, "change_many", [YEAR], change, refused=PASSED_OVER)
        seen = [f"{theirs.pk}.0.1.1", f"{near.measure.pk}.0.1.1"]
        yield Attack(role, "change_many", [YEAR], change | {"seen": seen}, refused=PASSED_OVER)
        yield Attack(role, "sheet", [YEAR], {"row": [row(theirs), row(near.measure)]})
        rows: list[Any] = [theirs, near.measure]
        content = SimpleUploadedFile("ก.xlsx", workbook(rows, "ก"))
        yield Attack(role, "sheet", [YEAR], {"file": content}, refused=PASSED_OVER)
    parts = {"bulk-status": "cancelled", "bulk-status_reason": "ยึด", "bulk-target": "parts"}
    seen = [f"{near.shared.pk}.{far.part.pk}.1.1", f"{far.apart.pk}.{far.part.pk}.1.1"]
    yield Attack("officer", "change_many", [YEAR], parts | {"seen": seen}, refused=PASSED_OVER)
    due = {"bulk-due_on": "1/1/2566", "bulk-target": "parts", "measure": [near.measure.pk], "bulk-status": ""}
    yield Attack("staff", "change_many", [YEAR], due)
    other = row(near.shared, division=near.shared.parts.get(division__position=2).division.name)
    yield Attack("staff", "sheet", [YEAR], {"row": [other]})
    # What was typed is shown again: of the name that somebody knows they learn nothing.
    theirs_by_name = row(near.shared, division=far.part.division.name)
    yield Attack("officer", "sheet", [YEAR], {"row": [theirs_by_name]}, is_told_again=True)
    pasted = f"ตัวชี้วัดที่\tมาตรการ\tขั้นตอน\tผู้รับผิดชอบ\n1\t{far.measure.pk}\t1. ข\t{far.agency.pk}\n"
    plans = {"year": str(YEAR), "text": pasted, "plan": far.plan.pk, "agency": far.agency.pk}
    yield Attack("officer", "import_plan", (), plans, refused=PASSED_OVER)
    copied = {"year": str(YEAR), "source": str(YEAR - 1), "agency": "elsewhere"}
    yield Attack("officer", "import_plan", (), copied, "?agency=elsewhere", PASSED_OVER)


def of_people(near: Near, far: AnotherOffice) -> Iterator[Attack]:
    """People, rights, rounds, sessions and news."""
    division, first = str(far.agency.divisions.all()[0].pk), str(near.first.pk)
    more = {"agency": far.agency.pk, "is_superuser": "on", "is_staff": "on", "is_administrator": "on"}
    more |= {"is_overseer": "on", "sees_private_evidence": "on", "overseen_agencies": [far.agency.pk]}
    new = {"full_name": "ก", "username": "new", "roles": ["staff"], "divisions": [division]}
    yield Attack("officer", "add_person", (), new | more)
    staff = near.people["staff"]
    stored = {"full_name": "ก", "roles": ["staff"], "divisions": [first], "version": person_version(staff)}
    yield Attack("officer", "person", [staff.pk], stored | more | {"divisions": [first, division]})
    for role in ("admin", "overseer"):
        yield Attack("officer", "person", [staff.pk], stored | more | {"roles": [role]})
    yield Attack("officer", "person", [staff.pk], stored | more | {"id": far.staff.pk}, refused=PASSED_OVER)
    acts = {"person": far.staff.pk, "starts_on": "1/1/2670", "ends_on": "2/1/2670", "order": "1"}
    yield Attack("officer", "acting", (), acts)
    yield Attack("executive", "acting", (), acts | {"agency": far.agency.pk}, "?agency=elsewhere")
    own = {"full_name": "ก", "email": "a@example.go.th", "username": "admin", "roles": ["admin"], **more}
    for role in ("staff", "far_overseer"):
        yield Attack(
            role,
            "account",
            (),
            # Another address would ask for the password first.
            own | {"divisions": [division], "password": "x", "email": near.people[role].email},
            refused=PASSED_OVER,
        )
    for name, data in (
        ("reminder_switch", {"on": "0", "person": far.staff.pk}),
        ("own_calendar", {"do": "revoke", "person": far.staff.pk}),
        ("line_group", {"line_group": "C" + "0" * 32, "agency": far.agency.pk, "slug": "elsewhere"}),
        ("no_plan", {"year": "2570", "agency": far.agency.pk}),
        ("sign_out_everywhere", {"person": far.staff.pk}),
    ):
        yield Attack("officer", name, (), data, refused=PASSED_OVER)
    yield Attack("officer", "read_news", [far.news.pk], {"next": "//evil.example/"}, refused=PASSED_OVER)
    for name in ("approve_round", "return_round"):
        decided = {
            "submission": far.submission.pk,
            "confirmed": "1",
            "reason": "ก",
            "round": far.submission.round_id,
        }
        yield Attack("executive", name, [YEAR - 1, 6], decided)
    yield Attack("officer", "withdraw_round", [YEAR - 1, 6], {"submission": far.submission.pk})
    for role in ("officer", "staff", "executive", "far_overseer"):
        yield Attack(role, "scan_file", [YEAR, 12, far.scan.pk], refused=frozenset({404}))
    yield Attack("officer", "show_scan", [YEAR, 12], {"scan": far.scan.pk, "public": "1"})
    for name in ("publish_round", "unpublish_round", "reopen_round", "edition_files"):
        taken = {"edition": far.draft.pk, "checked": "1", "reason": "ก", "round": far.draft.round_id}
        yield Attack("officer", name, [YEAR, 12], taken)
    answers = {"round": far.draft.round_id, "item": "O41", "number": "41", "title": "ก"}
    yield Attack("officer", "answer_oit", [YEAR, 6], answers, refused=PASSED_OVER)


@pytest.fixture
def people(people: dict[str, User]) -> dict[str, User]:
    """The people of all tests, and an overseer of the first agency alone."""
    far = make_person("far_overseer", Role.OVERSEER)
    User.objects.filter(pk=far.pk).update(oversees_everywhere=False)
    far.refresh_from_db()
    far.overseen_agencies.add(*[each.agency for each in people.values() if each.agency][:1])
    return {**people, "far_overseer": far}


# Forms of one's own that are stored without what is theirs: so that the others are not refused for a slip.
STORED_ALL_THE_SAME: Final[Mapping[str, set[str]]] = {
    "addresses": set(),
    "queries": set(),
    "forms": {"add_measure", "edit_measure", "divisions", "measure", "part", "add_evidence", "keep_filter"},
    "many": {"import_plan"},
    "people": {"person", "account", "reminder_switch", "line_group", "no_plan"},
}


def test_what_is_somebody_elses_is_refused_and_stays_as_it_is(
    sign_in: SignIn, near: Near, guarded: Guarded
) -> None:
    far, next_door = guarded.far, guarded.next_door
    attacks = {
        "addresses": list(in_addresses(near, far, next_door)),
        "queries": list(in_queries(near, far)),
        "forms": list(in_forms(near, far, next_door)),
        "many": list(of_many(near, far, next_door)),
        "people": list(of_people(near, far)),
    }
    clients = {role: sign_in(role) for role in ("anonymous", "staff", "officer", "executive", "far_overseer")}
    wrong: list[str] = []
    stored: dict[str, set[str]] = {kind: set() for kind in attacks}
    for kind, attack in [(kind, attack) for kind, of_kind in attacks.items() for attack in of_kind]:
        client = as_signed_in(clients[attack.role])
        client.raise_request_exception = False
        with undone(), writes_noted() as noted:
            if attack.data is None:
                response = client.get(attack.path, headers=attack.headers)
            else:
                response = client.post(attack.path, attack.data, headers=attack.headers)
            problem = guarded.rows.broken() if noted else ""
        if response.status_code not in attack.refused:
            problem += f" answered {response.status_code}"
        told = response.headers.get("Location", "").encode() + b"".join(response)
        if MARK.encode() in told and not attack.is_told_again:
            problem += " tells of it"
        if problem:
            wrong.append(f"{attack}: {problem}")
        elif noted and response.status_code == 302:
            stored[kind].add(attack.name)
    assert wrong == []
    for kind, names in STORED_ALL_THE_SAME.items():
        assert stored[kind] >= names, "nothing else was wrong with the forms"


def test_the_guard_notices_what_is_done(near: Near, guarded: Guarded) -> None:
    assert guarded.rows.broken() == ""
    with undone():
        guarded.far.measure.responsibilities.update(position=7)
        assert "Responsibility" in guarded.rows.broken()
    with undone():
        near.measure.responsibilities.create(division=guarded.far.part.division, position=2)
        assert "Responsibility.division" in guarded.rows.broken()
    with undone():
        near.people["staff"].divisions.add(guarded.far.part.division)
        assert "User_divisions" in guarded.rows.broken()
    with undone():
        Part.objects.filter(pk=guarded.far.part.pk).delete()
        assert "Part" in guarded.rows.broken()


def test_the_session_of_another_is_not_ended(sign_in: SignIn, near: Near) -> None:
    theirs, mine = sign_in("stranger"), sign_in("officer")
    session = near.people["stranger"].sessions.get()
    assert mine.post(reverse("sign_out_device", args=[mark_of(session)])).status_code == 302
    assert theirs.get(reverse("account")).status_code == 200


OF_A_PERSON: Final = {"full_name", "post", "email", "wants_reminders", "calendar_key"}
"""What people change of themselves, and a key that is made for them."""


@pytest.mark.parametrize("role", ["staff", "officer", "executive", "far_overseer"])
def test_a_field_that_a_form_does_not_show_is_not_stored(sign_in: SignIn, near: Near, role: str) -> None:
    """The columns of a person and of an agency, sent along with every form about oneself."""
    person, agency, client = near.people[role], near.plan.agency, sign_in(role)
    wanted: dict[str, Any] = {
        field.name: "1" for field in User._meta.get_fields() if field.name not in OF_A_PERSON
    }
    wanted |= {"roles": ["admin", "overseer", "officer", "executive"], "full_name": "ก", "username": "admin"}
    profile = {name: getattr(agency, name) for name in PROFILE if getattr(agency, name) not in (None, False)}
    theirs = {"slug": "stolen", "id": "1", "pk": "1", "line_group": "x", "state": state_of(agency)}

    def kept() -> tuple[dict[str, Any], dict[str, Any]]:
        of_person = User.objects.filter(pk=person.pk).values().get()
        of_agency = Agency.objects.filter(pk=agency.pk).values().get()
        return (
            {name: value for name, value in of_person.items() if name not in OF_A_PERSON},
            {name: value for name, value in of_agency.items() if name not in PROFILE},
        )

    before = kept()
    statuses = [
        client.post(reverse(name), data).status_code
        for name, data in (
            ("account", wanted),
            ("agency", wanted | profile | theirs | {"full_name": "ก"}),
            ("own_calendar", wanted),
            ("reminder_switch", wanted),
        )
    ]
    assert statuses[0] == 302, "the form is stored, and what it does not show is passed over"
    assert statuses[1] == (302 if role == "officer" else 404 if role == "far_overseer" else 403)
    assert kept() == before
    assert set(person.divisions.all()) == set(User.objects.get(pk=person.pk).divisions.all())

"""What is sent to whom on a day: one message a person with all that they owe, one for the agency's group."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from accounts.models import Agency, Division, Role, User
from reports.models import ReminderChannel
from reports.reminders.messages import Message, Owed, group_message, officer_message, staff_message
from reports.reminders.occasions import Occasion
from reports.reminders.owed import RemindedRound, reminded_rounds


@dataclass(frozen=True)
class Digest:
    """One reminder, as it is to be sent."""

    agency: Agency
    person: User | None
    """None for the agency's group."""
    channel: ReminderChannel
    occasion: Occasion
    address: str
    message: Message


@dataclass(frozen=True)
class Recipient:
    """Somebody of the office who would be reminded, and why nothing goes to them, if nothing does."""

    person: User
    owed: int
    """How many reports they are reminded of."""
    why_not: str
    message: Message | None
    """What would be sent; None where nothing is."""


def digests_on(agency: Agency, today: date) -> Sequence[Digest]:
    """All that an agency's people are sent on a day, whether it was sent already or not."""
    rounds = reminded_rounds(agency, today, only_due=True)
    if not any(round_.owed for round_ in rounds):
        return ()
    return [*_to_people(agency, rounds, today), *_to_group(agency, rounds, today)]


def recipients_of(agency: Agency, rounds: Sequence[RemindedRound], today: date) -> Sequence[Recipient]:
    """Everybody who is reminded of what is owed in rounds, as things stand; two queries."""
    found = []
    for person in _people(agency):
        why_not = _why_not(person, rounds)
        message = None if why_not else _message(person, rounds, today)
        found.append(Recipient(person, _count(person, rounds), why_not, message))
    return found


def divisions_of(person: User, rounds: Sequence[RemindedRound]) -> Sequence[Division]:
    """The divisions of whose reports a person is reminded: the officer of all, staff of their own."""
    if person.is_officer:
        return list({owed.division_id: owed.division for round_ in rounds for owed in round_.owed}.values())
    return sorted(person.divisions.all(), key=lambda division: (division.position, division.pk))


def _people(agency: Agency) -> Sequence[User]:
    people = User.objects.with_role(Role.STAFF, Role.OFFICER).filter(agency=agency)
    found = list(people.prefetch_related("divisions").order_by("-is_officer", "full_name", "username"))
    for person in found:
        person.agency = agency
    return found


def _to_people(agency: Agency, rounds: Sequence[RemindedRound], today: date) -> Iterator[Digest]:
    for person in _people(agency):
        if _why_not(person, rounds):
            continue
        occasion = _latest([round_ for round_, _ in _owed_by(person, rounds)])
        message = _message(person, rounds, today)
        yield Digest(agency, person, ReminderChannel.MAIL, occasion, person.email, message)


def _owed_by(person: User, rounds: Sequence[RemindedRound]) -> Sequence[tuple[RemindedRound, Owed]]:
    divisions = divisions_of(person, rounds)
    return [(round_, owed) for round_ in rounds if (owed := round_.of(divisions))]


def _message(person: User, rounds: Sequence[RemindedRound], today: date) -> Message:
    write = officer_message if person.is_officer else staff_message
    return write(person, _owed_by(person, rounds), today)


def _to_group(agency: Agency, rounds: Sequence[RemindedRound], today: date) -> Iterator[Digest]:
    owing = [round_ for round_ in rounds if round_.owed]
    if settings.LINE_CHANNEL_TOKEN and agency.line_group and owing:
        message = group_message(owing, today)
        yield Digest(agency, None, ReminderChannel.LINE, _latest(owing), agency.line_group, message)


def _latest(rounds: Sequence[RemindedRound]) -> Occasion:
    """Several rounds, one message: it counts as that of the latest day."""
    return max((round_.occasion for round_ in rounds if round_.occasion), key=lambda occasion: occasion.day)


def _count(person: User, rounds: Sequence[RemindedRound]) -> int:
    own = {division.pk for division in divisions_of(person, rounds)}
    return len(
        {
            (round_.round.pk, owed.measure_id)
            for round_ in rounds
            for owed in round_.owed
            if owed.division_id in own
        }
    )


def _why_not(person: User, rounds: Sequence[RemindedRound]) -> str:
    if not person.wants_reminders:
        return "ปิดรับการเตือนแล้ว"
    if not person.email:
        return "ยังไม่มีอีเมล"
    return "" if _count(person, rounds) else "รายงานครบแล้ว"

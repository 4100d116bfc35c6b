"""Names after an @ in a comment: whom they mean, and the text taken apart at them. No database."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True)
class Piece:
    """A piece of a comment as it is shown."""

    text: str
    is_name: bool = False


def mentioned_in(text: str, people: Collection[User]) -> Sequence[User]:
    """Who of the people is named in a text, as @username or @ชื่อ-นามสกุล; all of those who share the name."""
    if not people or "@" not in text:
        return ()
    named = {match[1].casefold() for match in _pattern(people).finditer(text)}
    return [person for person in people if named & {name.casefold() for name in _names(person)}]


def pieces_of(text: str, people: Collection[User]) -> Sequence[Piece]:
    """A text in pieces, in their order, the names of the people with their @ each as one."""
    if not people or "@" not in text:
        return [Piece(text)]
    pieces: list[Piece] = []
    end = 0
    for match in _pattern(people).finditer(text):
        pieces += [Piece(text[end : match.start()]), Piece(match[0], is_name=True)]
        end = match.end()
    return [piece for piece in [*pieces, Piece(text[end:])] if piece.text]


def _names(person: User) -> Sequence[str]:
    return [name for name in (person.username, person.full_name) if name]


def _pattern(people: Collection[User]) -> re.Pattern[str]:
    """The longest name first, so that one that begins like another is not taken for it.

    An @ inside a word is an e-mail address. After a name no Latin letter may follow; Thai has no spaces
    between words.
    """
    names = sorted({name for person in people for name in _names(person)}, key=len, reverse=True)
    return re.compile(
        rf"(?<![A-Za-z0-9._+-])@({'|'.join(map(re.escape, names))})(?![A-Za-z0-9_])", re.IGNORECASE
    )

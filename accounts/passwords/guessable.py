"""What a password is made of, as somebody would guess it: a word without its digits, on both keyboards."""

import re
from collections.abc import Iterable, Set
from functools import cache
from pathlib import Path
from typing import Final

# The keys of a Thai keyboard (Kedmanee) in the order of an English one, without and with shift.
ENGLISH: Final = (
    "1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:\"ZXCVBNM<>?"
)
THAI: Final = 'ๅ/-ภถุึคตจขชๆไำพะัีรนยบลฃฟหกดเ้่าสวงผปแอิืทมใฝ+๑๒๓๔ู฿๕๖๗๘๙๐"ฎฑธํ๊ณฯญฐ,ฅฤฆฏโฌ็๋ษศซ.()ฉฮฺ์?ฒฬฦ'
TO_ENGLISH: Final = str.maketrans(THAI, ENGLISH)
TO_THAI: Final = str.maketrans(ENGLISH, THAI)
# Letters in the place of which people write digits and signs.
LOOK_ALIKE: Final = str.maketrans("013457@$!", "oieastasi")
ROWS: Final = (
    "1234567890-=",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "abcdefghijklmnopqrstuvwxyz",
    "ๅ/-ภถุึคตจขช",
    "ๆไำพะัีรนยบล",
    "ฟหกดเ้่าสวง",
    "ผปแอิืทมใฝ",
    "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ",
)
# What stands around a word without making it another one: digits of both scripts and signs.
_SIGNS: Final = r"[0-9๐-๙_!-/:-@\[-`{-~\s]+"
AROUND: Final = re.compile(f"^{_SIGNS}|{_SIGNS}$")
SHORTEST_WORD: Final = 4
SHORTEST_ROW: Final = 4


def guesses(password: str) -> Set[str]:
    """The words that a password is one of, with digits and signs around it."""
    inside = AROUND.sub("", password.lower())
    found = set()
    for typed in (password.lower(), inside, inside.translate(TO_ENGLISH)):
        found |= {typed, _word(typed), _word(typed.translate(LOOK_ALIKE))}
    for typed in (password, inside.translate(TO_THAI)):
        found.add(_thai_word(typed))
    return {word for word in found if len(word) >= SHORTEST_WORD}


def words_in(names: Iterable[str]) -> Set[str]:
    """Names as guesses() says them: whole, without what kind of office it is, in one word."""
    found = set()
    for name in names:
        whole = "".join(name.split()).lower()
        found |= {whole, whole.replace("-", ""), _word(whole), _thai_word(whole), *name.lower().split()}
        for kind in ("องค์การบริหารส่วนตำบล", "องค์การบริหารส่วนจังหวัด", "เทศบาลตำบล", "เทศบาลเมือง", "อบต.", "อบต"):
            found.add(_thai_word(whole.removeprefix(kind)))
    return {word for word in found if len(word) >= SHORTEST_WORD}


def is_row_or_repeated(password: str) -> bool:
    """Whether it is made of rows of keys, or of a few letters again and again."""
    lower = password.lower()
    if re.fullmatch(r"(.{1,4}?)\1+.{0,3}", lower):
        return True
    left = lower
    for row in ROWS:
        for line in (row, row[::-1]):
            for length in range(len(line), SHORTEST_ROW - 1, -1):
                for start in range(len(line) - length + 1):
                    left = left.replace(line[start : start + length], "")
    # Not more than three letters that are anybody's own.
    return len(left) <= 3


@cache
def common_thai() -> Set[str]:
    """The bundled list: one word a line, without digits and signs."""
    text = Path(__file__).with_name("common_thai.txt").read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    words = {line for line in lines if line and not line.startswith("#")}
    return words | {word.translate(TO_ENGLISH).lower() for word in words}


def _word(text: str) -> str:
    """Latin letters alone."""
    return re.sub(r"[^a-z]", "", text.lower())


def _thai_word(text: str) -> str:
    """Thai letters alone."""
    return re.sub(r"[^ก-ฮะ-ูเ-ๆ็-์]", "", text)

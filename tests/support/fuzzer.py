"""Random requests out of one seed: hostile values in every place that somebody else fills in."""

import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle, pairwise
from typing import Final
from urllib.parse import quote

from tests.support.factories import PDF

FORM: Final = "application/x-www-form-urlencoded"
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Target:
    """An address to send to, and who sends: one of the roles, each as often as it is named."""

    roles: Sequence[str]
    path: str
    name: str
    """By which the counts and the messages call it."""
    pattern: str = ""
    """The path with {} in the place of each value; empty where it takes none."""
    fields: Pairs = ()
    """What a form that leads there has in it."""
    method: str = "GET"


@dataclass(frozen=True)
class Sent:
    """One request, as bytes and headers."""

    role: str
    name: str
    place: str
    method: str
    path: str
    body: bytes = b""
    content_type: str = FORM
    headers: Mapping[str, str] = field(default_factory=dict)
    checks_csrf: bool = False

    def __str__(self) -> str:
        told = f"{self.role} {self.method} {self.path[:300]} {self.place}"
        return f"{told} {self.content_type[:60]} {dict(self.headers)!r:.300} {self.body[:300]!r}"


NOT_TEXT: Final = ("\0", "\ud800", "\udfff\ud800", "\ufffe\ufdd0\U0001ffff", "\x07\x1b\x85\u2028", "\udc00x")
INVISIBLE: Final = (
    *("\u202e\u2066ก\u2069", "\u200b\u200d\ufeff", "\u0378\U000e0080\U0010fffd"),
    *("\u0e48\u0e48\u0e48", "\ufe0f"),
    *("🏳️‍🌈" * 9, "é\u0301" * 50, "\u1160\u3164", "ﷺ", "İı", "ß", "𝟙𝟚", "\u0e33\u0e4d\u0e32", "\ue000"),
)
NUMBERS: Final = (
    *("9" * 5_000, "99999999999999999999", "9223372036854775808", "-9223372036854775809", "2147483648", "-1"),
    *("0", "-0", "1e400", "1e5", "NaN", "Infinity", "0x10", "1_000", "1.5", "+1", "²", "๒๕๖๖"),
    *("٢٥٦٦", "½", "Ⅷ", "一"),
    *("32768", "65536", "9" * 18, "9" * 19, "0" * 30, "  1  ", "1\n2", "1,000"),
)
DATES: Final = (
    *("31/2/2566", "29/2/2566", "99/99/9999", "1/1/1", "0/0/0", "31/12/9999999", "1/1/542"),
    *("1/1/543", "1/1/544"),
    *("2023-02-30", "2023-13-01T25:61", "9999-12-31", "-1/1/2566", "๓๑/๒/๒๕๖๖"),
    *("31 กุมภาพันธ์ 2566", "1/1/10542"),
    *("1/1/10543", "29/2/2567", "31/12/10542", "0001-01-01", "32 มกราคม", "1//2566", "١/١/٢٥٦٦"),
)
CODE: Final = (
    *('=HYPERLINK("x")', "' OR 1=1 --", "%s%n", "{{ 7*7 }}", "${7*7}", "<script>"),
    *("../../etc/passwd", "a\r\nb: c"),
    *("steps:up:๓", "steps:add:999999999", "parties:split:0", "parties:in:-1", "1.0.1.1"),
    "9" * 18 + ".0.1.1",
    *('{"pk": 1, "version": 1, "values": {"status": "\\ud800"}}', '{"pk": 1e999}', "[" * 3_000),
    *("null", "[]", "{}"),
    *('{"pk": [1], "version": {}, "values": []}', "HTTPS://ก.ไทย:99999/\ufffe", "http://[", "//x"),
    "javascript:x",
    *("on", "true", "None", "", " ", "\n" * 300, "\t", "\\", "/", "?", "#", "%", "%00", "%ud800"),
    *("&", "+", ";", '"'),
    *("(" * 2_000, "a" * 300, ".", "..", "*", "_", "1:2", "1.2.3", "@" * 100, "x@" * 70, "x@ก.ไทย"),
    "๑. ก\n" * 300,
)
LONG: Final = (
    "ก" * 100_000,
    "a" * 100_000,
    "ก่" * 50_000,
    " " * 100_000,
    "1\n" * 50_000,
    "👍" * 50_000,
    "\u0e48" * 100_000,
)

HEADERS: Final = (
    *("Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Authorization"),
    *("Cache-Control", "Connection"),
    *("Content-Encoding", "Content-Disposition", "Cookie", "Date", "DNT", "Expect", "Forwarded"),
    *("From", "Host"),
    *("HX-Boosted", "HX-Current-URL", "HX-Current-URL-URI-AutoEncoded"),
    *("HX-History-Restore-Request", "HX-Prompt"),
    *("HX-Request", "HX-Target", "HX-Trigger", "HX-Trigger-Name", "Triggering-Event", "If-Match"),
    "If-None-Match",
    *("If-Modified-Since", "If-Range", "If-Unmodified-Since", "Origin", "Range", "Referer", "Sec-Fetch-Site"),
    *("Sec-GPC", "TE", "Transfer-Encoding", "Upgrade", "User-Agent", "Via", "X-CSRFToken", "X-Forwarded-For"),
    *("X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Proto", "X-HTTP-Method-Override"),
    "X-Original-URL",
    *("X-Real-IP", "X-Request-ID", "X-Requested-With", "X-Rewrite-URL", "X-Script-Name"),
)
IN_HEADERS: Final = (
    *("bytes=0-0", "bytes=9-1", "bytes=-5", "bytes=0-,1-", "bytes=" + "9" * 4_000 + "-", '"x"'),
    *("W/" + '"' * 99, "*"),
    *("Thu, 31 Feb 2023 25:61:61 GMT", "Thu, 01 Jan 0000 00:00:00 GMT", "chunked", "gzip;q=-1"),
    *("*;q=x", "gzip, " * 500),
    *("http://[::1", "http://[v1.x]/", "//", "https://evil.example/", "[::1]:99999", "a:b:c"),
    *("127.0.0.1", "::1%eth0"),
    *("1.2.3.4, " * 900, "for=unknown", "true", "false", "\xff\xfe", "\x80" * 200, "a\x0bb"),
    *("=?utf-8?q?=00?=", ""),
    *("th-TH;q=" + "1" * 400, "x" * 20_000, "Basic ====", "Bearer \xe0", "PUT", "DELETE"),
    *("%E0%B8%81%FF", "testserver"),
    *('{"a":1}', "0", "-1", "sessionid=" + "x" * 5_000, 'csrftoken="\\000"; sessionid="\\377"'),
    *(";;;=;=", "https"),
)
CONTENT_TYPES: Final = (
    *("application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary="),
    *("text/xml", ""),
    *("multipart/form-data; boundary=" + "x" * 300, 'multipart/form-data; boundary="\xe0"'),
    f"{FORM}; charset=utf-16",
    *("multipart/form-data; boundary=x; charset=utf-7", f"{FORM}; charset=idna"),
    *("multipart/mixed; boundary=x", "/"),
    *(f"{FORM}; charset=", "image/png", "application/octet-stream", ";;;"),
    "multipart/form-data; boundary=x y",
)
METHODS: Final = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get", "ก")


class Fuzzer:
    """Requests to all targets: each place of each target in turn, and in each something else every time.

    Args:
        parameters: every name that any page reads out of an address, with a value that is a sensible one.
        field_names: names of fields that code reads besides those that stand in the forms.
    """

    def __init__(
        self, seed: int, targets: Sequence[Target], parameters: Mapping[str, str], field_names: Sequence[str]
    ) -> None:
        self.random = random.Random(seed)  # noqa: S311  # so that a run can be repeated
        self.targets = targets
        self.parameters = parameters
        known = {name for target in targets for name, _ in target.fields}
        self.field_names = sorted({*field_names, *known})

    def requests(self) -> Iterator[Sent]:
        """Without end; the places in another order each time round."""
        places = list(self._places())
        for _ in cycle([0]):
            self.random.shuffle(places)
            for make, target in places:
                yield make(target)

    @property
    def places(self) -> int:
        """In how many of them something is put."""
        return len(list(self._places()))

    def _places(self) -> Iterator[tuple[Callable[[Target], Sent], Target]]:
        for target in self.targets:
            for name, _ in target.fields:
                yield self._field(name), target
            if target.fields:
                yield self._all_fields, target
                yield self._parts, target
                continue
            yield self._query, target
            yield self._headers, target
            yield self._method, target
            yield self._body, target
            if target.pattern:
                yield self._address, target

    # --- What is put in -------------------------------------------------------------------------------

    def value(self) -> str:
        """Something hostile: of a kind, several of them in one, or letters by chance; seldom a long one."""
        draw = self.random.random()
        if draw < 0.01:
            return self.random.choice(LONG)
        if draw < 0.75:
            return self.random.choice(self.random.choice((NOT_TEXT, INVISIBLE, NUMBERS, DATES, CODE)))
        if draw < 0.87:
            kinds = (NOT_TEXT, INVISIBLE, NUMBERS[5:], DATES, CODE[:9])
            return "".join(self.random.choice(self.random.choice(kinds)) for _ in range(3))
        return "".join(chr(self.random.randrange(0x110000)) for _ in range(self.random.randrange(1, 12)))

    def _role(self, target: Target) -> str:
        return self.random.choice(target.roles)

    def _short(self) -> str:
        return self.value()[:400]

    def _pairs(self, pairs: Pairs, share: float) -> list[tuple[str, str]]:
        """The same pairs, some with another value, twice, or under the name of a list."""
        sent: list[tuple[str, str]] = []
        for name, value in pairs:
            if self.random.random() >= share:
                sent.append((name, value))
                continue
            names = self.random.choice(
                ([name], [name], [name, name], [f"{name}[]"], [f"{name}[0]", name], [])
            )
            sent += [(each, self.value()) for each in names]
        return sent

    def _field(self, chosen: str) -> Callable[[Target], Sent]:
        def make(target: Target) -> Sent:
            rest = [pair for pair in target.fields if pair[0] != chosen]
            hostile = [(chosen, self.value()) for _ in range(self.random.choice((1, 1, 1, 2)))]
            return self._posted(target, f"field {chosen}", [*self._pairs(rest, 0.05), *hostile])

        return make

    def _all_fields(self, target: Target) -> Sent:
        more = [(name, self.value()) for name in self.random.sample(self.field_names, 12)]
        return self._posted(target, "all fields", [*self._pairs(target.fields, 0.5), *more])

    def _posted(self, target: Target, place: str, pairs: Pairs) -> Sent:
        htmx = {"HX-Request": "true"} if self.random.random() < 0.2 else {}
        body = encoded(pairs).encode()
        return Sent(self._role(target), target.name, place, "POST", target.path, body, headers=htmx)

    def _parts(self, target: Target) -> Sent:
        """A form in parts, with files where a form may have one; now and then broken."""
        name = self.random.choice(("file", "evidence-files", "evidence-file", "seal", "logo", "plan-file"))
        files = [name, self.random.choice(target.fields)[0]]
        body, kind = self._multipart(self._pairs(target.fields, 0.1), files)
        return Sent(self._role(target), target.name, "parts", "POST", target.path, body, kind)

    def _multipart(self, pairs: Pairs, files: Sequence[str]) -> tuple[bytes, str]:
        parts = [(f'name="{name}"', bytes_of(value)) for name, value in pairs]
        for name in files:
            called = self.random.choice(
                ("x.pdf", "x.xlsx", "ก" * 300 + ".csv", "../x.docx", "\ufffe.png", "\x07", "a;b")
            )
            parts.append((f'name="{name}"; filename="{called}"', self._file()))
        body = b"".join(
            b"--x\r\nContent-Disposition: form-data; " + bytes_of(said) + b"\r\n\r\n" + content + b"\r\n"
            for said, content in parts
        )
        body += b"--x--\r\n"
        if self.random.random() < 0.3:
            cut = self.random.randrange(len(body))
            body = self.random.choice(
                (body[:cut], body.replace(b"\r\n", b"\n"), body[:cut] + b"\0\xff" + body[cut:])
            )
        return body, "multipart/form-data; boundary=x"

    def _file(self) -> bytes:
        """What begins as a file of some kind and is none, or not a whole one."""
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as book:
            member = self.random.choice(
                ("xl/workbook.xml", "word/document.xml", "[Content_Types].xml", "../x", "\\")
            )
            book.writestr(
                member, self.random.choice((b"", b"<a>", b"<!DOCTYPE x []><x/>", b"\0" * 5_000, b"<a/>"))
            )
        whole = self.random.choice(
            (
                *(PDF, archive.getvalue(), b"\x89PNG\r\n\x1a\n" + b"\0" * 60),
                *(b"\xff\xd8\xff\xe0" + b"\0" * 60, b""),
                *(b"GIF89a", b"RIFF\0\0\0\0WEBP"),
                "ตัวชี้วัดที่\tมาตรการ\tขั้นตอน\n1\tก\t1. ข\n".encode(),
                b"PK\x05\x06" + b"\0" * 18,
                *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 64, b"\xff\xfe" + b"a" * 99, bytes_of(self._short())),
            )
        )
        return whole[: self.random.randrange(len(whole) + 1)] if self.random.random() < 0.4 else whole

    def _query(self, target: Target) -> Sent:
        names = self.random.sample(sorted(self.parameters), min(8, len(self.parameters)))
        pairs = self._pairs([(name, self.parameters[name]) for name in names], 0.4)
        path = f"{target.path}{'&' if '?' in target.path else '?'}{encoded(pairs)}"
        if self.random.random() < 0.1:
            path += self.random.choice(
                ("&%", "&=", "&%ff%fe=1", "&a[]=1&a[]=2", "&;;", "?x=1", "&" * 300, "&%00")
            )
        headers = {"HX-Request": "true"} if self.random.random() < 0.3 else {}
        return Sent(self._role(target), target.name, "query", "GET", path[:60_000], headers=headers)

    def _headers(self, target: Target) -> Sent:
        names = self.random.sample(HEADERS, 4)
        headers = {name: self.random.choice((*IN_HEADERS, latin(self._short()))) for name in names}
        method = self.random.choice(("GET", "POST", target.method))
        cookies = self.random.random() < 0.5
        sent = Sent(
            self._role(target), target.name, "headers", method, target.path, encoded(target.fields).encode()
        )
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={latin(self._short())[:99]}" for name in COOKIES)
        return replace(sent, headers=headers, checks_csrf=self.random.random() < 0.3)

    def _method(self, target: Target) -> Sent:
        method = self.random.choice(METHODS)
        return Sent(
            self._role(target), target.name, "method", method, target.path, encoded(target.fields).encode()
        )

    def _body(self, target: Target) -> Sent:
        """A form that no page has, or something that is no form, whatever it says that it is."""
        pairs = [(name, self.value()) for name in self.random.sample(self.field_names, 15)]
        made, kind = self.random.choice(
            (
                lambda: (encoded(pairs).encode(), FORM),
                lambda: self._multipart(pairs, ["file"]),
                lambda: (json.dumps(dict(pairs)).encode(), "application/json"),
                lambda: (self._file(), self.random.choice(CONTENT_TYPES)),
                lambda: (encoded(pairs).encode(), self.random.choice(CONTENT_TYPES)),
                lambda: (b"&".join(b"a%d=1" % place for place in range(1_200)), FORM),
            )
        )()
        return Sent(self._role(target), target.name, "body", "POST", target.path, made, kind)

    def _address(self, target: Target) -> Sent:
        blanks = target.pattern.count("{}")
        hostile = self.random.randrange(blanks)
        own = iter(self._of_pattern(target))
        values = [next(own) for _ in range(blanks)]
        values[hostile] = quote(self._short(), safe="", errors="surrogatepass")
        method = self.random.choice(("GET", "POST"))
        return Sent(self._role(target), target.name, "address", method, target.pattern.format(*values))

    def _of_pattern(self, target: Target) -> Sequence[str]:
        pieces = target.pattern.split("{}")
        rest, values = target.path, []
        for before, after in pairwise(pieces):
            rest = rest[len(before) :]
            value = rest if not after else rest[: rest.index(after)]
            values.append(value)
            rest = rest[len(value) :]
        return values


COOKIES: Final = ("sessionid", "csrftoken", "messages", "device", "theme")


def encoded(pairs: Pairs) -> str:
    """As a browser would send it; what is no text as the bytes that stand for it."""
    return "&".join(f"{quote(bytes_of(name))}={quote(bytes_of(value))}" for name, value in pairs)


def bytes_of(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def latin(text: str) -> str:
    """A header's text as a server hands it on: each byte as a letter, without the ends of lines."""
    return bytes_of(text).decode("latin-1").replace("\r", "").replace("\n", "")

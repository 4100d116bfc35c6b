"""The two ways on which a reminder leaves: a mail server, and LINE's Messaging API.

Each says how it ended: it was taken (no exception), surely not (NotSent), or nobody knows (NobodyKnows).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPException
from smtplib import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from types import TracebackType
from typing import Any, Final, Self
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request as Post
from urllib.request import urlopen

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from reports.models import ReminderSending
from reports.reminders.messages import stop_address, with_way_out


class NotSent(Exception):
    """It was surely not taken; the message says why, in Thai."""


class NobodyKnows(Exception):
    """It was begun and broken off: it may have arrived. The message says why, in Thai."""


class Mail:
    """One connection to the mail server for many messages, opened with the first.

    A server that could not be reached is not tried again by the same connection: of forty messages not each
    waits for it.
    """

    def __init__(self) -> None:
        self._connection: Any = None
        self._broken = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.close()

    def send(self, sending: ReminderSending) -> None:
        """Send one.

        Raises:
            NotSent: the server refused it, or could not be reached.
            NobodyKnows: the server was lost on the way.
        """
        if not settings.MAIL_IS_SET_UP:
            raise NotSent("ผู้ดูแลระบบยังไม่ได้ตั้งเซิร์ฟเวอร์อีเมล")
        connection = self._opened()
        message = EmailMessage(
            sending.subject,
            with_way_out(sending.text, sending.person) if sending.person else sending.text,
            to=[sending.address],
            headers=_headers(sending),
            connection=connection,
        )
        try:
            message.send()
        except (SMTPResponseException, SMTPRecipientsRefused) as error:
            raise NotSent(_refusal(error)) from error
        except (SMTPServerDisconnected, OSError) as error:
            self._connection = None
            raise NobodyKnows("เซิร์ฟเวอร์อีเมลขาดการติดต่อระหว่างส่ง จึงไม่ทราบว่าถึงผู้รับหรือไม่") from error
        except SMTPException as error:
            raise NotSent(f"เซิร์ฟเวอร์อีเมลไม่รับข้อความ: {error}") from error

    def _opened(self) -> Any:
        if self._broken:
            raise NotSent(self._broken)
        if self._connection is None:
            connection = get_connection()
            try:
                connection.open()
            except SMTPAuthenticationError as error:
                self._broken = "เซิร์ฟเวอร์อีเมลไม่รับชื่อหรือรหัสผ่านของระบบ (EMAIL_URL)"
                raise NotSent(self._broken) from error
            except (SMTPException, OSError) as error:
                seconds = settings.EMAIL_TIMEOUT
                self._broken = (
                    f"เซิร์ฟเวอร์อีเมลไม่ตอบภายใน {seconds} วินาที" if _is_timeout(error) else "ติดต่อเซิร์ฟเวอร์อีเมลไม่ได้"
                )
                raise NotSent(self._broken) from error
            self._connection = connection
        return self._connection


def _is_timeout(error: Exception) -> bool:
    """smtplib tells of a server that does not answer as of one that has gone, and keeps why beside it."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _headers(sending: ReminderSending) -> dict[str, str]:
    """The same message has the same name however often it is sent: mail programs show it once."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    headers = {"Message-ID": f"<{sending.retry_key}@{host}>", "Auto-Submitted": "auto-generated"}
    if sending.person is not None:
        headers["List-Unsubscribe"] = f"<{stop_address(sending.person)}>"
    return headers


def _refusal(error: SMTPResponseException | SMTPRecipientsRefused) -> str:
    """What the server said, in its own words."""
    if isinstance(error, SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return f"เซิร์ฟเวอร์อีเมลไม่รับที่อยู่ผู้รับนี้ ({code} {_text(said)})"
    return f"เซิร์ฟเวอร์อีเมลไม่รับข้อความ ({error.smtp_code} {_text(error.smtp_error)})"


def _text(said: bytes | str) -> str:
    return (said.decode(errors="replace") if isinstance(said, bytes) else said)[:200]


# What LINE's documentation says an answer means; a number that is not here is not known.
REFUSALS: Final = {
    HTTPStatus.BAD_REQUEST: "LINE ไม่รับข้อความ: ตรวจรหัสกลุ่ม LINE ของหน่วยงาน และดูว่าบัญชี LINE ของระบบยังอยู่ในกลุ่ม",
    HTTPStatus.UNAUTHORIZED: "LINE ไม่รับโทเคนของระบบ (LINE_CHANNEL_TOKEN ผิดหรือหมดอายุ) กรุณาแจ้งผู้ดูแลระบบ",
    HTTPStatus.FORBIDDEN: "บัญชี LINE ของระบบไม่มีสิทธิส่งข้อความแบบนี้ กรุณาแจ้งผู้ดูแลระบบ",
    HTTPStatus.TOO_MANY_REQUESTS: "LINE รับข้อความเพิ่มไม่ได้ในขณะนี้ (ครบโควตาหรือส่งถี่เกินไป)",
}


def send_to_line(sending: ReminderSending) -> None:
    """One POST to /v2/bot/message/push, under the retry key by which LINE takes the same message once.

    Raises:
        NotSent: LINE refused it.
        NobodyKnows: LINE failed, or did not answer.
    """
    body = {"to": sending.address, "messages": [{"type": "text", "text": sending.text}]}
    post = Post(  # noqa: S310 - an address of the settings
        f"{settings.LINE_API_URL}/v2/bot/message/push",
        data=json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {settings.LINE_CHANNEL_TOKEN}",
            "Content-Type": "application/json",
            "X-Line-Retry-Key": str(sending.retry_key),
        },
        method="POST",
    )
    with _line_errors(), urlopen(post, timeout=settings.EMAIL_TIMEOUT) as answer:  # noqa: S310  # nosec B310
        answer.read()


@contextmanager
def _line_errors() -> Iterator[None]:
    try:
        yield
    except HTTPError as error:
        with error:
            # 409: LINE has taken this retry key before, and names the request that it took.
            if error.code == HTTPStatus.CONFLICT and error.headers.get("x-line-accepted-request-id"):
                return
            if why := REFUSALS.get(HTTPStatus(error.code)):
                raise NotSent(why) from error
        raise NobodyKnows(f"LINE ขัดข้อง ({error.code}) จึงไม่ทราบว่าข้อความถึงกลุ่มหรือไม่") from error
    except (OSError, HTTPException) as error:
        raise NobodyKnows("LINE ไม่ตอบ จึงไม่ทราบว่าข้อความถึงกลุ่มหรือไม่") from error

"""Requests that signing makes: to the time stamp server that the office named, and to the addresses at which
certificates say what was revoked. Each ends after some seconds and bytes, and none follows a redirect.
"""

import time
from asyncio import to_thread
from collections.abc import Awaitable, Iterable
from typing import Any, Final

import requests
from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.fetchers.api import FetcherBackend, Fetchers, FetchLimits
from pyhanko_certvalidator.fetchers.common_utils import FetchBudget
from pyhanko_certvalidator.fetchers.requests_fetchers import (
    RequestsCertificateFetcher,
    RequestsCRLFetcher,
    RequestsOCSPFetcher,
)

# For a connection, and for each wait for more.
SECONDS: Final = 5
# Of one request, with everything.
SECONDS_IN_ALL: Final = 15
# A list of what a large office has revoked has some megabytes.
MAX_BYTES: Final = 10 * 1024 * 1024
LIMITS: Final = FetchLimits(max_requests=20, max_cert_requests=6, max_aia_urls_per_object=2)
STAMP_REQUEST: Final = "application/timestamp-query"
STAMP_REPLY: Final = "application/timestamp-reply"


def ask(url: str, accept: Iterable[str], data: bytes | None = None, content_type: str = "") -> Any:
    """The answer to a request (a requests.Response with its content), within the limits.

    Raises:
        requests.RequestException: there is none, or it is another one than 200.
    """
    if not url.startswith(("http://", "https://")):
        raise requests.RequestException(f"not an address of the web: {url}")
    until = time.monotonic() + SECONDS_IN_ALL
    headers = {"Accept": ",".join(accept)}
    if content_type:
        headers["Content-Type"] = content_type
    content = bytearray()
    with requests.request(
        "GET" if data is None else "POST",
        url,
        data=data,
        headers=headers,
        timeout=SECONDS,
        allow_redirects=False,
        stream=True,
    ) as response:
        if response.status_code != requests.codes.ok:
            raise requests.RequestException(f"status code {response.status_code}")
        for part in response.iter_content(16 * 1024):
            content += part
            if len(content) > MAX_BYTES or time.monotonic() > until:
                raise requests.RequestException("the answer is too long")
    response._content = bytes(content)
    return response


class BoundedTimeStamper(TimeStamper):
    """Asks the time stamp server of the settings (RFC 3161)."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The server's answer.

        Raises:
            TimestampRequestError: there is none.
        """
        try:
            response = await to_thread(ask, self._url, [STAMP_REPLY], req.dump(), STAMP_REQUEST)
        except (OSError, ValueError) as error:
            raise TimestampRequestError(f"no time stamp from {self._url}: {error}") from error
        if response.headers.get("Content-Type", "").partition(";")[0].strip() != STAMP_REPLY:
            raise TimestampRequestError(f"the answer of {self._url} is no time stamp")
        return tsp.TimeStampResp.load(response.content)


class _BoundedSession:
    def _get(self, url: str, *, acceptable_content_types: Iterable[str]) -> Awaitable[Any]:
        return to_thread(ask, url, acceptable_content_types)

    def _post(
        self, url: str, data: bytes, *, content_type: str, acceptable_content_types: Iterable[str]
    ) -> Awaitable[Any]:
        return to_thread(ask, url, acceptable_content_types, data, content_type)


class _Revocations(_BoundedSession, RequestsCRLFetcher):
    pass


class _Answers(_BoundedSession, RequestsOCSPFetcher):
    pass


class _Issuers(_BoundedSession, RequestsCertificateFetcher):
    pass


class BoundedFetchers(FetcherBackend):
    """What validation asks of the addresses that certificates name, a few requests each time."""

    def get_fetchers(self) -> Fetchers:
        """Those of one validation."""
        budget = FetchBudget(LIMITS)
        return Fetchers(
            ocsp_fetcher=_Answers(budget=budget),
            crl_fetcher=_Revocations(budget=budget),
            cert_fetcher=_Issuers(budget=budget),
        )

    async def close(self) -> None:
        """Nothing is open."""

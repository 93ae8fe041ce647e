"""The app's addresses that mails and the command print. The routes of the web answer to them."""

from __future__ import annotations

CONFIRM = "/take-part/confirm/{token}"
RECEIPT = "/take-part/receipt/{token}"
SIGN_IN = "/sign-in/{token}"
NEW_ADDRESS = "/you/address/{token}"
CLAUSE = "/take-part/clause/{clause}"
AMENDMENT = "/take-part/amendments/{number}"
END = "/take-part/follow/end/{token}"
TAKE_BACK = "/take-part/support/take-back/{token}"


def address(base_url: str, pattern: str, **values: str) -> str:
    """Fill in one of the patterns above.

    >>> address("http://127.0.0.1:8000/", RECEIPT, token="abc")
    'http://127.0.0.1:8000/take-part/receipt/abc'
    """
    return base_url.rstrip("/") + pattern.format(**values)

"""Secrets made for a contribution, the mails that carry them, and how many mails one address gets.

A receipt, an unsubscribe link, a printed code are made from the instance's secret key and the
contribution's random id: so that a later mail can carry the link again, while the database keeps
its hash alone. Links that confirm are drawn by chance instead, and work once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Final, Literal

from drafter.people.mailed_links import forget_budget, spend_mail
from drafter.people.tokens import token_hash
from drafter.services.limits import MOST_MAILS_A_DAY

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance

Purpose = Literal["receipt", "take back", "end", "code"]

ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's: no letter that is read as another."""


def new_contributor(instance: Instance) -> str:
    """Draw the random id of one contribution."""
    return f"p-{token_hash(instance.tokens())[:20]}"


def secret_for(instance: Instance, purpose: Purpose, contributor: str) -> str:
    """Make the secret that opens or ends one contribution."""
    digest = _mac(instance, f"{purpose}\n{contributor}")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def printed_code(instance: Instance, contributor: str) -> str:
    """Make the code on a printed receipt: twelve characters that can be typed, 60 bits."""
    number = int.from_bytes(_mac(instance, f"code\n{contributor}")[:8], "big")
    letters = "".join(ALPHABET[(number >> 5 * place) & 31] for place in range(12))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def is_printed_code(instance: Instance, contributor: str, typed: str) -> bool:
    """Tell whether somebody typed the code of a contribution; case and hyphens do not matter."""
    plain = "".join(typed.lower().replace("o", "0").replace("i", "1").replace("l", "1").split())
    mine = printed_code(instance, contributor).replace("-", "")
    given = plain.replace("-", "").encode("utf-8", "replace")
    return secrets.compare_digest(given, mine.encode("ascii"))


def may_mail(session: Session, instance: Instance, email: str) -> bool:
    """Count a mail that somebody asked for; False once an address had its share of this day."""
    day = instance.clock().date()
    return spend_mail(session, address_hash(instance, email), day, MOST_MAILS_A_DAY)


def forget_mails(session: Session, instance: Instance, email: str) -> None:
    """Forget what was counted for an address."""
    forget_budget(session, address_hash(instance, email))


def address_hash(instance: Instance, email: str) -> str:
    """Give what the database may hold of an address to count its mails: a keyed hash."""
    return _mac(instance, f"address\n{email.lower()}").hex()


def _mac(instance: Instance, text: str) -> bytes:
    return hmac.new(instance.secret_key, text.encode("utf-8"), hashlib.sha256).digest()

"""Secrets that must be read again are kept sealed, so that a stolen database alone opens nothing.

The key is made from the instance's own secret, which lies beside the database and not in it.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken

from drafter.core.errors import Corrupt

if TYPE_CHECKING:
    from drafter.services.instance import Instance


def seal(instance: Instance, secret: str) -> str:
    """Seal a secret."""
    return _fernet(instance).encrypt(secret.encode("utf-8")).decode("ascii")


def unseal(instance: Instance, sealed: str) -> str:
    """Open what `seal` has sealed. Raises Corrupt with another instance's key."""
    try:
        return _fernet(instance).decrypt(sealed.encode("ascii")).decode("utf-8")
    except InvalidToken as error:
        raise Corrupt(
            "The secret-key of this instance is not the one that sealed its database. Restore the "
            "one that belongs to it."
        ) from error


def _fernet(instance: Instance) -> Fernet:
    key = hashlib.sha256(b"drafter: sealed in the database\n" + instance.secret_key).digest()
    return Fernet(base64.urlsafe_b64encode(key))

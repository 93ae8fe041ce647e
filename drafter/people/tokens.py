"""Secrets that a person holds: a receipt, a confirmation, a sign-in link. Only hashes are kept."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """Draw a secret of 256 bits that can stand in a URL. Callers draw it and hand it in."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what the database keeps of a token: its SHA-256 in hexadecimal.

    No salt and no slow hash: the tokens are random and long, so that none can be guessed.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()

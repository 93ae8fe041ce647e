"""Persons who sign in, a clock that stands still until it is moved, and a passkey in software."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from datetime import datetime, timedelta

import cbor2
import pyotp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

from drafter.people.mail import Mail
from drafter.services import factors, mailing, passkeys, signing_in
from drafter.services.authority import OPERATOR, Actor
from drafter.services.instance import Instance
from drafter.services.signing_in import SignedIn

from .reports import START

NOBODY = "0" * 16
ADA, BEN = "ada@example.org", "ben@example.org"
SEAT = Actor("seat", 2)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **length: float) -> None:
        self.now += timedelta(**length)


def enter(instance: Instance, who: Actor) -> SignedIn:
    """Sign somebody in by a link from the console."""
    link = signing_in.mint_link(instance, OPERATOR, who)
    return signing_in.redeem(instance, link.rpartition("/")[2])


def mails_to(instance: Instance, email: str) -> list[Mail]:
    """Return the mails to an address, the newest first."""
    return [mail for mail in mailing.mailbox(instance, OPERATOR) if mail.to_address == email]


def link_in(mail: Mail) -> str:
    """Find the token of the link in a mail."""
    found = re.search(r"/sign-in/([\w-]{20,})", mail.body)
    assert found
    return found[1]


class Device:
    """A passkey in software: makes and uses one key pair, as an authenticator does."""

    def __init__(self, host: str = "localhost", origin: str = "http://localhost:8000") -> None:
        self.host, self.origin = host, origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.count = 0
        self.verified = True

    def make(self, challenge: str) -> str:
        """Answer a request for a new passkey."""
        numbers = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        data = self._data(0x40) + attested
        return self._answer(
            self._client("webauthn.create", challenge),
            attestationObject=cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data}),
        )

    def give(self, challenge: str) -> str:
        """Answer a request to sign in."""
        self.count += 1
        client, data = self._client("webauthn.get", challenge), self._data(0)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(client, authenticatorData=data, signature=signed)

    def _data(self, more: int) -> bytes:
        flags = 0x01 | (0x04 if self.verified else 0) | more
        digest = hashlib.sha256(self.host.encode()).digest()
        return digest + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, client: bytes, **parts: bytes) -> str:
        response = {name: bytes_to_base64url(part) for name, part in parts.items()}
        id = bytes_to_base64url(self.id)
        return json.dumps(
            {
                "id": id,
                "rawId": id,
                "type": "public-key",
                "response": {"clientDataJSON": bytes_to_base64url(client), **response},
            }
        )


def code_of(setup: factors.AppSetup, clock: Clock) -> str:
    return pyotp.TOTP(setup.secret.replace(" ", "")).at(clock.now)


def with_app(instance: Instance, signed: SignedIn, clock: Clock) -> tuple[factors.Proven, str]:
    setup = factors.begin_app(instance, signed)
    done = factors.confirm_app(instance, signed, code_of(setup, clock))
    clock.pass_time(seconds=30)
    return done, setup.secret.replace(" ", "")


def with_passkey(instance: Instance, signed: SignedIn) -> tuple[factors.Proven, Device]:
    device, asked = Device(), passkeys.ask_to_register(instance, signed)
    answer = device.make(asked.challenge)
    return passkeys.register(instance, signed, answer, asked.challenge, "My phone"), device

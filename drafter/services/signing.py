"""Signing versions, and checking who signed them: SSH keys, as git has them since 2.34.

Knows `ssh-keygen` alone, with fixed arguments; reads no key itself. A signature is over the tag's
own bytes, so over its title, and by the commit it names over everything before it.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from drafter.core.errors import Unreadable
from drafter.core.saying import say
from drafter.services.findings import Finding, guarded
from drafter.store.history import signed_tag
from drafter.store.repository import Repository

NAMESPACE = "git"
SECONDS = 30


def sign(key: Path, payload: bytes) -> str:
    """Sign with a private SSH key that asks for no passphrase. Raises Unreadable."""
    done = _keygen("-Y", "sign", "-q", "-n", NAMESPACE, "-f", str(key), given=payload)
    if done.returncode != 0:
        why = done.stderr.decode("utf-8", "replace").strip()[:300]
        raise Unreadable(
            say(
                "The version could not be signed with {key}: {why} Check 'signing_key', which "
                "names a private SSH key without a passphrase.",
                key=str(key),
                why=why,
            ),
            path=str(key),
        )
    return done.stdout.decode("ascii")


def own_signers(key: Path) -> str:
    """Give the list of signers that holds one's own key alone. Raises Unreadable."""
    done = _keygen("-y", "-P", "", "-f", str(key), given=b"")
    if done.returncode != 0:
        raise Unreadable(
            say("The key {key} could not be read. Check 'signing_key'.", key=str(key)),
            path=str(key),
        )
    return f'drafter namespaces="{NAMESPACE}" {done.stdout.decode("ascii")}'


def is_signed_by(signers: str, payload: bytes, signature: str) -> bool:
    """Tell whether one of `signers`, in ssh's form, signed the payload. Raises Unreadable."""
    with tempfile.TemporaryDirectory() as folder:
        allowed, signed = Path(folder, "signers"), Path(folder, "signature")
        allowed.write_text(signers, encoding="utf-8")
        signed.write_text(signature, encoding="utf-8", errors="surrogateescape")
        among = ("-f", str(allowed), "-s", str(signed))
        found = _keygen("-Y", "find-principals", *among, given=b"")
        names = found.stdout.decode("utf-8", "replace").split("\n")
        if found.returncode != 0 or not _PRINCIPAL.fullmatch(names[0]):
            return False
        said = ("-n", NAMESPACE, "-I", names[0])
        return _keygen("-Y", "verify", *said, *among, given=payload).returncode == 0


_PRINCIPAL = re.compile(r"[^\s,\x00-\x1f-][^\s,\x00-\x1f]*")


def signature_findings(repository: Repository, signers: str) -> Iterator[Finding]:
    """Check the signature of each version, from the first one on that is signed.

    Versions before that were published before there was a key. Where none is signed at all, that
    is a finding.
    """
    begun = False
    for name in repository.tags():
        payload, signature = signed_tag(repository, name)
        begun = begun or signature is not None
        if begun:
            yield from guarded(name, _one(name, signers, payload, signature))
    if repository.tags() and not begun:
        yield Finding("the versions", "None of them is signed.")


def unsigned(repository: Repository) -> tuple[str, ...]:
    """Name the versions that are not signed."""
    return tuple(n for n in repository.tags() if signed_tag(repository, n)[1] is None)


def _one(name: str, signers: str, payload: bytes, signature: str | None) -> Iterator[Finding]:
    if signature is None:
        yield Finding(name, "It is not signed, though an earlier version is.")
    elif not is_signed_by(signers, payload, signature):
        yield Finding(name, "Its signature is by none of the signers, or over another tag.")


def _keygen(*arguments: str, given: bytes) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["ssh-keygen", *arguments], input=given, capture_output=True, timeout=SECONDS
        )
    except FileNotFoundError as error:
        raise Unreadable("The program ssh-keygen is missing; install OpenSSH.") from error
    except subprocess.TimeoutExpired as error:
        raise Unreadable("ssh-keygen does not answer; does the key want a passphrase?") from error

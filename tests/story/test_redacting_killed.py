"""A process killed while it removes an amendment's wording: the next start finishes it."""

from __future__ import annotations

import pytest

from drafter.services.authority import CLERK_ACTOR
from drafter.services.deciding import withdraw_amendment
from drafter.services.instance import Instance
from drafter.services.redacting import removed_wording
from drafter.services.verifying import verify
from drafter.store.maintenance import check_objects, is_pruning
from tests.services.reports import SIXTEEN, admit
from tests.services.test_redacting import WORDS, copies_in_git
from tests.story.conftest import Start

REDACT = """
import os, signal, sys
from pathlib import Path
from drafter.services.authority import CLERK_ACTOR
from drafter.services.instance import Instance
from drafter.services.redacting import redact
from drafter.store import maintenance

def die(step):
    if step == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)

whole = maintenance.sync
def sync(path):
    whole(path)
    die("while pruning" if path.name == "pack" else "")

maintenance.sync = sync
instance = Instance.open(Path(sys.argv[1]), fault=die)
redact(instance, CLERK_ACTOR, int(sys.argv[2]), "It named a private person.")
"""


@pytest.mark.parametrize("step", ["redact buried", "redact noted", "while pruning"])
def test_what_was_begun_is_finished_and_no_word_is_left(
    instance: Instance, start: Start, step: str
) -> None:
    number = admit(instance, SIXTEEN, WORDS, "Who may vote")
    withdraw_amendment(instance, CLERK_ACTOR, number, "No.")
    process = start(REDACT, instance.path, number, step)
    _, said = process.communicate(timeout=60)
    assert process.returncode == -9, said
    assert is_pruning(instance.repository)
    again = Instance.open(instance.path)
    assert removed_wording(again.repository, number) is not None
    assert copies_in_git(again.repository.folder) == []
    assert not is_pruning(again.repository)
    assert verify(again.repository, again.database, again.public).findings == ()
    assert check_objects(again.repository) == ()
    again.close()

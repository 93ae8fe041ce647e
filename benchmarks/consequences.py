"""What one decision would do to a thousand other open amendments."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.text import SEED, generated
from benchmarks.timing import Line, median_ms, took
from drafter.core.clauses import Report
from drafter.core.consequences import Proposal, consequences
from drafter.core.editing import substitute
from drafter.core.ids import ClauseId

AMENDMENTS = 1000


def measure(folder: Path) -> Iterator[Line]:
    """Take 1,000 amendments of one clause each, one in fifty to the chapter being decided on."""
    del folder
    main = generated()
    accepted, *others = proposals(main, AMENDMENTS + 1)
    first = median_ms(lambda: consequences(main, accepted, others), 1)
    warm = median_ms(lambda: consequences(main, accepted, others), 7)
    found = Counter(each.effect for each in consequences(main, accepted, others))
    yield took(f"{AMENDMENTS} open amendments, the first time", first)
    yield took(f"{AMENDMENTS} open amendments, warm", warm, below=300)
    told = ", ".join(f"{number} {effect}" for effect, number in sorted(found.items()))
    yield Line(f"    {told}", "")


def proposals(main: Report, number: int) -> list[Proposal]:
    """Make amendments of one clause each; one in fifty changes the first one's clause too."""
    chance = random.Random(SEED)
    names = sorted(name for name in main.ids if _is_plain(main, name))
    lead = chance.choice(names)
    found = []
    for count in range(number):
        name = lead if count % 50 == 0 else chance.choice(names)
        found.append(Proposal(count + 1, main, amended(main, ClauseId(name), chance)))
    return found


def amended(main: Report, name: ClauseId, chance: random.Random) -> Report:
    """Change three words of one clause."""
    place = main.locate(name)
    if place is None:
        raise LookupError(f"no clause {name} in the generated report")
    words = place.clause.wording.split()
    at = chance.randrange(len(words) - 4)
    words[at : at + 3] = ["citizens", "may", f"decide{chance.randint(0, 999)}"]
    return substitute(main, name, " ".join(words))


def _is_plain(main: Report, name: str) -> bool:
    place = main.locate(name)
    return place is not None and place.clause.type == "paragraph"

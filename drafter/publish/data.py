"""A whole version as data: `report.json`, of the form that docs/report.schema.json states.

Addresses in it are relative to the version's folder. Nothing in it depends on what came later.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from drafter.core.amendments import Amendment
from drafter.core.assemblies import Assembly, Proposal
from drafter.core.blocks import split_front_matter
from drafter.core.clauses import Chapter, Clause
from drafter.core.decisions import Decision
from drafter.core.ids import is_clause_id
from drafter.core.instructions import Instruction
from drafter.core.rendering import render
from drafter.publish import words
from drafter.publish.edition import Edition, chapter_title
from drafter.publish.links import chapter_url
from drafter.publish.markdown_extension import LISTS, parse_html, serialize
from drafter.store.history import Version

FORMAT = 1
REPORT, SCHEMA = "report.json", "report.schema.json"

Facts = dict[str, object]


def report_json(edition: Edition) -> str:
    """Write a version with all that stands behind it. Equal editions give equal bytes."""
    return write_json(report_facts(edition))


def write_json(facts: object) -> str:
    """Write JSON as every file of data is written: two spaces to a level, letters as they are."""
    text = json.dumps(facts, indent=1, ensure_ascii=False, default=list)
    return words.readable(text) + "\n"


def schema() -> bytes:
    """Give the JSON Schema of `report.json`."""
    shipped = Path(__file__).parent / SCHEMA
    checkout = Path(__file__).parents[2] / "docs" / SCHEMA
    return (shipped if shipped.is_file() else checkout).read_bytes()


def report_facts(edition: Edition) -> Facts:
    """Give a version as plain values."""
    version = edition.version
    assert version is not None
    settings = edition.settings
    return {
        "$schema": SCHEMA,
        "format": FORMAT,
        "report": {
            "name": settings.name,
            "description": settings.description,
            "site": settings.site_url or None,
            "first_commit": edition.first_commit,
        },
        "version": _version(version),
        "earlier": [_version(earlier) for earlier, _ in edition.earlier],
        "chapters": list(_chapters(edition)),
        "gone": list(_gone(edition)),
        "assemblies": [_assembly(edition, each) for each in _by_id(edition)],
        "amendments": [_amendment(edition, each) for _, each in sorted(edition.amendments.items())],
    }


def _version(version: Version) -> Facts:
    return {
        "name": version.name,
        "number": version.number,
        "title": version.title,
        "date": version.time.isoformat(),
        "commit": version.commit,
        "tree_sha256": version.tree_sha256,
        "imported": version.imported,
    }


# The text


def _chapters(edition: Edition) -> Iterator[Facts]:
    for position, chapter in enumerate(edition.report.chapters, 1):
        html = clause_html(chapter)
        yield {
            "path": chapter.path,
            "number": position if edition.settings.numbering != "none" else None,
            "title": chapter_title(chapter),
            "url": chapter_url(chapter.path),
            "clauses": [_clause(edition, chapter, each, html) for each in _blocks(chapter)],
        }


def _blocks(chapter: Chapter) -> tuple[Clause, ...]:
    """Give a chapter's clauses and opaque blocks, without its front matter."""
    return chapter.clauses[1:] if split_front_matter(chapter.text)[0] else chapter.clauses


def _clause(edition: Edition, chapter: Chapter, clause: Clause, html: dict[str, str]) -> Facts:
    name = clause.id or ""
    history = edition.history.get(name)
    wordings = history.wordings if history else []
    return {
        "id": clause.id,
        "number": edition.numbers.get(name),
        "type": clause.type,
        "level": clause.level,
        "numbered": clause.ordered,
        "label": clause.label or None,
        "parent": chapter.id_at(clause.parent),
        "wording": clause.wording,
        "html": html.get(name),
        "hash": clause.hash,
        "url": f"{chapter_url(chapter.path)}#{name}" if name else None,
        "since": wordings[-1].version if wordings else None,
        "first": wordings[0].version if wordings else None,
        "origins": [
            {"assembly": assembly.id, "proposal": proposal.number}
            for assembly, proposal in edition.origins(clause.origin)
        ],
        "was": list(clause.was),
        "amendments": [each.number for each in edition.accepted_on(name)],
        "comments": [each.number for each in edition.comments_by_clause.get(name, [])],
    }


def clause_html(chapter: Chapter) -> dict[str, str]:
    """Give the HTML of each clause of a chapter, as its page has it, without what is nested in it.

    A clause is always rendered with its chapter: its footnotes and link definitions stand there.
    """
    tree = parse_html(render(words.readable(split_front_matter(chapter.text)[1])))
    found: dict[str, str] = {}
    for parent in tree.iter():
        for element in parent:
            name = element.get("id", "")
            if is_clause_id(name) and name not in found:
                found[name] = _alone(parent if element.tag == "code" else element)
    return found


def _alone(element: Element) -> str:
    if element.tag != "li":
        return serialize(element)
    alone = Element(element.tag, dict(element.attrib))
    alone.text = element.text
    alone.extend(child for child in element if child.tag not in LISTS)
    return serialize(alone)


def _gone(edition: Edition) -> Iterator[Facts]:
    """List the clauses that earlier versions had and this one has not."""
    for name, history in sorted(edition.history.items()):
        if history.gone is not None and name not in edition.report.ids:
            yield {
                "id": name,
                "wording": history.wordings[-1].text,
                "since": history.wordings[-1].version,
                "gone": history.gone,
                "became": list(history.became),
                "amendments": [each.number for each in edition.accepted_on(name)],
            }


# The records


def _by_id(edition: Edition) -> list[Assembly]:
    return [assembly for _, assembly in sorted(edition.assemblies.items())]


def _assembly(edition: Edition, assembly: Assembly) -> Facts:
    place = assembly.coordinates
    return {
        "id": assembly.id,
        "title": assembly.title,
        "url": f"assemblies/{assembly.id}/",
        "model": assembly.model,
        "level": assembly.level,
        "organisers": list(assembly.organisers),
        "place": assembly.place,
        "latitude": place[0] if place else None,
        "longitude": place[1] if place else None,
        "dates": [each.isoformat() for each in assembly.dates],
        "participants": assembly.participants,
        "selection": assembly.selection,
        "sources": list(assembly.sources),
        "questions": [each.text for each in assembly.questions],
        "proposals": [_proposal(edition, assembly, each) for each in assembly.proposals],
    }


def _proposal(edition: Edition, assembly: Assembly, proposal: Proposal) -> Facts:
    votes = proposal.votes
    places = edition.taken_up.get(f"{assembly.id}/{proposal.number}", [])
    return {
        "number": proposal.number,
        "clause": proposal.clause,
        "text": proposal.text,
        "for": votes.in_favour if votes else None,
        "against": votes.against if votes else None,
        "abstaining": votes.abstaining if votes else None,
        "without_vote": proposal.without_vote,
        "taken_up_in": [place.clause.id for place in places if place.clause.id],
    }


def _amendment(edition: Edition, amendment: Amendment) -> Facts:
    closed = edition.closed_in.get(amendment.number)
    return {
        "number": amendment.number,
        "title": amendment.title,
        "url": f"amendments/{amendment.number:04}/",
        "status": amendment.status,
        "closed_in": f"v{closed}" if closed else None,
        "round": amendment.round,
        "base_version": amendment.base_version,
        "base_commit": amendment.base_commit,
        "submitter": amendment.submitter,
        "supporters": amendment.supporters,
        "comments": list(amendment.comments),
        "assemblies": list(amendment.assemblies),
        "combines": list(amendment.combines),
        "reconsiders": amendment.reconsiders,
        "by_motion": amendment.by_motion,
        "instructions": [_instruction(each) for each in amendment.instructions],
        "decision": _decision(amendment.decision) if amendment.decision else None,
    }


def _instruction(each: Instruction) -> Facts:
    return {
        "verb": each.verb,
        "clause": each.clause,
        "chapter": each.chapter,
        "amendment": each.amendment,
        "type": each.type,
        "numbered": each.ordered,
        "level": each.level,
        "before": each.before,
        "after": each.after,
        "parent": each.parent,
        "preceding": each.preceding,
        "origins_before": each.origins_before,
        "origins_after": each.origins_after,
    }


def _decision(decision: Decision) -> Facts:
    facts: Facts = {
        "date": decision.date.isoformat(),
        "outcome": decision.outcome,
        "closed_by": decision.closed_by,
        "reason": decision.reason,
        "dissents": [{"seat": each.seat, "text": each.text} for each in decision.dissents],
        "vote": None,
    }
    count = decision.count
    if count is not None:
        tally = count.roll_call.tally
        facts["vote"] = {
            "question": count.question,
            "for": tally.in_favour,
            "against": tally.against,
            "abstaining": tally.abstaining,
            "absent": tally.absent,
            "recused": tally.recused,
            "roll_call": dict(count.roll_call.votes),
            "interests": dict(count.interests),
            "in_the_room": list(count.in_the_room),
            "ballot": count.ballot,
            "rules": {"identity": count.rules.identity, **count.rules.to_dict()},
        }
    return facts

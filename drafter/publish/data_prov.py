"""Where every clause came from, in the terms of W3C PROV (PROV-O), as JSON-LD.

Entities are wordings of clauses, versions, amendments, proposals and comments; activities are the
publications, decisions and meetings; agents are the panel, its seats and the assemblies. Every
name is an address relative to the file's own, so it leads to a page on whatever host the site is:
a wording to its place on `/c/<id>/`. People appear as seats, or as the random id of one act.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from drafter.core.amendments import Amendment
from drafter.core.assemblies import Assembly
from drafter.core.provenance import ClauseHistory, Wording
from drafter.publish.data import write_json
from drafter.publish.edition import Edition, edition_line
from drafter.store.history import Version

PROVENANCE = "provenance.jsonld"

Node = dict[str, object]

_PROV = "http://www.w3.org/ns/prov#"
_LINKS = (
    *("wasGeneratedBy", "wasDerivedFrom", "wasRevisionOf", "wasInvalidatedBy", "wasAttributedTo"),
    *("wasInfluencedBy", "used", "wasAssociatedWith", "actedOnBehalfOf", "hadMember"),
    *("qualifiedAssociation", "agent", "hadRole"),
)
_TIMES = ("startedAtTime", "endedAtTime", "generatedAtTime")
_CONTEXT: Node = {
    "prov": _PROV,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "label": "http://www.w3.org/2000/01/rdf-schema#label",
    "value": f"{_PROV}value",
    **{name: {"@id": f"{_PROV}{name}", "@type": "@id"} for name in _LINKS},
    **{name: {"@id": f"{_PROV}{name}", "@type": "xsd:dateTime"} for name in _TIMES},
}
_KINDS = {
    "Organization": ["prov:Agent", "prov:Organization"],
    "Collection": ["prov:Entity", "prov:Collection"],
    "Role": ["prov:Entity", "prov:Role"],
}
"""What is said besides, for readers that do not know which class is a kind of which."""
_PANEL, _CLOSING = "#panel", "#closing"


def provenance_json(edition: Edition) -> str:
    """Write the provenance of a version. Every name that it uses it also describes."""
    nodes = [
        *_panel(edition),
        *(node for version in _line(edition) for node in _publication(edition, version)),
        *(node for _, each in sorted(edition.assemblies.items()) for node in _assembly(each)),
        *(
            node
            for _, each in sorted(edition.amendments.items())
            for node in _amended(edition, each)
        ),
        *_comments(edition),
        *(node for _, each in sorted(edition.history.items()) for node in _clause(edition, each)),
    ]
    return write_json({"@context": _CONTEXT, "@graph": nodes})


def _line(edition: Edition) -> list[Version]:
    assert edition.version is not None
    return [*(version for version, _ in edition.earlier), edition.version]


def _node(name: str, kind: str, label: str, **links: object) -> Node:
    """Describe one thing; what has no value is left out, several values stand sorted."""
    kept = {key: sorted(set(v)) if isinstance(v, list) else v for key, v in links.items() if v}
    return {"@id": name, "@type": _KINDS.get(kind, f"prov:{kind}"), "label": label, **kept}


def _moment(when: datetime.datetime | datetime.date) -> str:
    if isinstance(when, datetime.datetime):
        return f"{when:%Y-%m-%dT%H:%M:%SZ}"
    return f"{when.isoformat()}T00:00:00Z"


# Agents


def _panel(edition: Edition) -> Iterator[Node]:
    yield _node(_PANEL, "Organization", "The panel")
    for vote in ("for", "against", "abstaining", "absent", "recused"):
        yield _node(f"#{vote}", "Role", f"Voted {vote}" if vote in ("for", "against") else vote)
    yield _node(_CLOSING, "Role", "Closed the vote")
    seats: set[str] = set()
    others: set[str] = set()
    for amendment in edition.amendments.values():
        decision = amendment.decision
        others |= {amendment.submitter, *([decision.closed_by] if decision else ())}
        if decision and decision.count:
            seats |= {seat for seat, _ in decision.count.roll_call.votes}
    for seat in sorted(seats):
        yield _node(f"#{seat}", "Agent", _seat(seat), actedOnBehalfOf=_PANEL)
    for name in sorted(others - seats):
        yield _node(f"#{name}", "Agent", _seat(name))


def _seat(name: str) -> str:
    known = name.startswith("seat-")
    return f"Seat {name.removeprefix('seat-').lstrip('0')}" if known else name


# Versions


def _version_name(edition: Edition, version: Version) -> str:
    """Name a version by its address; one that was imported may have no pages."""
    if version is not edition.version and version.imported:
        return f"#{version.name}"
    return f"../{version.name}/"


def _publication(edition: Edition, version: Version) -> Iterator[Node]:
    line = _line(edition)
    place, act = line.index(version), f"#publication-{version.name}"
    moment = _moment(version.time)
    yield _node(
        act, "Activity", f"Publication of version {version.number}",
        startedAtTime=moment, endedAtTime=moment, wasAssociatedWith=_PANEL,
    )  # fmt: skip
    members = _present(edition) if version is edition.version else []
    yield _node(
        _version_name(edition, version), "Collection", f"{edition_line(version)}: {version.title}",
        generatedAtTime=moment, wasGeneratedBy=act, hadMember=members,
        wasRevisionOf=_version_name(edition, line[place - 1]) if place else None,
    )  # fmt: skip


def _present(edition: Edition) -> list[str]:
    known = ((name, edition.history.get(name)) for name in edition.report.ids)
    return [_wording_name(name, found.wordings[-1]) for name, found in known if found]


# Assemblies


def _assembly(assembly: Assembly) -> Iterator[Node]:
    body, meeting = f"assemblies/{assembly.id}/", f"assemblies/{assembly.id}/#meeting"
    yield _node(body, "Organization", assembly.title)
    yield _node(
        meeting, "Activity", f"Meeting of {assembly.title}", wasAssociatedWith=body,
        startedAtTime=_moment(assembly.start), endedAtTime=_moment(assembly.end),
    )  # fmt: skip
    for proposal in assembly.proposals:
        yield _node(
            _proposal_name(assembly, proposal.number), "Entity",
            f"Proposal {proposal.number} of {assembly.title}", value=proposal.text,
            wasGeneratedBy=meeting, wasAttributedTo=body,
        )  # fmt: skip


def _proposal_name(assembly: Assembly, number: int) -> str:
    clause = assembly.proposals[number - 1].clause
    return f"assemblies/{assembly.id}/#{clause or f'proposal-{number}'}"


def _origins(edition: Edition, origins: tuple[str, ...]) -> list[str]:
    found = edition.origins(origins)
    return [_proposal_name(assembly, proposal.number) for assembly, proposal in found]


# Amendments


def _amendment_name(number: int) -> str:
    return f"amendments/{number:04}/"


def _decision_name(number: int) -> str:
    return f"amendments/{number:04}/#decision"


def _amended(edition: Edition, amendment: Amendment) -> Iterator[Node]:
    name, number = _amendment_name(amendment.number), amendment.number
    bodies = {each for each in amendment.assemblies if each in edition.assemblies}
    others = [*amendment.combines, *filter(None, [amendment.reconsiders])]
    yield _node(
        name, "Entity", f"Amendment {number}: {amendment.title}",
        wasAttributedTo=f"#{amendment.submitter}",
        wasDerivedFrom=[
            *(_comment_name(each) for each in amendment.comments),
            *_origins(edition, amendment.assemblies),
            *(_amendment_name(each) for each in others if each in edition.amendments),
        ],
        wasInfluencedBy=[f"assemblies/{each}/" for each in sorted(bodies)],
    )  # fmt: skip
    decision = amendment.decision
    if decision is None:
        return
    votes = decision.count.roll_call.votes if decision.count else ()
    act = _node(
        _decision_name(number), "Activity", f"Amendment {number} {decision.outcome}",
        startedAtTime=_moment(decision.date), endedAtTime=_moment(decision.date), used=name,
        wasAssociatedWith=[
            *([_PANEL] if votes else ()),
            f"#{decision.closed_by}",
            *(f"#{seat}" for seat, _ in votes),
        ],
    )  # fmt: skip
    if votes:
        roles = [(_PANEL, None), (f"#{decision.closed_by}", _CLOSING)]
        roles += [(f"#{seat}", f"#{vote}") for seat, vote in votes]
        act["qualifiedAssociation"] = [
            {"@type": "prov:Association", "agent": agent, **({"hadRole": role} if role else {})}
            for agent, role in roles
        ]
    yield act


def _comments(edition: Edition) -> Iterator[Node]:
    taken = {number for each in edition.amendments.values() for number in each.comments}
    for number in sorted(taken):
        yield _node(_comment_name(number), "Entity", f"Comment {number}")


def _comment_name(number: int) -> str:
    return f"comments.json#{number}"


# Clauses


def _wording_name(clause: str, wording: Wording) -> str:
    return f"../c/{clause}/#{wording.version}"


def _clause(edition: Edition, history: ClauseHistory) -> Iterator[Node]:
    earlier: str | None = None
    for wording in history.wordings:
        acts = _behind(edition, history.id, wording.version)
        place = edition.report_of(wording.version).locate(history.id)
        sources = _origins(edition, place.clause.origin if place else ())
        yield _node(
            _wording_name(history.id, wording), "Entity",
            " ".join(filter(None, (wording.number, f"in version {wording.version[1:]}"))),
            value=wording.text,
            wasGeneratedBy=_act(acts, wording.version),
            wasInfluencedBy=[_decision_name(each) for each in acts[:-1]],
            wasDerivedFrom=[
                *sources,
                *(_amendment_name(each) for each in acts),
                *([earlier] if earlier else _ancestors(edition, history, wording.version)),
            ],
            wasRevisionOf=earlier,
            wasInvalidatedBy=_end(edition, history) if wording is history.wordings[-1] else None,
        )  # fmt: skip
        earlier = _wording_name(history.id, wording)


def _behind(edition: Edition, clause: str, version: str) -> list[int]:
    """Number the accepted amendments that touched a clause on the way to a version."""
    found = (each.number for each in edition.accepted_on(clause))
    return [number for number in found if f"v{edition.closed_in.get(number)}" == version]


def _act(decisions: list[int], version: str) -> str:
    return _decision_name(decisions[-1]) if decisions else f"#publication-{version}"


def _end(edition: Edition, history: ClauseHistory) -> str | None:
    """Name what ended a clause that this version no longer has."""
    if history.gone is None or history.id in edition.report.ids:
        return None
    return _act(_behind(edition, history.id, history.gone), history.gone)


def _ancestors(edition: Edition, history: ClauseHistory, version: str) -> Iterator[str]:
    """Name the last wording, before a version, of each clause that this one came from."""
    numbers = {each.name: each.number for each in _line(edition)}
    for ancestor in history.came_from:
        found = edition.history.get(ancestor)
        older = (
            [w for w in found.wordings if numbers[w.version] < numbers[version]] if found else []
        )
        if older:
            yield _wording_name(ancestor, older[-1])

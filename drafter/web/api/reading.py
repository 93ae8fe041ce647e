"""What anybody may read: the report, clauses, comments, amendments; a comment by its receipt."""

from __future__ import annotations

from drafter.core.ids import ClauseId
from drafter.services import amending, receipts
from drafter.services.desk import page_of_lines
from drafter.services.phases import commenting_phase
from drafter.web.actors import bearer, current_actor
from drafter.web.api import asked, clauses, shapes, showing
from drafter.web.api.operation import operation
from drafter.web.clauses import held_sentence
from drafter.web.current import instance, now
from drafter.web.draft import draft
from drafter.web.reading import published_versions
from drafter.web.receipts import receipt_page


@operation("GET", "/report", "read", gives=shapes.Report)
def report() -> shapes.Report:
    """Give the report: its versions, its chapters, and whether comments are taken."""
    phase = commenting_phase(instance())
    return shapes.Report(
        name=str(instance().config.get("site_name") or "Drafter"),
        commenting=shapes.Commenting(
            open=phase.is_open(now()), opens_at=phase.opens_at, closes_at=phase.closes_at
        ),
        chapters=tuple(clauses.chapter(one) for one in draft().report.chapters),
        versions=tuple(
            shapes.Version(
                name=one.name,
                number=one.number,
                title=one.title,
                published_at=one.time,
                imported=one.imported,
            )
            for one in published_versions()
        ),
    )


@operation("GET", "/clauses", "read", asks=asked.OfChapter, gives=shapes.Clauses)
def chapter_clauses(asked: asked.OfChapter) -> shapes.Clauses:
    """List the clauses of a chapter of the working draft."""
    return clauses.clauses_of(asked.chapter)


@operation("GET", "/clauses/<clause_id>", "read", gives=shapes.Clause)
def clause(clause_id: str) -> shapes.Clause:
    """Give a clause by its id; one that is gone as it stood last, and what became of it."""
    return clauses.clause(ClauseId(clause_id))


@operation("GET", "/clauses/<clause_id>/comments", "read", asks=asked.Page, gives=shapes.Comments)
def comments(clause_id: str, asked: asked.Page) -> shapes.Comments:
    """List the comments on a clause; those held or taken back keep their place without words."""
    return clauses.comments(ClauseId(clause_id), asked.page)


@operation("GET", "/amendments", "read", asks=asked.Part, gives=shapes.Amendments)
def amendments(asked: asked.Part) -> shapes.Amendments:
    """List amendments by number, a part at a time; in one state, if one is named."""
    states = (asked.state,) if asked.state else None
    rows, more = page_of_lines(instance(), states, asked.after, asked.limit, current_actor())
    return shapes.Amendments(
        amendments=tuple(map(showing.line, rows)), next=rows[-1].number if more else None
    )


@operation("GET", "/amendments/<int:number>", "read", gives=shapes.Amendment)
def amendment(number: int) -> shapes.Amendment:
    """Give an amendment: what it changes, what follows, how the vote stands, what was decided."""
    actor = current_actor()
    return showing.amendment(amending.view_amendment(instance(), number, actor=actor), actor)


@operation("GET", "/receipts/<token>", "follow", gives=shapes.Receipt, kept=False)
def receipt(token: str) -> shapes.Receipt:
    """Follow a comment to the end, by the secret of its receipt."""
    view = receipts.receipt(instance(), token, actor=current_actor())
    page, one = receipt_page(token), view.comment
    return shapes.Receipt(
        number=one.number,
        clause=one.clause_id,
        at=one.created_at,
        state=one.state,
        sentence=page.sentence,
        to_confirm=page.to_confirm,
        needs_address=page.needs_address,
        text=one.text,
        suggested_wording=one.suggested_wording,
        held_because=held_sentence(one) if one.state == "held" else None,
        clause_now=view.standing.relation,
        answer=one.answer,
        supports=view.supports,
        outcomes=tuple(_outcome(each) for each in view.outcomes),
    )


@operation("GET", "/me", "read", gives=shapes.Who, kept=False)
def me() -> shapes.Who:
    """Say as whom you ask: without a token, as the public."""
    actor, shown = current_actor(), bearer()
    return shapes.Who(
        role=actor.role, seat=actor.seat, expires_at=shown.token.expires_at if shown else None
    )


def _outcome(one: receipts.Outcome) -> shapes.Outcome:
    return shapes.Outcome(
        number=one.number,
        title=one.title,
        state=one.state,
        put=one.put,
        decided_on=one.decided_on,
        reason=one.reason,
        tally=one.tally,
        version=one.version,
    )


VIEWS = (
    report,
    chapter_clauses,
    clause,
    comments,
    amendments,
    amendment,
    receipt,
    me,
)

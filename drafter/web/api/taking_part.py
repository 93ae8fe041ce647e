"""What anybody may do: comment on a clause, suggest other words. A mail confirms, as always."""

from __future__ import annotations

import hashlib

from flask import request

from drafter.core.errors import BadInput, Conflict, Refused
from drafter.core.ids import ClauseId
from drafter.core.saying import say
from drafter.services import commenting
from drafter.services.addresses import RECEIPT, address
from drafter.services.commenting import require_clause
from drafter.web import clauses
from drafter.web.actors import bearer, current_actor
from drafter.web.api import asked, shapes
from drafter.web.api.operation import operation
from drafter.web.clauses import ClauseForm
from drafter.web.current import instance, now
from drafter.web.policy import verdict

KEY = "Idempotency-Key"
SHORTEST_KEY, LONGEST_KEY = 20, 200
ABOUT_KEY = (
    "Drawn by chance, at least 20 characters, a new one for each comment: the same comment sent "
    "twice under it counts once, and gives its receipt again."
)


@operation(
    "POST",
    "/clauses/<clause_id>/comments",
    "comment",
    takes=asked.NewComment,
    gives=shapes.Sent,
    status=201,
    headers=((KEY, ABOUT_KEY),),
)
def comment(clause_id: str, sent: asked.NewComment) -> shapes.Sent:
    """Send a comment on a clause, or suggest other words for it.

    It counts once the link in the mail is opened. 409 where the clause has other words by now.
    """
    came_in, about = now(), ClauseId(clause_id)
    _require_said(sent)
    if require_clause(instance().report, about).hash != sent.wording_hash:
        raise Conflict("The clause has changed since you read it. Read it again, then send.")
    key = _key(clause_id)
    try:
        made = commenting.comment(
            instance(),
            about,
            sent.text,
            sent.wording,
            sent.email,
            actor=current_actor(),
            received_at=came_in,
            form_key=key,
            suspected=verdict().hold or bearer() is None,
            consent=clauses.CONSENT,
        )
    except Refused as error:
        if "receipt" in error.data:
            raise Conflict(
                say("The {key} was used for another comment. Take a new one.", key=KEY)
            ) from None
        raise
    return shapes.Sent(
        number=made.number,
        receipt=made.receipt_token,
        receipt_url=address(instance().base_url, RECEIPT, token=made.receipt_token),
        confirm_by_mail=made.confirm_token is not None,
    )


def _require_said(sent: asked.NewComment) -> None:
    """Refuse what the page refuses. Raises BadInput."""
    form = clauses.checked(ClauseForm(text=sent.text, suggestion=sent.wording))
    for field, sentence in form.errors.items():
        raise BadInput(sentence, field="text" if field == "comment" else field)


def _key(clause_id: str) -> str | None:
    """Read the key under which a comment counts once; nobody else's key is ever the same."""
    given = request.headers.get(KEY)
    if given is None:
        return None
    if not SHORTEST_KEY <= len(given) <= LONGEST_KEY:
        raise BadInput(
            say(
                "The {key} needs {shortest} to {longest} characters, drawn by chance.",
                key=KEY,
                shortest=SHORTEST_KEY,
                longest=LONGEST_KEY,
            )
        )
    named = f"{clause_id}\n{given}".encode("utf-8", "surrogateescape")
    return f"api.{hashlib.sha256(named).hexdigest()}"


VIEWS = (comment,)

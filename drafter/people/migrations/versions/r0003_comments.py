"""Comments to the end of the receipt: links that expire, support, following, the public log."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KEPT = (
    "number, clause_id, wording_hash, words_seen, version_seen, kind, text, suggested_wording, "
    "contributor, state, held_reason, created_at, confirmed_at, receipt_hash, answer, "
    "answered_at, answered_by"
)


def upgrade() -> None:
    """Widen the comments, add what stands around them, keep every row."""
    op.execute("CREATE TABLE comments_kept AS SELECT * FROM comments")
    op.execute("CREATE TABLE links_kept AS SELECT * FROM comment_amendments")
    op.drop_table("comment_amendments")
    op.drop_table("comments")
    _comments()
    _comment_amendments()
    op.execute(
        f"INSERT INTO comments ({KEPT}, held_for, source, suspected) "
        f"SELECT {KEPT}, CASE WHEN held_reason IS NULL THEN NULL ELSE 'other' END, "
        "'online', false FROM comments_kept"
    )
    op.execute("INSERT INTO comment_amendments SELECT * FROM links_kept")
    _mailed_links()
    _keep_links()
    op.drop_table("links_kept")
    op.drop_table("comments_kept")
    op.create_index("ix_contributors_email", "contributors", ["email"], unique=False)
    op.add_column("outgoing_mail", sa.Column("unsubscribe", sa.Text(), nullable=True))
    _mail_budget()
    _supports()
    _followings()
    _moderation_log()
    counters = sa.table("counters", sa.column("name"), sa.column("last"))
    op.bulk_insert(counters, [{"name": "moderation", "last": 0}])


def _keep_links() -> None:
    """Keep the links that were mailed before: they were valid without end."""
    moment = sa.DateTime(timezone=True)
    before = sa.table(
        "comments_kept",
        sa.column("confirm_hash"),
        sa.column("contributor"),
        sa.column("created_at", moment),
        sa.column("confirmed_at", moment),
    )
    links = sa.table(
        "mailed_links",
        sa.column("token_hash"),
        sa.column("contributor"),
        sa.column("created_at", moment),
        sa.column("expires_at", moment),
        sa.column("used_at", moment),
    )
    found = op.get_bind().execute(sa.select(before)).all()
    rows = [
        {
            "token_hash": row.confirm_hash,
            "contributor": row.contributor,
            "created_at": row.created_at,
            "expires_at": datetime(9999, 1, 1, tzinfo=UTC),
            "used_at": row.confirmed_at,
        }
        for row in found
    ]
    op.bulk_insert(links, rows)


def _comments() -> None:
    op.create_table(
        "comments",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("clause_id", sa.String(), nullable=False),
        sa.Column("wording_hash", sa.String(length=64), nullable=False),
        sa.Column("words_seen", sa.Text(), nullable=False),
        sa.Column("version_seen", sa.String(), nullable=True),
        sa.Column("commit_seen", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("suggested_wording", sa.Text(), nullable=True),
        sa.Column("contributor", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("held_for", sa.String(), nullable=True),
        sa.Column("held_reason", sa.Text(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.Column("suspected", sa.Boolean(), nullable=False),
        sa.Column("consent", sa.String(), nullable=True),
        sa.Column("copy_key", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt_hash", sa.String(length=64), nullable=False),
        sa.Column("form_hash", sa.String(length=64), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        *_comment_checks(),
        sa.PrimaryKeyConstraint("number", name="pk_comments"),
        sa.UniqueConstraint("contributor", name="uq_comments_contributor"),
        sa.UniqueConstraint("form_hash", name="uq_comments_form_hash"),
        sa.UniqueConstraint("receipt_hash", name="uq_comments_receipt_hash"),
    )
    op.create_index(
        "ix_comments_clause_id_state", "comments", ["clause_id", "state", "number"], unique=False
    )
    op.create_index("ix_comments_copy_key", "comments", ["copy_key", "number"], unique=False)
    op.create_index("ix_comments_state_kind", "comments", ["state", "kind", "number"], unique=False)


CHECKS = {
    "suggestion_has_wording": "(kind = 'suggestion') = (suggested_wording IS NOT NULL)",
    "remark_has_text": "kind = 'suggestion' OR length(text) > 0 OR erased_at IS NOT NULL",
    "kind_known": "kind IN ('remark', 'suggestion')",
    "source_known": "source IN ('online', 'paper', 'spoken')",
    "state_known": "state IN ('received', 'confirmed', 'held', 'shown', 'withdrawn')",
    "held_has_reason": "state <> 'held' OR held_reason IS NOT NULL",
    "erased_withdrawn": "erased_at IS NULL OR state = 'withdrawn'",
    "meeting_has_place": "source = 'online' OR place IS NOT NULL",
    "received_unconfirmed": "state <> 'received' OR confirmed_at IS NULL",
    "later_states_confirmed": (
        "state NOT IN ('confirmed', 'held', 'shown') OR confirmed_at IS NOT NULL"
    ),
    "place_with_taken_on": "(place IS NULL) = (taken_on IS NULL)",
    "held_for_with_held_reason": "(held_for IS NULL) = (held_reason IS NULL)",
    "answer_with_answered_at": "(answer IS NULL) = (answered_at IS NULL)",
    "answer_with_answered_by": "(answer IS NULL) = (answered_by IS NULL)",
    "receipt_hash_digest": "length(receipt_hash) = 64",
    "wording_hash_digest": "length(wording_hash) = 64",
    "number_positive": "number > 0",
}


def _comment_checks() -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(text, name=op.f(f"ck_comments_{name}")) for name, text in CHECKS.items()
    ]


def _comment_amendments() -> None:
    op.create_table(
        "comment_amendments",
        sa.Column("comment", sa.Integer(), nullable=False),
        sa.Column("amendment", sa.Integer(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["amendment"], ["amendments.number"], name="fk_comment_amendments_amendment_amendments"
        ),
        sa.ForeignKeyConstraint(
            ["comment"], ["comments.number"], name="fk_comment_amendments_comment_comments"
        ),
        sa.PrimaryKeyConstraint("comment", "amendment", name="pk_comment_amendments"),
    )
    op.create_index(
        "ix_comment_amendments_amendment", "comment_amendments", ["amendment"], unique=False
    )


def _mailed_links() -> None:
    op.create_table(
        "mailed_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("contributor", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "length(token_hash) = 64", name=op.f("ck_mailed_links_token_hash_digest")
        ),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_mailed_links_expires_later")),
        sa.PrimaryKeyConstraint("token_hash", name="pk_mailed_links"),
    )
    op.create_index("ix_mailed_links_contributor", "mailed_links", ["contributor"], unique=False)


def _mail_budget() -> None:
    op.create_table(
        "mail_budget",
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "length(address_hash) = 64", name=op.f("ck_mail_budget_address_hash_digest")
        ),
        sa.CheckConstraint("sent > 0", name=op.f("ck_mail_budget_sent_counted")),
        sa.PrimaryKeyConstraint("address_hash", "day", name="pk_mail_budget"),
    )


def _supports() -> None:
    op.create_table(
        "supports",
        sa.Column("contributor", sa.String(), nullable=False),
        sa.Column("comment", sa.Integer(), nullable=False),
        sa.Column("wording_digest", sa.String(length=64), nullable=False),
        sa.Column("back_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "length(wording_digest) = 64", name=op.f("ck_supports_wording_digest_digest")
        ),
        sa.CheckConstraint("length(back_hash) = 64", name=op.f("ck_supports_back_hash_digest")),
        sa.ForeignKeyConstraint(
            ["comment"], ["comments.number"], name="fk_supports_comment_comments"
        ),
        sa.PrimaryKeyConstraint("contributor", name="pk_supports"),
        sa.UniqueConstraint("back_hash", name="uq_supports_back_hash"),
    )
    op.create_index("ix_supports_comment", "supports", ["comment", "confirmed_at"], unique=False)


def _followings() -> None:
    op.create_table(
        "followings",
        sa.Column("contributor", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("end_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "what IN ('clause', 'amendment', 'report')", name=op.f("ck_followings_what_known")
        ),
        sa.CheckConstraint("length(end_hash) = 64", name=op.f("ck_followings_end_hash_digest")),
        sa.PrimaryKeyConstraint("contributor", name="pk_followings"),
        sa.UniqueConstraint("end_hash", name="uq_followings_end_hash"),
    )
    op.create_index("ix_followings_what", "followings", ["what", "about"], unique=False)


def _moderation_log() -> None:
    op.create_table(
        "moderation_log",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("comment", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_moderation_log_number_positive")),
        sa.CheckConstraint("length(previous) = 64", name=op.f("ck_moderation_log_previous_digest")),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_moderation_log_hash_digest")),
        sa.PrimaryKeyConstraint("number", name="pk_moderation_log"),
    )
    op.create_index(
        "ix_moderation_log_comment", "moderation_log", ["comment", "number"], unique=False
    )

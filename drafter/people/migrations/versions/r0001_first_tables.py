"""The first tables: comments, panel, work behind the pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables, and the counters that start at nought."""
    _amendments()
    _audit()
    _comments()
    _contributors()
    _counters()
    _jobs()
    _outgoing_mail()
    _seats()
    _settings()
    _comment_amendments()
    _decisions()
    _motions()
    _sign_in_links()
    _ballots()
    op.bulk_insert(
        sa.table("counters", sa.column("name", sa.String), sa.column("last", sa.Integer)),
        [{"name": name, "last": 0} for name in ("comment", "amendment", "seat")],
    )


def _amendments() -> None:
    op.create_table(
        "amendments",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("branch_tip", sa.String(length=64), nullable=True),
        sa.Column("submitter", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'put', 'stale', 'accepted', 'rejected', 'withdrawn', 'lapsed')",
            name=op.f("ck_amendments_state_known"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_amendments_number_positive")),
        sa.CheckConstraint("round > 0", name=op.f("ck_amendments_round_positive")),
        sa.PrimaryKeyConstraint("number", name="pk_amendments"),
    )
    op.create_index("ix_amendments_state", "amendments", ["state", "number"], unique=False)


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_object", "audit", ["object", "id"], unique=False)


def _comments() -> None:
    op.create_table(
        "comments",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("clause_id", sa.String(), nullable=False),
        sa.Column("wording_hash", sa.String(length=64), nullable=False),
        sa.Column("words_seen", sa.Text(), nullable=False),
        sa.Column("version_seen", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("suggested_wording", sa.Text(), nullable=True),
        sa.Column("contributor", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("held_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt_hash", sa.String(length=64), nullable=False),
        sa.Column("confirm_hash", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        *_comment_checks(),
        sa.PrimaryKeyConstraint("number", name="pk_comments"),
        sa.UniqueConstraint("confirm_hash", name="uq_comments_confirm_hash"),
        sa.UniqueConstraint("contributor", name="uq_comments_contributor"),
        sa.UniqueConstraint("receipt_hash", name="uq_comments_receipt_hash"),
    )
    op.create_index(
        "ix_comments_clause_id_state", "comments", ["clause_id", "state", "number"], unique=False
    )
    op.create_index("ix_comments_state_kind", "comments", ["state", "kind", "number"], unique=False)


def _comment_checks() -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(
            "(kind = 'suggestion') = (suggested_wording IS NOT NULL)",
            name=op.f("ck_comments_suggestion_has_wording"),
        ),
        sa.CheckConstraint(
            "kind = 'suggestion' OR length(text) > 0", name=op.f("ck_comments_remark_has_text")
        ),
        sa.CheckConstraint("kind IN ('remark', 'suggestion')", name=op.f("ck_comments_kind_known")),
        sa.CheckConstraint(
            "state <> 'held' OR held_reason IS NOT NULL", name=op.f("ck_comments_held_has_reason")
        ),
        sa.CheckConstraint(
            "state <> 'received' OR confirmed_at IS NULL",
            name=op.f("ck_comments_received_unconfirmed"),
        ),
        sa.CheckConstraint(
            "state IN ('received', 'confirmed', 'held', 'shown', 'withdrawn')",
            name=op.f("ck_comments_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'held', 'shown') OR confirmed_at IS NOT NULL",
            name=op.f("ck_comments_later_states_confirmed"),
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_comments_answer_with_answered_at"),
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_by IS NULL)",
            name=op.f("ck_comments_answer_with_answered_by"),
        ),
        sa.CheckConstraint(
            "length(confirm_hash) = 64", name=op.f("ck_comments_confirm_hash_digest")
        ),
        sa.CheckConstraint(
            "length(receipt_hash) = 64", name=op.f("ck_comments_receipt_hash_digest")
        ),
        sa.CheckConstraint(
            "length(wording_hash) = 64", name=op.f("ck_comments_wording_hash_digest")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_comments_number_positive")),
    ]


def _contributors() -> None:
    op.create_table(
        "contributors",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contributors"),
    )


def _counters() -> None:
    op.create_table(
        "counters",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= 0", name=op.f("ck_counters_last_counted")),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_by", sa.String(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'running') = (leased_by IS NOT NULL)", name=op.f("ck_jobs_running_leased")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_jobs_state_known")
        ),
        sa.CheckConstraint(
            "(leased_by IS NULL) = (lease_until IS NULL)",
            name=op.f("ck_jobs_leased_by_with_lease_until"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_jobs_attempts_counted")),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_jobs_progress_percent")),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
    )
    op.create_index("ix_jobs_state", "jobs", ["state", "id"], unique=False)


def _outgoing_mail() -> None:
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("to_address", sa.String(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("contributor", sa.String(), nullable=True),
        sa.Column("once", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outgoing_mail"),
        sa.UniqueConstraint("once", name="uq_outgoing_mail_once"),
    )
    op.create_index("ix_outgoing_mail_contributor", "outgoing_mail", ["contributor"], unique=False)
    op.create_index("ix_outgoing_mail_sent_at", "outgoing_mail", ["sent_at", "id"], unique=False)


def _seats() -> None:
    op.create_table(
        "seats",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("filled", sa.Boolean(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_seats_number_positive")),
        sa.PrimaryKeyConstraint("number", name="pk_seats"),
    )


def _settings() -> None:
    op.create_table(
        "settings",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
    )


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


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("amendment", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("expected_tip", sa.String(length=64), nullable=False),
        sa.Column("new_commit", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'rejected', 'withdrawn', 'lapsed')",
            name=op.f("ck_decisions_outcome_known"),
        ),
        sa.CheckConstraint("expected_tip <> new_commit", name=op.f("ck_decisions_moves_main")),
        sa.CheckConstraint("round > 0", name=op.f("ck_decisions_round_positive")),
        sa.ForeignKeyConstraint(
            ["amendment"], ["amendments.number"], name="fk_decisions_amendment_amendments"
        ),
        sa.PrimaryKeyConstraint("amendment", "round", name="pk_decisions"),
        sa.UniqueConstraint("expected_tip", name="uq_decisions_expected_tip"),
        sa.UniqueConstraint("new_commit", name="uq_decisions_new_commit"),
    )
    op.create_index("ix_decisions_applied_at", "decisions", ["applied_at"], unique=False)


def _motions() -> None:
    op.create_table(
        "motions",
        sa.Column("amendment", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("ballot_hash", sa.String(length=64), nullable=False),
        sa.Column("rules_id", sa.String(length=64), nullable=False),
        sa.Column("rules_json", sa.Text(), nullable=False),
        sa.Column("base_commit", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("voters", sa.Text(), nullable=True),
        *_motion_checks(),
        sa.ForeignKeyConstraint(
            ["amendment"], ["amendments.number"], name="fk_motions_amendment_amendments"
        ),
        sa.PrimaryKeyConstraint("amendment", "round", name="pk_motions"),
        sa.UniqueConstraint(
            "amendment", "round", "ballot_hash", name="uq_motions_amendment_round_ballot_hash"
        ),
    )
    op.create_index("ix_motions_state", "motions", ["state", "amendment"], unique=False)
    op.create_index(
        "uq_motions_running",
        "motions",
        ["amendment"],
        unique=True,
        sqlite_where=sa.text("state IN ('open', 'closed')"),
        postgresql_where=sa.text("state IN ('open', 'closed')"),
    )


def _motion_checks() -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(
            "state <> 'open' OR closed_at IS NULL", name=op.f("ck_motions_open_not_closed")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'closed', 'decided', 'stale')", name=op.f("ck_motions_state_known")
        ),
        sa.CheckConstraint(
            "state NOT IN ('closed', 'decided') OR closed_at IS NOT NULL",
            name=op.f("ck_motions_closed_has_time"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL)",
            name=op.f("ck_motions_closed_at_with_closed_by"),
        ),
        sa.CheckConstraint(
            "closed_at IS NULL OR voters IS NOT NULL", name=op.f("ck_motions_closed_has_voters")
        ),
        sa.CheckConstraint("length(ballot_hash) = 64", name=op.f("ck_motions_ballot_hash_digest")),
        sa.CheckConstraint("length(rules_id) = 64", name=op.f("ck_motions_rules_id_digest")),
        sa.CheckConstraint("round > 0", name=op.f("ck_motions_round_positive")),
    ]


def _sign_in_links() -> None:
    op.create_table(
        "sign_in_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role = 'seat') = (seat IS NOT NULL)", name=op.f("ck_sign_in_links_seat_named")
        ),
        sa.CheckConstraint("role IN ('seat', 'clerk')", name=op.f("ck_sign_in_links_role_known")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_sign_in_links_expires_later")),
        sa.CheckConstraint(
            "length(token_hash) = 64", name=op.f("ck_sign_in_links_token_hash_digest")
        ),
        sa.ForeignKeyConstraint(["seat"], ["seats.number"], name="fk_sign_in_links_seat_seats"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sign_in_links"),
    )
    op.create_index("ix_sign_in_links_seat", "sign_in_links", ["seat"], unique=False)


def _ballots() -> None:
    op.create_table(
        "ballots",
        sa.Column("amendment", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("ballot_hash", sa.String(length=64), nullable=False),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("interest", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "choice IN ('for', 'against', 'abstaining', 'recused')",
            name=op.f("ck_ballots_choice_known"),
        ),
        sa.ForeignKeyConstraint(
            ["amendment", "round", "ballot_hash"],
            ["motions.amendment", "motions.round", "motions.ballot_hash"],
            name="fk_ballots_amendment_round_ballot_hash_motions",
        ),
        sa.ForeignKeyConstraint(["seat"], ["seats.number"], name="fk_ballots_seat_seats"),
        sa.PrimaryKeyConstraint("amendment", "round", "seat", name="pk_ballots"),
    )

"""Who may come in: persons, tenures, offices, sessions, credentials, and what is counted.

A sign-in link now names the person whom it signs in; those made before end.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    _persons()
    _tenures()
    _offices()
    _sessions()
    _passkeys()
    _recovery_codes()
    _buckets()
    _sign_in_links()


def _persons() -> None:
    op.create_table(
        "persons",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id LIKE 'person-%'", name=op.f("ck_persons_id_random")),
        sa.CheckConstraint(
            "erased_at IS NULL OR email IS NULL", name=op.f("ck_persons_erased_has_no_address")
        ),
        sa.CheckConstraint(
            "erased_at IS NULL OR totp_secret IS NULL", name=op.f("ck_persons_erased_has_no_secret")
        ),
        sa.CheckConstraint(
            "totp_confirmed_at IS NULL OR totp_secret IS NOT NULL",
            name=op.f("ck_persons_confirmed_has_secret"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("email", name=op.f("uq_persons_email")),
    )


def _tenures() -> None:
    op.create_table(
        "tenures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_tenures_ends_later")),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name=op.f("fk_tenures_person_persons")),
        sa.ForeignKeyConstraint(["seat"], ["seats.number"], name=op.f("fk_tenures_seat_seats")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenures")),
    )
    op.create_index(op.f("ix_tenures_person"), "tenures", ["person"], unique=False)
    op.create_index(
        "uq_tenures_held",
        "tenures",
        ["seat"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )


def _offices() -> None:
    op.create_table(
        "offices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('clerk', 'administrator')", name=op.f("ck_offices_role_known")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_offices_number_positive")),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_offices_ends_later")),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name=op.f("fk_offices_person_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offices")),
        sa.UniqueConstraint("role", "number", name=op.f("uq_offices_role_number")),
    )
    op.create_index(
        "uq_offices_held",
        "offices",
        ["person", "role"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role = 'seat') = (seat IS NOT NULL)", name=op.f("ck_sessions_seat_named")
        ),
        sa.CheckConstraint(
            "role IN ('seat', 'clerk', 'administrator')", name=op.f("ck_sessions_role_known")
        ),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_sessions_token_hash_digest")),
        sa.ForeignKeyConstraint(
            ["person"], ["persons.id"], name=op.f("fk_sessions_person_persons")
        ),
        sa.ForeignKeyConstraint(["seat"], ["seats.number"], name=op.f("fk_sessions_seat_seats")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_person"), "sessions", ["person"], unique=False)


def _passkeys() -> None:
    op.create_table(
        "passkeys",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_passkeys_sign_count_counted")),
        sa.ForeignKeyConstraint(
            ["person"], ["persons.id"], name=op.f("fk_passkeys_person_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
    )
    op.create_index(op.f("ix_passkeys_person"), "passkeys", ["person"], unique=False)


def _recovery_codes() -> None:
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "length(code_hash) = 64", name=op.f("ck_recovery_codes_code_hash_digest")
        ),
        sa.ForeignKeyConstraint(
            ["person"], ["persons.id"], name=op.f("fk_recovery_codes_person_persons")
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_person"), "recovery_codes", ["person"], unique=False)


def _buckets() -> None:
    op.create_table(
        "buckets",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("remaining", sa.Double(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(key) = 64", name=op.f("ck_buckets_key_digest")),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_buckets")),
    )
    op.create_index("ix_buckets_at", "buckets", ["at"], unique=False)


def _sign_in_links() -> None:
    op.drop_table("sign_in_links")
    op.create_table(
        "sign_in_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role = 'seat') = (seat IS NOT NULL)", name=op.f("ck_sign_in_links_seat_named")
        ),
        sa.CheckConstraint(
            "role IN ('seat', 'clerk', 'administrator')",
            name=op.f("ck_sign_in_links_role_known"),
        ),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_sign_in_links_expires_later")),
        sa.CheckConstraint(
            "length(token_hash) = 64", name=op.f("ck_sign_in_links_token_hash_digest")
        ),
        sa.ForeignKeyConstraint(
            ["person"], ["persons.id"], name=op.f("fk_sign_in_links_person_persons")
        ),
        sa.ForeignKeyConstraint(
            ["seat"], ["seats.number"], name=op.f("fk_sign_in_links_seat_seats")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_links")),
    )
    op.create_index("ix_sign_in_links_seat", "sign_in_links", ["seat"], unique=False)
    op.create_index("ix_sign_in_links_person", "sign_in_links", ["person"], unique=False)

"""What the database knows: *that* somebody commented, voted, decided; git holds *what*.

The only import of SQLAlchemy and Alembic. Every function takes a session first and returns
frozen values; the clock and every secret come in as arguments; no function opens a transaction,
commits, or calls git. Errors carry no comment text, e-mail address or token.
"""

"""The text and the rules, pure: no git, no database, no web, no clock, no randomness, no files.

Everything here is a function from values to values; importing it loads neither Flask, MkDocs nor
SQLAlchemy.
"""

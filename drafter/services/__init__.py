"""The verbs: what can be done with a report, one function each, used by web, API and command alike.

Their law: every verb asks `authority.authorize` first. Every write to main holds the writer lock
and begins by finishing what an earlier decision left unapplied; the lock is taken before any
transaction of the database, never inside one. Expected outcomes are values, errors are
`DrafterError`s. Nothing here knows a request, a page or a terminal.
"""

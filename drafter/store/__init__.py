"""The report in git: the only package that imports pygit2, and GitPython for maintenance.

Its law: a bare repository, in memory, never a working tree. Every write goes through a `Writer`,
which only the writer lock hands out; refs move by compare-and-swap, never by force; objects and
refs are on the disk before a write is acknowledged. Refs, paths and modes are generated or
allow-listed here. What is not there is `None` or `NotFound`; what cannot be read is `Unreadable`.
It knows bytes, commits and chapters; it knows nothing of people, ballots or pages.
"""

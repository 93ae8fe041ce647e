"""The example report, and a day in its life: what `drafter demo` shows.

Law: everything happens through the services, as it would in earnest; only clock and tokens may be
given from outside, so that a test can make the same twice.
"""

"""The public site: pages and files made from git alone.

Its law: it reads the core's values and the store, never people or services, so that anybody with
a clone can build the same site. Nothing that a report holds is run; words that people wrote are
escaped where they meet HTML. The same version gives the same bytes, whatever the clock.
"""

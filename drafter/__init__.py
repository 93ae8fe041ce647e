"""Drafter: a citizens' report, drafted in public and decided clause by clause."""

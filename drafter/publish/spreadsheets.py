"""Cells of the CSV files, so that a spreadsheet reads them as words."""

from __future__ import annotations

from drafter.publish import words

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The last four are wide forms, which some spreadsheets read the same."""


def safe(cell: str) -> str:
    """Keep a spreadsheet from reading words as a formula: an apostrophe before what begins one.

    >>> safe("=1+1"), safe("17; 22")
    ("'=1+1", '17; 22')
    """
    text = words.readable(cell)
    return f"'{text}" if text.lstrip(" \n\ufeff").startswith(_FORMULA) else text

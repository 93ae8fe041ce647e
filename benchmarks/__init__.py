"""How fast it is: medians and ratios of one run, on a generated report.

`python -m benchmarks` (or `make bench`). Whatever is compared with is measured beside it, on the
same machine, in the same run. Nothing here is part of the program.
"""

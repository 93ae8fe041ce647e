"""Settings for all tests: how many examples the laws are tried on."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "short", max_examples=60, deadline=None, suppress_health_check=list(HealthCheck)
)
settings.register_profile(
    "full", max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile("full" if os.environ.get("DRAFTER_FULL") else "short")

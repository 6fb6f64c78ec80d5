"""What holds for all tests: neither the machine's pace nor its environment decides how they end."""

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "the same everywhere", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("the same everywhere")

#: Variables by which programs are told how to behave, ours and those that print.
OF_PROGRAMS = ("ONRECORD_", "DISCORD_TOKEN", "NO_COLOR", "FORCE_COLOR", "TTY_", "COLUMNS", "LINES")


@pytest.fixture(autouse=True)
def _no_settings_of_whoever_runs_the_tests(monkeypatch):
    for name in list(os.environ):
        if name.startswith(OF_PROGRAMS) and not name.startswith("ONRECORD_TEST_"):
            monkeypatch.delenv(name)

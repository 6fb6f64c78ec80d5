"""The processes that change the library beside the bot."""

import os
import sys

import pytest

from bot.onrecord import Onrecord

_PATIENT = """
import json, os, time
until = time.monotonic() + 60
while os.getpriority(os.PRIO_PROCESS, 0) < {wanted} and time.monotonic() < until:
    time.sleep(0.02)
print(json.dumps({{"niceness": os.getpriority(os.PRIO_PROCESS, 0)}}), flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="this system knows no niceness")
async def test_what_changes_the_library_lets_answers_go_first():
    wanted = min(10, os.getpriority(os.PRIO_PROCESS, 0) + 10)
    (event,) = await Onrecord([sys.executable, "-c", _PATIENT.format(wanted=wanted)]).run()
    assert event["niceness"] >= wanted

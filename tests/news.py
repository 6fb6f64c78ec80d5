"""Own-word articles that several tests read: an invented harbour town and its people."""

import json
from pathlib import Path

BRIDGE = """Title: Harwick closes its swing bridge for repairs
Outlet: Coast Wire
URL: https://example.org/coast/bridge
Published: 2024-06-05

Harwick closes its swing bridge for repairs

The swing bridge at Harwick will stay shut until October, according to harbour board chair Ada Marsh.

"Not one brick of the old pier will fall," Marsh said on Tuesday. "We have checked every bolt twice."

Opponents were not convinced. Ferry captain Ben Okoro said the closure would ruin small traders along the quay.

"Nobody asked the people who cross it at dawn," he said.
"""

TOLL = """Title: Toll plan divides Harwick
Outlet: The Harwick Times
Published: 2024-06-12

Toll plan divides Harwick

Ada Marsh defended the planned toll on Wednesday, saying that it would pay for the bridge within nine years.

Ben Okoro called the plan "a tax on nurses" and said he would fight it in court.

The Harwick Chamber of Commerce said in a report that shops near the bridge had lost a fifth of their trade.
"""


def write_news(folder: Path) -> Path:
    """Both articles, one as text and one as a record, in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bridge.txt").write_text(BRIDGE, encoding="utf-8")
    head, _, body = TOLL.partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    record = {"id": "toll", **{k.lower(): v for k, v in fields.items()}, "text": body}
    (folder / "toll.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    return folder

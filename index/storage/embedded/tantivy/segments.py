"""The segments of an index: linked from the folder before it, and shown to tantivy as far as a change concerns them.

Whatever is committed, tantivy may merge segments then and there, and merges all small ones once there are eight. So a
change that only adds is shown none that are much larger than what it adds, until there are eight of those too.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from index.storage.embedded.files import FileSums, link, replace

_META = "meta.json"
_SEGMENT = re.compile(r"[0-9a-f]{32}")
_MERGED = 8  # segments of like size that tantivy makes one
_SMALL = 300  # documents, of about eight articles; merging eight times as many takes some milliseconds

Segments = Sequence[Mapping[str, Any]]


def take_over(before: Path, folder: Path, sums: FileSums, *, whole: bool) -> Segments:
    """Links the index of one folder into another; gives the segments that are left out until `complete`.

    Args:
        before: the index, in a published folder.
        folder: an empty one.
        sums: of the folders that these two are in; what is known of linked files is told to it.
        whole: whether any of the documents there may have to go, so that nothing is left out.
    """
    meta = json.loads((before / _META).read_bytes())
    left = [] if whole else _left_out(meta["segments"])
    shown = [segment for segment in meta["segments"] if segment not in left]
    _link(before, folder, shown, sums)
    (folder / _META).write_text(json.dumps({**meta, "segments": shown}))
    return left


def complete(before: Path, folder: Path, sums: FileSums, left: Segments) -> None:
    """Adds the segments that were left out to those that the index has now; all is safe on the disk."""
    _link(before, folder, left, sums)
    meta = json.loads((folder / _META).read_bytes())
    replace(folder / _META, json.dumps({**meta, "segments": [*left, *meta["segments"]]}))


def gather(folder: Path, parts: Sequence[Path]) -> None:
    """Links the segments of other indexes into one, which has those of all then."""
    metas = [json.loads((each / _META).read_bytes()) for each in (folder, *parts)]
    for part, meta in zip(parts, metas[1:], strict=True):
        for path in _files(part, meta["segments"]):
            link(path, folder / path.name)
    together = [segment for meta in metas for segment in meta["segments"]]
    changes = max(meta["opstamp"] for meta in metas)  # no later one may have a number that was given
    (folder / _META).write_text(json.dumps({**metas[0], "segments": together, "opstamp": changes}))


def sweep(folder: Path) -> None:
    """Removes the files of segments that were gathered and have been merged since: tantivy knows only its own."""
    kept = set(_files(folder, json.loads((folder / _META).read_bytes())["segments"]))
    for path in folder.iterdir():
        if path not in kept and _SEGMENT.fullmatch(path.name.partition(".")[0]):
            path.unlink()


def _left_out(segments: Segments) -> Segments:
    """Those that are larger than any of which there are enough for a merge, or smaller than any such."""
    sizes = [int(segment["max_doc"]) for segment in segments]
    limit = _SMALL
    while sum(limit <= size < 10 * limit for size in sizes) >= _MERGED:
        limit *= 10
    return [segment for segment, size in zip(segments, sizes, strict=True) if size >= limit]


def _link(before: Path, folder: Path, segments: Segments, sums: FileSums) -> None:
    """Links files of segments: tantivy replaces files and never writes into one that is there."""
    for path in _files(before, segments):
        link(path, folder / path.name)
        sums.carry(f"{folder.name}/{path.name}")


def _files(folder: Path, segments: Segments) -> list[Path]:
    """The files of segments."""
    wanted = {str(segment["segment_id"]).replace("-", "") for segment in segments}
    return [path for path in folder.iterdir() if path.name.partition(".")[0] in wanted] if wanted else []

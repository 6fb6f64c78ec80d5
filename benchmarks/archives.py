"""How fast a web archive is read: passed over where known, extracted where new, with the memory that it takes.

    python benchmarks/archives.py [--megabytes 1000] [--new 400] [--zst]

Generates an archive like Common Crawl's news files (about 100 KB a page: scripts, navigation, an article, comments)
and measures in one run, in processor time: plain decompression; passing over all of it as known; and for `--new` of its
pages trafilatura alone beside reading and extracting as On Record does. Then a process that takes the archive in is
killed amid its work again and again until it is done, and what the library holds is compared with what was written.
"""

import argparse
import gzip
import io
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import uuid
import zlib
from collections.abc import Iterator
from pathlib import Path

from fastwarc.stream_io import GzipReader, ZstdReader, ZstdWriter

from index.ingest.warc import entry_of, pages
from index.storage import open_store

PEOPLE = "Ada Roe,Max Poe,Ida Low,Jo Fen,Clara Wend,Ravi Stone,Helen Ayre,Owen Pryce,Rita Sands,Dale Oakes".split(",")
WORDS = (
    "council ferry bridge school harbour ministry library winter budget river county market station hospital engine "
    "meeting letter morning garden company island winter price vote bus doctor teacher captain question answer"
).split()
VERBS = "closed opened mended bought sold counted painted moved promised refused delayed praised measured".split()
COMMAND = "import sys; from index.cli import main; sys.exit(main())"


def sentence(chance: random.Random) -> str:
    """A sentence in words of our own."""
    noun, other, third = chance.sample(WORDS, 3)
    told = f"the {noun} of the {other} was {chance.choice(VERBS)} {chance.randint(2, 90)} times before the {third}"
    if chance.random() < 0.4:
        return f"“I know that {told},” {chance.choice(PEOPLE)} said."
    return f"{told.capitalize()}, and nobody in the {chance.choice(WORDS)} {chance.choice(VERBS)} it."


def a_page(number: int, chance: random.Random) -> bytes:
    """A page of a news site with all that stands around an article."""
    title = f"{sentence(chance)[:60]} {number}"
    body = "".join(f"<p class='p-{n}'>{' '.join(sentence(chance) for _ in range(3))}</p>" for n in range(18))
    links = "".join(f"<li><a href='/{chance.random()}'>{chance.choice(WORDS)} {n}</a></li>" for n in range(60))
    comments = "".join(f"<div class='comment'><p>{sentence(chance)}</p></div>" for _ in range(12))
    script = "".join(f"var v{n}={chance.random()};f('{chance.choice(WORDS)}',{n});" for n in range(1_500))
    style = "".join(f".c{n}{{margin:{chance.randint(0, 99)}px;padding:{n}px}}" for n in range(700))
    told = json.dumps({"@type": "NewsArticle", "headline": title, "datePublished": "2024-03-05T08:00:00Z"})
    return (
        f"<!DOCTYPE html><html lang=en><head><title>{title}</title><style>{style}</style>"
        f"<script type='application/ld+json'>{told}</script><script>{script}</script></head><body>"
        f"<nav><ul>{links}</ul></nav><main><article><h1>{title}</h1>{body}</article></main>"
        f"<section id=comments>{comments}</section><footer><ul>{links}</ul></footer></body></html>"
    ).encode()


def write(path: Path, size: int, *, zst: bool) -> int:
    """Writes an archive that unpacks into so many bytes; how many pages it holds."""
    chance = random.Random(5)
    bodies = [a_page(number, chance) for number in range(300)]
    written = number = 0
    with path.open("wb") as stream:
        while written < size:
            body = bodies[number % len(bodies)].replace(b"</h1>", b" no. %d</h1>" % number, 1)
            body = body.replace(b"</p>", b" It was case number %d.</p>" % number, 3)
            answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{uuid.uuid4()}>\r\n"
                f"WARC-Target-URI: https://news.example/2024/03/05/story-{number}\r\n"
                "WARC-Date: 2024-03-05T10:00:00Z\r\n"
                f"WARC-Payload-Digest: crc:{zlib.crc32(body):08x}\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
            )
            record = head.encode() + answer + b"\r\n\r\n"
            stream.write(frame(record) if zst else gzip.compress(record, 6))
            written += len(record)
            number += 1
    return number


def frame(record: bytes) -> bytes:
    """A Zstandard frame."""
    packed = io.BytesIO()
    writer = ZstdWriter(packed)
    writer.write(record)
    writer.close()
    return packed.getvalue()


def plain(path: Path) -> int:
    """Unpacks a file and counts its bytes."""
    reader = ZstdReader(str(path)) if path.suffix == ".zst" else GzipReader(str(path))
    total = 0
    while block := reader.read(1 << 20):
        total += len(block)
    return total


def all_pages(path: Path, known: frozenset[int] = frozenset()) -> Iterator[object]:
    """Reads an archive from its beginning."""
    with path.open("rb") as stream:
        yield from pages(stream, size=path.stat().st_size, known=known)


def measure(path: Path, new: int) -> None:
    """Prints the speeds."""
    import trafilatura  # noqa: PLC0415 -- after the memory was looked at

    known = frozenset(hash(page.item) for page in all_pages(path))  # type: ignore[attr-defined]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    times = {"plain": [], "known": []}  # type: dict[str, list[float]]
    total = 0
    for _ in range(3):
        began = time.process_time()
        total = plain(path)
        times["plain"].append(time.process_time() - began)
        began = time.process_time()
        passed = sum(page.data is None for page in all_pages(path, known))  # type: ignore[attr-defined]
        times["known"].append(time.process_time() - began)
    unpacking, passing = min(times["plain"]), min(times["known"])
    print(f"{len(known):,} pages, {path.stat().st_size / 1e6:,.0f} MB packed, {total / 1e6:,.0f} MB unpacked")
    print(f"plain decompression {total / 1e6 / unpacking:,.0f} MB/s; {passed:,} known pages passed over at", end=" ")
    print(f"{total / 1e6 / passing:,.0f} MB/s = {unpacking / passing:.0%}")
    own = bare = ours = 0.0
    for number, page in enumerate(all_pages(path)):
        if number == new:
            break
        for turn in ("own", "bare", "ours") if number % 2 else ("ours", "bare", "own"):
            began = time.process_time()
            if turn == "ours":
                assert entry_of(page) is not None  # type: ignore[arg-type]
                ours += time.process_time() - began
            elif turn == "own":
                trafilatura.extract(page.data, include_comments=False, with_metadata=True)  # type: ignore[attr-defined]
                own += time.process_time() - began
            else:
                trafilatura.extract(page.data, include_comments=False)  # type: ignore[attr-defined]
                bare += time.process_time() - began
    print(f"new pages: On Record {1e3 * ours / new:.1f} ms, which is {own / ours:.0%} of the speed of trafilatura with")
    print(f"metadata ({1e3 * own / new:.1f} ms) and {bare / ours:.0%} of that without ({1e3 * bare / new:.1f} ms)")
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory: {before:,.0f} MB after the first reading, {after:,.0f} MB at the end")


def kill_and_resume(path: Path, count: int) -> None:
    """Takes an archive in with a process that is killed every few seconds."""
    with tempfile.TemporaryDirectory() as home:
        chance, kills = random.Random(2), 0
        environment = os.environ | {"ONRECORD_HOME": home}
        command = [sys.executable, "-c", COMMAND, "reindex", str(path)]
        while True:
            process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
            try:
                if process.wait(timeout=chance.uniform(1, 3) + kills / 4):
                    raise SystemExit("reindex failed")
                break
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
        store = open_store(Path(home))
        corpus = store.snapshot().corpus
        urls = [stored.article.url for each in corpus.article_ids() if (stored := corpus.article(each))]
        store.close()
    print(f"killed {kills} times: {len(urls):,} of {count:,} articles, {len(urls) - len(set(urls))} of them twice")


def main() -> None:
    """Runs what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1_000)
    parser.add_argument("--new", type=int, default=400)
    parser.add_argument(
        "--killed", type=int, default=20, help="megabytes of the archive that is read by killed processes"
    )
    parser.add_argument("--only-killed", action="store_true")
    parser.add_argument("--zst", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "news.warc.zst" if given.zst else "news.warc.gz")
        if not given.only_killed:
            write(path, given.megabytes * 1_000_000, zst=given.zst)
            measure(path, given.new)
        if given.killed:
            count = write(path, given.killed * 1_000_000, zst=given.zst)
            kill_and_resume(path, count)


if __name__ == "__main__":
    main()

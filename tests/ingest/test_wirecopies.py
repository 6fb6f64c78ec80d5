"""Wire copy from reading to answering; what makes a copy is tested on articles as outlets edit them."""

import json
import random
import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from index.app import open_library
from index.ingest.grouping import Grouping
from index.ingest.reindex import reindex
from index.ingest.wirecopy import is_copy, likeness, signature
from index.model import Article, Paragraph
from tests.kept import settings_for, store_at

NOON = datetime(2024, 3, 6, 12, tzinfo=UTC)
WIRE = [
    "The ferry between Harwick and the island of Little Senn will stop at the end of March, its operator Ada Roe said.",
    "Roe told reporters on the quay of Harwick that the company had kept the old boat afloat for eleven years.",
    "“There is no money left in the till and nobody in Dunmere has offered us any,” Roe said on Tuesday morning.",
    "The county council had offered to pay half of the fuel, which was about a third of what the repairs would cost.",
    "Max Poe, the only doctor on the island, said that he would have to fly his patients out by helicopter instead.",
    "The Ministry of Transport in Elmsworth declined to comment on when a replacement for the boat might be found.",
    "About 60 islanders met in the school on Monday night and voted to put 90,000 dollars into shares of a new boat.",
    "The boat, the Little Auk, was built in 1968 and has carried some 40,000 passengers in each of the last 10 years.",
]
LOCAL = [
    "In Portlow, where most islanders do their shopping, traders on Tanner Street said they expected less trade.",
    "Gwen Ives, who sells fishing gear there, said one in five of her customers came over on the noon boat from Senn.",
]
OTHER = [
    "Passengers queued in the rain at Harwick on Tuesday for what may be one of the last crossings to Little Senn.",
    "“There is no money left in the till and nobody in Dunmere has offered us any,” Ada Roe said from the gangway.",
    "Nobody here seemed surprised. The timetable has shrunk each winter since 2019, and the café closed in the autumn.",
    "Among those in the queue was Ida Low, a librarian, who has crossed every week since she was a girl of nine years.",
    "She remembers when there were two boats, a band on Sundays, and a harbour master who wore white gloves for both.",
    "What happens next is anybody's guess; the county owns the pier but not the boat, and the boat owns nothing.",
]


def an_article(body, *, name="a", title="Ferry to stop", published="2024-03-05", outlet=None, authors=()):
    texts = [title, *body]
    paragraphs = tuple(Paragraph(article_id=name, number=n, text=text) for n, text in enumerate(texts))
    return Article(id=name, title=title, published=published, outlet=outlet, authors=authors, paragraphs=paragraphs)


def same(one, other):
    return is_copy(signature(one), signature(other))


@pytest.mark.parametrize(
    "body",
    [
        WIRE[:5],
        WIRE[:3] + LOCAL[:1] + WIRE[3:],
        WIRE[:6] + LOCAL,
        [f"HARWICK (AP) — {WIRE[0]}", *WIRE[1:]],
        [WIRE[0] + " " + WIRE[1], *WIRE[2:6]],
        [text.replace("“", '"').replace("”", '"') for text in WIRE],
        [
            WIRE[0].replace("will stop", "is to stop"),
            WIRE[1],
            WIRE[2],
            WIRE[3].replace("about a", "roughly one"),
            *WIRE[4:],
        ],
    ],
)
def test_a_copy_is_found_however_an_outlet_edited_it(body):
    other = an_article(body, name="b", title="No more boats", published="2024-03-07", outlet="Echo", authors=("Staff",))
    assert same(an_article(WIRE, outlet="Times"), other)
    assert same(other, an_article(WIRE, outlet="Times"))


def test_another_reporters_story_with_the_same_quotation_is_no_copy():
    assert not same(an_article(WIRE), an_article(OTHER))
    assert likeness(signature(an_article(WIRE)).body, signature(an_article(OTHER)).body).copied < 0.1


def test_a_template_with_other_names_and_numbers_is_no_copy():
    names = {
        "Harwick": "Corran",
        "Little Senn": "Great Hulm",
        "Roe": "Platt",
        "Ada": "Dean",
        "March": "June",
        "Dunmere": "Brenby",
    }
    names |= {"Poe": "Rudd", "Max": "Kev", "Elmsworth": "Gorley", "60": "45", "90,000": "12,500", "Tuesday": "Friday"}
    names |= {"1968": "1975", "40,000": "7,300", "Monday": "Sunday", "Auk": "Tern", "Transport": "Harbours", "10": "12"}
    body = list(WIRE)
    for name, other in names.items():
        body = [text.replace(name, other) for text in body]
    assert not same(an_article(WIRE, outlet="Times"), an_article(body, outlet="Echo"))


def test_an_outlets_next_story_with_its_own_background_is_no_copy():
    later = an_article(OTHER[2:] + WIRE[3:8], outlet="Times", published="2024-03-06")
    assert not same(an_article(WIRE, outlet="Times"), later)
    assert same(an_article(WIRE, outlet="Times"), an_article(WIRE, outlet="times", title="Ferry: the latest"))


def test_copies_are_of_the_same_days():
    assert same(an_article(WIRE), an_article(WIRE, published="2024-03-08"))
    assert not same(an_article(WIRE), an_article(WIRE, published="2024-03-09"))
    assert not same(an_article(WIRE), an_article(WIRE, published=None))
    assert same(an_article(WIRE, published=None), an_article(WIRE, published=None))


def test_the_agency_that_is_credited_counts():
    mixed = WIRE[:4] + LOCAL + OTHER[3:5]
    told = likeness(
        signature(an_article(WIRE, authors=("Associated Press",))).body,
        signature(an_article([f"PORTLOW (AP) — {mixed[0]}", *mixed[1:]])).body,
    )
    assert told.agency is True
    credited = an_article([*WIRE, "The Associated Press contributed to this report."], outlet="Times")
    assert likeness(signature(credited).body, signature(an_article(WIRE, authors=("Reuters",))).body).agency is False
    assert likeness(signature(credited).body, signature(an_article(WIRE)).body).agency is None


def test_a_text_that_is_too_short_has_no_copies():
    assert signature(an_article(["The ferry stops.", "“No,” she said."])) is None
    assert signature(an_article([])) is None


def test_an_interview_of_quotations_alone_has_copies():
    said = [f"“{text.replace('“', '').replace('”', '')}”" for text in WIRE]
    assert same(an_article(said), an_article(said[:6]))


def test_a_very_long_text_is_compared_by_its_beginning_in_bounded_room():
    chance = random.Random(1)
    words = [
        chance.choice("ferry boat quay rain harbour pier island doctor".split()) + str(n % 977) for n in range(40_000)
    ]
    body = [" ".join(words[n : n + 40]) for n in range(0, 40_000, 40)]
    long = signature(an_article(body))
    assert len(long.body) < 4_000
    assert len(long.keys) <= 120
    assert same(an_article(body), an_article(body[:900]))


# ---------------------------------------------------------------------------------------------------------------
# In the library


@pytest.fixture
def library(tmp_path):
    store = store_at(tmp_path / "home")
    yield store
    store.close()


def write(folder, **articles):
    folder.mkdir(exist_ok=True)
    for name, (body, fields) in articles.items():
        record = {
            "id": name,
            "title": fields.get("title", "Ferry to stop"),
            "text": "\n".join(body),
            "published": "2024-03-05",
        }
        (folder / f"{name}.jsonl").write_text(json.dumps(record | fields) + "\n")


def read(store, folder, **options):
    return reindex(store, [str(folder)], clock=lambda: NOON, processes=1, **options)


def groups(store):
    corpus = store.snapshot().corpus
    return {article_id: corpus.article(article_id).group for article_id in corpus.article_ids()}


COPIES = {
    "times": (WIRE, {"outlet": "The Harwick Times", "published": "2024-03-06"}),
    "echo": ([f"HARWICK (AP) — {WIRE[0]}", *WIRE[1:6]], {"outlet": "Dunmere Echo", "title": "Ferry service ends"}),
    "record": (WIRE[:5] + LOCAL[:1], {"outlet": "Portlow Record", "published": "2024-03-07"}),
    "ledger": (OTHER, {"outlet": "Elmsworth Ledger"}),
}


def test_copies_are_one_group_named_after_the_first_of_them(library, tmp_path):
    write(tmp_path / "news", **COPIES)
    read(library, tmp_path / "news")
    assert groups(library) == {"echo": "echo", "record": "echo", "times": "echo", "ledger": ""}


def test_groups_are_the_same_in_whatever_order_articles_come(library, tmp_path):
    for name in ("record", "ledger", "times", "echo"):
        write(tmp_path / "news", **{name: COPIES[name]})
        read(library, tmp_path / "news")
    found = groups(library)
    assert found == {"echo": "echo", "record": "echo", "times": "echo", "ledger": ""}
    read(library, tmp_path / "news", full=True)
    assert groups(library) == found


def test_a_group_changes_with_its_articles(library, tmp_path):
    folder = tmp_path / "news"
    write(folder, **COPIES)
    read(library, folder)
    before = library.snapshot()
    (folder / "echo.jsonl").unlink()
    read(library, folder)
    assert groups(library) == {"record": "times", "times": "times", "ledger": ""}
    assert before.corpus.article("times").group == "echo"
    assert library.snapshot().corpus.articles(["times"])["times"].group == "times"
    write(folder, times=(OTHER[:5] + LOCAL, COPIES["times"][1]))
    read(library, folder)
    assert groups(library)["record"] == ""
    write(folder, times=COPIES["times"])
    read(library, folder)
    assert groups(library) == {"record": "times", "times": "times", "ledger": ""}


def test_a_link_that_goes_splits_a_group(library, tmp_path):
    folder = tmp_path / "news"
    write(
        folder,
        one=(WIRE, {"outlet": "A"}),
        middle=(WIRE + OTHER[2:], {"outlet": "B"}),
        two=(OTHER[2:], {"outlet": "C"}),
    )
    read(library, folder)
    assert set(groups(library).values()) == {"middle"}
    (folder / "middle.jsonl").unlink()
    read(library, folder)
    assert set(groups(library).values()) == {""}


def test_groups_outlast_compacting_and_going_back(library, tmp_path):
    folder = tmp_path / "news"
    write(folder, **COPIES)
    read(library, folder)
    found = groups(library)
    library.compact()
    assert groups(library) == found
    assert all(well for _, well, _ in library.verify())
    read(library, folder, full=True)
    write(folder, late=([*LOCAL, *WIRE], {"outlet": "Corran Courier"}))
    read(library, folder)
    with library.rollback() as writer:
        writer.commit()
    assert groups(library) == found | {"late": "echo"}
    (folder / "echo.jsonl").unlink()
    read(library, folder)
    assert groups(library) == {"times": "late", "record": "late", "late": "late", "ledger": ""}


def test_many_copies_of_a_day_are_one_group(library, tmp_path):
    (tmp_path / "news").mkdir()
    lines = [
        json.dumps({"id": f"a{n:03}", "text": "\n".join(WIRE), "outlet": f"Paper {n}", "published": "2024-03-05"})
        for n in range(130)
    ]
    (tmp_path / "news" / "all.jsonl").write_text("\n".join(lines))
    read(library, tmp_path / "news")
    assert set(groups(library).values()) == {"a000"}


def test_one_story_is_shown_once_with_the_other_outlets(tmp_path):
    write(tmp_path / "news", **COPIES)
    settings = settings_for(tmp_path / "home", sources=str(tmp_path / "news"))
    store = store_at(tmp_path / "home")
    read(store, tmp_path / "news")
    store.close()
    answer = open_library(settings, today=lambda: date(2024, 3, 7)).ask("what did Max Poe say?")
    (passage,) = answer.passages
    assert {passage.article.outlet, *(card.outlet for card in passage.also_in)} == {
        "The Harwick Times",
        "Dunmere Echo",
        "Portlow Record",
    }


def test_an_article_keeps_its_group_when_only_its_byline_changes(library, tmp_path):
    folder = tmp_path / "news"
    write(folder, **COPIES)
    read(library, folder)
    found = groups(library)
    write(folder, echo=(COPIES["echo"][0], COPIES["echo"][1] | {"authors": ["Ada Roe"]}))
    read(library, folder)
    assert groups(library) == found


def test_a_signature_of_an_article_that_is_not_stored_is_not_kept(library):
    with library.write() as writer:
        copies = writer.copies()
        signed = signature(an_article(WIRE))
        copies.sign("nobody", signed)
        copies.set_groups({"nobody": "x"})
        assert copies.signature("nobody") is None
        assert copies.near(replace(signed, day=0), days=3) == []
        writer.commit()


def test_signing_takes_no_longer_than_the_text_allows():
    start = time.process_time()
    signature(an_article(["Ada Roe said 5 " * 300_000, "“" * 500_000, "(" * 500_000, "AP " * 400_000]))
    assert time.process_time() - start < 3


def test_a_large_group_grows_without_being_read_over_and_over(library, tmp_path):
    folder = tmp_path / "news"
    write(folder, first=(WIRE, {"outlet": "Times"}))
    lines = [json.dumps({"id": f"a{n:03}", "text": "\n".join(WIRE), "outlet": f"Paper {n}"}) for n in range(300)]
    (folder / "all.jsonl").write_text("\n".join(lines))
    read(library, folder)
    start = time.process_time()
    write(folder, other=(WIRE[1:], {"outlet": "Echo"}), last=(WIRE[:7], {"published": None}))
    read(library, folder)
    assert time.process_time() - start < 20
    found = groups(library)
    assert (found["other"], found["last"], found["a000"], found["a299"]) == ("first", "a000", "a000", "a000")


def test_a_store_that_keeps_no_signatures_groups_nothing():
    grouping = Grouping(None)
    grouping.put("a", signature(an_article(WIRE)))
    grouping.finish()

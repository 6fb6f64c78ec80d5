"""The contract of the look-ups of persons: exact names, beginnings, near spellings, roles."""

import pytest

from index.model import PersonEntry
from index.storage.records import Filters, Unit
from tests.storage.builders import a_person, a_speaker, an_article, documents_of, put_articles

PEOPLE = [
    a_person(
        "p1", "Mara Quill", keys=["a:mara-quill", "b:quill"], statements=9, roles=["Mayor of Harrowby", "state senator"]
    ),
    a_person("p2", "Marek Quillen", keys=["c:quillen"], statements=4, roles=["harbour spokesman"]),
    a_person("p3", "José Álvarez", names={"josé álvarez", "álvarez"}, statements=7, roles=["state treasurer"]),
    a_person("p4", "Xi Wen", statements=2),
    a_person("p5", "The Harrowby Water Board", statements=3),
    a_person("p6", "Ilse van der Maas", statements=9, roles=["mayor"]),
    a_person("p7", "Obadiah Ferro", statements=0),
]


@pytest.fixture
def corpus(store):
    set_people(store, PEOPLE)
    return store.snapshot().corpus


def set_people(store, people):
    with store.write() as writer:
        writer.set_people(people)
        writer.commit()


def named(entries):
    return [entry.speaker.name for entry in entries]


def test_a_person_comes_back_as_it_was_put(corpus):
    assert corpus.person("p1") == PEOPLE[0].entry
    assert corpus.person("absent") is None


def test_a_key_leads_to_its_person(corpus):
    assert corpus.person_of("b:quill").speaker.id == "p1"
    assert corpus.person_of("absent") is None


def test_exact_names_find_all_who_bear_them_most_statements_first(store):
    set_people(store, [a_person("p1", "Ann Quill", statements=1), a_person("p2", "Tom Quill", statements=5)])
    corpus = store.snapshot().corpus
    assert named(corpus.people_named("quill")) == ["Tom Quill", "Ann Quill"]
    assert named(corpus.people_named("ann quill")) == ["Ann Quill"]
    assert corpus.people_named("quil") == ()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("quill", ["Mara Quill", "Marek Quillen"]),
        ("qui", ["Mara Quill", "Marek Quillen"]),
        ("mar", ["Mara Quill", "Marek Quillen"]),
        ("m", ["Mara Quill", "Ilse van der Maas", "Marek Quillen"]),
        ("ma", ["Mara Quill", "Ilse van der Maas", "Marek Quillen"]),
        ("xi", ["Xi Wen"]),
        ("álv", ["José Álvarez"]),
        ("alvarez", ["José Álvarez"]),
        ("mara q", ["Mara Quill"]),
        ("mara quill", ["Mara Quill"]),
        ("quill mara", ["Mara Quill"]),
        ("water board", ["The Harrowby Water Board"]),
        ("van der maas", ["Ilse van der Maas"]),
    ],
)
def test_exact_words_come_before_beginnings(corpus, typed, expected):
    assert named(corpus.people_like(typed)) == expected


@pytest.mark.parametrize("typed", ["alvares", "alvraez", "avlarez", "alvare z", "jose alvarezz", "josé alvares"])
def test_near_spellings_are_found(corpus, typed):
    assert named(corpus.people_like(typed))[:1] == ["José Álvarez"]


@pytest.mark.parametrize(
    ("typed", "expected"), [("qiull", "Mara Quill"), ("quilll", "Mara Quill"), ("fero", "Obadiah Ferro")]
)
def test_one_slip_in_a_short_name_is_forgiven(corpus, typed, expected):
    assert expected in named(corpus.people_like(typed))


@pytest.mark.parametrize("typed", ["zzzzzz", "!?", "\ud83d", "' OR 1=1 --", "q" * 10_000, "wex", "東京"])
def test_what_is_like_nobody_finds_nobody(corpus, typed):
    assert corpus.people_like(typed) == ()


def test_nothing_typed_gives_those_with_most_statements(corpus):
    assert named(corpus.people_like("", 3)) == ["Mara Quill", "Ilse van der Maas", "José Álvarez"]


def test_a_surname_with_a_wrong_first_name_still_finds_its_bearers(corpus):
    assert named(corpus.people_like("philippa quill")) == ["Mara Quill", "Marek Quillen"]


def test_the_limit_is_kept(corpus):
    assert len(corpus.people_like("m", 2)) == 2
    assert len(corpus.people_like("quill", 1)) == 1


def test_roles_are_found_by_all_their_words(corpus):
    assert named(corpus.people_in_role(frozenset({"mayor"}))) == ["Mara Quill", "Ilse van der Maas"]
    assert named(corpus.people_in_role(frozenset({"mayor", "harrowby"}))) == ["Mara Quill"]
    assert named(corpus.people_in_role(frozenset({"mayor", "state"}))) == []
    assert named(corpus.people_in_role(frozenset({"state"}), limit=1)) == ["Mara Quill"]
    assert corpus.people_in_role(frozenset()) == ()


def test_setting_people_again_replaces_those_that_changed_and_drops_the_absent(store, corpus):
    changed = a_person("p1", "Mara Quill-Ferro", keys=["b:quill"], statements=1, roles=["senator"])
    set_people(store, [changed, PEOPLE[1], a_person("p8", "Ada Nowak")])
    corpus = store.snapshot().corpus
    assert corpus.person("p1") == changed.entry
    assert corpus.person("p3") is None
    assert corpus.person_of("a:mara-quill") is None
    assert corpus.people_in_role(frozenset({"mayor"})) == ()
    assert named(corpus.people_like("")) == ["Marek Quillen", "Mara Quill-Ferro", "Ada Nowak"]
    assert named(corpus.people_like("nowka")) == ["Ada Nowak"]
    assert corpus.coverage().speakers == 3


def test_persons_of_one_family_are_replaced_without_touching_the_others(store):
    quills = [a_person(f"q{n}", f"{first} Quill", family="quill") for n, first in enumerate(["Ann", "Tom"])]
    set_people(store, [*quills, a_person("d", "Tom Day", family="day")])
    with store.write() as writer:
        writer.set_people([a_person("q1", "Thomas Quill", family="quill")], families=frozenset({"quill", "nobody"}))
        writer.commit()
    assert sorted(named(store.snapshot().corpus.people_like(""))) == ["Thomas Quill", "Tom Day"]


def test_a_person_given_twice_counts_once(store):
    set_people(store, [a_person("p1", "Mara Quill"), a_person("p1", "Mara Quill")])
    assert store.snapshot().corpus.coverage().speakers == 1


def test_a_person_without_anything_is_kept(store):
    set_people(store, [a_person("p1", "?", names={"?"}, keys=())])
    assert store.snapshot().corpus.person("p1").keys == PersonEntry(speaker=a_person("p1", "?").entry.speaker).keys


def test_an_article_that_comes_back_is_spoken_in_by_the_same_persons(store):
    put_articles(store, [an_article("a"), an_article("b")])
    quill = a_person("p1", keys=["a:mara-quill", "b:mara-quill", "elsewhere:mara-quill", "no article"])
    set_people(store, [quill])
    for change in (lambda writer: writer.remove("a"), lambda writer: put(writer, an_article("a", "other words"))):
        with store.write() as writer:
            change(writer)
            writer.set_people([quill])
            writer.commit()
        put_articles(store, [an_article("c")])
    corpus = store.snapshot().corpus
    assert corpus.person("p1").keys == quill.entry.keys
    assert [corpus.person_of(key).speaker.id for key in sorted(quill.entry.keys)] == ["p1"] * 4
    assert corpus.person_of("c:mara-quill") is None


def put(writer, stored):
    writer.put(stored, documents_of(stored))


def test_a_speaker_whose_key_is_of_another_article_is_found_by_it(store):
    put_articles(store, [an_article("a"), an_article("b", speaker=a_speaker(article_id="a"))])
    snapshot = store.snapshot()
    hits = snapshot.engine.browse(Unit.STATEMENT, filters=Filters(speakers=frozenset({"a:mara-quill"})))
    assert [hit.article_id for hit in hits] == ["a", "b"]
    assert [mention.key for mention in snapshot.corpus.mentions()] == ["a:mara-quill", "a:mara-quill"]


def test_one_more_article_changes_only_what_it_tells_of_a_person(store):
    set_people(
        store, [a_person("p1", keys=["a:x"], roles=["mayor", "senator"]), a_person("p2", "Tom Day", keys=["a:y"])]
    )
    changed = a_person(
        "p1", keys=["a:x", "b:x"], names={"mara quill", "mara jane quill"}, roles=["mayor"], statements=4
    )
    set_people(store, [changed, a_person("p2", "Tom Day", keys=["a:y"])])
    corpus = store.snapshot().corpus
    assert corpus.person_of("b:x") == corpus.person_of("a:x") == changed.entry
    assert named(corpus.people_named("quill")) == []
    assert named(corpus.people_like("jan")) == ["Mara Quill"]
    assert named(corpus.people_in_role(frozenset({"senator"}))) == []
    assert named(corpus.people_like("")) == ["Mara Quill", "Tom Day"]


@pytest.mark.parametrize("asked", [1, 30, 60, 110, 119])
def test_of_many_who_share_a_name_those_of_the_keys_are_found_and_nobody_else(store, asked):
    names = [f"a{n:03}" for n in range(120)]
    put_articles(store, [an_article(name, speaker=a_speaker(article_id=name)) for name in names])
    put_articles(store, [an_article("stranger", speaker=a_speaker(article_id="a000"))])
    keys = frozenset(f"{name}:mara-quill" for name in [*names[1 : asked + 1], "stranger", "absent"])
    hits = store.snapshot().engine.browse(Unit.STATEMENT, filters=Filters(speakers=keys), k=200)
    assert [hit.article_id for hit in hits] == names[1 : asked + 1]

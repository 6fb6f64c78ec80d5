from datetime import date

import pytest

from index.model import SpeakerKind
from index.people import (
    Aliases,
    How,
    family_of,
    find,
    folded,
    name_words,
    renew_people,
    resolve,
    same_first_name,
)
from index.people.roles import common_form, head_forms, is_role, place_forms, read_role
from index.storage.records import Mention
from tests.kept import store_at
from tests.storage.builders import a_quote, a_speaker, an_article, documents_of


def a_mention(name, *, article="a", role=None, day=date(2024, 5, 1), statements=1, aliases=(), kind=SpeakerKind.PERSON):
    key = f"{article}:{folded(name).replace(' ', '-')}"
    return Mention(
        key=key, article_id=article, name=name, kind=kind, role=role, aliases=aliases, day=day, statements=statements
    )


def names(mentions):
    return {row.entry.speaker.name: row.entry for row in resolve(mentions)}


def a_corpus(tmp_path, *mentions, aliases=Aliases()):  # noqa: B008 -- it never changes
    store = store_at(tmp_path / "home")
    with store.write() as writer:
        writer.set_people(resolve(mentions, aliases))
        writer.commit()
    return store.snapshot().corpus


def found(corpus, typed, asked=date(2024, 6, 1)):
    return [entry.speaker.name for entry in find(corpus, typed, asked=asked).entries]


# Who is who


def test_the_same_name_in_two_articles_is_one_person():
    entry = names([a_mention("Ada Marsh"), a_mention("Ms. Ada Marsh", article="b", statements=3)])["Ada Marsh"]
    assert (entry.articles, entry.statements, len(entry.keys)) == (2, 4, 2)


def test_a_nickname_joins_the_one_formal_name_of_that_surname():
    assert set(names([a_mention("Robert Hale"), a_mention("Bob Hale", article="b")])) == {"Robert Hale"}


def test_a_nickname_of_two_formal_names_joins_neither():
    people = names([a_mention("Edward Hale"), a_mention("Edwin Hale", article="b"), a_mention("Ed Hale", article="c")])
    assert len(people) == 3


def test_a_slip_of_the_pen_is_the_one_whose_name_it_nearly_is():
    printed = [
        a_mention("Martin Okoro"),
        a_mention("Martin Okoro", article="b"),
        a_mention("Matrin Okoro", article="c"),
    ]
    assert names(printed)["Martin Okoro"].articles == 3
    once = [a_mention("Martin Okoro"), a_mention("Matrin Okoro", article="c")]
    assert set(names(once)) == {"Martin Okoro", "Matrin Okoro"}
    real = [a_mention("Martin Okoro"), a_mention("Martin Okoro", article="b"), a_mention("Marvin Okoro", article="c")]
    assert set(names(real)) == {"Martin Okoro", "Marvin Okoro"}


def test_a_junior_is_one_with_the_name_until_an_article_names_both():
    alone = [a_mention("Karl Dunn Jr."), a_mention("Karl Dunn", article="b"), a_mention("Lena P. Voss III")]
    assert set(names(alone)) == {"Karl Dunn", "Lena P. Voss III"}
    both = [*alone, a_mention("Karl Dunn Jr.", article="b")]
    assert set(names(both)) == {"Karl Dunn", "Karl Dunn Jr.", "Lena P. Voss III"}


def test_different_initials_keep_namesakes_apart():
    people = names([a_mention("George W. Hale"), a_mention("George H. Hale", article="b")])
    assert len(people) == 2


def test_a_name_without_initials_joins_the_one_who_is_named_nearly_always():
    mentions = [a_mention("George W. Hale", article=str(n)) for n in range(9)]
    people = names([*mentions, a_mention("George Hale", article="x"), a_mention("George Walter Hale", article="y")])
    assert [entry.articles for entry in people.values()] == [11]


def test_a_name_without_initials_stays_apart_where_two_bear_it_alike():
    people = names(
        [a_mention("George W. Hale"), a_mention("George H. Hale", article="b"), a_mention("George Hale", article="c")]
    )
    assert len(people) == 3


def test_a_bare_surname_goes_to_its_owner():
    mentions = [a_mention("Ada Marsh", article=str(n), role="harbour board chair") for n in range(9)]
    people = names([*mentions, a_mention("Marsh", article="x", role="chair"), a_mention("Tom Marsh", article="y")])
    assert people["Ada Marsh"].articles == 10
    assert {role for role, _, _ in people["Ada Marsh"].roles} == {"harbour board chair", "chair"}


def test_a_bare_surname_of_two_stays_apart():
    assert "Marsh" in names(
        [a_mention("Ada Marsh"), a_mention("Tom Marsh", article="b"), a_mention("Marsh", article="c")]
    )


def test_the_unnamed_and_the_wordless_are_nobody():
    nobody = a_mention("a senior official", kind=SpeakerKind.UNNAMED)
    assert not names([nobody, a_mention("…"), a_mention("-", kind=SpeakerKind.ORGANISATION)])


@pytest.mark.parametrize("name", ["The campaign", "Her office", "an audit", "the poll"])
def test_a_body_or_paper_that_is_another_in_every_article_is_nobody(name):
    assert not names([a_mention(name, kind=SpeakerKind.ORGANISATION), a_mention(name, kind=SpeakerKind.DOCUMENT)])


@pytest.mark.parametrize("name", ["The White House", "Marsh's campaign", "a Harbor Board audit", "the 9/11 inquiry"])
def test_a_body_or_paper_with_a_name_is_somebody(name):
    assert names([a_mention(name, kind=SpeakerKind.ORGANISATION)])


def test_an_alias_without_words_is_no_name():
    assert names([a_mention("Ada Marsh", aliases=("…",))])["Ada Marsh"].speaker.aliases == ("…",)


def test_ids_stay_while_names_do():
    once, again = names([a_mention("Ada Marsh")]), names([a_mention("Ada Marsh"), a_mention("Ada Marsh", article="b")])
    assert once["Ada Marsh"].speaker.id == again["Ada Marsh"].speaker.id


def test_families_can_be_resolved_one_by_one():
    mentions = [a_mention("Ada Marsh"), a_mention("Marsh", article="b"), a_mention("Bob Hale", article="c")]
    mentions.append(a_mention("The Harbour Board", article="d", kind=SpeakerKind.ORGANISATION))
    families = {family_of(m.kind, m.name) for m in mentions}
    assert families == {"marsh", "hale", "harbour board"}
    whole = {row.entry.speaker.id: row for row in resolve(mentions)}
    parts = [row for f in families for row in resolve(m for m in mentions if family_of(m.kind, m.name) == f)]
    assert {row.entry.speaker.id: row for row in parts} == whole
    assert {row.family for row in parts} == families
    assert family_of(SpeakerKind.PERSON, "…") == ""


def test_those_who_are_nobody_in_particular_are_not_resolved_with_every_article():
    assert family_of(SpeakerKind.UNNAMED, "officials") == ""
    agency, named = (family_of(SpeakerKind.ORGANISATION, name) for name in ("the agency", "the Agency"))
    assert agency != named
    assert Aliases().related(frozenset({"", agency, named})) == {named}


def test_everybody_is_said_who_they_are_family_by_family_as_in_one_go(tmp_path):
    speakers = [a_speaker(f"{first} Surname{n}", article_id="a") for n in range(700) for first in ("Ada", "Max")]
    speakers += [a_speaker(f"Surname{n}", article_id="a") for n in range(0, 700, 7)]
    stored = an_article("a", quotes=[a_quote(speaker=speaker) for speaker in speakers])
    aliases = Aliases(same=(("Ada Surname3", "Max Surname699"),))
    store = store_at(tmp_path / "home")
    with store.write() as writer:
        writer.put(stored, documents_of(stored), families={s.id: family_of(s.kind, s.name) for s in speakers})
        renew_people(writer, aliases)
        writer.commit()
    corpus = store.snapshot().corpus
    expected = {row.entry.speaker.id: row.entry for row in resolve(corpus.mentions(), aliases)}
    assert {identity: corpus.person(identity) for identity in expected} == expected
    assert corpus.coverage().speakers == len(expected) == 1499
    with store.write() as writer:
        writer.remove("a")
        renew_people(writer, aliases, families=writer.touched())
        writer.commit()
    assert store.snapshot().corpus.coverage().speakers == 0


def test_those_of_whom_the_administrator_makes_somebody_are_resolved():
    aliases = Aliases(in_article={("a", "the agency"): "Harrowby Water Agency"})
    agency = family_of(SpeakerKind.ORGANISATION, "the agency")
    whole = family_of(SpeakerKind.ORGANISATION, "Harrowby Water Agency")
    assert {agency, whole} <= aliases.related(frozenset({agency}))
    assert {agency, whole} <= aliases.related(frozenset({whole}))


# Names and roles as words


def test_titles_and_suffixes_are_no_part_of_a_name():
    assert name_words("Sen. Ada J. Marsh Jr.") == ["ada", "j", "marsh"]
    assert name_words("The Mayor") == ["the", "mayor"]


def test_first_names_agree_with_their_nicknames():
    assert same_first_name("bob", "robert")
    assert same_first_name("bob", "rob")
    assert not same_first_name("bob", "rose")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the Italian PM", "Italy's prime minister"),
        ("Tarn's press secretary", "the spokeswoman for Tarn"),
        ("the attorney general of Ohio", "Ohio AG"),
    ],
)
def test_roles_in_other_words_are_the_same(one, other):
    assert read_role(one).words & read_role(other).words
    assert read_role(one).others == read_role(other).others


def test_a_role_knows_whether_it_is_past_and_whom_its_form_fits():
    assert read_role("former mayor of Harwick").past
    assert read_role("spokeswoman").gender == "f"
    assert read_role("spokesman").gender == "m"
    assert read_role("spokesperson").gender == ""


@pytest.mark.parametrize("text", ["the mayor of harwick", "marsh's spokeswoman", "governor", "the uk prime minister"])
def test_a_head_that_no_name_follows_is_a_role(text):
    assert is_role(text)


@pytest.mark.parametrize("text", ["mayor voss", "senator ada marsh", "the harbour", ""])
def test_a_name_is_no_role(text):
    assert not is_role(text)


def test_a_place_goes_by_its_adjective():
    assert common_form("italian") == common_form("italy")
    assert "italian" in place_forms(common_form("italy"))
    assert "spokeswoman" in head_forms(read_role("spokesman"))


# Finding


@pytest.fixture
def corpus(tmp_path):
    return a_corpus(
        tmp_path,
        a_mention("Ada Marsh", role="harbour board chair", statements=9),
        a_mention("Tom Marsh", article="b", role="lawyer", statements=1),
        a_mention("Lena Voss", article="c", role="Harwick Mayor", day=date(2024, 6, 1)),
        a_mention("Otto Lind", article="d", role="Harwick Mayor", day=date(2020, 6, 1), statements=7),
        a_mention("Karl Dunn", article="e", role="former mayor of Harwick", day=date(2024, 6, 2)),
        a_mention("Rudolph Ganz", article="f"),
        a_mention("Aung Mya Thein", article="g"),
        a_mention("Hannelore Ibarra", article="h", role="chief of staff to Lena Voss"),
        a_mention("The Harbour Board", article="i", kind=SpeakerKind.ORGANISATION),
    )


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Ada Marsh", ["Ada Marsh"]),
        ("marsh's", ["Ada Marsh", "Tom Marsh"]),
        ("the lawyer marsh", ["Tom Marsh"]),
        ("marsh of the harbour board", ["Ada Marsh"]),
        ("marsh from nowhere", ["Ada Marsh", "Tom Marsh"]),
        ("senator ada marsh", ["Ada Marsh"]),
        ("ada jane marsh", ["Ada Marsh"]),
        ("harbour marsh", ["Ada Marsh"]),
        ("rudy ganz", ["Rudolph Ganz"]),
        ("mya thein", ["Aung Mya Thein"]),
        ("adamarsh", ["Ada Marsh"]),
        ("the harbour board", ["The Harbour Board"]),
        ("hannelore", ["Hannelore Ibarra"]),
        ("ibbara", ["Hannelore Ibarra"]),
        ("hanelore ibara", ["Hannelore Ibarra"]),
        ("rudy gantz", ["Rudolph Ganz"]),
        ("tm marsh", ["Tom Marsh"]),
        ("zzyzx", []),
        ("xy zq", []),
        ("the", []),
        ("?!", []),
    ],
)
def test_a_typed_name_finds_whom_it_can_mean(corpus, typed, expected):
    assert found(corpus, typed) == expected


def test_a_role_finds_its_present_holder_before_earlier_and_past_ones(corpus):
    assert found(corpus, "the mayor of harwick") == ["Lena Voss", "Otto Lind", "Karl Dunn"]
    assert found(corpus, "the former mayor of harwick")[0] == "Karl Dunn"
    assert found(corpus, "the mayor of harwick", asked=date(2021, 1, 1))[0] == "Otto Lind"
    assert found(corpus, "the mayor of nowhere") == []


def test_how_somebody_was_found_is_told(corpus):
    hows = [find(corpus, typed).how for typed in ("marsh", "the mayor", "ibbara", "hannelore")]
    assert hows == [How.NAME, How.ROLE, How.SPELLING, How.FIRST_NAME]


def test_near_names_are_offered(corpus):
    assert "Hannelore Ibarra" in find(corpus, "ibbara").near

from index.ingest.cleaning import clean
from index.ingest.documents import documents
from index.storage.records import Unit
from index.text.analyzer import analyze
from index.text.attribution import attribute
from tests.ingest.builders import a_record

TEXT = "“The harbour {} reopens,” Mayor Ida Brock said.\nShe left.\n“Ships return,” Ida Brock said."


def indexed(odd):
    record = a_record(f"Harbour reopens\n{TEXT.format(odd)}", outlet="The Elm", published="2021-03-04")
    article = clean(record, article_id="a").article
    return article, documents(article, attribute(article))


def terms_of(field):
    return field.split() if isinstance(field, str) else list(field)


def test_each_unit_holds_the_terms_of_its_own_words_and_of_what_surrounds_them():
    for odd in ("bridge", "\ufdfa"):
        article, found = indexed(odd)
        about = analyze("The Elm") + analyze("March 4 2021")
        whole, headline, first, *_ = found
        assert [document.unit for document in found].count(Unit.STATEMENT) == 2
        assert terms_of(whole.fields["title"]) == analyze("Harbour reopens")
        assert terms_of(whole.fields["context"]) == terms_of(headline.fields["context"]) == about
        assert terms_of(whole.fields["body"]) == analyze(" ".join(p.text for p in article.paragraphs if p.number))
        assert terms_of(first.fields["context"]) == analyze("Harbour reopens") + about
        said = found[-2]
        assert (said.id, terms_of(said.fields["content"])) == ("a#1.0", analyze(f"The harbour {odd} reopens"))
        assert said.fields["paragraph"] == first.fields["body"]
        assert said.speakers == first.speakers < whole.speakers | {""}

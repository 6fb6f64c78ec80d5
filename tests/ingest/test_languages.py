import pytest

from index.ingest.languages import language_of


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The mayor said on Tuesday that the ferry would not run in winter, and the council agreed with her."),
        ("de", "Die Bürgermeisterin sagte am Dienstag, dass die Fähre im Winter nicht fahren wird."),
        ("fr", "La maire a dit mardi que le bac ne passera pas en hiver et que les élus sont d'accord avec elle."),
        ("es", "La alcaldesa dijo el martes que el transbordador no va a pasar en invierno y que es así."),
        ("it", "La sindaca ha detto martedì che il traghetto non passerà in inverno e che il consiglio è con lei."),
        ("nl", "De burgemeester zei dinsdag dat het veer in de winter niet vaart en dat de raad het met haar eens is."),
        ("ru", "Мэр сказала во вторник, что паром зимой ходить не будет."),
        ("ar", "قالت رئيسة البلدية يوم الثلاثاء إن العبارة لن تعمل في الشتاء"),
        ("ja", "市長は火曜日、冬の間フェリーは運航しないと述べた。"),
        ("zh", "市长星期二表示，渡轮冬季停运。"),
        ("und", "Johtaja sanoi tiistaina ettei lautta kulje eikä vene. Moni matkustaja odottaa laiturilla yhä kauan"),
        ("und", "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ"),
    ],
)  # fmt: skip
def test_the_language_of_a_few_sentences_is_told(language, text):
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "Ferry stops", "Müller, Åsa; Ødegård", "12 34 56 78"])
def test_a_text_too_short_to_tell_passes_as_english(text):
    assert language_of(text) == "en"


def test_a_list_of_names_with_an_english_word_passes_as_english():
    names = " ".join(f"Ada Roe, Max Poe, Ed Fo, Ida Brock {n}" for n in range(5))
    assert language_of(names + " the") == "en"

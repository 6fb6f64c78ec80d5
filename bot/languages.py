"""Names and descriptions of the commands in the languages that Discord speaks; answers stay in the articles' words."""

import discord
from discord import app_commands

from bot import languages_of_admins

_LOCALES = {
    "de": (discord.Locale.german,),
    "es": (discord.Locale.spain_spanish, discord.Locale.latin_american_spanish),
    "fr": (discord.Locale.french,),
    "pt": (discord.Locale.brazil_portuguese,),
}

#: English -> German, Spanish, French, Portuguese.
WORDS: dict[str, tuple[str, str, str, str]] = {
    # names: lower case, one word
    "ask": ("frage", "pregunta", "demande", "pergunta"),
    "said": ("gesagt", "dijo", "a-dit", "disse"),
    "who-said": ("wer-sagte", "quién-dijo", "qui-a-dit", "quem-disse"),
    "did-say": ("sagte-wirklich", "de-verdad-dijo", "a-t-il-dit", "disse-mesmo"),
    "compare": ("vergleich", "comparar", "comparer", "comparar"),
    "timeline": ("zeitverlauf", "cronología", "chronologie", "cronologia"),
    "article": ("artikel", "artículo", "article", "artigo"),
    "speakers": ("sprecher", "hablantes", "locuteurs", "falantes"),
    "coverage": ("bestand", "cobertura", "couverture", "cobertura"),
    "help": ("hilfe", "ayuda", "aide", "ajuda"),
    "settings": ("einstellungen", "ajustes", "paramètres", "configurações"),
    "privacy": ("datenschutz", "privacidad", "confidentialité", "privacidade"),
    "answers": ("antworten", "respuestas", "réponses", "respostas"),
    "buttons": ("knöpfe", "botones", "boutons", "botões"),
    "channel": ("kanal", "canal", "salon", "canal"),
    "open-channel": ("offener-kanal", "canal-abierto", "salon-ouvert", "canal-aberto"),
    "person-limit": ("fragen-je-person", "límite-por-persona", "limite-par-personne", "limite-por-pessoa"),
    "channel-limit": ("fragen-je-kanal", "límite-por-canal", "limite-par-salon", "limite-por-canal"),
    "forget": ("vergessen", "olvidar", "oublier", "esquecer"),
    "reindex": ("neu-einlesen", "reindexar", "réindexer", "reindexar"),
    "question": ("frage", "pregunta", "question", "pergunta"),
    "speaker": ("person", "persona", "personne", "pessoa"),
    "about": ("thema", "tema", "sujet", "tema"),
    "outlet": ("medium", "medio", "média", "veículo"),
    "words": ("worte", "palabras", "mots", "palavras"),
    "first": ("erste", "primera", "première", "primeira"),
    "second": ("zweite", "segunda", "seconde", "segunda"),
    "prefix": ("anfang", "comienzo", "début", "início"),
    "Who said this?": ("Wer hat das gesagt?", "¿Quién dijo esto?", "Qui a dit cela ?", "Quem disse isso?"),
    "Check this quote": ("Zitat prüfen", "Verificar esta cita", "Vérifier cette citation", "Verificar esta citação"),
    "Said on record": ("Belegte Aussagen", "Lo que consta que dijo", "Propos rapportés", "O que consta que disse"),
    # what they do
    "Ask who said what in the news, and get the words with their source.": (
        "Frag, wer was in den Nachrichten gesagt hat: die Worte mit ihrer Quelle.",
        "Pregunta quién dijo qué en las noticias: las palabras con su fuente.",
        "Demande qui a dit quoi dans l'actualité : les mots avec leur source.",
        "Pergunta quem disse o quê nas notícias: as palavras com a fonte.",
    ),
    "What somebody said, word for word, with the source.": (
        "Was jemand gesagt hat, Wort für Wort, mit der Quelle.",
        "Lo que alguien dijo, palabra por palabra, con la fuente.",
        "Ce que quelqu'un a dit, mot pour mot, avec la source.",
        "O que alguém disse, palavra por palavra, com a fonte.",
    ),
    "Who said these words, and where they stand.": (
        "Wer diese Worte gesagt hat, und wo sie stehen.",
        "Quién dijo estas palabras, y dónde están.",
        "Qui a dit ces mots, et où ils se trouvent.",
        "Quem disse estas palavras, e onde estão.",
    ),
    "Whether somebody said these words: word for word, in substance, or not.": (
        "Ob jemand das gesagt hat: wörtlich, sinngemäß oder gar nicht.",
        "Si alguien dijo estas palabras: literalmente, en esencia o no.",
        "Si quelqu'un a dit ces mots : mot pour mot, en substance, ou non.",
        "Se alguém disse estas palavras: literalmente, em essência ou não.",
    ),
    "What two speakers said about a topic, side by side.": (
        "Was zwei zu einem Thema gesagt haben, nebeneinander.",
        "Lo que dos personas dijeron sobre un tema, lado a lado.",
        "Ce que deux personnes ont dit sur un sujet, côte à côte.",
        "O que duas pessoas disseram sobre um tema, lado a lado.",
    ),
    "What somebody said over time.": (
        "Was jemand im Lauf der Zeit gesagt hat.",
        "Lo que alguien dijo a lo largo del tiempo.",
        "Ce que quelqu'un a dit au fil du temps.",
        "O que alguém disse ao longo do tempo.",
    ),
    "Who says what in one article.": (
        "Wer in einem Artikel was sagt.",
        "Quién dice qué en un artículo.",
        "Qui dit quoi dans un article.",
        "Quem diz o quê num artigo.",
    ),
    "How to ask, with examples from what is on record.": (
        "Wie man fragt, mit Beispielen aus dem Bestand.",
        "Cómo preguntar, con ejemplos de lo que hay.",
        "Comment demander, avec des exemples du fonds.",
        "Como perguntar, com exemplos do que há.",
    ),
    "Who is on record, with how many statements.": (
        "Wer im Bestand ist, mit wie vielen Aussagen.",
        "Quién consta, y con cuántas declaraciones.",
        "Qui est cité, et avec combien de déclarations.",
        "Quem consta, e com quantas declarações.",
    ),
    "What is on record: articles, outlets, days, speakers.": (
        "Was im Bestand ist: Artikel, Medien, Tage, Personen.",
        "Lo que consta: artículos, medios, días, personas.",
        "Ce que contient le fonds : articles, médias, jours, personnes.",
        "O que consta: artigos, veículos, dias, pessoas.",
    ),
    "Read the sources again; questions are answered meanwhile.": (
        "Liest die Quellen neu ein; Fragen werden weiter beantwortet.",
        "Lee las fuentes de nuevo; mientras tanto sigue respondiendo.",
        "Relit les sources ; les questions reçoivent toujours une réponse.",
        "Lê as fontes de novo; as perguntas continuam a ter resposta.",
    ),
    "What this server has chosen; name what you want to change.": (
        "Was dieser Server gewählt hat; nenne, was du ändern willst.",
        "Lo que ha elegido este servidor; indica lo que quieras cambiar.",
        "Ce que ce serveur a choisi ; indique ce que tu veux changer.",
        "O que este servidor escolheu; indica o que queres mudar.",
    ),
    "What I keep about you, and how to have it forgotten.": (
        "Was ich über dich aufbewahre, und wie ich es vergesse.",
        "Lo que guardo sobre ti, y cómo hacer que lo olvide.",
        "Ce que je garde sur toi, et comment me le faire oublier.",
        "O que guardo sobre ti, e como fazer com que esqueça.",
    ),
    # what to fill in
    "Whether answers to commands are for everybody or for who asks": (
        "Ob Antworten auf Befehle alle sehen oder nur, wer fragt",
        "Si las respuestas a comandos son para todos o para quien pregunta",
        "Si les réponses aux commandes sont pour tous ou pour qui demande",
        "Se as respostas a comandos são para todos ou para quem pergunta",
    ),
    "Who may use the buttons of an answer": (
        "Wer die Knöpfe einer Antwort benutzen darf",
        "Quién puede usar los botones de una respuesta",
        "Qui peut utiliser les boutons d'une réponse",
        "Quem pode usar os botões de uma resposta",
    ),
    "Add a channel to those in which I answer, or take it out": (
        "Einen Kanal zu denen hinzufügen, in denen ich antworte, oder wegnehmen",
        "Añadir un canal a aquellos en que respondo, o quitarlo",
        "Ajouter un salon à ceux où je réponds, ou l'enlever",
        "Adicionar um canal àqueles em que respondo, ou retirá-lo",
    ),
    "Add a channel in which I answer every question without a mention, or take it out": (
        "Einen Kanal hinzufügen, in dem ich jede Frage ohne Erwähnung beantworte, oder wegnehmen",
        "Añadir un canal en que respondo toda pregunta sin mención, o quitarlo",
        "Ajouter un salon où je réponds à toute question sans mention, ou l'enlever",
        "Adicionar um canal em que respondo a todas as perguntas sem menção, ou retirá-lo",
    ),
    "Questions that one person may ask within a minute": (
        "Fragen, die eine Person in einer Minute stellen darf",
        "Preguntas que una persona puede hacer en un minuto",
        "Questions qu'une personne peut poser en une minute",
        "Perguntas que uma pessoa pode fazer num minuto",
    ),
    "Questions that may be asked in one channel within a minute; 0 for any number": (
        "Fragen, die in einem Kanal in einer Minute gestellt werden dürfen; 0 für beliebig viele",
        "Preguntas que se pueden hacer en un canal en un minuto; 0 para cualquier número",
        "Questions qui peuvent être posées dans un salon en une minute ; 0 pour un nombre quelconque",
        "Perguntas que podem ser feitas num canal num minuto; 0 para qualquer número",
    ),
    "Forget it all now": (
        "Jetzt alles vergessen",
        "Olvidarlo todo ahora",
        "Tout oublier maintenant",
        "Esquecer tudo agora",
    ),
    "As you would ask a person: What did Nauert say about talks?": (
        "Wie man einen Menschen fragt (auf Englisch): What did Nauert say about talks?",
        "Como se lo preguntarías a alguien (en inglés): What did Nauert say about talks?",
        "Comme à une personne (en anglais) : What did Nauert say about talks?",
        "Como perguntarias a alguém (em inglês): What did Nauert say about talks?",
    ),
    "A name, or a role such as State Department spokeswoman": (
        "Ein Name oder ein Amt, wie State Department spokeswoman",
        "Un nombre o un cargo, como State Department spokeswoman",
        "Un nom ou une fonction, comme State Department spokeswoman",
        "Um nome ou um cargo, como State Department spokeswoman",
    ),
    "In which outlet": ("In welchem Medium", "En qué medio", "Dans quel média", "Em que veículo"),
    "A topic": ("Ein Thema", "Un tema", "Un sujet", "Um tema"),
    "The topic": ("Das Thema", "El tema", "Le sujet", "O tema"),
    "A name": ("Ein Name", "Un nombre", "Un nom", "Um nome"),
    "Another name": ("Ein anderer Name", "Otro nombre", "Un autre nom", "Outro nome"),
    "The words, or some of them": (
        "Die Worte, oder einige davon",
        "Las palabras, o algunas de ellas",
        "Les mots, ou quelques-uns d'entre eux",
        "As palavras, ou algumas delas",
    ),
    "The words to check": ("Die Worte", "Las palabras por verificar", "Les mots à vérifier", "As palavras a verificar"),
    "Its id, as `onrecord show` takes it": (
        "Seine Kennung, wie `onrecord show` sie nimmt",
        "Su identificador, como lo toma `onrecord show`",
        "Son identifiant, comme pour `onrecord show`",
        "O identificador, como em `onrecord show`",
    ),
    "How the name begins": (
        "Wie der Name anfängt",
        "Cómo empieza el nombre",
        "Comment le nom commence",
        "Como o nome começa",
    ),
}

WORDS |= languages_of_admins.WORDS


class Languages(app_commands.Translator):
    """Gives Discord the words for each language when the commands are registered."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        del context
        words = WORDS.get(string.message)
        place = next((n for n, locales in enumerate(_LOCALES.values()) if locale in locales), None)
        return words[place] if words and place is not None else None

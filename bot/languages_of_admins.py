"""The words of administration and of following in the languages that Discord speaks; see `bot.languages`."""

#: English -> German, Spanish, French, Portuguese.
WORDS: dict[str, tuple[str, str, str, str]] = {
    # names: lower case, one word
    "audit": ("protokoll", "auditoría", "journal", "auditoria"),
    "follow": ("folgen", "seguir", "suivre", "seguir"),
    "following": ("gefolgt", "seguidos", "suivis", "seguidos"),
    "unfollow": ("entfolgen", "dejar-de-seguir", "ne-plus-suivre", "deixar-de-seguir"),
    "topic": ("thema", "tema", "sujet", "tema"),
    "rhythm": ("rhythmus", "ritmo", "rythme", "ritmo"),
    "hour": ("stunde", "hora", "heure", "hora"),
    "day": ("tag", "día", "jour", "dia"),
    "utc_offset": ("utc_abstand", "desfase_utc", "décalage_utc", "desvio_utc"),
    "followed": ("verfolgtes", "seguido", "suivi", "seguido"),
    # what they do
    "What administrators did here: who, when, what, and how it ended.": (
        "Was Administratoren hier getan haben: wer, wann, was und wie es ausging.",
        "Lo que hicieron aquí los administradores: quién, cuándo, qué y cómo acabó.",
        "Ce que les administrateurs ont fait ici : qui, quand, quoi, et l'issue.",
        "O que os administradores fizeram aqui: quem, quando, o quê e como acabou.",
    ),
    "Take an article, or what is held about a speaker, out for good.": (
        "Nimmt einen Artikel oder alles über eine Person für immer heraus.",
        "Quita para siempre un artículo o lo que consta de una persona.",
        "Retire pour de bon un article ou ce qui est conservé sur une personne.",
        "Retira para sempre um artigo ou o que consta sobre uma pessoa.",
    ),
    "Take an article out for good; it isn't read again.": (
        "Nimmt einen Artikel für immer heraus; er wird nicht wieder eingelesen.",
        "Quita un artículo para siempre; no se vuelve a leer.",
        "Retire un article pour de bon ; il n'est plus relu.",
        "Retira um artigo para sempre; não volta a ser lido.",
    ),
    "Take all statements of a speaker out for good; the articles stay.": (
        "Nimmt alle Aussagen einer Person für immer heraus; die Artikel bleiben.",
        "Quita para siempre las declaraciones de una persona; los artículos quedan.",
        "Retire pour de bon les déclarations d'une personne ; les articles restent.",
        "Retira para sempre as declarações de uma pessoa; os artigos ficam.",
    ),
    "Post new statements in this channel.": (
        "Veröffentlicht neue Aussagen in diesem Kanal.",
        "Publica declaraciones nuevas en este canal.",
        "Publie les nouvelles déclarations dans ce salon.",
        "Publica novas declarações neste canal.",
    ),
    "Post what somebody says, when it is new.": (
        "Veröffentlicht, was jemand Neues sagt.",
        "Publica lo nuevo que diga alguien.",
        "Publie ce que quelqu'un dit de nouveau.",
        "Publica o que alguém disser de novo.",
    ),
    "Post what is said about a topic, when it is new.": (
        "Veröffentlicht, was zu einem Thema Neues gesagt wird.",
        "Publica lo nuevo que se diga sobre un tema.",
        "Publie ce qui se dit de nouveau sur un sujet.",
        "Publica o que se disser de novo sobre um tema.",
    ),
    "Post what an outlet quotes, when it is new.": (
        "Veröffentlicht, was ein Medium Neues zitiert.",
        "Publica lo nuevo que cite un medio.",
        "Publie ce qu'un média cite de nouveau.",
        "Publica o que um veículo citar de novo.",
    ),
    "What the channels of this server follow.": (
        "Wem und was die Kanäle dieses Servers folgen.",
        "Lo que siguen los canales de este servidor.",
        "Ce que suivent les salons de ce serveur.",
        "O que os canais deste servidor seguem.",
    ),
    "Post nothing new any more of what a channel follows.": (
        "Veröffentlicht nichts Neues mehr von dem, was ein Kanal verfolgt.",
        "Deja de publicar novedades de lo que sigue un canal.",
        "Ne publie plus rien de nouveau sur ce qu'un salon suit.",
        "Deixa de publicar novidades do que um canal segue.",
    ),
    # what to fill in
    "Its id as an answer's citation has it, or its address": (
        "Seine Kennung, wie sie in einer Antwort steht, oder seine Adresse",
        "Su identificador, como figura en una respuesta, o su dirección",
        "Son identifiant, tel que dans une réponse, ou son adresse",
        "O identificador, como numa resposta, ou o endereço",
    ),
    "The name in full": ("Der volle Name", "El nombre completo", "Le nom complet", "O nome completo"),
    "A few words that have to stand there": (
        "Ein paar Worte, die da stehen müssen",
        "Unas palabras que deben figurar",
        "Quelques mots qui doivent y figurer",
        "Algumas palavras que têm de constar",
    ),
    "Its name": ("Sein Name", "Su nombre", "Son nom", "O nome"),
    "As they come, or in a digest": (
        "Sobald sie kommen, oder gesammelt",
        "Según llegan, o en un resumen",
        "Dès qu'elles arrivent, ou en résumé",
        "À medida que chegam, ou num resumo",
    ),
    "Of a digest: at which hour, 0 to 23 (8)": (
        "Gesammelt: um welche Stunde, 0 bis 23 (8)",
        "Del resumen: a qué hora, de 0 a 23 (8)",
        "Du résumé : à quelle heure, de 0 à 23 (8)",
        "Do resumo: a que hora, de 0 a 23 (8)",
    ),
    "Of a weekly digest: on which day (Monday)": (
        "Wöchentlich gesammelt: an welchem Tag (Montag)",
        "Del resumen semanal: qué día (lunes)",
        "Du résumé hebdomadaire : quel jour (lundi)",
        "Do resumo semanal: em que dia (segunda-feira)",
    ),
    "Hours that your clock is ahead of UTC; -5 in New York in winter (0)": (
        "Stunden, die deine Uhr vor UTC geht; 1 in Berlin im Winter (0)",
        "Horas de tu reloj por delante de UTC; 1 en Madrid en invierno (0)",
        "Heures d'avance de ton horloge sur UTC ; 1 à Paris en hiver (0)",
        "Horas do teu relógio à frente de UTC; -3 em São Paulo (0)",
    ),
    "What is followed": ("Was verfolgt wird", "Lo que se sigue", "Ce qui est suivi", "O que se segue"),
}

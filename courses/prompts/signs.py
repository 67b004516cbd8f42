"""The Danish ways of saying each part of a prompt, in the notation of `courses.prompts.reading`."""

from courses.prompts.reading import Sign, sign
from courses.prompts.vocabulary import (
    ANYTHING,
    CLEAR_TONE,
    GIVEN,
    MAKES,
    OBJECT,
    PRODUCT,
    READER,
    TASK,
    TELL,
    TONE,
    WANT,
    orders,
)

ELEMENTS: dict[str, tuple[Sign, ...]] = {
    key: tuple(map(sign, patterns))
    for key, patterns in {
        # goal
        "task": (
            f"{TASK} ~4 {ANYTHING}",
            f"{TASK} ~9 {PRODUCT}",
            f"{MAKES} ~1 {OBJECT}",
            f"{MAKES} {PRODUCT}",
            f"du skriver|laver|udarbejder|formulerer ~3 {PRODUCT}",
            f"{WANT} ~5 {PRODUCT}",
            f"kan|må|kunne jeg|vi ~1 få|bede ~5 {PRODUCT}",
            f"jeg|vi ~1 =mangler|=behøver|=ønsker ~5 {PRODUCT}",
            f"{PRODUCT} ~2 ønskes",
            "gør|gøre ~6 kortere|længere|tydeligere|klarere|venligere|enklere|lettere|bedre",
            "træk|trække ~6 ud",
            "gennemgå ~8 find|angiv|marker|træk|list",
            "ryd|rydde op",
        ),
        "made": (
            f"{MAKES} ~1 {OBJECT}",
            f"{MAKES} {PRODUCT}",
            "gør|gøre ~6 kortere|længere|tydeligere|klarere|venligere|enklere|lettere|bedre",
            "træk|trække ~6 ud",
            "stil|stille|opstil|sæt ~5 op|punkt",
        ),
        "product": (
            f"{TASK} ~12 {PRODUCT}",
            f"du skriver|laver|udarbejder|formulerer ~3 {PRODUCT}",
            f"{WANT} ~5 {PRODUCT}",
            f"kan|må|kunne jeg|vi ~1 få|bede ~5 {PRODUCT}",
            f"hjælp|hjælpe ~4 {PRODUCT}",
            f"^ {PRODUCT}",
            f"^ * ~2 {PRODUCT}",
            f"skal|må|bør|som ~1 være|blive|bruges|til ~3 {PRODUCT}",
            f"jeg|vi ~1 =mangler|=behøver|=ønsker ~5 {PRODUCT}",
            f"{PRODUCT} ~2 ønskes",
        ),
        "question": ("^ hvad|hvordan|hvorfor|hvem|hvornår|hvilke|hvilken|hvilket|hvor|=er|må ~40 ?",),
        # context
        "sender": (
            "jeg|vi ~1 arbejder|sidder|er ~2 i|på|hos|ved|som",
            "^ vi er",
            "^ du er",
            "^ du arbejder",
            "agere|rolle|optræd ~2 som",
            "baggrund*|kontekst|situation*|anledning* ~3 er|:",
            "kontekst|baggrund|situation|rolle :",
        ),
        # audience
        "reader": (
            f"til|hos ~3 {READER}",
            f"{orders('svar besvar fortæl orienter informer forklar overbevis vejled underret invitér inviter')} ~1 {READER}",
            f"målgruppe*|modtager*|læser*|publikum*|adressat* :|er|består ~4 {READER}|der|alle|en|#",
            "målgruppe*|modtager*|læser*|publikum*|adressat* : *",
            f"læses|bruges|forstås|anvendes|modtages af ~3 {READER}",
            f"{READER} ~2 skal|kan ~3 læse|forstå|bruge|kunne|vide|se|finde",
            f"rettet|henvendt|beregnet ~2 mod|til ~3 {READER}",
            "til alle i|på",
            "svar|*svar|svarer ~12 borger*",
            "borger* ~8 svar|*svar",
            "forestil dig ~4 du ~6 udvalg*|borger*|forælder|leder|kolleg*|politiker*",
            "på # år",
            f"for ~1 {READER} ~1 der|som|med|uden",
            f"for # {READER}",
            f"*oplæg|*kursus|*undervisning|*vejledning|*guide|*information|*introduktion|*plan|*skabelon ~6 for ~2 {READER}",
        ),
        "tone": (
            CLEAR_TONE,
            f"tone*|tonen|stil|stilen|holdning* ~4 {TONE}",
            f"være|vær|skriv|hold ~1 {TONE}",
            f"{TONE} ~1 tone|stil|sprogbrug",
            "du form",
            "tiltal|tiltale ~3 du|dig",
            "som til en|et|din|naboen",
            "vis|vise|viser|udtryk ~1 forståelse|empati|medfølelse|respekt|omsorg",
            "tale|tal ned til",
            "føle sig ~1 hørt|set|velkommen|tryg",
            "ikke|uden|undgå|undgår ~3 belærende|nedladende|anklagende|bureaukratisk|myndighed|løftet|skræmme*",
            "mindre|mere bureaukratisk|venlig*|menneskelig*|personlig*",
        ),
        "knowledge": (
            "der|som|de|læserne|modtagerne|borgerne|mange"
            " ~1 =kender|=ved|=forstår|=læser ~2 =ikke|=aldrig|=intet|=allerede|=lidt|=meget",
            "=ikke|=aldrig ~1 =har ~2 =brugt|=prøvet|=hørt|=arbejdet|=læst|=set",
            "har|haft ~1 =ikke|=aldrig ~1 =brugt|=prøvet|=hørt|=arbejdet|=læst|=set",
            "dansk ~1 som ~1 andetsprog|fremmedsprog",
            "er ~1 vant|vante til",
            "=aldrig|=ikke ~2 =kender|=hørt|=læser|=teknikere|=fagfolk|=specialister|=eksperter",
            "ikke|ingen ~3 baggrund|kendskab|=viden|forudsætninger|erfaring|interesse|interesserer",
            "uden ~3 baggrund|kendskab|=viden|forudsætninger|erfaring|forkundskaber",
            "forudsæt ~3 =viden|kendskab|ingenting|intet",
            "i forvejen",
            "lægfolk|lægmand|lægmænd|nybegynder*|begynder*|ordblinde|tosprogede|læsesvage",
            "har ~2 brug for at vide",
        ),
        # form
        "length": (
            "#|par ~1 ord|linj*|side|sid|tegn|minutter|sætninger|punkter|afsnit|bullets|rækker|slides|dias",
            "a4|a5|=halv|=halvanden ~1 side|sid|*side",
            "a4 side|sid",
            "højst|max|maks|maksimalt|maksimum|under|cirka|ca|omkring|mindst ~2 #|en|én|et|halv|halvanden"
            " ~2 ord|linj*|sid|side|tegn|minut*|sætning*|punkt*|afsnit|række*",
            "på|fylde ~2 en|én|halv|# ~1 side|sid",
            "kort|kortere|kortfattet*|korte|kortest*|kortfattede",
            "ikke|undgå ~2 lang|langt|lange|længere",
            "længde* ~3 #|kort|en|et|:",
        ),
        "structure": (
            "punktform|punktopstilling*|bullets|bulletpoints|bullet|nummerer*|punktvis|*eliste|*sliste|*kliste|*tliste|=liste|=listen|=lister",
            "punkt for punkt",
            "# ~1 punkter|afsnit|trin|kolonner|spørgsmål|forslag|versioner|udgaver|varianter|eksempler|dele|råd|bud|overskrifter",
            "overskrift*|mellemoverskrift*|underoverskrift*|*rubrik|afsnit|afsnittene|tabel*|skema|skemaform|kolonne*|diagram|boks|faktaboks*",
            "rækkefølge*|opbygning*|indledning*|afslutning*|disposition*|emnelinje*|emnefelt*|konklusion*|skabelon*",
            "del|dele|opdel|opdele|opdelt|inddel|inddelt|grupper|sorter|sorteret|delt ~3 op|i|efter|på",
            "start|slut|indled|afslut|begynd|slutte|starte|begynde|afslutte ~2 med",
            "trin for trin",
            "struktur* :|er|med|som|efter",
            "vigtigst*|konklusion* ~1 først|øverst",
            "først ~8 derefter|dernæst|siden|så|sidst",
            "spørgsmål ~3 svar",
        ),
        "language": (
            "klart|klare|enkelt|enkle|let|letlæst|letforståelig*|forståelig*|*dags|almindelig*|jævnt|tydelig*|simpelt"
            " ~2 sprog|ord|dansk|danske|hverdagssprog",
            "hverdagssprog*|klarsprog|letlæst*|letlæselig*|letforståelig*|klartsprog|lettilgængelig*",
            "klart|let|enkelt|simpelt|lyst og ~1 sprog|enkelt|klart|forståelig*|letlæst*",
            "uden|ingen|undgå|ikke|fri ~4 fagord|fagudtryk*|fagsprog*|fagtermer|jargon*|forkortelse*|fremmedord*|kancelli*"
            "|juridisk*|bureaukrat*|jura|svære|passiv*|teknisk*|indforstået*|indforståede",
            "forklar|forklare|oversæt ~2 fagord|fagudtryk*|begreber|fagtermer|forkortelser|svære",
            "let|nemt|lette|nem|enkelt|til ~1 at ~1 forstå|læse|skimme",
            "korte ~1 sætninger",
            "lix*|lixtal",
            "på dansk",
            "skriv|skrive ~1 klart|enkelt|forståelig*|letforståelig*|tydelig*|simpelt|aktivt",
            "=alle|en|børn|# ~4 kan|kunne forstå|læse",
            "aktivt|aktive|aktiv ~1 sprog|form|sætninger",
            "sprog|sproget ~3 let|enkelt|klart|forståelig*|jævnt|uformelt|formelt",
            "sprog ~1 som|der",
        ),
        # sources
        "stick": (
            f"kun|udelukkende|alene|bare ~5 {GIVEN}|står|fremgår",
            "hold|holde|holder ~1 dig til|ved",
            f"kild* : ~2 {GIVEN}",
            "bliv|blive ~1 ved fakta|teksten|not|sagen",
            "ingen|ikke ~2 andre oplysninger|kilder|fakta",
            f"baser|basere|byg|bygge ~2 på ~2 {GIVEN}",
            f"ud fra ~2 {GIVEN}",
            "ikke|intet ~6 fremgår|står|nævnt",
            "ikke tilføj|tilføje|bruge|inddrage ~4 andet|noget|andre|udefra|nyt",
            "tilføj|brug|inddrag ikke|intet",
            "udelukkende|kun|alene ~2 bygge|bygger|baser|baseret",
            "byg|bygge|baser|basere ~4 kun|udelukkende|alene",
            "tag|tage|med udgangspunkt i ~3 vedhæftet|vedhæftede|faktaside*|bilag*|not|notat*|regl*|dokument*|kild*",
        ),
        "invent": (
            "opfind|digt|gæt|antag|fantaser|spekuler|hallucin* ~2 ikke|aldrig|intet",
            "ikke|aldrig|undgå|ingen|uden|stedet|hverken"
            " ~4 opfind|opfinde|opdigte*|digt|gæt|gætte|antag|antage|fantaser*|spekuler*|hallucin*|gætteri*",
            "ikke|aldrig|uden|undgå ~3 finde|finder på",
            "find ~1 ikke ~1 på",
            "være ~2 med ~1 at ~1 opfinde|digte|gætte|antage|finde",
        ),
        "doubt": (
            "marker|markere|fremhæv|sæt|understreg|flag"
            " ~8 usikker*|tvivl|uklar*|mangl*|spørgsmålstegn|ved|tal|stjerne|gul*|forbehold",
            "=usikker|=usikkert|=usikre|=usikkerheder|=usikkerhed ~8 skriv|marker|sig|angiv|gør|noter",
            f"{TELL}|ærlig* ~6 usikker*|tvivl|uklar*|forbehold|=mangler",
            f"{TELL} ~2 [ ~1 mangl*|ukendt|uklar*|ved",
            f"{TELL} ~4 hvis|hvor|når ~3 mangl*|uklar*|usikker*|tvivl|ved|kan",
            f"{orders('skriv noter angiv anfør')} ~2 uklar*|ukendt|mangl*",
            "skriver du ~2 uklar*|ukendt|mangl*",
            "hvad du ikke ~1 ved|kan",
            "hvis ~10 ikke ~3 kan|ved|svare|finde|tyde ~8 skriv|sig|marker|angiv",
            "hvis ~8 mangler|uklart|usikkert|tvivl ~3 skriv|sig|marker|angiv|noter",
            "=angiv|=skriv|=vis|=vurder ~2 hvor sikker|usikker|sikkert",
            "gør|gøre ~1 opmærksom ~8 huller|mangler|mangl*|uklar*|usikker*",
            "det ved jeg ikke",
            "tomme|tomt|blank*|åben|åbent ~4 hvis",
            "spørgsmålstegn ~8 hvis|hvor|ved",
        ),
        "cite": (
            "=skriv|=skrive|angiv|oplys|nævn|opgiv|vis|list|tilføj|før|indsæt|noter|giv"
            " ~4 kild*|*henvisning|*henvisninger|referencer|paragraf*",
            "=skriv|=skrive|angiv|oplys|nævn|opgiv|vis|fortæl"
            " ~6 hvor|hvilken|hvilke ~6 fra|regel|kilde|kilder|afsnit|side|paragraf",
            "angiv|nævn|oplys|opgiv ~2 afsnit|side|sidetal|paragraf",
            "henvis|henvise ~1 til|hvor",
            "kildehenvisning*|kildeangivelse*|kildeliste*|litteraturliste*|fodnote*",
            "med kilder|kilde|henvisninger",
            "kan|kunne ~1 dokumentere|dokumenteres",
            "=dokumenter|=citer|=belæg ~1 dine|det|de|alle|hver|hvert|din",
            "lagt|ligger|lægger til grund",
        ),
        "ask": (
            "spørg|spørge ~3 mig|hvis|før|inden|ind|til",
            "stil|stille|skriv|saml|list ~5 spørgsmål ~3 mig|til|før|inden|hvis|nederst",
            "stil|stille mig ~4 spørgsmål",
            "stil|stille ~2 opklarende|uddybende|afklarende|opfølgende spørgsmål",
            "vend|vende tilbage ~4 spørgsmål",
            "hvis ~6 så =spørg",
            "bed|bede ~1 mig om",
        ),
        "keep": (
            "bevar|behold|bevare|beholde|fasthold ~4 tal|tallene|dato*|fakta|navne|citat*|beløb",
            "=ret|=ændr ~2 =ikke|=aldrig|=intet",
            "ikke|intet ~2 =ændre|=rette ~3 tal|tallene|dato*|fakta|beløb|navne",
            "tal|dato*|fakta|beløb|navne|oplysning* ~6 må|skal ~3 =ændres|=rettes|uændret|uændrede",
        ),
        "check": (
            "=tjek|=kontroller|=efterprøv|=dobbelttjek|=verificer|=faktatjek"
            " ~1 alle|at|om|tal|tallene|dato*|fakta|svar|dine|det|navne|kild*",
            "skal|bør|selv ~2 tjekke*|kontroller*|efterprøv*|verificer*",
        ),
    }.items()
}

# Orders to whoever gives the points.
ORDERS: tuple[Sign, ...] = tuple(
    map(
        sign,
        (
            "giv|tildel|vil|have|har|få|skal ~5 fuld|fulde|alle|max|maks|maksimum|maksimale|top|højeste|flest|10|100"
            " ~3 =point|=points|=pointene|score|karakter|stjerner",
            "=fuld|=fulde|=maks|=max|=alle =point|=points|karakter",
            "ignorer*|glem ~4 kriteri*|instruks*|rubrik*|bedømmels*|systemprompt*|anvisning*",
            "vurder|bedøm|godkend|accepter ~2 prompt|besvarelse*",
            "prompt*|øvelse*|besvarelse* ~4 bestået|godkendt|perfekt",
        ),
    )
)

# What a list of keywords is made of: the names of what a prompt should have, without saying it.
LABELS: Sign = sign(
    "mål|målet|formål*|kontekst*|målgruppe*|modtager|tone|form|format*|længde*|struktur*|sprog|kilde|kilder|kildekontrol"
    "|kildekritik*|usikker|usikkerhed*|punktopstilling*|rolle|opgave|prompt*|kriteri*|eksempel|eksempler|opfyld*|hallucin*"
    "|klarhed*|tydelig*|god|passende|klar|grundig*|punktform*"
)

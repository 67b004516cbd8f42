"""Groups of Danish words that prompts are made of, in the notation of `courses.prompts.reading`."""


def orders(verbs: str) -> str:
    """Imperative, infinitive and passive of verbs; not the present, which tells instead of asking."""
    forms: list[str] = []
    for verb in verbs.split():
        for infinitive in (f"{verb}e", f"{verb}{verb[-1]}e"):
            forms += [f"={verb}", f"={infinitive}", f"={infinitive}s"]
    return "|".join(forms)


TASK = orders(
    "skriv nedskriv lav udarbejd udform formuler producer skab forfat komponer foreslå giv kom opstil stil list beskriv forklar"
    " planlæg strukturer brainstorm generer byg design tegn find saml ret rediger forbedr udfyld sæt byd vis præsenter redegør"
    " skitser del"
)
MAKES = orders(
    "opsummer sammenfat resumer sammendrag omskriv oversæt forkort korrekturlæs besvar sammenlign anonymiser kategoriser"
    " omformuler gengiv sorter transskriber gennemskriv forenkl uddrag svar evaluer analyser"
)
PRODUCT = (
    "*brev|*mail|*besked|*opslag|*notat|*referat|*resume|*resumé|*sammendrag|*eliste|*sliste|*kliste|*tliste|=liste|=listen|=lister|*plan|*program|*dagsorden|*svar|*udkast|*forslag"
    "|*vejledning|*guide|*skema|*tabel|*invitation|*faq|*præsentation|*slides|*oplæg|*tale|*talepapir|*manuskript|*skabelon|*oversigt"
    "|*opsummering|*artikel|*nyhed|*pressemeddelelse|*pjece|*folder|*plakat|*fremstilling|*orientering|*indstilling|*punkt|*rapport|*sms"
    "|*annonce|*instruks|*instruktion|*beskrivelse|*redegørelse|*rammer|*kapitel|*analyse|*sammenfatning|*afgørelse|*høringssvar|*øvelse"
    "|*quiz|*drejebog|*kommentar|*ideer|*drøftelsesspørgsmål|spørgsmål|*bud|*afsnit|*meddelelse|*information|*infotekst"
    "|*nyhedsbrev|*kampagne|*introduktion|*disposition|*strategi|*politik|*kontrakt|*aftaletekst|*overblik|*opskrift|*materiale"
)
OBJECT = (
    "en|et|den|det|de|min|mine|vores|borger*|på|i|at|ud|not|mødet|møde|tekst|følgende|denne|dette|indholdet|spørgsmål"
)
ANYTHING = "noget|tekst|lidt|til|om|en|et|den|det|de|dem|mig|os|alle|#|hvad|hvordan|hvorfor|hvem|hvilke|min|mine|vores"
TELL = orders("skriv sig gør noter angiv fortæl oplys nævn vis marker")
WANT = "=vil|=ville|=gerne|ønsk*|=brug|=bruge"

READER = (
    "borger*|*borger|beboer*|*beboer|husstand*|*husstand|husejer*|*ejer|*ejere|*ejerne|forældr*|pårørend*|kolleg*|medarbejd*|*medarbejder"
    "|personale*|*personale|politiker*|*politiker|*udvalg|udvalg*|byråd*|direktion*|*direktør|ledels*|leder|*leder|chef*|*chef|vikar*|*vikar|nabo*"
    "|journalist*|elev*|ældre|unge|børn|virksomhed*|*virksomhed|frivillig*|bruger|*bruger|læser|*læser|lærer|*lærer|pædagog*|*pædagog"
    "|sygeplejersk*|assistent*|*assistent|hjælper*|*hjælper|sagsbehandler*|sundhedspersonal*|team|teamet|afdeling*|*afdeling|bestyrels*"
    "|*formand|*formænd|patient*|klient*|studerend*|praktikant*|nyansatt*|ansatt*|tillidsrepræsentant*|nøgleperson*|modtager*|målgruppe*"
    "|familier|familie|lægfolk|lægmand|lægmænd|gæst*|besøgend*|turist*|trafikant*|cyklist*|bilist*|kunde*|leverandør*|forening*|*forening"
    "|medlem*|offentlighed*|lokalråd*|mød*deltag*|deltag*|dem|folk|forvaltning*|råd|*råd|minister*|kommunalbestyrels*|kunder|mand|kvinde"
)
CLEAR_TONE = (
    "venlig*|imødekomm*|høflig*|rolig*|saglig*|formel*|uformel*|neutral*|nøgtern*|respekt*|empatisk*|empati*|anerkendend*|humorist*|humor"
    "|sjov*|munter*|muntr*|øjenhøjde|ligetil|mundret*|pænt|pæn|uhøjtidelig*|=forstående|forståelsesfuld*|omsorgsfuld*|optimist*"
    "|tillidsvækkend*|beroligend*|motiverend*|inspirerend*|høflighed|medfølend*|hjertelig*|afslappet|afslappede|objektiv*|sober|sobert"
    "|diplomatisk*|konstruktiv*|jordnær*|seriøs*|kollegial*|ydmyg*|undskyldend*|opmuntrend*|engagerend*|nærværend*"
)
# Words that tell the tone only beside "tone", "vær" and the like.
TONE = (
    f"{CLEAR_TONE}|varm|varmt|varme|direkte|bestemt|personlig*|positiv*|ordentlig*|tydelig*|faglig*|åben|åbent|professionel*"
    "|alvorlig*|kølig*"
)
GIVEN = (
    "fakta*|*oplysning|oplysning*|tekst*|*tekst|not|notat*|*notat|kild*|bilag*|regl*|*regler|materiale*|*materiale|dokument*|*dokument"
    "|det|dette|data|*ark|*side|*brev|*mail|referat*|*referat|indhold*|input*|her|nedenfor|herunder|ovenfor|tal|tallene|vejledning*"
)

"""Why and how long each table is kept, in words for the person whose rows they are.

The tables say the same of people in general, for whoever keeps the register of them; a test compares the periods.
"""

_PROOF = (
    "Så kommunen kan vise, hvad den har gjort for at støtte medarbejdernes AI-færdigheder (AI-forordningen artikel 4 med "
    "ændringen ved forordning (EU) 2026/1744)."
)
_COURSE = "Til 5 år efter, at dit forløb er slut. Derefter står rækken uden dit navn."
_ENDED = "Til 5 år efter, at det er slut. Derefter står rækken uden dit navn."
_STAFF = "Så længe du er ansat, og 5 år efter."
_WITH_YOU = "Til dit navn slettes, eller du selv sletter."

PAGE_WORDS: dict[str, tuple[str, str]] = {
    "conversation": (
        "Så du kan vende tilbage til dine egne spørgsmål og svar.",
        "Til der er gået 90 dage (kan indstilles) uden nye spørgsmål, eller du selv sletter.",
    ),
    "turn": ("Så du kan læse svaret igen, som det blev vist.", "Følger samtalen."),
    "feedback": (
        "Så taskforcen kan rette kilder og svar, der ikke hjælper.",
        "90 dage (kan indstilles), eller til du trækker den tilbage.",
    ),
    "inbox_item": (
        "Så taskforcen kan svare dig på det, kilderne ikke dækker.",
        "Dit navn fjernes 90 dage efter svaret, uden svar efter 1 år. Spørgsmål og svar bliver uden navn.",
    ),
    "assignment": ("Så du og din leder ved, hvad du skal gennemføre hvornår.", _COURSE),
    "exemption": ("Så du hverken mindes om kurset eller tælles som manglende.", _ENDED),
    "enrolment": (_PROOF, _COURSE),
    "reading": ("Så du kan fortsætte, hvor du slap, og kommunen kan vise, hvilke lektioner der er læst.", _COURSE),
    "prompt_try": ("Så du kan se dine egne forsøg og forbedre dem.", _COURSE),
    "attempt": (_PROOF, _COURSE),
    "attempt_item": (_PROOF, _COURSE),
    "response_event": (_PROOF, f"{_COURSE} Det, du selv har skrevet, tømmes."),
    "item_grade": (_PROOF, _COURSE),
    "scored_attempt": ("Så du ikke tælles to gange i tal om grupper.", _COURSE),
    "extra_attempt": ("Så du ikke sidder fast, når forsøgene er brugt.", _COURSE),
    "extra_time": ("Så du har lige vilkår ved prøver med tidsgrænse. Hvorfor gemmes ikke.", _WITH_YOU),
    "certification_period": (_PROOF, _COURSE),
    "certificate": (
        _PROOF,
        "Dit navn slettes 5 år efter bevisets sidste dag. Nummer, kursus og datoer bliver, så beviset stadig kan tjekkes.",
    ),
    "certificate_revocation": (
        "Så et bevis, der er tilbagekaldt, ikke godtages, og du kan se hvorfor.",
        "Begrundelsen slettes med dit navn på beviset efter 5 år. At beviset er tilbagekaldt, bliver stående.",
    ),
    "review": ("Så du kan huske det lærte og forny beviser uden en ny prøve.", f"{_ENDED} Dit svar slettes."),
    "review_card": ("Så du får de spørgsmål igen, som du har mest gavn af.", _WITH_YOU),
    "source_update": ("Så du får besked, når en regel, du er prøvet i, bliver ændret.", _ENDED),
    "course_standing": (
        "Så din leder hurtigt kan se, hvem der mangler et kursus.",
        "Regnet ud fra dine forløb og slettet med dem, 5 år efter at de er slut.",
    ),
    "key_person": ("Så enhver enhed ved, hvem der er nøgleperson for AI, og hvem der træder til.", _ENDED),
    "person": (
        "Så du kan logge ind og få det, din rolle giver adgang til.",
        "Så længe du er aktiv. 5 år efter bliver navnet slettet.",
    ),
    "role_grant": ("Så du har adgang til det, du skal bruge.", "Til dit navn slettes."),
    "employment": ("Så kurser kan tildeles efter ansættelse, og din leder kan se, hvad du mangler.", _STAFF),
    "external_key": ("Så login og personaledata ved, at du er den samme.", _STAFF),
    "sign_in": (
        "Så en, der er fjernet, er ude inden for et minut, og et login ikke lever for længe.",
        "30 dage efter, at det er slut.",
    ),
    "look": ("Så du kan se, hvem der har set oplysninger om dig.", "2 år."),
    "reminder": ("Så du ikke mindes om det samme to gange.", "1 år efter, at mailen er skrevet."),
    "mail": (
        "Så du får påmindelser om dine kurser og, hvis du er leder, en ugentlig oversigt.",
        "Adresse og tekst slettes, når mailen er sendt eller opgivet. Rækken slettes efter 1 år.",
    ),
    "mail_choice": ("Så du ikke får de mails, du har valgt fra.", _WITH_YOU),
    "audit_event": (
        "Så det kan ses, hvem der har ændret kilder, roller og afgørelser, og hvem der er afvist.",
        "5 år.",
    ),
    "manuscript_review": (
        "Så det kan ses, hvem der har skrevet, gennemset og udgivet et kursus.",
        "Så længe kursets udgaver gemmes.",
    ),
}
"""Table: why, and how long."""

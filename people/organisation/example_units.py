"""The plan of the invented municipality: which units there are, how many of each, and who works in them."""

from dataclasses import dataclass

from people.organisation.unit import UnitKind


@dataclass(frozen=True)
class Trade:
    """What the leader of a unit is called, and what those who work there are."""

    leader: str
    titles: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """A unit and those below it. `many` is how many there are of it under each of those above when 10,000 people work
    there, each with an invented name where the title has `{}`; `share` is how many work in it for each one in an office."""

    title: str
    kind: UnitKind
    trade: Trade
    below: tuple["Plan", ...] = ()
    many: int = 1
    share: float = 1.0


OFFICE = Trade("Afdelingsleder", ("Konsulent", "Specialkonsulent", "Administrativ medarbejder", "Chefkonsulent"))
TOP = Trade("Direktør", ("Chefkonsulent", "Sekretær"))
CENTRE = Trade("Chef", ("Konsulent", "Sekretær"))
SCHOOL = Trade("Skoleleder", ("Lærer", "Skolesekretær", "Teknisk serviceleder"))
CLASSES = Trade("Afdelingsleder", ("Lærer", "Lærer", "Børnehaveklasseleder", "Pædagog"))
CLUB = Trade("SFO-leder", ("Pædagog", "Pædagogmedhjælper"))
DAY_CARE = Trade("Dagtilbudsleder", ("Pædagogisk konsulent", "Administrativ medarbejder"))
HOUSE = Trade("Pædagogisk leder", ("Pædagog", "Pædagogmedhjælper", "Pædagogisk assistent"))
CARE = Trade("Centerleder", ("Sygeplejerske", "Køkkenassistent", "Administrativ medarbejder"))
WARD = Trade("Teamleder", ("Social- og sundhedsassistent", "Social- og sundhedshjælper", "Sygeplejerske"))
HOME = Trade("Bostedsleder", ("Socialpædagog", "Administrativ medarbejder"))
GROUP = Trade("Teamleder", ("Socialpædagog", "Omsorgsmedhjælper", "Pædagog"))
CASES = Trade("Teamleder", ("Socialrådgiver", "Sagsbehandler", "Administrativ medarbejder"))
JOBS = Trade("Teamleder", ("Jobkonsulent", "Socialrådgiver", "Virksomhedskonsulent"))
HEALTH = Trade("Teamleder", ("Fysioterapeut", "Ergoterapeut", "Sundhedsplejerske", "Diætist"))
CULTURE = Trade("Leder", ("Bibliotekar", "Kulturformidler", "Musiklærer"))
TECHNICAL = Trade("Teamleder", ("Ingeniør", "Byggesagsbehandler", "Landinspektør", "Miljømedarbejder"))
OUTDOORS = Trade("Driftsleder", ("Gartner", "Specialarbejder", "Chauffør"))


def _teams(trade: Trade, *titles: str, share: float = 1.0) -> tuple[Plan, ...]:
    return tuple(Plan(title, UnitKind.UNIT, trade, share=share) for title in titles)


def _centre(title: str, *below: Plan) -> Plan:
    return Plan(title, UnitKind.UNIT, CENTRE, below, share=0.6)


_SCHOOLS = Plan(
    "{}skolen",
    UnitKind.INSTITUTION,
    SCHOOL,
    (
        *_teams(CLASSES, "Indskoling", "Mellemtrin", "Udskoling", "Specialklasser", share=1.3),
        *_teams(CLUB, "SFO"),
        *_teams(SCHOOL, "Administration og service", share=0.5),
    ),
    many=34,
    share=0.4,
)
_DAY_CARES = Plan(
    "Dagtilbud {}",
    UnitKind.INSTITUTION,
    DAY_CARE,
    (Plan("Børnehuset {}", UnitKind.INSTITUTION, HOUSE, _teams(HOUSE, "Vuggestue", "Børnehave"), many=4, share=0.4),),
    many=20,
    share=0.4,
)
_CARE_HOMES = Plan(
    "Plejecenter {}",
    UnitKind.INSTITUTION,
    CARE,
    _teams(WARD, "Dagvagt", "Aftenvagt", "Nattevagt", "Demensafsnit", share=1.6),
    many=24,
    share=0.5,
)
_HOME_CARE = Plan(
    "Hjemmeplejen {}", UnitKind.UNIT, WARD, _teams(WARD, "Team Nord", "Team Syd", "Team Aften", share=1.6), many=10
)
_HOMES = Plan("Bostedet {}", UnitKind.INSTITUTION, HOME, _teams(GROUP, "Gruppe 1", "Gruppe 2"), many=40, share=0.4)

MUNICIPALITY = Plan(
    "Eksempel Kommune",
    UnitKind.MUNICIPALITY,
    Trade("Kommunaldirektør", ("Chefkonsulent",)),
    (
        Plan(
            "Børn & Skole",
            UnitKind.DEPARTMENT,
            TOP,
            (
                _centre("Skoleområdet", *_teams(OFFICE, "Skolesekretariat", "Elevadministration"), _SCHOOLS),
                _centre("Dagtilbudsområdet", *_teams(OFFICE, "Pladsanvisning", "Pædagogisk udvikling"), _DAY_CARES),
                _centre(
                    "Familie og Forebyggelse",
                    *_teams(CASES, "Modtagelsen", "Børnehandicap", "Familierådgivning Nord", "Familierådgivning Syd"),
                    *_teams(HEALTH, "Sundhedsplejen", "PPR", "Tandplejen"),
                ),
            ),
            share=0.5,
        ),
        Plan(
            "Social & Arbejdsmarked",
            UnitKind.DEPARTMENT,
            TOP,
            (
                _centre(
                    "Jobcentret",
                    *_teams(JOBS, "Dagpenge", "Kontanthjælp", "Sygedagpenge", "Ungeindsats", "Fleksjob", "Integration"),
                ),
                _centre("Voksne med handicap", *_teams(CASES, "Myndighed Handicap", "Hjælpemidler"), _HOMES),
                _centre("Psykiatri og Udsatte", *_teams(CASES, "Rusmidler", "Støtte i eget hjem", "Herberget")),
                _centre("Ydelser", *_teams(CASES, "Borgerservice", "Førtidspension", "Boligstøtte")),
            ),
            share=0.5,
        ),
        Plan(
            "Udvikling, Miljø & Teknik",
            UnitKind.DEPARTMENT,
            TOP,
            (
                _centre("Plan og Byg", *_teams(TECHNICAL, "Byggesager", "Lokalplaner", "Byudvikling", "Geodata")),
                _centre("Miljø og Natur", *_teams(TECHNICAL, "Natur", "Vandløb", "Virksomhedsmiljø", "Klima")),
                _centre(
                    "Veje og Drift",
                    *_teams(TECHNICAL, "Trafik", "Vejdrift"),
                    *_teams(OUTDOORS, "Park og Natur", "Materielgården", "Renholdning", "Vintertjeneste", share=1.6),
                ),
                _centre("Ejendomme", *_teams(TECHNICAL, "Energi", "Vedligehold"), *_teams(OUTDOORS, "Rengøring")),
                _centre("Erhverv og Bosætning", *_teams(OFFICE, "Erhvervsservice", "Turisme")),
            ),
            share=0.5,
        ),
        Plan(
            "Sundhed, Kultur & Omsorg",
            UnitKind.DEPARTMENT,
            TOP,
            (
                _centre("Omsorgsområdet", *_teams(OFFICE, "Visitation", "Velfærdsteknologi"), _CARE_HOMES, _HOME_CARE),
                _centre(
                    "Sundhedsområdet",
                    *_teams(HEALTH, "Genoptræning", "Forebyggelse", "Rehabilitering", "Sygeplejen"),
                ),
                _centre(
                    "Kultur og Fritid",
                    Plan("Hovedbiblioteket", UnitKind.INSTITUTION, CULTURE, _teams(CULTURE, "Voksne", "Børn")),
                    Plan("Musikskolen", UnitKind.INSTITUTION, CULTURE),
                    Plan("Museet", UnitKind.INSTITUTION, CULTURE),
                    *_teams(CULTURE, "Idræt", "Foreninger"),
                ),
            ),
            share=0.5,
        ),
        Plan(
            "Stabe",
            UnitKind.STAFF,
            TOP,
            (
                _centre("Økonomi", *_teams(OFFICE, "Budget", "Regnskab", "Indkøb", "Forsikring")),
                _centre("HR", *_teams(OFFICE, "Løn", "Arbejdsmiljø", "Rekruttering", "Uddannelse")),
                _centre("IT & Digitalisering", *_teams(OFFICE, "Drift", "Support", "Digitalisering", "Data")),
                _centre("Politik og Kommunikation", *_teams(OFFICE, "Byrådssekretariat", "Presse", "Web")),
                _centre("Jura", *_teams(OFFICE, "Databeskyttelse", "Udbud")),
            ),
            share=0.5,
        ),
    ),
    share=0.3,
)

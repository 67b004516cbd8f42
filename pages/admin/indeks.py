"""Index and quality: the state of the search, what became of the questions, the last evaluation, and the log of questions."""

import streamlit as st

from people.roles import Permission
from rag.errors import RagError
from ui.action import perform
from ui.guard import Visit, guard
from ui.quality import draw_quality, percent
from ui.reader import link_to
from ui.text import counted, danish_moment, number, plain

visit = guard(Permission.SEE_QUALITY)
person, house = visit.person, visit.services
operates = person.may(Permission.OPERATE)
KEPT = 5
NAMES = {
    "questions": "Spørgsmål",
    "recall_at_1": "Rette afsnit fundet som nr. 1",
    "recall_at_5": "Rette afsnit blandt de 5 første",
    "recall_at_10": "Rette afsnit blandt de 10 første",
    "mrr_at_10": "Gennemsnit af 1/placering (MRR@10)",
    "ndcg_at_10": "Rækkefølgens kvalitet (nDCG@10)",
    "refusal_rate_unanswerable": "Afvist, hvor intet svar findes",
    "wrong_refusal_rate": "Afvist med urette",
    "auroc": "Evne til at skelne (AUROC)",
    "latency_ms_p50": "Søgetid, halvdelen er under",
    "latency_ms_p95": "Søgetid, 95 % er under",
}


def start(now: Visit) -> None:
    """Begin an evaluation in the background."""
    now.services.evaluations.start(now.person)


def empty(now: Visit) -> None:
    """Delete the log of questions."""
    count = now.services.question_log.empty(now.person)
    st.session_state["log_emptied"] = count


def shown(name: str, value: float) -> str:
    """A figure of an evaluation the way it is read."""
    if name == "questions":
        return number(value)
    if name.startswith("latency"):
        return f"{number(value, 1)} ms"
    return number(value, 3) if name in ("mrr_at_10", "ndcg_at_10", "auroc") else percent(value)


@st.fragment(run_every=2)
def draw_state() -> None:
    """The figures of the index, refreshed while the encoder works, for as long as the visitor may see them."""
    state = guard(Permission.SEE_QUALITY, notice=False).services.search.state()
    if state.problem:
        st.warning(state.problem, icon=":material/warning:")
    elif state.encoding:
        share = state.encoded / state.passages if state.passages else 1.0
        st.progress(
            share,
            text=f"{number(state.encoded)} af {number(state.passages)} tekststykker er klar til søgning på betydning",
        )
    elif not state.hybrid:
        st.info("Der søges kun på ord endnu. Teksterne bliver kodet om lidt.", icon=":material/hourglass:")
    else:
        st.success("Der søges på både ord og betydning.", icon=":material/check_circle:")
    st.table(
        {
            "Måling": ["Kilder, der gælder nu", "Tekststykker", "Tekststykker med vektor", "Model", "Omrangering"],
            "Værdi": [
                number(state.sources),
                number(state.passages),
                number(state.encoded),
                state.model or "Ingen. Der søges kun på ord",
                state.reranker or "Ingen",
            ],
        },
        hide_index=True,
    )


def draw_rebuild() -> None:
    """The button that makes all vectors anew, with how far it has come."""
    if not st.button("Byg vektorer igen", icon=":material/refresh:", key="index_rebuild"):
        return
    bar = st.progress(0.0, text="Venter på, at andet arbejde bliver færdigt")

    def report(done: int, total: int) -> None:
        """Show how far the encoder has come."""
        bar.progress(done / total, text=f"{number(done)} af {number(total)}")

    try:
        house.search.rebuild(person, report)
        st.success("Alle vektorer er bygget igen.")
    except RagError as error:
        st.warning(str(error))
    finally:
        bar.empty()


def draw_progress() -> None:
    """How far the running evaluation has come; when it has ended, the page is drawn again with its result."""
    now = guard(Permission.SEE_QUALITY, notice=False)
    progress = now.services.evaluations.progress(now.person)
    if not progress.running:
        st.rerun()
    share = progress.done / progress.total if progress.total else 0.0
    st.progress(share, text=f"{number(progress.done)} af {number(progress.total)} spørgsmål er prøvet")


def draw_evaluation() -> None:
    """The last evaluation, earlier ones, and the button that starts one."""
    progress = house.evaluations.progress(person)
    if progress.problem:
        st.warning(progress.problem, icon=":material/warning:")
    if progress.running:
        st.fragment(draw_progress, run_every=1)()
    elif operates:
        if house.search.state().encoding:
            st.info("Teksterne kodes endnu. Vent med at køre evalueringen, ellers måler den kun søgning på ord.")
        st.button(
            "Kør evaluering",
            icon=":material/play_arrow:",
            on_click=perform,
            args=(Permission.OPERATE, start),
            key="evaluation_start",
        )
    st.caption(
        "Hvert afsnit i kilderne kan have hverdagsspørgsmål, som det svarer på. Evalueringen tager spørgsmålene ud af indekset "
        "og ser, om afsnittet alligevel bliver fundet. Det viser, om kildernes ord passer til de ord, folk spørger med. Det "
        "viser ikke, om svaret er rigtigt, om der afvises rigtigt, eller hvordan det går med spørgsmål, ingen har tænkt på."
    )
    kept = house.evaluations.last(person, KEPT)
    if not kept and not progress.running:
        who = "Tryk på “Kør evaluering”." if operates else "Bed en administrator om at køre den første."
        st.info(f"Der er ingen evaluering endnu. {who}")
    if not kept:
        return
    last = kept[0]
    model = f", model {plain(last.model)}" if last.model else ""
    st.markdown(f"**{danish_moment(last.at)}**: {plain(last.data_set)}, {last.danish_mode}{model}")
    if last.revision is not None and last.revision != house.search.current().retriever.snapshot.revision:
        st.warning("Kilderne er ændret siden. Kør evalueringen igen for at få tal for dem, der gælder nu.")
    if not last.figures.get("questions"):
        st.info("Ingen af kilderne har hverdagsspørgsmål, så der var intet at prøve. Skriv spørgsmål ind i afsnittene.")
        return
    figures = {name: last.figures[name] for name in NAMES if name in last.figures}
    st.table(
        {
            "Måling": [NAMES[name] for name in figures],
            "Værdi": [shown(name, value) for name, value in figures.items()],
        },
        hide_index=True,
    )
    if last.misses:
        missed = int(last.figures["missed"])
        label = f"{counted(missed, 'spørgsmål', 'spørgsmål')} uden rette afsnit blandt de 5 første"
        with st.expander(label, icon=":material/search_off:"):
            for miss in last.misses:
                st.markdown(plain(miss.question))
                link_to(f"{miss.title}: {miss.heading}", miss.source_id, miss.version_id, miss.anchor)
            if missed > len(last.misses):
                st.caption(f"De første {len(last.misses)} er vist.")
    if len(kept) > 1:
        with st.expander("Tidligere evalueringer", icon=":material/history:"):
            st.table(
                {
                    "Tid": [danish_moment(run.at) for run in kept[1:]],
                    "Datasæt": [f"{plain(run.data_set)}, {run.danish_mode}" for run in kept[1:]],
                    "Blandt de 5 første": [percent(run.figures.get("recall_at_5")) for run in kept[1:]],
                },
                hide_index=True,
            )


def draw_log() -> None:
    """How many questions the log holds, and the way to empty it."""
    count = house.question_log.count(person)
    st.markdown(
        f"Loggen har {counted(count, 'spørgsmål', 'spørgsmål')}. Den gemmer dag, udfald, tider og kilder, men aldrig "
        f"spørgsmålets ord, hvem der spurgte, eller klokkeslættet. "
        f"Den slettes efter {counted(house.question_log.keep_days, 'dag', 'dage')}."
    )
    if (emptied := st.session_state.pop("log_emptied", None)) is not None:
        st.success(f"Loggen er tømt for {counted(emptied, 'spørgsmål', 'spørgsmål')}.")
    if operates and count:
        with st.popover("Tøm loggen", icon=":material/delete:"):
            st.markdown(
                "Tallene ovenfor begynder forfra. Loggen kan ikke hentes igen. Tømningen skrives i revisionsloggen."
            )
            st.button("Ja, tøm loggen", on_click=perform, args=(Permission.OPERATE, empty), key="log_empty")


st.title("Indeks og kvalitet")
st.header("Indeks")
draw_state()
if operates:
    draw_rebuild()
st.header("Kvalitet")
draw_quality(visit)
st.header("Evaluering")
draw_evaluation()
st.header("Log over spørgsmål")
draw_log()

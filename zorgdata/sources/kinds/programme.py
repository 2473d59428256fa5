"""The programme register: initiatives, milestones, meetings, budgets, surveys."""

from zorgdata.sources.kinds.columns import BRIN6, INTERVAL, column
from zorgdata.sources.kinds.model import Kind, Type

PROGRAMME = (
    Kind(
        "initiatives",
        "initiatieven.csv",
        (
            column("initiatief_id* -> initiative_id"),
            column("naam* -> name"),
            column(
                "soort -> initiative_type",
                Type.CHOICE,
                choices=("collectief", "ozg", "zon", "vaste_partner", "overig"),
            ),
            column(
                "fase -> phase",
                Type.CHOICE,
                choices=("idee", "ontwerp", "pilot", "uitvoering", "borging", "gestopt"),
            ),
            column("start* -> start_date", Type.DATE),
            column("einde -> end_date", Type.END_DATE),
            BRIN6,
            column("eigenaar -> owner_role"),
            column("nulmeting_van -> baseline_start", Type.DATE),
            column("nulmeting_tot -> baseline_end", Type.DATE),
            column("doel_metric -> target_metric"),
            column("doel_waarde -> target_value", Type.DECIMAL),
        ),
        (),
        INTERVAL,
    ),
    Kind(
        "milestones",
        "mijlpalen.csv",
        (
            column("mijlpaal_id* -> milestone_id"),
            column("initiatief_id -> initiative_id"),
            column("pijler -> pillar", Type.INTEGER),
            column("naam* -> name"),
            column(
                "soort -> milestone_type",
                Type.CHOICE,
                choices=("visie", "samenwerkingsvorm", "afspraak", "plan", "overig"),
            ),
            column("gepland* -> planned_on", Type.DATE),
            column("verwacht -> expected_on", Type.DATE),
            column("gerealiseerd -> realised_on", Type.DATE),
        ),
    ),
    Kind(
        "meetings",
        "overleg.csv",
        (
            column("niveau* -> meeting_level", Type.CHOICE, choices=("casus", "beleid", "bestuur")),
            column("datum* -> held_on", Type.DATE),
            column("gehouden -> was_held", Type.FLAG),
        ),
    ),
    Kind(
        "budgets",
        "begroting.csv",
        (
            column("initiatief_id -> initiative_id"),
            column("post* -> item"),
            column("actor* -> actor"),
            column("jaar* -> year", Type.INTEGER),
            column("begroot -> budgeted_cents", Type.CENTS),
            column("verwacht -> expected_cents", Type.CENTS),
            column("gerealiseerd -> realised_cents", Type.CENTS),
        ),
    ),
    Kind(
        "surveys",
        "ervaringen.csv",
        (
            column("meting* -> moment", Type.CHOICE, choices=("T0", "T1", "T2")),
            column("initiatief_id -> initiative_id"),
            BRIN6,
            column(
                "doelgroep* -> respondent_group",
                Type.CHOICE,
                choices=("jongere", "ouder", "professional", "leerkracht"),
            ),
            column("vraag* -> question"),
            column("score* -> score", Type.DECIMAL),
            column("schaal_max -> scale_max", Type.DECIMAL),
            column("aantal_uitgenodigd -> invited", Type.INTEGER),
            column("aantal_respons -> responded", Type.INTEGER),
            column("datum -> measured_on", Type.DATE),
            column("aantal_antwoorden -> answers", Type.INTEGER),
            column("spreiding -> score_sd", Type.DECIMAL),
            column("aantal_tevreden -> satisfied", Type.INTEGER),
        ),
    ),
)

"""The kinds of input and their columns: the contract with whoever delivers, as data.

Each column has the Dutch header a delivery uses, the English name it gets, and a type that decides how a
text becomes a value. ``required`` groups: every entry names alternatives of which at least one must be in
the header (and filled); ``("bsn", "birth_date")`` reads "a bsn, or else a birth date".
"""

from dataclasses import dataclass
from enum import StrEnum


class Type(StrEnum):
    """How a text becomes a value, and what of it may be stored."""

    BSN = "bsn"  # identifying; stored as child_id
    BIRTH_DATE = "birth_date"  # identifying; stored as birth_month (first of the month)
    POSTCODE = "postcode"  # identifying; stored as pc4
    NAME = "name"  # identifying; never stored
    PUPIL_NUMBER = "pupil_number"  # identifying; never stored
    WORKER = "worker"  # identifying; stored as a pseudonym
    SEX = "sex"  # m, f or x; unknown is null
    DATE = "date"
    END_DATE = "end_date"  # a date whose sentinels mean an open end
    TIME = "time"
    INTEGER = "integer"
    DECIMAL = "decimal"
    CENTS = "cents"
    FLAG = "flag"  # j/n, ja/nee, true/false, 1/0
    SCHOOL_PART = "school_part"  # brin or branch; stored joined, as school_id
    CODE = "code"  # text of fixed width, leading zeros restored
    CHOICE = "choice"  # one of a fixed set
    TEXT = "text"


IDENTIFYING = frozenset({Type.BSN, Type.BIRTH_DATE, Type.POSTCODE, Type.NAME, Type.PUPIL_NUMBER, Type.WORKER})

_SQL_TYPES = {
    Type.DATE: "date",
    Type.END_DATE: "date",
    Type.TIME: "time",
    Type.INTEGER: "bigint",
    Type.DECIMAL: "double",
    Type.CENTS: "bigint",
    Type.FLAG: "boolean",
}


@dataclass(frozen=True)
class Column:
    """One column of a kind: Dutch ``header``, English ``name``, ``type`` and its limits.

    ``default`` is what an empty cell means; a choice without ``choices`` is any word, in lower case.
    """

    header: str
    name: str
    type: Type
    required: bool = False
    width: int = 0
    choices: tuple[str, ...] = ()
    default: str = ""

    def stored(self) -> tuple[str, str] | None:
        """Name and SQL type in ``raw.*``; None when nothing of the column may be stored."""
        match self.type:
            case Type.NAME | Type.PUPIL_NUMBER | Type.SCHOOL_PART:
                return None
            case Type.BSN:
                return "child_id", "varchar"
            case Type.BIRTH_DATE:
                return "birth_month", "date"
            case Type.POSTCODE:
                return "pc4", "varchar"
            case Type.WORKER:
                return "worker_id", "varchar"
            case _:
                return self.name, _SQL_TYPES.get(self.type, "varchar")


@dataclass(frozen=True)
class Kind:
    """A kind of input: its columns and which groups of columns a file must offer."""

    name: str
    file_name: str
    columns: tuple[Column, ...]
    alternatives: tuple[tuple[str, ...], ...] = ()
    interval: tuple[str, str] | None = None

    def column(self, name: str) -> Column:
        """The column with this English name."""
        return next(c for c in self.columns if c.name == name)

    @property
    def stored_columns(self) -> tuple[tuple[str, str], ...]:
        """(name, SQL type) of the columns of ``raw.<kind>``, without ``file_id`` and ``line``."""
        seen: dict[str, str] = {}
        for column in self.columns:
            stored = column.stored()
            if stored:
                seen.setdefault(*stored)
        return tuple(seen.items())


SCHOOL_TYPES = ("BO", "SBO", "SO", "VSO", "SO/VSO", "PRO", "VO", "MBO")


def _c(spec: str, type_: Type = Type.TEXT, width: int = 0, choices: tuple[str, ...] = ()) -> Column:
    """``"header* -> name"``: the star marks a required column, the arrow its English name."""
    header, _, name = (part.strip() for part in spec.partition("->"))
    required = header.endswith("*")
    header = header.rstrip("*")
    return Column(header, name or header, type_, required, width, choices)


_MUNICIPALITY = _c("gemeentecode* -> municipality_code", Type.CODE, 4)
_BSN = _c("bsn -> bsn", Type.BSN)
_BSN_REQUIRED = _c("bsn* -> bsn", Type.BSN)
_BIRTH = _c("geboortedatum -> birth_date", Type.BIRTH_DATE)
_SEX = _c("geslacht -> sex", Type.SEX)
_POSTCODE = _c("postcode -> postcode", Type.POSTCODE)
_SURNAME = _c("achternaam -> last_name", Type.NAME)
_INITIALS = _c("voorletters -> initials", Type.NAME)
_AGB = _c("aanbieder_agb* -> provider_id", Type.CODE, 8)
_ALLOCATION = _c("toewijzingnummer -> allocation_number")
_CATEGORY = _c("productcategorie -> product_category", Type.CODE, 2)
_PRODUCT = _c("productcode -> product_code")
_BRIN = _c("brin -> brin", Type.SCHOOL_PART, 4)
_BRANCH = _c("vestiging -> branch", Type.SCHOOL_PART, 2)
_BRIN6 = _c("brin6 -> school_id", Type.CODE, 6)
_SCHOOL = (_BRIN, _BRANCH, _BRIN6)
_ONE_SCHOOL = (("school_id", "brin"),)
_BEGIN = _c("begindatum* -> start_date", Type.DATE)
_END = _c("einddatum -> end_date", Type.END_DATE)
_INTERVAL = ("start_date", "end_date")

_ALL = (
    Kind(
        "indications",
        "indicaties.csv",
        (
            _MUNICIPALITY,
            _BSN,
            _BIRTH,
            _SEX,
            _POSTCODE,
            _SURNAME,
            _INITIALS,
            _AGB,
            _c("toewijzingnummer* -> allocation_number"),
            _CATEGORY,
            _PRODUCT,
            _c("aanmelddatum -> applied_on", Type.DATE),
            _c("toewijzingsdatum -> decided_on", Type.DATE),
            _c("toewijzingstijd -> decided_time", Type.TIME),
            _c("ingangsdatum* -> start_date", Type.DATE),
            _END,
            _c("reden_wijziging -> change_reason", Type.CODE, 2),
            _c("volume -> volume", Type.DECIMAL),
            _c("eenheid -> unit", Type.CODE, 2),
            _c("frequentie -> frequency"),
            _c("budget -> budget_cents", Type.CENTS),
            _c("verwijzer -> referrer", Type.CODE, 2),
            _c("referentie_aanbieder -> provider_reference"),
            _c("leveringsvorm -> delivery_form", Type.CHOICE, choices=("zin", "pgb")),
            Column("wet", "law", Type.CHOICE, default="jeugdwet"),
        ),
        (("bsn", "birth_date"),),
        _INTERVAL,
    ),
    Kind(
        "deliveries",
        "startstop.csv",
        (
            _MUNICIPALITY,
            _BSN_REQUIRED,
            _AGB,
            _ALLOCATION,
            _CATEGORY,
            _PRODUCT,
            _BEGIN,
            _END,
            _c("reden_beeindiging -> end_reason", Type.CODE, 2),
            _c("status_aanlevering -> delivery_status"),
            _c("professional_id -> professional_id", Type.WORKER),
            _c("uren_geleverd -> hours_delivered", Type.DECIMAL),
        ),
        (),
        _INTERVAL,
    ),
    Kind(
        "declarations",
        "declaraties.csv",
        (
            _MUNICIPALITY,
            _AGB,
            _c("declaratienummer* -> declaration_number"),
            _BSN_REQUIRED,
            _c("referentienummer* -> reference_number"),
            _c("vorig_referentienummer -> previous_reference"),
            _ALLOCATION,
            _c("productcategorie* -> product_category", Type.CODE, 2),
            _PRODUCT,
            _BEGIN,
            _c("einddatum* -> end_date", Type.DATE),
            _c("volume* -> volume", Type.DECIMAL),
            _c("eenheid* -> unit", Type.CODE, 2),
            _c("bedrag* -> amount_cents", Type.CENTS),
            _c("debet_credit -> debit_credit"),
        ),
        (),
        _INTERVAL,
    ),
    Kind(
        "enrolments",
        "leerlingen.csv",
        (
            *_SCHOOL,
            _BSN,
            _BIRTH,
            _SEX,
            _POSTCODE,
            _SURNAME,
            _INITIALS,
            _c("leerlingnummer -> pupil_number", Type.PUPIL_NUMBER),
            _c("schoolsoort -> school_type", Type.CHOICE, choices=SCHOOL_TYPES),
            _c("leerjaar -> grade"),
            _c("datum_inschrijving* -> start_date", Type.DATE),
            _c("datum_uitschrijving -> end_date", Type.END_DATE),
            _c("hoofdinschrijving -> main_enrolment", Type.FLAG),
            _c("tlv_categorie -> tlv_category"),
            _c("tlv_einddatum -> tlv_end_date", Type.END_DATE),
        ),
        (*_ONE_SCHOOL, ("bsn", "birth_date", "pupil_number")),
        _INTERVAL,
    ),
    Kind(
        "schools",
        "scholen.csv",
        (
            *_SCHOOL,
            _c("naam* -> name"),
            _c("schoolsoort* -> school_type", Type.CHOICE, choices=SCHOOL_TYPES),
            _c("cluster -> cluster"),
            _MUNICIPALITY,
            _POSTCODE,
            _c("bevoegd_gezag -> board"),
            _c("samenwerkingsverband -> swv"),
            _c("ikc -> ikc", Type.FLAG),
            _c("vaste_partner -> lead_provider"),
            _c("opvolger_brin6 -> successor_school_id", Type.CODE, 6),
        ),
        _ONE_SCHOOL,
    ),
    Kind(
        "providers",
        "aanbieders.csv",
        (
            _c("agb* -> provider_id", Type.CODE, 8),
            _c("naam* -> name"),
            _c("moeder_agb -> parent_id", Type.CODE, 8),
            _c("consortium -> consortium"),
            _c("geldig_van -> valid_from", Type.DATE),
            _c("geldig_tot -> valid_to", Type.END_DATE),
        ),
        (),
        ("valid_from", "valid_to"),
    ),
    Kind(
        "products",
        "producten.csv",
        (
            _c("gemeentecode -> municipality_code", Type.CODE, 4),
            _c("productcategorie* -> product_category", Type.CODE, 2),
            _PRODUCT,
            _c("omschrijving -> description"),
            _c("hulpvorm -> care_form"),
            _c("zwaarte -> weight_class", Type.CHOICE, choices=("licht", "specialistisch", "zwaar")),
            _c("plaats -> setting", Type.CHOICE, choices=("school", "thuis", "aanbieder", "onbekend")),
            _c("rol -> role", Type.CHOICE, choices=("ozg", "ozs", "overig")),
            _c("tarief -> tariff_cents", Type.CENTS),
            _c("tarief_eenheid -> tariff_unit"),
            _c("geldig_van -> valid_from", Type.DATE),
            _c("geldig_tot -> valid_to", Type.END_DATE),
        ),
        (),
        ("valid_from", "valid_to"),
    ),
    Kind(
        "arrangements",
        "arrangementen.csv",
        (
            _c("samenwerkingsverband* -> swv"),
            _BSN_REQUIRED,
            *_SCHOOL,
            _c("soort -> arrangement_type"),
            _BEGIN,
            _END,
            _c("bedrag -> amount_cents", Type.CENTS),
        ),
        (),
        _INTERVAL,
    ),
    Kind(
        "absences",
        "verzuim.csv",
        (
            _BSN_REQUIRED,
            *_SCHOOL,
            _c("soort* -> absence_type"),
            _BEGIN,
            _END,
            _c("status -> status"),
            _c("reden_afsluiting -> closing_reason"),
        ),
        (),
        _INTERVAL,
    ),
    Kind(
        "light_support",
        "voorveld.csv",
        (
            _BSN,
            *_SCHOOL,
            _c("rol* -> role"),
            _BEGIN,
            _END,
            _c("uren -> hours", Type.DECIMAL),
            _c("uitkomst -> outcome"),
            _c("reden_onvoldoende -> insufficient_reason"),
        ),
        _ONE_SCHOOL,
        _INTERVAL,
    ),
    Kind(
        "collective_supply",
        "collectief.csv",
        (
            *_SCHOOL,
            _AGB,
            _BEGIN,
            _END,
            _c("fte -> fte", Type.DECIMAL),
            _c("uren_per_week -> hours_per_week", Type.DECIMAL),
            _c("bedrag -> amount_cents", Type.CENTS),
            _c("bereik -> reach", Type.INTEGER),
            _c("gemeentecode -> municipality_code", Type.CODE, 4),
        ),
        _ONE_SCHOOL,
        _INTERVAL,
    ),
    Kind(
        "domains",
        "domeinen.csv",
        (
            _BSN_REQUIRED,
            _c(
                "domein* -> domain",
                Type.CHOICE,
                choices=("leerplicht", "wmo", "participatie", "veiligheid"),
            ),
            _BEGIN,
            _END,
        ),
        (),
        _INTERVAL,
    ),
    Kind(
        "outcomes",
        "uitkomsten.csv",
        (
            _BSN_REQUIRED,
            _AGB,
            _ALLOCATION,
            _c("datum* -> measured_on", Type.DATE),
            _c("doelen_gehaald -> goals_met"),
            _c("zonder_hulp_verder -> without_help"),
            _c("nut -> usefulness", Type.DECIMAL),
            _c("plan_18 -> plan_18", Type.FLAG),
            _c("vervolg -> follow_up", Type.CHOICE, choices=("jeugdhulp", "wmo", "wlz", "geen")),
            _c("vragenlijst -> instrument"),
            _c("score_begin -> score_start", Type.DECIMAL),
            _c("score_eind -> score_end", Type.DECIMAL),
            _c("meetfout -> standard_error", Type.DECIMAL),
            _c("hoger_is_beter -> higher_is_better", Type.FLAG),
        ),
    ),
    Kind(
        "transport",
        "vervoer.csv",
        (_BSN_REQUIRED, *_SCHOOL, _BEGIN, _END, _c("bedrag -> amount_cents", Type.CENTS)),
        (),
        _INTERVAL,
    ),
    Kind(
        "leavers",
        "uitstroom.csv",
        (_BSN_REQUIRED, *_SCHOOL, _c("datum* -> left_on", Type.DATE), _c("bestemming -> destination")),
        _ONE_SCHOOL,
    ),
    Kind(
        "offers",
        "aanbod.csv",
        (
            _c("schoolsoort -> school_type", Type.CHOICE, choices=SCHOOL_TYPES),
            *_SCHOOL,
            _c("aanbod* -> offer"),
            _c("vereist -> is_required", Type.FLAG),
            _c("aanwezig -> is_present", Type.FLAG),
        ),
        (("school_type", "school_id", "brin"),),
    ),
    Kind(
        "population",
        "bevolking.csv",
        (
            _MUNICIPALITY,
            _c("jaar* -> year", Type.INTEGER),
            _c("leeftijd* -> age", Type.INTEGER),
            _c("aantal* -> inhabitants", Type.INTEGER),
        ),
    ),
    Kind(
        "places",
        "plaatsen.csv",
        (
            _c("pc4* -> pc4", Type.CODE, 4),
            _MUNICIPALITY,
            _c("x -> x", Type.DECIMAL),
            _c("y -> y", Type.DECIMAL),
        ),
    ),
    Kind(
        "pupil_counts",
        "leerlingtelling.csv",
        (*_SCHOOL, _c("jaar* -> year", Type.INTEGER), _c("leerlingen* -> pupils", Type.INTEGER)),
        _ONE_SCHOOL,
    ),
    Kind(
        "initiatives",
        "initiatieven.csv",
        (
            _c("initiatief_id* -> initiative_id"),
            _c("naam* -> name"),
            _c(
                "soort -> initiative_type",
                Type.CHOICE,
                choices=("collectief", "ozg", "zon", "vaste_partner", "overig"),
            ),
            _c(
                "fase -> phase",
                Type.CHOICE,
                choices=("idee", "ontwerp", "pilot", "uitvoering", "borging", "gestopt"),
            ),
            _c("start* -> start_date", Type.DATE),
            _c("einde -> end_date", Type.END_DATE),
            _BRIN6,
            _c("eigenaar -> owner_role"),
            _c("nulmeting_van -> baseline_start", Type.DATE),
            _c("nulmeting_tot -> baseline_end", Type.DATE),
            _c("doel_metric -> target_metric"),
            _c("doel_waarde -> target_value", Type.DECIMAL),
        ),
        (),
        _INTERVAL,
    ),
    Kind(
        "milestones",
        "mijlpalen.csv",
        (
            _c("mijlpaal_id* -> milestone_id"),
            _c("initiatief_id -> initiative_id"),
            _c("pijler -> pillar", Type.INTEGER),
            _c("naam* -> name"),
            _c(
                "soort -> milestone_type",
                Type.CHOICE,
                choices=("visie", "samenwerkingsvorm", "afspraak", "plan", "overig"),
            ),
            _c("gepland* -> planned_on", Type.DATE),
            _c("verwacht -> expected_on", Type.DATE),
            _c("gerealiseerd -> realised_on", Type.DATE),
        ),
    ),
    Kind(
        "meetings",
        "overleg.csv",
        (
            _c("niveau* -> meeting_level", Type.CHOICE, choices=("casus", "beleid", "bestuur")),
            _c("datum* -> held_on", Type.DATE),
            _c("gehouden -> was_held", Type.FLAG),
        ),
    ),
    Kind(
        "budgets",
        "begroting.csv",
        (
            _c("initiatief_id -> initiative_id"),
            _c("post* -> item"),
            _c("actor* -> actor"),
            _c("jaar* -> year", Type.INTEGER),
            _c("begroot -> budgeted_cents", Type.CENTS),
            _c("verwacht -> expected_cents", Type.CENTS),
            _c("gerealiseerd -> realised_cents", Type.CENTS),
        ),
    ),
    Kind(
        "surveys",
        "ervaringen.csv",
        (
            _c("meting* -> moment", Type.CHOICE, choices=("T0", "T1", "T2")),
            _c("initiatief_id -> initiative_id"),
            _BRIN6,
            _c(
                "doelgroep* -> respondent_group",
                Type.CHOICE,
                choices=("jongere", "ouder", "professional", "leerkracht"),
            ),
            _c("vraag* -> question"),
            _c("score* -> score", Type.DECIMAL),
            _c("schaal_max -> scale_max", Type.DECIMAL),
            _c("aantal_uitgenodigd -> invited", Type.INTEGER),
            _c("aantal_respons -> responded", Type.INTEGER),
            _c("datum -> measured_on", Type.DATE),
            _c("aantal_antwoorden -> answers", Type.INTEGER),
            _c("spreiding -> score_sd", Type.DECIMAL),
            _c("aantal_tevreden -> satisfied", Type.INTEGER),
        ),
    ),
    Kind(
        "referrals",
        "verwijzingen.csv",
        (
            _MUNICIPALITY,
            _BSN_REQUIRED,
            _BIRTH,
            _SEX,
            _SURNAME,
            _INITIALS,
            _AGB,
            _c("referentie_aanbieder* -> provider_reference"),
            _CATEGORY,
            _PRODUCT,
            _c("aanvraagdatum -> applied_on", Type.DATE),
            _c("gewenste_ingangsdatum* -> requested_start", Type.DATE),
            _c("gewenste_einddatum -> requested_end", Type.END_DATE),
            _c("volume -> volume", Type.DECIMAL),
            _c("eenheid -> unit", Type.CODE, 2),
            _c("frequentie -> frequency"),
            _c("budget -> budget_cents", Type.CENTS),
            _c("verwijzer* -> referrer", Type.CODE, 2),
        ),
        (),
        ("requested_start", "requested_end"),
    ),
    Kind(
        "requests",
        "verzoeken.csv",
        (
            _MUNICIPALITY,
            _AGB,
            _c("bericht* -> message_name"),
            _c("referentie_aanbieder -> provider_reference"),
            _c("datum* -> dated_on", Type.DATE),
            _c("reden_verzoek -> request_reason"),
            _c("antwoord -> answer"),
            _c("reden_afwijzing -> rejection_reason"),
        ),
    ),
    Kind(
        "retours",
        "retouren.csv",
        (
            _MUNICIPALITY,
            _AGB,
            _c("bericht* -> message_name"),
            _c("berichtidentificatie* -> message_id"),
            _c("dagtekening -> dated_on", Type.DATE),
            _c("datum_retour -> answered_on", Type.DATE),
            _c("niveau -> message_level", Type.CHOICE, choices=("bericht", "client", "product")),
            _c("retourcode -> return_code", Type.CODE, 4),
            _BSN,
            _ALLOCATION,
            _c("referentie -> reference"),
            _CATEGORY,
            _PRODUCT,
            _c("begindatum -> start_date", Type.DATE),
            _END,
            _c("status_aanlevering -> delivery_status"),
        ),
    ),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}

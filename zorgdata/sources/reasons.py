"""Why a record is set aside or a value was mended, in words an analyst can act on.

The codes are stable (they are stored in ``meta.quarantine``); the sentences say what was expected and what to
do, and never what the file said.
"""

from enum import StrEnum

from zorgdata.errors import printable
from zorgdata.sources.kinds import IDENTIFYING, Type

_LONGEST_NAME = 80


def _name(header: str) -> str:
    """A header as it is told: on one line, not endless, and nothing that a terminal obeys."""
    words = " ".join(printable(header).split())
    return words if len(words) <= _LONGEST_NAME else f"{words[:_LONGEST_NAME]}…"


class FieldClass(StrEnum):
    """What kind of field went wrong; of an identifying field nothing may be shown."""

    IDENTIFYING = "identifying"
    CODE = "code"
    DATE = "date"
    NUMBER = "number"
    TEXT = "text"


def field_class(type_: Type) -> FieldClass:
    """The class of a column's type."""
    if type_ in IDENTIFYING:
        return FieldClass.IDENTIFYING
    match type_:
        case Type.DATE | Type.END_DATE | Type.TIME:
            return FieldClass.DATE
        case Type.INTEGER | Type.DECIMAL | Type.CENTS:
            return FieldClass.NUMBER
        case Type.CODE | Type.CHOICE | Type.FLAG | Type.SEX | Type.SCHOOL_PART:
            return FieldClass.CODE
        case _:
            return FieldClass.TEXT


class Reason(StrEnum):
    """Reason codes of the quarantine."""

    UNCLOSED_QUOTE = "unclosed_quote"
    MALFORMED_QUOTE = "malformed_quote"
    TOO_FEW_FIELDS = "too_few_fields"
    TOO_MANY_FIELDS = "too_many_fields"
    NUL_BYTE = "nul_byte"
    LINE_TOO_LONG = "line_too_long"
    VALUE_TOO_LONG = "value_too_long"
    REQUIRED_MISSING = "required_missing"
    INVALID_DATE = "invalid_date"
    UNKNOWN_DATE_FORM = "unknown_date_form"
    DATE_OUT_OF_RANGE = "date_out_of_range"
    INVALID_TIME = "invalid_time"
    INVALID_NUMBER = "invalid_number"
    CENTS_WITH_DECIMALS = "cents_with_decimals"
    INVALID_CODE = "invalid_code"
    INVALID_SCHOOL = "invalid_school"
    UNKNOWN_CHOICE = "unknown_choice"
    INVALID_FLAG = "invalid_flag"
    INVALID_SEX = "invalid_sex"
    INVALID_IDENTIFIER = "invalid_identifier"
    END_BEFORE_START = "end_before_start"
    TOTALS_ROW = "totals_row"
    REPEATED_HEADER = "repeated_header"
    ERROR_CELL = "error_cell"
    INCOMPLETE_ELEMENT = "incomplete_element"
    OUTSIDE_PROFILE = "outside_profile"

    def explain(self, header: str = "") -> str:
        """The Dutch sentence for the analyst; ``header`` is the delivered column."""
        return _REASONS[self].format(column=f"'{_name(header)}'" if header else "de regel")


NOT_MEANT_TO_COME_IN = frozenset({Reason.TOTALS_ROW, Reason.REPEATED_HEADER, Reason.OUTSIDE_PROFILE})
"""What is set aside as it should be: nothing is wrong with the delivery (decision 0012)."""

_REASONS = {
    Reason.UNCLOSED_QUOTE: (
        "Een aanhalingsteken opent en sluit niet. Sluit het of laat het weg en lever de regel opnieuw."
    ),
    Reason.MALFORMED_QUOTE: (
        "Na een sluitend aanhalingsteken staat nog tekst. Verdubbel aanhalingstekens binnen een cel."
    ),
    Reason.TOO_FEW_FIELDS: (
        "De regel heeft minder cellen dan de kopregel. Vul de ontbrekende scheidingstekens aan."
    ),
    Reason.TOO_MANY_FIELDS: (
        "De regel heeft meer cellen dan de kopregel. Zet een cel met een scheidingsteken tussen "
        "aanhalingstekens."
    ),
    Reason.NUL_BYTE: "De regel bevat een NUL-teken: het bestand is beschadigd. Maak de export opnieuw.",
    Reason.LINE_TOO_LONG: "De regel is langer dan 16 MB. Controleer de export.",
    Reason.VALUE_TOO_LONG: (
        "De cel in {column} is langer dan 1.000 tekens. Controleer of de kolommen goed staan."
    ),
    Reason.REQUIRED_MISSING: "Kolom {column} is verplicht en is leeg. Vul de waarde in de bron aan.",
    Reason.INVALID_DATE: "Kolom {column} bevat geen bestaande datum. Verwacht: jjjj-mm-dd of dd-mm-jjjj.",
    Reason.UNKNOWN_DATE_FORM: (
        "Kolom {column} bevat geen datum in een vorm die te lezen is. Verwacht: jjjj-mm-dd of dd-mm-jjjj. "
        'Staan er schuine strepen of punten in de datums, zet dan in een profiel dates = "dmy" of "mdy".'
    ),
    Reason.DATE_OUT_OF_RANGE: "De datum in {column} ligt voor 1900 of na 2100. Controleer het jaartal.",
    Reason.INVALID_TIME: "Kolom {column} bevat geen tijd. Verwacht: uu:mm:ss.",
    Reason.INVALID_NUMBER: (
        "Kolom {column} bevat geen getal. Verwacht: cijfers met een komma of punt voor decimalen."
    ),
    Reason.CENTS_WITH_DECIMALS: (
        "Kolom {column} hoort hele eurocenten te bevatten en heeft decimalen. Lever centen, of gebruik een "
        "profiel met euro's."
    ),
    Reason.INVALID_CODE: "Kolom {column} bevat geen geldige code. Controleer lengte en tekens.",
    Reason.INVALID_SCHOOL: (
        "Kolom {column} vormt geen BRIN met vestiging. Verwacht: twee cijfers, twee letters en twee cijfers."
    ),
    Reason.UNKNOWN_CHOICE: (
        "Kolom {column} bevat een waarde die niet is afgesproken. Zie het invoercontract voor de "
        "toegestane waarden."
    ),
    Reason.INVALID_FLAG: "Kolom {column} hoort ja of nee te zijn (j/n, ja/nee, true/false, 1/0).",
    Reason.INVALID_SEX: "Kolom {column} bevat een onbekende aanduiding. Verwacht: m, v, x of 0, 1, 2, 9.",
    Reason.INVALID_IDENTIFIER: (
        "Kolom {column} heeft niet de vorm die bij dit gegeven hoort. Controleer de bron."
    ),
    Reason.END_BEFORE_START: (
        "De einddatum in {column} ligt voor de begindatum. Verbeter een van beide in de bron."
    ),
    Reason.TOTALS_ROW: "Dit is een totaalregel en geen record. Er hoeft niets te gebeuren.",
    Reason.REPEATED_HEADER: "Dit is de kopregel nog een keer en geen record. Er hoeft niets te gebeuren.",
    Reason.ERROR_CELL: "De cel in {column} bevat een rekenfout van het rekenblad. Herstel de formule.",
    Reason.INCOMPLETE_ELEMENT: (
        "Het bericht mist een verplicht element in {column}. Vraag de afzender om een nieuw bericht."
    ),
    Reason.OUTSIDE_PROFILE: (
        "Het record valt buiten het profiel (filter op {column}). Er hoeft niets te gebeuren."
    ),
}


class NoteCode(StrEnum):
    """What was mended or left out while every record was kept."""

    LINE_READ_AS_WINDOWS_1252 = "line_read_as_windows_1252"
    UNDECODABLE_CHARACTER = "undecodable_character"
    ZEROS_RESTORED = "zeros_restored"
    ZEROS_REMOVED = "zeros_removed"
    LABEL_REMOVED = "label_removed"
    DECIMALS_REMOVED = "decimals_removed"
    EXCEL_SERIAL_DATE = "excel_serial_date"
    TIME_REMOVED = "time_removed"
    OPEN_END = "open_end"
    THOUSANDS_AMBIGUOUS = "thousands_ambiguous"
    BIRTH_DATE_INCOMPLETE = "birth_date_incomplete"
    COLUMN_KEPT = "column_kept"
    COLUMN_DROPPED = "column_dropped"
    COLUMN_TWICE = "column_twice"
    CELLS_ADDED = "cells_added"
    SUPPRESSED_VALUE = "suppressed_value"
    POSTCODE_UNREADABLE = "postcode_unreadable"
    BRANCH_ASSUMED = "branch_assumed"
    BRANCH_OF_LIST = "branch_of_list"
    START_ASSUMED = "start_assumed"
    MIXED_PRACTICAL_SCHOOL = "mixed_practical_school"
    OTHER_MUNICIPALITY = "other_municipality"
    HIDDEN_SHEET = "hidden_sheet"
    SHEET_NOT_READ = "sheet_not_read"
    TITLE_ROWS = "title_rows"
    FORMULA_WITHOUT_VALUE = "formula_without_value"
    UNKNOWN_RELEASE = "unknown_release"

    def explain(self, column: str, count: int) -> str:
        """The Dutch sentence for the analyst."""
        return _NOTES[self].format(column=f"'{_name(column)}'" if column else "het bestand", n=count)


_NOTES = {
    NoteCode.LINE_READ_AS_WINDOWS_1252: (
        "{n} regel(s) met een teken dat de codering niet kent, gelezen als windows-1252."
    ),
    NoteCode.UNDECODABLE_CHARACTER: "{n} regel(s) met een onleesbaar teken; het teken is vervangen.",
    NoteCode.ZEROS_RESTORED: "{n} code(s) in {column} aangevuld met voorloopnullen.",
    NoteCode.ZEROS_REMOVED: "{n} code(s) in {column} ontdaan van te veel voorloopnullen.",
    NoteCode.LABEL_REMOVED: "{n} cel(len) in {column} bevatten code en omschrijving; de code is gebruikt.",
    NoteCode.DECIMALS_REMOVED: "{n} code(s) in {column} waren als getal met ,0 geschreven.",
    NoteCode.EXCEL_SERIAL_DATE: "{n} datum(s) in {column} stonden als volgnummer van Excel.",
    NoteCode.TIME_REMOVED: "{n} datum(s) in {column} hadden een tijd; alleen de datum is gebruikt.",
    NoteCode.OPEN_END: "{n} einddatum(s) in {column} betekenen 'geen einde' (31-12-9999 of 01-01-2100).",
    NoteCode.THOUSANDS_AMBIGUOUS: (
        "{n} getal(len) in {column} met punt en drie cijfers, gelezen als decimaal."
    ),
    NoteCode.BIRTH_DATE_INCOMPLETE: "{n} geboortedatum(s) in {column} zijn niet volledig bekend.",
    NoteCode.COLUMN_KEPT: "Kolom {column} staat niet in het contract en is meegenomen als extra gegeven.",
    NoteCode.COLUMN_DROPPED: "Kolom {column} staat niet in het contract en is weggelaten.",
    NoteCode.COLUMN_TWICE: "Kolom {column} komt vaker voor; de eerste is gebruikt.",
    NoteCode.CELLS_ADDED: "{n} regel(s) met lege cellen achter de laatste kolom; die zijn genegeerd.",
    NoteCode.SUPPRESSED_VALUE: (
        "{n} aantal(len) in {column} afgeschermd door de leverancier; gelezen als onbekend."
    ),
    NoteCode.POSTCODE_UNREADABLE: (
        "{n} waarde(n) in {column} zijn geen Nederlandse postcode; gelezen als onbekend."
    ),
    NoteCode.BRANCH_OF_LIST: (
        "De lijst noemt eigen vestigingen; alle leerlingen staan onder de vestiging van de lijst."
    ),
    NoteCode.START_ASSUMED: (
        "{n} leerling(en) zonder instroomdatum; de eerste dag van het schooljaar is aangenomen."
    ),
    NoteCode.BRANCH_ASSUMED: "{n} keer ontbreekt de vestiging; de hoofdvestiging (00) is aangenomen.",
    NoteCode.MIXED_PRACTICAL_SCHOOL: (
        "{n} vestiging(en) met praktijkonderwijs naast ander onderwijs, ingedeeld als VO."
    ),
    NoteCode.OTHER_MUNICIPALITY: (
        "{n} record(s) met een andere gemeente dan opgegeven; het bestand is gevolgd."
    ),
    NoteCode.HIDDEN_SHEET: "Niet gelezen, want verborgen: {column}.",
    NoteCode.SHEET_NOT_READ: "Niet gelezen: {column}.",
    NoteCode.TITLE_ROWS: "{n} regel(s) boven de kopregel overgeslagen.",
    NoteCode.UNKNOWN_RELEASE: (
        "Het bericht is van een latere release dan iJw 3.2; controleer of alles is gelezen."
    ),
    NoteCode.FORMULA_WITHOUT_VALUE: (
        "{n} formule(s) in {column} zonder berekende waarde; open en bewaar het bestand in Excel."
    ),
}

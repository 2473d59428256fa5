"""Names in awards help to find a pupil without a BSN, and none of them is kept."""

import re
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
from message_folder import small_messages

from tests.support.workspaces import WHEN, write_lines
from zorgdata.landing import ingest
from zorgdata.linkage import KeyKeeper, LinkOptions, link
from zorgdata.pipeline.session import Session, open_session
from zorgdata.workspace import create_workspace

HEADER = "brin;vestiging;geboortedatum;geslacht;postcode;achternaam;voorletters;datum_inschrijving"
FIELDS = ("Achternaam", "Voorletters", "Datum", "Geslacht", "Postcode", "ToewijzingNummer")


def clients(folder: Path, count: int) -> list[dict[str, str]]:
    """Write messages; gives what they say of each client."""
    folder.mkdir()
    found = []
    for name, text in small_messages(count):
        (folder / name).write_text(text, encoding="utf-8")
        found.append({field: re.findall(rf":{field}>([^<]*)<", text)[0] for field in FIELDS})
    return found


def pupil(client: dict[str, str], moved: bool) -> str:
    """The client as a school knows it: without a BSN, and perhaps at another address."""
    postcode = "9988ZZ" if moved else client["Postcode"]
    born, sex = client["Datum"], client["Geslacht"]
    who = f"{client['Achternaam']};{client['Voorletters']}"
    return f"99ZA;00;{born};{sex};{postcode};{who};2023-08-01"


def land(session: Session, *paths: Path) -> None:
    done = ingest(
        session.connection,
        list(paths),
        session.pseudonyms,
        session.workspace.settings.ingest,
        received_at=WHEN,
        codes=KeyKeeper(session.connection, session.pseudonyms),
    )
    assert not done.with_status("refused")


@pytest.mark.skipif(find_spec("splink") is None, reason="needs the extra 'linkage'")
def test_a_pupil_who_moved_is_found_by_name(tmp_path: Path) -> None:
    """One in five moved between award and school list; by birth date, sex and postcode they are lost."""
    known = clients(tmp_path / "in", 200)
    lines = [pupil(client, moved=n % 5 == 0) for n, client in enumerate(known)]
    with open_session(create_workspace(tmp_path / "ws"), "test") as session:
        land(session, tmp_path / "in", write_lines(tmp_path / "leerlingen.csv", [HEADER, *lines]))
        outcome = link(session.connection, LinkOptions(random_pairs=1e5))
        care = dict(
            session.connection.execute(
                "select child_id, min(cast(allocation_number as integer)) from raw.indications group by all"
            ).fetchall()
        )
        school = dict(session.connection.execute("select child_id, line from raw.enrolments").fetchall())
        texts = " ".join(
            str(row)
            for table in ("raw.indications", "raw.enrolments", "raw.linkage_key", "raw.message", "meta.file")
            for row in session.connection.execute(f"select * from {table}").fetchall()
        )
    truth = {int(client["ToewijzingNummer"]): n for n, client in enumerate(known)}
    made = [one for one in outcome.resolution.links if one.person_id in care]
    right = [one for one in made if truth.get(care[one.person_id]) == school[one.child_id] - 2]
    moved = [one for one in right if (school[one.child_id] - 2) % 5 == 0]
    assert len(right) == len(made)
    assert len(right) >= 0.95 * len(known)
    assert len(moved) >= 0.9 * len(known) / 5
    assert not any(client["Achternaam"] in texts for client in known)

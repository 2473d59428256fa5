"""The copy for a team, kept in step with the work database."""

import hashlib

from zorgdata.errors import UsageError
from zorgdata.pipeline.session import Session, open_session
from zorgdata.settings import Team
from zorgdata.workspace import Workspace

_NAME = "shared"


def share_with_team(session: Session, *, forget_earlier: bool = False) -> dict[str, int]:
    """Bring the copy up to date; returns rows per table, empty when it was, or when there is no team."""
    team = session.workspace.settings.team
    if not team.catalogue:
        return {}
    state = _state(session, team)
    row = session.connection.execute("select value from meta.workspace where name = ?", [_NAME]).fetchone()
    if row and row[0] == state and not forget_earlier:
        return {}
    # Loaded here: most workspaces have no team.
    from zorgdata.store.lake import share

    folder = session.workspace.root / team.files
    copied = share(session.connection, team.catalogue, folder, team.schemas, forget_earlier=forget_earlier)
    session.connection.execute("insert or replace into meta.workspace values (?, ?)", [_NAME, state])
    return copied


def share_now(workspace: Workspace) -> dict[str, int]:
    """As ``share_with_team``, for a person who asks for it."""
    if not workspace.settings.team.catalogue:
        raise UsageError("There is no team to share with.", "Set [team] catalogue in zorgdata.toml.")
    with open_session(workspace, "share") as session:
        return share_with_team(session)


def _state(session: Session, team: Team) -> str:
    """What the copy is made of: figures, what was published, and where it goes."""
    digest = hashlib.sha256(team.model_dump_json().encode())
    for query in (
        "select name, fingerprint from meta.model_state order by all",
        "select publication_id, created_at from meta.publication order by all",
    ):
        digest.update(repr(session.connection.execute(query).fetchall()).encode())
    return digest.hexdigest()

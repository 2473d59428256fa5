"""How fast iJw messages come in: a folder of small ones, and one large one, each in a process of its own.

    python bench/bench_xml.py [--messages 100000] [--large 300000]

Every delivery goes through the whole landing of a fresh workspace: reading, typing, pseudonyms, ledger,
encrypted database; the small ones also with codes for linkage, which are off by default. Prints products a
second, the memory the process gained at its peak, and whether every record is accounted for. The large
message is read at one and at four times the size: memory that is the same for both does not grow with it.
"""

import argparse
import datetime as dt
import multiprocessing
import resource
import tempfile
import time
from pathlib import Path

from message_folder import write_large, write_messages

from zorgdata.landing import ingest
from zorgdata.linkage import KeyKeeper
from zorgdata.pipeline.session import open_session
from zorgdata.workspace import create_workspace


def _peak() -> float:
    """Megabytes in memory at the highest so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def land(workspace_folder: Path, source: Path, products: int, codes: bool) -> None:
    """Ingest ``source`` and tell how it went."""
    with open_session(create_workspace(workspace_folder), "bench") as session:
        before, begun, worked = _peak(), time.perf_counter(), time.process_time()
        done = ingest(
            session.connection,
            [source],
            session.pseudonyms,
            session.workspace.settings.ingest,
            received_at=dt.datetime(2026, 1, 2),
            codes=KeyKeeper(session.connection, session.pseudonyms) if codes else None,
        )
        seconds, worked = time.perf_counter() - begun, time.process_time() - worked
        gained = _peak() - before
        read, accepted, quarantined, blank, files = session.connection.execute(
            "select sum(records_read), sum(records_accepted), sum(records_quarantined), sum(records_blank), "
            "count(*) from meta.file"
        ).fetchone() or (0, 0, 0, 0, 0)
    refused = len(done.with_status("refused"))
    print(
        f"  {files:,} file(s), {products:,} products: {seconds:.1f} s ({worked:.1f} s of processor), "
        f"{products / seconds:,.0f} products/s, {gained:,.0f} MB more at the peak"
    )
    print(
        f"  {read:,} read = {accepted:,} accepted + {quarantined:,} set aside + {blank:,} blank: "
        f"{read == accepted + quarantined + blank == products and not refused}"
    )


def in_a_process(what: str, folder: Path, source: Path, products: int, codes: bool = False) -> None:
    """``land`` in a process of its own, so that its peak memory is its own."""
    print(f"{what}, {sum(f.stat().st_size for f in files_of(source)) / 1e6:,.0f} MB")
    process = multiprocessing.get_context("spawn").Process(
        target=land, args=(folder, source, products, codes)
    )
    process.start()
    process.join()


def files_of(source: Path) -> list[Path]:
    """The files of a delivery."""
    return list(source.iterdir()) if source.is_dir() else [source]


def main() -> None:
    """Both deliveries in a temporary folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--large", type=int, default=300_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.messages:
            products = write_messages(folder / "in", options.messages)
            in_a_process("small messages", folder / "small", folder / "in", products)
            in_a_process("the same, with codes for linkage", folder / "coded", folder / "in", products, True)
        if options.large:
            for times in (1, 4):
                source = folder / f"large{times}.xml"
                products = write_large(source, options.large * times // 4)
                in_a_process("one large message", folder / f"large{times}", source, products)


if __name__ == "__main__":
    main()

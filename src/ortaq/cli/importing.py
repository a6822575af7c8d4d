"""`ortaq import`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from ortaq.cli.home import open_home
from ortaq.cli.output import print_json, printable, progress
from ortaq.errors import ConfigError
from ortaq.gather.kinds import find_local_kind
from ortaq.model import Source
from ortaq.pipeline.importing import ImportTally, import_path

SHOWN = 20  # problems printed; all of them are in `ortaq status --json`


def import_paths(folder: Path | None, paths: list[Path], *, outlet: str, processes: int, json: bool) -> None:
    """Import each path and print what became of it; exits with 1 when something was quarantined."""
    for path in paths:
        if not path.exists():
            raise ConfigError("there is no such file or folder", where=str(path), fix="Nothing was imported")
    kinds = [find_local_kind(path) for path in paths]  # before anything is imported
    now = datetime.now(UTC)
    total = ImportTally()
    with open_home(folder, make=True, processes=processes) as home, progress("Importing") as say:
        for given, kind in zip(paths, kinds, strict=True):
            path = given.resolve()  # one document has one address, wherever it is named from
            source = Source(outlet or "", kind.name, path.as_uri())

            def changed(tally: ImportTally, name: str = path.name) -> None:
                say(f"{name}: {tally.read} read, {tally.new} new, {tally.known} known, {tally.quarantined} quarantined")

            done = import_path(home.pipeline, kind, path, source, now, changed)
            total.new += done.new
            total.revised += done.revised
            total.known += done.known
            total.quarantined += done.quarantined
            total.problems += done.problems
    if json:
        print_json(
            {
                "read": total.read,
                "new": total.new + total.revised,
                "revised": total.revised,
                "known": total.known,
                "quarantined": total.quarantined,
                "problems": [{"where": p.where, "reason": p.reason, "fix": p.fix} for p in total.problems],
            }
        )
    else:
        revised = f" ({total.revised} of them revised)" if total.revised else ""
        print(
            f"read {total.read}: {total.new + total.revised} new{revised}, {total.known} known, "
            f"{total.quarantined} quarantined"
        )
        for problem in total.problems[:SHOWN]:
            print(f"  problem: {printable(problem.where)}: {printable(problem.reason)}. {problem.fix}".rstrip())
        if len(total.problems) > SHOWN:
            print("  and more; see `ortaq status --json`")
    if total.quarantined:
        sys.exit(1)

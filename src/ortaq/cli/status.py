"""`ortaq status` and `ortaq doctor`."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ortaq.cli.home import open_home
from ortaq.cli.output import print_json, print_table, printable
from ortaq.errors import OrtaqError
from ortaq.pipeline.home import Home
from ortaq.pipeline.space import MEND_VECTORS, difference, stored_space

SHOWN = 10
DECISIONS = 10_000  # looked through for refusals
DISK_LOW = 1_000_000_000  # bytes


def status(folder: Path | None, json: bool) -> None:
    """Print counts, what fails, what was quarantined and what was refused lately."""
    with open_home(folder) as home:
        records = home.records
        counts = records.counts()
        failing = [state for state in records.source_states() if state.last_error]
        differ = difference(records, home.settings.embed)
        limit = 1_000 if json else SHOWN
        problems = records.problems(limit)
        # Most decisions allow: among the newest few there may be no refusal.
        refused = [decision for decision in records.decisions(DECISIONS) if not decision.allowed][:limit]
        if json:
            print_json(
                {
                    "home": str(home.settings.home),
                    "counts": dict(counts),
                    "vectors": {"made_by": dict(stored_space(records)), "differ": differ},
                    "failing_sources": [
                        {
                            "source": state.source,
                            "failures": state.failures,
                            "error": state.last_error,
                            "due": state.due_at.isoformat() if state.due_at else None,
                        }
                        for state in failing
                    ],
                    "quarantine": [
                        {"at": at.isoformat(), "source": source, "where": problem.where, "reason": problem.reason}
                        for at, source, problem in problems
                    ],
                    "refused": [
                        {"at": one.at.isoformat(), "url": one.url, "rule": one.rule, "reason": one.reason}
                        for one in refused
                    ],
                }
            )
            return
        print(f"Home: {home.settings.home}")
        print_table(["what", "how many"], [[name.replace("_", " "), str(count)] for name, count in counts.items()])
        if differ:
            print(f"\nNothing is taken in: the stored vectors were made otherwise ({differ}). {MEND_VECTORS}.")
        if failing:
            print("\nSources that fail:")
            rows = [[state.source, str(state.failures), state.last_error] for state in failing[:SHOWN]]
            print_table(["source", "times", "why"], rows)
        if problems:
            print("\nQuarantined lately, or read only in part:")
            print_table(["where", "why"], [[problem.where, problem.reason] for _, _, problem in problems])
        if refused:
            print("\nNot taken, by policy:")
            print_table(["address", "rule", "why"], [[one.url, one.rule, one.reason] for one in refused])


def doctor(folder: Path | None, json: bool) -> None:
    """Run every check; exits with 1 when one found something wrong."""
    with open_home(folder) as home:
        bad = 0
        for name, run in CHECKS.items():
            try:
                faults = list(run(home))
            except OrtaqError as error:
                faults = [str(error)]
            bad += bool(faults)
            if json:
                print_json({"check": name, "ok": not faults, "faults": faults})
            else:
                print(f"{'ok ' if not faults else 'BAD'} {name}")
                for fault in faults[:SHOWN]:
                    print(f"    {printable(fault)}")
    if bad:
        sys.exit(1)


def _disk(home: Home) -> Iterator[str]:
    free = shutil.disk_usage(home.settings.home).free
    if free < DISK_LOW:
        yield f"only {free // 1_000_000} MB are free on the disk of {home.settings.home}: make room"


def _outlets(home: Home) -> Iterator[str]:
    if not home.outlets and not home.records.outlets():
        yield "no outlets yet: `ortaq outlets add ADDRESS` or `ortaq outlets import FILE`"


def _archive(home: Home) -> Iterator[str]:
    for problem in home.archive.verify():
        yield f"{problem.where}: {problem.reason}. {problem.fix}"


def _records(home: Home) -> Iterator[str]:
    if next(iter(home.archive.read(home.records.checkpoint())), None) is not None:
        yield "the archive has pages that are not derived yet: `ortaq gather --once` or any import goes on with them"


def _index(home: Home) -> Iterator[str]:
    counts = home.records.counts()
    held = home.index.count()
    if held != counts["articles"] and not counts["outbox"]:
        yield f"the index holds {held} of {counts['articles']} articles: run `ortaq rebuild --index`"


def _model(home: Home) -> Iterator[str]:
    start = time.perf_counter()
    near = home.embed_query("Парламент жаңа заң қабылдады")
    other = home.embed_query("The parliament passed a new law")
    far = home.embed_query("Футболшы екі гол соқты")
    if not float(near @ other) > float(near @ far):
        yield "the model's vectors make no sense: remove its cache folder, it is made again"
    if time.perf_counter() - start > 60:
        yield "the model takes over 20 seconds a sentence on this machine"


def _vectors(home: Home) -> Iterator[str]:
    if differ := difference(home.records, home.settings.embed):
        yield f"the stored vectors were made otherwise ({differ}). {MEND_VECTORS}"


def _clock(home: Home) -> Iterator[str]:
    if time.time() < 1_764_000_000:
        yield "this machine's clock is in the past: dates of fetched pages would be wrong"


CHECKS: dict[str, Callable[[Home], Iterator[str]]] = {
    "clock": _clock,
    "disk": _disk,
    "outlets": _outlets,
    "archive: every digest and the chain": _archive,
    "records are up to the archive": _records,
    "index is up to the records": _index,
    "vectors are of the settings' model": _vectors,
    "language model": _model,
}

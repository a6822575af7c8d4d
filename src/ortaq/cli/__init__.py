"""The face in the terminal.

In:    arguments.
Out:   text or JSON lines, and an exit code: 0 all well, 1 some input quarantined or nothing found, 2 wrong usage.
Never: heavy imports before they are needed.
"""

from __future__ import annotations

import sys


def main() -> None:
    """The command `ortaq`. An error of ours is one line on stderr, never a traceback."""
    from ortaq.cli.app import app
    from ortaq.errors import ConfigError, OrtaqError

    try:
        app()
    except OrtaqError as error:
        print(f"ortaq: {error}", file=sys.stderr)
        sys.exit(2 if isinstance(error, ConfigError) else 1)
    except SystemExit as end:
        if end.code == 130:  # Ctrl-C, which typer turns into this
            print("ortaq: stopped; the next run goes on where this one ended", file=sys.stderr)
        raise
    except BrokenPipeError:
        # The reader of our output (head, less) has gone: nothing to tell anybody.
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        import logging

        if logging.getLogger().isEnabledFor(logging.INFO):  # --verbose
            raise
        print(f"ortaq: a fault of ours: {error!r}. Please report it with what `ortaq -v ...` says", file=sys.stderr)
        sys.exit(1)

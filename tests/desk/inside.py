"""The command line within this process: the imports of a new one take longer than the work."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from ortaq.cli.app import app
from ortaq.errors import ConfigError, OrtaqError


def ortaq(home: Path, *arguments: str, expect: int = 0) -> str:
    """Run a command and return what it printed; an error of ours gives the code that it ends the program with."""
    done = CliRunner().invoke(app, [*arguments, "--home", str(home)])
    code = done.exit_code
    if isinstance(done.exception, OrtaqError):
        code = 2 if isinstance(done.exception, ConfigError) else 1
    elif done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert code == expect, f"ended with {code}\n{done.output}\n{done.exception}"
    return done.stdout

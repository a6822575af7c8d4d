"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

HomeOption = Annotated[
    Optional[Path],  # noqa: UP045 - typer reads this at run time
    typer.Option("--home", envvar="ORTAQ_HOME", help="The folder to work on.", show_default="the folder you are in"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]

"""`python -m ortaq`."""

from ortaq.cli import main

main()

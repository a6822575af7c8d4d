"""The face in the terminal.

In:    arguments.
Out:   text or JSON lines, and an exit code.
Never: heavy imports before they are needed.
"""

"""What do people decide?

In:    who, and what they want: merge, split, move, pin, undo.
Out:   decisions in the desk's log, which is kept for ever.
Never: a change of derived records: the pipeline follows the log.
"""

from ortaq.desk.decisions import LONGEST_NAME, By, merge, move, pin, split, undo
from ortaq.desk.log import Entry, decision_json, entries

__all__ = ["LONGEST_NAME", "By", "Entry", "decision_json", "entries", "merge", "move", "pin", "split", "undo"]

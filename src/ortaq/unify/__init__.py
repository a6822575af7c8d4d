"""Is it a copy, and which story is it?

In:    articles with their annotations.
Out:   copy links, memberships and story changes, each with its reason.
Never: I/O; a silent change of a story.
"""

from ortaq.unify.diff import differences
from ortaq.unify.rules import Rules
from ortaq.unify.stories import Placement
from ortaq.unify.unifier import Unifier, threshold

__all__ = ["Placement", "Rules", "Unifier", "differences", "threshold"]

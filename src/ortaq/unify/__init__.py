"""Is it a copy, and which story is it?

In:    articles with their annotations.
Out:   copy links, memberships and story changes, each with its reason.
Never: I/O; a silent change of a story.
"""

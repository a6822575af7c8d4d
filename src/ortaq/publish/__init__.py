"""How do others read our records?

In:    records.
Out:   bytes: feeds, JSON.
Never: the full text where the licence does not allow it.
"""

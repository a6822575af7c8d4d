"""What is this writing?

In:    any string.
Out:   normal form, script, tokens, sentences.
Never: raises on a string, whatever is in it.
"""

from ortaq.text.normalize import fold, normalize
from ortaq.text.script import script_of
from ortaq.text.sentences import sentences
from ortaq.text.tokens import numbers, words

__all__ = ["fold", "normalize", "numbers", "script_of", "sentences", "words"]

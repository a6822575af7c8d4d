"""In which space the stored vectors lie, and whether what the settings ask for would be another.

Vectors of two models, lengths of text or versions of our figures can't be compared, and nothing would fail: stories and
searches would only become worse. So the records say what made theirs, and nothing else is written beside it.
"""

from __future__ import annotations

import ast
import dataclasses
import json
from collections.abc import Mapping
from typing import TypeAlias

from ortaq.errors import ConfigError
from ortaq.settings import EmbedSettings
from ortaq.store.contract import Records, Writer
from ortaq.understand.annotate import versions
from ortaq.understand.embed import embedder_name

Space: TypeAlias = Mapping[str, str]
"""The embedder's name (`embed`), the versions of our figures (`space`, `names`), and `tokens`, the length read."""

NOTE = "space"
MEND_VECTORS = "Run `ortaq rebuild`, or set [embed] back"


def wanted_space(settings: EmbedSettings) -> Space:
    """The space that the settings and this version of Ortaq give."""
    return {**versions(embedder_name(settings)), "tokens": str(settings.tokens)}


def stored_space(records: Records) -> Space:
    """The space of the stored vectors, empty when there are none. Of old records the tokens are not known."""
    if note := records.note(NOTE):
        return dict(json.loads(note))
    for _, annotation in records.iter_recent(1):
        return dict(annotation.made_by)
    return {}


def stored_embedding(records: Records, settings: EmbedSettings) -> EmbedSettings:
    """The settings with the model and length of the stored vectors: what queries are embedded with."""
    stored = stored_space(records)
    told, prefix = stored.get("embed", ""), settings.prefix
    if told in ("", embedder_name(settings)):
        model = settings.model
    elif ":" in told:  # "openai:NAME after 'PREFIX'", as embed_named.identity tells it
        model, _, written = told.partition(" after ")
        prefix = str(ast.literal_eval(written)) if written else ""
    else:
        model = told.partition("/")[0]
    tokens = int(stored.get("tokens", settings.tokens))
    return dataclasses.replace(settings, model=model, prefix=prefix, tokens=tokens)


def put_space(writer: Writer, settings: EmbedSettings) -> None:
    """Note that the vectors of this transaction, and of all others, are of the settings' space."""
    writer.put_note(NOTE, json.dumps(wanted_space(settings), sort_keys=True))


def difference(records: Records, settings: EmbedSettings) -> str:
    """What differs between the stored vectors and new ones, such as "tokens 128, now 64"; "" when nothing does."""
    stored, wanted = stored_space(records), wanted_space(settings)
    if not stored:
        return ""
    stored = {"tokens": wanted["tokens"], **stored}  # of old records they are not known
    return "; ".join(
        f"{key} {stored.get(key, 'none')}, now {value}" for key, value in wanted.items() if stored.get(key) != value
    )


def check_space(records: Records, settings: EmbedSettings) -> None:
    """Raises ConfigError when new vectors would not lie in the space of the stored ones."""
    if found := difference(records, settings):
        raise ConfigError(
            f"the stored vectors were made otherwise ({found}) and can't be mixed with new ones; nothing was done",
            where="[embed]",
            fix=MEND_VECTORS,
        )

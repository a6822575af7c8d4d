"""What articles are about, to a machine: language, vector, names, numbers."""

from __future__ import annotations

from collections.abc import Sequence

from ortaq.languages import numbers
from ortaq.model import Annotation, Article, Vector
from ortaq.understand import names, space
from ortaq.understand.embed import Embedder
from ortaq.understand.identify import Identity, identify_many
from ortaq.understand.names import name_keys
from ortaq.understand.paragraphs import main_language
from ortaq.understand.space import embed_in_common_space

# Of a long text the beginning is looked at for names and numbers: news says first what it is about.
MAX_CHARACTERS = 4_000
MAX_NUMBERS = 40


def annotate(articles: Sequence[Article], embedder: Embedder) -> list[Annotation]:
    """One annotation an article, in their order.

    The vector is of headline, lead and the beginning of the text, as far as the embedder reads, in the space shared
    by all languages. `names` and `numbers` are keys for comparing articles, not for showing.
    """
    if not articles:
        return []
    texts = [_start(article) for article in articles]
    told = [None if article.language == "und" else article.language for article in articles]
    identities = [
        main_language(article.headline, text[len(article.headline) :], claim)[0]
        for article, text, claim in zip(articles, texts, told, strict=True)
    ]
    vectors = embed_in_common_space(texts, [identity.tag for identity in identities], embedder)
    made_by = versions(embedder.name)
    return [
        Annotation(
            vector=vector,
            names=name_keys(text, identity.language, identity.script),
            numbers=telling_numbers(text, identity.language),
            language=identity.language,
            script=identity.script,
            confidence=identity.confidence,
            made_by=made_by,
        )
        for text, identity, vector in zip(texts, identities, vectors, strict=True)
    ]


def versions(embedder: str) -> dict[str, str]:
    """What annotations made with the embedder of this name say of their making; others can't be compared with them."""
    return {
        "embed": embedder,
        "space": space.VERSION,
        "names": names.VERSION,
        "numbers": numbers.VERSION,
    }


def query_vector(text: str, embedder: Embedder) -> Vector:
    """A query's vector, in the space of the articles' vectors."""
    identity: Identity = identify_many([text], [None])[0]
    vector: Vector = embed_in_common_space([text], [identity.tag], embedder)[0]
    return vector


def telling_numbers(text: str, language: str) -> tuple[str, ...]:
    """The numbers that may tell one event from another, sorted: with two digits or a fraction, and no year.

    Words of the language count too, so that `25 мың`, «двадцать пять тысяч» and `25,000` are one number.
    """
    told = numbers.numbers(text, language)
    found = dict.fromkeys(number for number in told if len(number) >= 2 and not _is_year(number))
    return tuple(sorted(list(found)[:MAX_NUMBERS]))


def _is_year(number: str) -> bool:
    return len(number) == 4 and number[:2] in ("19", "20") and number.isdigit()


def _start(article: Article) -> str:
    lead = "" if article.text.startswith(article.lead) else article.lead
    return "\n".join(part for part in (article.headline, lead, article.text) if part)[:MAX_CHARACTERS]

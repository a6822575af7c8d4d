"""Stories → their words, through a queue: a story whose articles changed is in it until its words are chosen anew."""

from __future__ import annotations

from ortaq.model import StoryWords, tag
from ortaq.pipeline.indexing import feed_index
from ortaq.store.contract import Index, Records
from ortaq.unify.words import Telling, choose

BATCH = 64  # stories
BEGINNING = 3_000  # characters of a text


def feed_words(records: Records) -> int:
    """Choose the words of every story that waits; returns of how many. Killed in between, the rest waits on.

    What is chosen follows from a story's articles alone, so it does not matter when.
    """
    done = 0
    while waiting := records.words.waiting(BATCH):
        tellings: dict[str, list[Telling]] = {story: [] for story in waiting}
        for stored, annotation in records.words.newest(waiting):
            article = stored.article
            lead = "" if article.text.startswith(article.lead) else f"{article.lead}\n"
            of = article if article.language != "und" else annotation
            tellings[stored.story].append(
                Telling(
                    article=article.id,
                    language=tag(of.language, of.script),
                    headline=article.headline,
                    text=f"{lead}{article.text}"[:BEGINNING],
                    vector=annotation.vector,
                    copy=stored.copy_of is not None,
                )
            )
        words: dict[str, list[StoryWords]] = {story: choose(told) if told else [] for story, told in tellings.items()}
        records.words.put(words)
        done += len(words)
    return done


def feed_followers(records: Records, index: Index) -> None:
    """What follows the records: the index, and the words of stories."""
    feed_index(records, index)
    feed_words(records)

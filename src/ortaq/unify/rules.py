"""What people decided, as the clusterer must respect it: articles to keep apart, articles to leave where they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable


class Rules:
    """`apart` holds pairs of groups: a story with an article of the one and a story with one of the other never merge.

    A `pinned` article's story keeps its id: another may go into it, it goes into none. Where `joined` articles are, the
    program had seen two stories: its own measure of the whole says little there.
    """

    def __init__(
        self,
        apart: Iterable[tuple[Collection[str], Collection[str]]] = (),
        pinned: Collection[str] = (),
        joined: Collection[str] = (),
    ) -> None:
        self._sides: dict[str, set[tuple[int, int]]] = {}
        for number, pair in enumerate(apart):
            for side, articles in enumerate(pair):
                for article in articles:
                    self._sides.setdefault(article, set()).add((number, side))
        self._pinned = frozenset(pinned)
        self._joined = frozenset(joined)

    def forbid(self, first: Iterable[str], second: Iterable[str]) -> bool:
        """Whether two stories with these articles must stay two."""
        if not self._sides:
            return False
        here = {mark for article in first for mark in self._sides.get(article, ())}
        return any((number, 1 - side) in here for article in second for number, side in self._sides.get(article, ()))

    def hold(self, articles: Iterable[str]) -> bool:
        """Whether a story with these articles must keep its id."""
        return bool(self._pinned) and not self._pinned.isdisjoint(articles)

    def patched(self, articles: Iterable[str]) -> bool:
        """Whether people put a story with these articles together."""
        return bool(self._joined) and not self._joined.isdisjoint(articles)


NO_RULES = Rules()

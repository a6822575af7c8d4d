"""What story clustering is measured against: two well-known ways, given the same vectors, each at its best threshold.

`Miranda` is the two-step online clustering of Miranda et al. (EMNLP 2018): texts of one language are clustered by
TF-IDF of text and headline and by time, and those clusters are linked across languages by the mean of their vectors.
Their weights were learned by an SVM on their own corpus; here the likenesses weigh the same. `Plain` is a threshold on
the cosine to a cluster's mean vector, without anything else.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from ortaq.model import Annotation, Article
from ortaq.settings import EmbedSettings
from ortaq.text.normalize import fold
from ortaq.text.tokens import words
from ortaq.understand.annotate import annotate
from ortaq.understand.embed import Embedder, load_embedder

Item = tuple[Article, Annotation]
Floats = npt.NDArray[np.float32]
T = TypeVar("T")
_PREFIX = 5  # letters: stands for the lemma, in languages that have no lemmatizer
_DAYS = 3.0  # width of the likeness in time, as in Miranda et al.


class Kept:
    """An embedder that keeps each text's vector, so that no system's text is embedded twice."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self.name, self.dimensions = inner.name, inner.dimensions
        self._rows: dict[str, Floats] = {}

    def embed(self, texts: Sequence[str]) -> Floats:
        new = [text for text in dict.fromkeys(texts) if text not in self._rows]
        self._rows.update(zip(new, self._inner.embed(new), strict=True))
        return np.stack([self._rows[text] for text in texts])


@dataclass
class Vectors:
    raw: dict[str, Floats]
    centered: dict[str, Floats]


def load(articles: Sequence[Article]) -> tuple[list[Item], Vectors]:
    """The articles with what Ortaq makes of them, and by id the model's raw vectors and Ortaq's."""
    embedder = Kept(load_embedder(EmbedSettings()))
    annotations = annotate(articles, embedder)
    raw = embedder.embed(["\n".join(filter(None, (one.headline, one.text)))[:4_000] for one in articles])
    ids = [article.id for article in articles]
    vectors = Vectors(dict(zip(ids, raw, strict=True)), {id: a.vector for id, a in zip(ids, annotations, strict=True)})
    return list(zip(articles, annotations, strict=True)), vectors


class Plain:
    """Joins the cluster with the closest mean vector when its cosine is at least the threshold."""

    def __init__(self, threshold: float, vectors: Mapping[str, Floats]) -> None:
        self._threshold = threshold
        self._vectors = vectors
        self._sums: Floats = np.zeros((64, 0), np.float32)
        self._lengths: Floats = np.zeros(64, np.float32)
        self._count = 0

    def place(self, item: Item) -> int:
        vector = self._vectors[item[0].id]
        if not self._count:
            self._sums = np.zeros((64, len(vector)), np.float32)
        count = self._count
        cosines = np.einsum("ij,j->i", self._sums[:count], vector) / self._lengths[:count]
        found = int(cosines.argmax()) if count and cosines.max() >= self._threshold else count
        if found == count:
            self._count += 1
            if self._count > len(self._sums):
                self._sums = np.concatenate([self._sums, np.zeros_like(self._sums)])
                self._lengths = np.concatenate([self._lengths, np.zeros_like(self._lengths)])
        self._sums[found] += vector
        self._lengths[found] = np.linalg.norm(self._sums[found])
        return found


@dataclass
class _Cluster:
    """Articles of one language: TF-IDF sums, the span of time, the sum of the vectors, and the linked group."""

    terms: tuple[dict[str, float], ...]
    vector: Floats
    last: float
    group: int = -1
    norms: list[float] = field(default_factory=list)


class Miranda:
    """`inside` is the threshold between texts of one language, `across` between clusters of several."""

    def __init__(
        self, inside: float, across: float, vectors: Mapping[str, Floats], rare: Sequence[Mapping[str, float]]
    ) -> None:
        self._inside, self._across = inside, across
        self._vectors = vectors
        self._rare = rare
        self._clusters: dict[str, list[_Cluster]] = defaultdict(list)
        self._holding: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self._groups: list[dict[str, _Cluster]] = []

    def place(self, item: Item) -> int:
        article, annotation = item
        terms = tuple(_unit(_weighed(bag, rare)) for bag, rare in zip(bags(item), self._rare, strict=True))
        clusters, holding = self._clusters[annotation.language], self._holding[annotation.language]
        at = article.at.timestamp()
        candidates = set().union(*(holding[term] for term in _heaviest(terms[0])))
        scored = [(_likeness(clusters[number], terms, at), -number) for number in candidates]
        score, number = max(scored, default=(0.0, 0))
        vector = self._vectors[article.id]
        if score >= self._inside:
            cluster, number = clusters[-number], -number
            for sums, own in zip(cluster.terms, terms, strict=True):
                for term, weight in own.items():
                    sums[term] = sums.get(term, 0.0) + weight
            cluster.vector = cluster.vector + vector
            cluster.last = max(cluster.last, at)
        else:
            number = len(clusters)
            cluster = _Cluster(tuple(dict(own) for own in terms), vector.copy(), at)
            clusters.append(cluster)
        cluster.norms = [math.sqrt(sum(weight * weight for weight in sums.values())) for sums in cluster.terms]
        for term in terms[0]:
            holding[term].add(number)
        self._link(cluster, annotation.language)
        return cluster.group

    def _link(self, cluster: _Cluster, language: str) -> None:
        """A new cluster joins the group that is closest by vector and has none of its language yet."""
        if cluster.group >= 0:
            return
        best, score = -1, self._across
        own = cluster.vector / np.linalg.norm(cluster.vector)
        for number, group in enumerate(self._groups):
            if language not in group:
                whole = np.sum([other.vector for other in group.values()], axis=0)
                cosine = float(own @ whole) / float(np.linalg.norm(whole))
                if cosine >= score:
                    best, score = number, cosine
        if best < 0:
            best = len(self._groups)
            self._groups.append({})
        self._groups[best][language] = cluster
        cluster.group = best


def bags(item: Item) -> tuple[Counter[str], Counter[str]]:
    """Words of the whole text, and of the headline (or first line)."""
    article, _ = item
    headline = article.headline or article.text.split("\n")[0][:200]
    return _bag(f"{article.headline}\n{article.text}"), _bag(headline)


def rarity(items: Iterable[Item]) -> list[dict[str, float]]:
    """Inverse document frequencies over the whole set, of each of the bags: the peer may look ahead."""
    seen: list[Counter[str]] = [Counter(), Counter()]
    count = 0
    for item in items:
        count += 1
        for total, bag in zip(seen, bags(item), strict=True):
            total.update(bag.keys())
    return [{term: math.log(count / n) + 0.1 for term, n in total.items()} for total in seen]


def tfidf_likeness(one: Item, two: Item, rare: Sequence[Mapping[str, float]]) -> float:
    """Mean of the cosines of two texts' bags."""
    pairs = zip(bags(one), bags(two), rare, strict=True)
    return sum(_cosine(_unit(_weighed(a, r)), _unit(_weighed(b, r))) for a, b, r in pairs) / 2


def best(settings: Iterable[T], worth: Callable[[T], float]) -> T:
    """The setting that is worth most on the very data that is measured: a peer is given every advantage."""
    return max(settings, key=worth)


def _bag(text: str) -> Counter[str]:
    return Counter(word[:_PREFIX] for word in words(fold(text)) if len(word) > 2)


def _weighed(bag: Counter[str], rare: Mapping[str, float]) -> dict[str, float]:
    return {term: (1 + math.log(count)) * rare.get(term, 0.0) for term, count in bag.items()}


def _unit(weights: dict[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {term: weight / length for term, weight in weights.items()}


def _cosine(one: Mapping[str, float], two: Mapping[str, float]) -> float:
    return sum(weight * two.get(term, 0.0) for term, weight in one.items())


def _heaviest(terms: Mapping[str, float]) -> list[str]:
    return sorted(terms, key=lambda term: -terms[term])[:40]


def _likeness(cluster: _Cluster, terms: Sequence[Mapping[str, float]], at: float) -> float:
    """Mean of the bags' cosines, times the likeness in time (a bell over days)."""
    cosines = [
        _cosine(own, sums) / (norm or 1.0) for own, sums, norm in zip(terms, cluster.terms, cluster.norms, strict=True)
    ]
    days = (at - cluster.last) / 86_400
    return sum(cosines) / len(cosines) * math.exp(-days * days / (2 * _DAYS * _DAYS))


def bcubed(found: Sequence[Hashable], true: Sequence[Hashable]) -> tuple[float, float, float]:
    """Precision, recall, F1 (Bagga and Baldwin 1998)."""
    both, of_found, of_true = Counter(zip(found, true, strict=True)), Counter(found), Counter(true)
    precision = sum(n * n / of_found[group] for (group, _), n in both.items()) / len(found)
    recall = sum(n * n / of_true[event] for (_, event), n in both.items()) / len(found)
    return precision, recall, 2 * precision * recall / (precision + recall)


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def links(found: Sequence[Hashable], true: Sequence[Hashable], keep: Callable[[int, int], bool]) -> tuple[Any, ...]:
    """Precision, recall, F1 and number of the pairs of one event, over the pairs of places that `keep` keeps."""
    right = claimed = positive = 0
    for second in range(len(found)):
        for first in range(second):
            if keep(first, second):
                together, same = found[first] == found[second], true[first] == true[second]
                claimed, positive, right = claimed + together, positive + same, right + (together and same)
    precision, recall = right / claimed if claimed else 0.0, right / positive if positive else 0.0
    return precision, recall, f1(precision, recall), positive

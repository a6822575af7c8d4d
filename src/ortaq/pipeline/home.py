"""A home folder opened: its settings, outlets and store, with the pipeline and the search over them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import cached_property

from ortaq.model import Outlet, Vector
from ortaq.outlets import load_outlets
from ortaq.pipeline.derive import Pipeline
from ortaq.pipeline.executor import Executor
from ortaq.pipeline.space import stored_embedding
from ortaq.settings import EmbedSettings, Settings
from ortaq.store.archive import WarcArchive, open_archive
from ortaq.store.index import LanceIndex, open_index
from ortaq.store.records import SqlRecords, open_records
from ortaq.understand.embed import Embedder, load_embedder


class Home:
    """Everything is opened when it is first used and closed by `close`."""

    def __init__(self, settings: Settings, executor: Executor | None = None) -> None:
        self.settings = settings
        self._executor = executor
        self._former: dict[EmbedSettings, Embedder] = {}

    @cached_property
    def outlets(self) -> list[Outlet]:
        """The configured outlets; a fictional site's outlets are all marked so."""
        path = self.settings.outlets_path
        found = load_outlets(path) if path.exists() else []
        if self.settings.site.fictional:
            return [dataclasses.replace(outlet, fictional=True) for outlet in found]
        return found

    @cached_property
    def archive(self) -> WarcArchive:
        return open_archive(self.settings.archive_path, self.settings.store.segment_bytes)

    @cached_property
    def records(self) -> SqlRecords:
        self.settings.home.mkdir(parents=True, exist_ok=True)
        return open_records(self.settings.records_url)

    @cached_property
    def index(self) -> LanceIndex:
        return open_index(self.settings.index_path)

    @cached_property
    def embedder(self) -> Embedder:
        return load_embedder(self.settings.embed)

    @cached_property
    def pipeline(self) -> Pipeline:
        made = Pipeline(self.settings, self.archive, self.records, self.index, lambda: self.embedder, self._executor)
        made.put_outlets(self.outlets)
        return made

    def embed_query(self, text: str) -> Vector:
        """A query's vector in the space of the articles' vectors."""
        from ortaq.understand.annotate import query_vector

        # Until a rebuild the articles' vectors may be of another model than the settings name.
        stored = stored_embedding(self.records, self.settings.embed)
        if stored == self.settings.embed:
            return query_vector(text, self.embedder)
        if stored not in self._former:
            self._former = {stored: load_embedder(stored)}
        return query_vector(text, self._former[stored])

    def opened(self, names: Sequence[str]) -> list[str]:
        return [name for name in names if name in self.__dict__]

    def close(self) -> None:
        for name in self.opened(["records"]):
            getattr(self, name).close()

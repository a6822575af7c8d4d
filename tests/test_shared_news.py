"""All the shared news in one run, and the founding text: what the platform was asked for in the first place."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from pathlib import Path

import pytest

from tests.home import json_lines, make_home, ortaq

pytestmark = [pytest.mark.slow, pytest.mark.shared, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    home = make_home(tmp_path_factory.mktemp("news"), settings="")
    (told,) = json_lines(ortaq(home, "import", str(shared_data / "news"), "--json", timeout=550))
    assert told["read"] == 3_648
    assert told["read"] == told["new"] + told["known"] + told["quarantined"]
    assert told["quarantined"] == 0, told["problems"]
    return home


def test_a_story_told_in_ten_languages_is_one_story(home: Path, shared_data: Path) -> None:
    stories = json_lines(ortaq(home, "stories", "--json"))
    place = {article["url"]: (story["id"], article["language"]) for story in stories for article in story["articles"]}
    languages: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    with gzip.open(shared_data / "news" / "multi_ntrex.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            story, language = place[row["url"]]
            languages[row["id"].rsplit(".", 1)[0]][story].add(language)
    joined = sum(max(len(found) for found in parts.values()) >= 5 for parts in languages.values())
    assert len(languages) == 40
    assert joined >= 36, f"{joined} of 40 are one story in five or more languages"
    largest = max(len(story["articles"]) for story in stories)
    assert largest <= 40, "no story swallows the others"


def test_the_founding_text(home: Path, shared_data: Path) -> None:
    forum = shared_data / "seed" / "forum.txt"
    assert "read 1: 1 new" in ortaq(home, "import", str(forum))
    hits = json_lines(ortaq(home, "search", "Орталық Азия медиафорумы", "--json"))
    assert hits[0]["title"] == "I Орталық Азия медиафорумы"
    (article,) = json_lines(ortaq(home, "show", hits[0]["article_id"], "--json"))
    assert (article["language"], article["script"]) == ("kk", "Cyrl")
    assert article["published"].startswith("2022-12-20")
    for artifact in ("bookmark", "_GoBack", "..", ". .", "  ", "\t"):
        assert artifact not in article["text"]
    assert article["text"].endswith("сенім білдірді.")

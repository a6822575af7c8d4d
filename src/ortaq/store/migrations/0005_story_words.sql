-- Headline and summary of a story in each language, chosen from its articles; and the stories that wait for theirs.
CREATE TABLE story_words (
    story {text} NOT NULL,
    language {text} NOT NULL,
    place INTEGER NOT NULL,
    headline {text} NOT NULL,
    headline_article {text} NOT NULL,
    summary {text} NOT NULL,
    summary_article {text} NOT NULL,
    PRIMARY KEY (story, language)
);

CREATE TABLE words_queue (
    story {text} PRIMARY KEY
);
INSERT INTO words_queue (story) SELECT id FROM stories;

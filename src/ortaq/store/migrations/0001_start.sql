-- The words in braces differ between SQLite and PostgreSQL; see ortaq/store/database.py.
-- Instants are microseconds since 1970 in UTC. A number in a file's name is never used again.

CREATE TABLE articles (
    seq {serial},
    id {text} NOT NULL UNIQUE,
    url_key BIGINT NOT NULL,
    outlet {text} NOT NULL,
    tag {text} NOT NULL,
    story {text} NOT NULL,
    at BIGINT NOT NULL,
    published_at BIGINT,
    revised_at BIGINT,
    fetched_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    revisions INTEGER NOT NULL,
    segment BIGINT NOT NULL,
    "offset" BIGINT NOT NULL,
    language {text} NOT NULL,
    script {text} NOT NULL,
    url {text} NOT NULL,
    source {text} NOT NULL,
    headline {text} NOT NULL,
    lead {text} NOT NULL,
    authors {text} NOT NULL,
    section {text} NOT NULL,
    image {text} NOT NULL,
    made_by {text} NOT NULL,
    names {text} NOT NULL,
    numbers {text} NOT NULL,
    annotation_language {text} NOT NULL,
    annotation_script {text} NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    annotation_made_by {text} NOT NULL,
    vector {bytes} NOT NULL,
    text {text} NOT NULL
);
CREATE INDEX articles_by_url ON articles (url_key);
CREATE INDEX articles_by_outlet ON articles (outlet, at);
CREATE INDEX articles_by_time ON articles (at, seq);
-- Covers all that a story's row is made of, but the headlines.
CREATE INDEX articles_by_story ON articles (story, at, id, outlet, tag);

CREATE TABLE revisions (
    article {text} NOT NULL REFERENCES articles (id),
    number INTEGER NOT NULL,
    seen_at BIGINT NOT NULL,
    headline {text} NOT NULL,
    text {text} NOT NULL,
    PRIMARY KEY (article, number)
);

CREATE TABLE copies (
    article {text} PRIMARY KEY REFERENCES articles (id),
    original {text} NOT NULL REFERENCES articles (id),
    kind {text} NOT NULL,
    overlap DOUBLE PRECISION NOT NULL
);
CREATE INDEX copies_by_original ON copies (original);

CREATE TABLE memberships (
    article {text} PRIMARY KEY REFERENCES articles (id),
    story {text} NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    closest {text} NOT NULL,
    shared_names {text} NOT NULL,
    shared_numbers {text} NOT NULL
);

CREATE TABLE stories (
    id {text} PRIMARY KEY,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    articles INTEGER NOT NULL,
    languages {text} NOT NULL,
    outlets {text} NOT NULL,
    countries {text} NOT NULL,
    headlines {text} NOT NULL
);
CREATE INDEX stories_by_time ON stories (last_at, id);

CREATE TABLE story_facets (
    story {text} NOT NULL,
    kind {text} NOT NULL,
    value {text} NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (story, kind, value)
);
CREATE INDEX story_facets_by_time ON story_facets (kind, value, last_at, story);

CREATE TABLE story_changes (
    seq {serial},
    kind {text} NOT NULL,
    source {text} NOT NULL,
    target {text} NOT NULL,
    articles {text} NOT NULL,
    at BIGINT NOT NULL,
    why {text} NOT NULL
);
CREATE INDEX story_changes_by_source ON story_changes (source);
CREATE INDEX story_changes_by_target ON story_changes (target);

CREATE TABLE story_aliases (
    id {text} PRIMARY KEY,
    target {text} NOT NULL
);

CREATE TABLE links (
    seq {serial},
    key {bytes} NOT NULL UNIQUE,
    url {text} NOT NULL,
    outlet {text} NOT NULL,
    source {text} NOT NULL,
    hints {text} NOT NULL,
    state {text} NOT NULL,
    reason {text} NOT NULL,
    attempts INTEGER NOT NULL,
    due_at BIGINT
);
-- Those that wait: for the first fetch, for another try, or for a recheck.
CREATE INDEX links_waiting ON links (outlet, due_at, seq) WHERE due_at IS NOT NULL;

CREATE TABLE pages (
    digest {text} PRIMARY KEY
);

CREATE TABLE source_states (
    source {text} PRIMARY KEY,
    etag {text} NOT NULL,
    last_modified {text} NOT NULL,
    "interval" DOUBLE PRECISION NOT NULL,
    due_at BIGINT,
    failures INTEGER NOT NULL,
    last_error {text} NOT NULL,
    last_ok_at BIGINT
);

CREATE TABLE decisions (
    seq {serial},
    at BIGINT NOT NULL,
    url {text} NOT NULL,
    rule {text} NOT NULL,
    allowed BOOLEAN NOT NULL,
    reason {text} NOT NULL
);
CREATE INDEX decisions_by_time ON decisions (at, seq);

CREATE TABLE problems (
    seq {serial},
    key {bytes} NOT NULL UNIQUE,
    at BIGINT NOT NULL,
    source {text} NOT NULL,
    place {text} NOT NULL,
    reason {text} NOT NULL,
    fix {text} NOT NULL
);
CREATE INDEX problems_by_time ON problems (at, seq);

CREATE TABLE outlets (
    id {text} PRIMARY KEY,
    country {text} NOT NULL,
    outlet {text} NOT NULL
);

CREATE TABLE outbox (
    seq {serial},
    article {text} NOT NULL
);

CREATE TABLE checkpoint (
    id INTEGER PRIMARY KEY,
    segment BIGINT NOT NULL,
    "offset" BIGINT NOT NULL
);

-- Counting a million rows takes long; these are kept within the transactions that change them.
CREATE TABLE counters (
    name {text} PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE outlet_totals (
    outlet {text} PRIMARY KEY,
    articles BIGINT NOT NULL
);

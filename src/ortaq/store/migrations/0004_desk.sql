-- What people decided, in order; nothing here is changed or taken away. `segment` and `offset`: up to where the archive
-- was derived when it was decided, so that a rebuild applies it at the same place.
CREATE TABLE desk_decisions (
    seq {serial},
    at BIGINT NOT NULL,
    who {text} NOT NULL,
    kind {text} NOT NULL,
    source {text} NOT NULL,
    target {text} NOT NULL,
    articles {text} NOT NULL,
    beside {text} NOT NULL,
    apart {text} NOT NULL,
    undoes BIGINT NOT NULL,
    segment BIGINT NOT NULL,
    "offset" BIGINT NOT NULL
);

-- Derived: the last decision that the records follow.
CREATE TABLE desk_applied (
    id INTEGER PRIMARY KEY,
    seq BIGINT NOT NULL
);

-- Articles are numbered as they are placed: how long a story has been quiet is counted in these numbers.
ALTER TABLE memberships ADD COLUMN number BIGINT NOT NULL DEFAULT 0;
UPDATE memberships SET number = (SELECT seq FROM articles WHERE articles.id = memberships.article);

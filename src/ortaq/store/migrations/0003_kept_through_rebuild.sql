-- What a rebuild must not lose, and what a second import must know.

-- Derived: an archived page tells of it again. The others are known from here alone. Of the problems that are there
-- nobody wrote down which they are: they are kept, and one that a page tells again is known as derived from then on.
ALTER TABLE problems ADD COLUMN derived BOOLEAN NOT NULL DEFAULT FALSE;

-- What became of a page: how many articles it gave, and why others of it were rejected.
ALTER TABLE pages ADD COLUMN articles INTEGER NOT NULL DEFAULT 1;
ALTER TABLE pages ADD COLUMN rejected {text} NOT NULL DEFAULT '[]';

-- Row 2 of the checkpoint is the furthest ever derived; a rebuild does not take it back.
INSERT INTO checkpoint (id, segment, "offset") SELECT 2, segment, "offset" FROM checkpoint WHERE id = 1;

-- Ids that imported items gave themselves; two outlets may use the same.
CREATE TABLE given_ids (
    key {bytes} NOT NULL,
    article {text} NOT NULL,
    PRIMARY KEY (key, article)
);

CREATE TABLE notes (
    name {text} PRIMARY KEY,
    value {text} NOT NULL
);

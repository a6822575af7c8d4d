-- What put an article into its story: the clusterer's version, the desk's decision.
ALTER TABLE memberships ADD COLUMN made_by {text} NOT NULL DEFAULT '{{}}';

CREATE TABLE records (
  -- Compared byte by byte: faster than by the rules of a language.
  id text COLLATE "C" PRIMARY KEY,
  time timestamptz NOT NULL,
  data text NOT NULL
);

-- For queries by time, page by page.
CREATE INDEX records_time_id ON records (time, id);

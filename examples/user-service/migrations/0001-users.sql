CREATE TABLE users (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL,
  -- In lower case, so that emails are unique ignoring case.
  email_key text NOT NULL UNIQUE,
  age integer NOT NULL,
  hobbies text[] NOT NULL,
  -- The number of user.UserStatus.
  status smallint NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

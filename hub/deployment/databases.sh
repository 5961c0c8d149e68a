#!/bin/sh
# Makes each database of $HUB_DATABASES, with a user that has only it. PostgreSQL's image runs it
# once, while its data is made.
set -eu
for name in $HUB_DATABASES; do
  password=$(cat "/run/secrets/${name}_database_password")
  psql --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres \
    --set=name="$name" --set=password="$password" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
GRANT pg_checkpoint TO :"name";
SQL
  # so that what is erased goes from the server's log as well
  psql --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$name" \
    --set=name="$name" <<'SQL'
GRANT EXECUTE ON FUNCTION pg_switch_wal() TO :"name";
SQL
done

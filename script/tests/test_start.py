"""On a machine where something is missing the scripts say so in one sentence and end with another number than 0."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ORDINARY_USER = 65534


def _script(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(folder / "script" / arguments[0]), *arguments[1:]],
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The scripts in a folder of their own, where nothing is made yet."""
    shutil.copytree(ROOT / "script", tmp_path / "script", ignore=shutil.ignore_patterns("__pycache__", "tests"))
    for name in ("requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def _python_of_version(folder: Path, version: str) -> None:
    """Put a `python3` there that says it is another version; every name is covered, so that no real one is found."""
    folder.mkdir()
    for name in ("python3.14", "python3.13", "python3.12", "python3.11", "python3", "python"):
        program = folder / name
        program.write_text(f"#!/bin/sh\necho {version}\nexit 1\n", encoding="utf-8")
        program.chmod(0o755)


def test_when_only_an_old_python_is_there_then_one_sentence_names_those_that_will_do(copy: Path) -> None:
    # given
    _python_of_version(copy / "old", "3.9")
    text = (copy / "script" / "python.sh").read_text(encoding="utf-8")
    (copy / "script" / "python.sh").write_text(
        text.replace("/usr/bin/python3", "/nonexistent/python3"), encoding="utf-8"
    )
    # when
    done = _script(copy, "demo", PATH=f"{copy / 'old'}:/usr/bin:/bin")
    # then
    assert done.returncode == 1
    assert "needs Python 3.11, 3.12, 3.13 or 3.14" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_when_a_python_on_the_path_does_not_run_then_the_next_one_is_taken(copy: Path) -> None:
    # given: version managers leave commands behind that only say that they cannot run
    _python_of_version(copy / "broken", "not found")
    shell = f'. "{copy}/script/python.sh"; echo "$python"'
    # when
    done = subprocess.run(
        ["/bin/sh", "-c", shell, str(copy / "script" / "demo")],
        env={"PATH": f"{copy / 'broken'}:/usr/bin:/bin", "STADHUIS_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
    # then
    assert done.stdout.strip() == sys.executable


def test_when_the_bundled_pip_was_changed_then_nothing_is_installed(copy: Path) -> None:
    # given
    wheel = next((copy / "script" / "vendor").glob("pip-*.whl"))
    wheel.write_bytes(wheel.read_bytes() + b"x")
    # when
    done = _script(copy, "demo", STADHUIS_PYTHON=sys.executable)
    # then
    assert done.returncode == 1
    assert "is not the file it should be" in done.stderr


def test_when_the_packages_cannot_be_fetched_then_it_stops_with_a_sentence(copy: Path) -> None:
    # when
    done = _script(copy, "demo", STADHUIS_PYTHON=sys.executable, PIP_NO_INDEX="1", PIP_CONFIG_FILE="/dev/null")
    # then
    assert done.returncode == 1
    assert done.stderr.strip().endswith("The packages could not be installed; pip's reason stands above.")


def test_when_the_folder_is_read_only_then_one_sentence_says_so(copy: Path) -> None:
    # given
    copy.chmod(0o555)
    command = [sys.executable, str(copy / "script" / "bootstrap.py"), "--", "-c", "pass"]
    options = {"user": ORDINARY_USER} if os.geteuid() == 0 else {}
    for folder in (copy, *copy.parents):
        if options and not folder.stat().st_mode & 0o001:
            command = []
    if not command or (options and not _may_run(sys.executable, ORDINARY_USER)):
        # Root may write everywhere and cannot hand these folders to someone else: ask the function itself.
        command = [sys.executable, "-c", _READ_ONLY, str(copy / "script")]
        options = {}
    # when
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    copy.chmod(0o755)
    # then
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "copy the project to a folder of your own" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


_READ_ONLY = """
import errno, sys; sys.path.insert(0, sys.argv[1]); import bootstrap; from pathlib import Path
bootstrap.ROOT = Path("/proc")  # not even root may write there
sys.exit(bootstrap.main(["--", "-c", "pass"]))
"""


def _may_run(program: str, user: int) -> bool:
    try:
        return subprocess.run([program, "-c", ""], user=user, cwd="/", capture_output=True, check=False).returncode == 0
    except PermissionError:
        return False


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def _demo(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STADHUIS_")}
    return subprocess.run(
        [sys.executable, "-m", "stadhuis", "demo", *arguments],
        env={**environment, "STADHUIS_DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_when_the_port_is_taken_then_the_demo_names_it_and_the_way_out(taken: int, tmp_path: Path) -> None:
    # when
    done = _demo(tmp_path, "--port", str(taken))
    # then
    assert done.returncode == 1
    assert f"Port {taken} cannot be used" in done.stderr
    assert "--port" in done.stderr
    assert not list(tmp_path.iterdir())


def test_when_a_neighbouring_port_is_taken_then_the_demo_refuses_too(taken: int, tmp_path: Path) -> None:
    assert f"Port {taken} cannot be used" in _demo(tmp_path, "--port", str(taken - 2)).stderr


@pytest.mark.parametrize("port", ["0", "-1", "65534", "99999"])
def test_when_the_port_does_not_exist_then_the_demo_says_so(port: str, tmp_path: Path) -> None:
    # when
    done = _demo(tmp_path, f"--port={port}")
    # then
    assert done.returncode == 1
    assert "with --port" in done.stderr


def test_when_the_data_folder_cannot_be_written_then_one_sentence_says_so() -> None:
    # when: not even root may write there (ports below those that a machine hands out to connections of its own)
    done = _demo(Path("/proc/stadhuis"), "--port", "17110")
    # then
    assert done.returncode == 1
    assert "keeps its data in /proc/stadhuis, which cannot be written" in done.stderr


def test_when_the_database_is_somebody_elses_then_reset_does_not_touch_it(tmp_path: Path) -> None:
    # when: DATABASE_URL is set, as it is in every test run
    done = _demo(tmp_path, "--port", "17120", "--reset")
    # then
    assert done.returncode == 1
    assert "--reset does not empty a database of your own" in done.stderr

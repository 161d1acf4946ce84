"""What the operator's page says is run: its blocks are taken out of the page, so that it cannot drift from what was tried."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from django.test import Client

from stadhuis.demo.tests.stack import Stack
from stadhuis.kit.tests.certificates import given_certificate
from stadhuis.kit.tests.simulators import free_port

PAGE = Path(__file__).parents[4] / "docs" / "operator.md"
HOST = "stadhuis.example"
DEBIAN_POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def blocks() -> dict[str, str]:
    """Return the blocks of the page by their mark: ``file: name``, ``run: name`` or ``sql: name``."""
    text = PAGE.read_text(encoding="utf-8")
    return dict(re.findall(r"<!-- ([a-z]+: [\w.-]+) -->\n```\w+\n(.*?)\n```", text, re.DOTALL))


def changed(mark: str, changes: Mapping[str, str]) -> str:
    """Return a block with names, ports and folders changed; each of them must stand in it."""
    found = blocks()[mark]
    for old, new in changes.items():
        assert old in found, f"{old} does not stand in {mark}"
        found = found.replace(old, new)
    return found


def test_every_block_of_the_page_is_used_here() -> None:
    used = set(re.findall(r'"((?:file|run|sql): [\w.-]+)"', Path(__file__).read_text(encoding="utf-8")))
    assert set(blocks()) == used
    assert PAGE.read_text(encoding="utf-8").count("\n```\n") == len(blocks())  # no block without a mark


# -- Settings -----------------------------------------------------------------------------------------------------------
def environment(data: Path) -> dict[str, str]:
    """Return the settings of the page, with secrets made as the page says."""
    made = [
        subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True, timeout=20).stdout.strip()
        for line in blocks()["run: keys"].splitlines()
    ]
    secret, key, token = made
    text = changed(
        "file: stadhuis.env", {"<secret key>": secret, "<key>": key, "<token>": token, "/var/lib/stadhuis": str(data)}
    )
    text = re.sub(r"<[^>]+>", "from-elsewhere", text)
    pairs = [line.split("=", 1) for line in text.splitlines() if line]
    return {name: value.strip('"') for name, value in pairs}


def test_the_settings_of_the_page_start_production_and_each_of_them_exists(tmp_path: Path) -> None:
    given = environment(tmp_path)
    program = "from stadhuis import settings as s; print(s.MODE); print(*(one.name for one in s.env.documented))"
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", program], env={**clean, **given}, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    mode, known = done.stdout.splitlines()
    assert mode == "production"
    assert set(given) - {"DATABASE_URL"} <= set(known.split())


def test_the_settings_of_a_bucket_start_production_and_a_bucket_without_tls_does_not(tmp_path: Path) -> None:
    lines = re.sub(r"<[^>]+>", "from-elsewhere", blocks()["file: bucket.env"]).splitlines()
    clean = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    given = {**clean, **environment(tmp_path), **dict(line.split("=", 1) for line in lines)}
    for endpoint, code in ((given["STADHUIS_S3_ENDPOINT"], 0), ("http://s3.example.nl", 1)):
        done = subprocess.run(
            [sys.executable, "-c", "import stadhuis.settings"],
            env={**given, "STADHUIS_S3_ENDPOINT": endpoint},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, "STADHUIS_S3_ENDPOINT must start with https" in done.stderr) == (code, bool(code))


def test_a_password_that_would_go_in_the_clear_is_refused(tmp_path: Path) -> None:
    given = {**environment(tmp_path), "STADHUIS_SMTP_STARTTLS": "false", "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", "import stadhuis.settings"],
        env=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "in the clear" in done.stderr


# -- systemd ------------------------------------------------------------------------------------------------------------
@pytest.fixture(params=["stadhuis-web.service", "stadhuis-worker.service"])
def unit(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not on this machine")
    marks = {
        "stadhuis-web.service": "file: stadhuis-web.service",
        "stadhuis-worker.service": "file: stadhuis-worker.service",
    }
    # The program lies where this environment has it; everything else is as on the page.
    text = changed(
        marks[request.param], {"/opt/stadhuis/.venv/bin/stadhuis": f"{Path(sys.executable).parent}/stadhuis"}
    )
    place = tmp_path / str(request.param)
    place.write_text(text + "\n")
    return place


def test_a_unit_is_understood_by_systemd(unit: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--generators=no", str(unit)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    about = [line for line in (done.stdout + done.stderr).splitlines() if unit.name in line]
    assert about == []


def test_a_unit_is_hardened(unit: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert found is not None, done.stdout[-500:] + done.stderr[-500:]
    assert float(found[1]) <= 1.9


# -- nginx --------------------------------------------------------------------------------------------------------------
class Proxy:
    """A running nginx with the configuration of the page in front of something on a port of this machine."""

    def __init__(self, folder: Path, upstream: int) -> None:
        binary = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
        if binary is None:
            pytest.skip("Debian's nginx is not installed")
        self.port, self.plain = free_port(), free_port()
        self.certificate = given_certificate(folder, HOST)
        site = changed(
            "file: nginx-stadhuis.conf",
            {
                "127.0.0.1:8000": f"127.0.0.1:{upstream}",
                "listen 80;": f"listen 127.0.0.1:{self.plain};",
                "listen 443 ssl": f"listen 127.0.0.1:{self.port} ssl",
                "    listen [::]:80;\n": "",
                "    listen [::]:443 ssl default_server;\n": "",
                "    listen [::]:443 ssl http2;\n": "",
                "/etc/ssl/stadhuis/fullchain.pem": str(self.certificate.chain),
                "/etc/ssl/stadhuis/privkey.pem": str(self.certificate.key),
            },
        )
        (folder / "site.conf").write_text(site)
        scratch = "".join(
            f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(
            f"{user}\npid {folder}/pid;\nerror_log {folder}/error.log;\ndaemon off;\nworker_processes 1;\n"
            f"events {{ worker_connections 256; }}\nhttp {{\naccess_log off;\n{scratch}include {folder}/site.conf;\n}}\n"
        )
        self._command = [binary, "-p", str(folder), "-c", str(folder / "nginx.conf")]
        self.folder = folder

    def check(self) -> subprocess.CompletedProcess[str]:
        """Let nginx itself look at the configuration."""
        return subprocess.run([*self._command, "-t"], capture_output=True, text=True, timeout=30, check=False)

    @contextmanager
    def running(self) -> Iterator[httpx.Client]:
        """Serve, and give a browser that knows the authority and looks the host up here."""
        process = subprocess.Popen(self._command, stderr=subprocess.DEVNULL)
        try:
            _wait_for(self.port)
            trust = ssl.create_default_context(cafile=str(self.certificate.authority))
            with httpx.Client(
                base_url=f"https://127.0.0.1:{self.port}",
                headers={"Host": HOST},
                verify=trust,
                trust_env=False,
                timeout=20,
            ) as client:
                yield client
        finally:
            process.terminate()
            process.wait(10)

    def get(self, client: httpx.Client, path: str, **more: Any) -> httpx.Response:
        """GET by the name of the host."""
        return client.get(path, extensions={"sni_hostname": HOST}, **more)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"nobody listens on {port}")


class Echo:
    """Something behind the proxy that keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], int]] = []
        echo = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                echo.asked.append((self.path, headers, size))
                self.rfile.read(size)
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, *arguments: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = int(self.server.server_address[1])
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


@pytest.fixture
def echo() -> Iterator[Echo]:
    made = Echo()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_nginx_takes_the_configuration_without_a_warning(tmp_path: Path, echo: Echo) -> None:
    done = Proxy(tmp_path, echo.port).check()
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


def test_the_proxy_rewrites_who_asks_sends_people_to_https_and_hides_what_is_not_for_the_world(
    tmp_path: Path, echo: Echo
) -> None:
    proxy = Proxy(tmp_path, echo.port)
    with proxy.running() as client:
        lies = {"X-Forwarded-For": "6.6.6.6", "Forwarded": "for=6.6.6.6", "X-Forwarded-Proto": "http"}
        answer = proxy.get(client, "/contact/", headers={"Host": HOST, **lies})
        assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
        _, headers, _ = echo.asked[-1]
        assert headers["x-forwarded-for"] == "127.0.0.1"
        assert headers["x-forwarded-proto"] == "https"
        assert headers["host"] == HOST
        assert "forwarded" not in headers
        for path in ("/metrics", "/readyz"):
            assert proxy.get(client, path).status_code == 404
        assert [path for path, _, _ in echo.asked] == ["/contact/"]
        moved = httpx.get(f"http://127.0.0.1:{proxy.plain}/mijn/?a=1", headers={"Host": HOST}, trust_env=False)
        assert (moved.status_code, moved.headers["location"]) == (308, f"https://{HOST}/mijn/?a=1")
        # another name is not served, and never sent on with that name in it
        with pytest.raises(httpx.RemoteProtocolError):
            proxy.get(client, "/", headers={"Host": "evil.example"})
        evil = httpx.get(f"http://127.0.0.1:{proxy.plain}/x", headers={"Host": "evil.example"}, trust_env=False)
        assert evil.headers["location"] == f"https://{HOST}/x"


def test_the_proxy_takes_in_a_whole_body_before_it_passes_it_on_and_refuses_one_that_is_too_large(
    tmp_path: Path, echo: Echo
) -> None:
    proxy = Proxy(tmp_path, echo.port)
    with proxy.running() as client:
        half_way = threading.Event()

        def drip() -> Iterator[bytes]:
            yield b"a" * 50_000
            time.sleep(0.5)
            half_way.set()
            assert echo.asked == []
            yield b"b" * 50_000

        headers = {"Host": HOST, "Content-Length": "100000"}
        answer = client.post("/aanvragen/", content=drip(), headers=headers, extensions={"sni_hostname": HOST})
        assert answer.status_code == 200
        assert half_way.is_set()
        assert [size for _, _, size in echo.asked] == [100_000]
        with (
            socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as plain,
            ssl.create_default_context(cafile=str(proxy.certificate.authority)).wrap_socket(
                plain, server_hostname=HOST
            ) as line,
        ):
            size = 53 * 1024 * 1024
            line.sendall(f"POST /aanvragen/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {size}\r\n\r\n".encode())
            assert line.recv(100).startswith(b"HTTP/1.1 413 ")
        assert len(echo.asked) == 1


@pytest.mark.slow
def test_the_town_hall_behind_nginx_answers_residents(tmp_path: Path) -> None:
    folder = Path(tempfile.mkdtemp(prefix="stadhuis-operator-"))
    stack = Stack(folder, web_workers=1)
    stack.web.environment |= {
        "STADHUIS_PUBLIC_URL": f"https://{HOST}", "STADHUIS_ALLOWED_HOSTS": HOST, "STADHUIS_TRUSTED_PROXIES": "127.0.0.1",
    }  # fmt: skip
    proxy = Proxy(tmp_path, stack.port)
    try:
        stack.start_database()
        stack.supervisor.keep(stack.web)
        stack.web.launch()
        stack.web.wait_until_ready()
        with proxy.running() as client:
            page = proxy.get(client, "/contact/")
            assert page.status_code == 200
            assert "default-src 'none'" in page.headers["content-security-policy"]
            form = proxy.get(client, "/werkplek/inloggen/")
            cookies = form.headers.get_list("set-cookie")
            assert cookies
            assert all("Secure" in cookie and "HttpOnly" in cookie for cookie in cookies)
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text)
            assert token is not None
            typed = {"csrfmiddlewaretoken": token[1], "gebruikersnaam": "niemand", "wachtwoord": "geraden"}
            sent = client.post(
                "/werkplek/inloggen/",
                data=typed,
                headers={
                    "Host": HOST,
                    "Referer": f"https://{HOST}/werkplek/inloggen/",
                    "Cookie": "; ".join(c.split(";")[0] for c in cookies),
                },
                extensions={"sni_hostname": HOST},
            )
            # A guess is answered as one; not 403: the origin is ours also behind the proxy.
            assert "Fout: Inloggen op de werkplek" in sent.text
    finally:
        stack.stop()
        shutil.rmtree(folder, ignore_errors=True)


# -- PostgreSQL ---------------------------------------------------------------------------------------------------------
class Cluster:
    """Debian's PostgreSQL in a folder of its own, run by the user postgres when we are root."""

    def __init__(self, folder: Path) -> None:
        if not DEBIAN_POSTGRES or not (DEBIAN_POSTGRES[-1] / "pg_verifybackup").exists():
            pytest.skip("Debian's PostgreSQL is not installed")
        self.bin, self.folder, self.port = DEBIAN_POSTGRES[-1], folder, free_port()
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        self.places = {
            "/var/lib/postgresql": str(folder),
            "port=5432": f"port={self.port}",
        }
        self._ports = {"primary": self.port}

    def run(self, script: str) -> str:
        """Run a shell script as the owner of the database."""
        prefix = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups"] if os.geteuid() == 0 else []
        done = subprocess.run(
            [*prefix, "bash", "-euc", script], cwd=self.folder, capture_output=True, text=True, timeout=90, check=False,
            env={"PATH": f"{self.bin}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]
        return done.stdout.strip()

    def start(self, name: str) -> None:
        port = self._ports.setdefault(name, free_port())
        options = f"-p {port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self.run(f"pg_ctl -D {self.folder}/{name} -l {self.folder}/{name}.log -o '{options}' -w -t 60 start")

    def stop_all(self) -> None:
        for name in self._ports:
            if (self.folder / name / "postmaster.pid").exists():
                self.run(f"pg_ctl -D {self.folder}/{name} -m immediate stop")

    def ask(self, name: str, sql: str) -> str:
        return self.run(f'psql -h {self.folder} -p {self._ports[name]} -d postgres -U postgres -AtX -c "{sql}"')

    def until(self, name: str, sql: str, answer: str) -> None:
        deadline = time.monotonic() + 30
        while (found := self.ask(name, sql)) != answer:
            assert time.monotonic() < deadline, f"{sql}: {found}"
            time.sleep(0.2)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="stadhuis-pg-"))
    made = Cluster(folder)
    try:
        made.run(
            f"initdb -D {folder}/primary -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync && mkdir {folder}/archive"
        )
        settings = changed("file: postgresql.conf", {"/var/lib/postgresql": str(folder)})
        made.run(f"cat >> {folder}/primary/postgresql.conf <<'END'\n{settings}\nEND")
        made.start("primary")
        made.ask("primary", blocks()["sql: replicator"])
        yield made
    finally:
        made.stop_all()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
def test_a_replica_follows_and_takes_over(cluster: Cluster) -> None:
    cluster.run(changed("run: replica", cluster.places))
    cluster.start("replica")
    cluster.ask("primary", "CREATE TABLE zaak (nummer int); INSERT INTO zaak VALUES (1)")
    cluster.until("replica", "SELECT count(*) FROM pg_class WHERE relname = 'zaak'", "1")
    cluster.until("replica", "SELECT sum(nummer) FROM zaak", "1")
    assert "streaming" in cluster.ask("primary", blocks()["sql: lag"])
    cluster.run(f"pg_ctl -D {cluster.folder}/primary -m immediate stop")
    cluster.run(changed("run: promote", {"/var/lib/postgresql": str(cluster.folder)}))
    cluster.until("replica", "SELECT pg_is_in_recovery()", "f")
    cluster.ask("replica", "INSERT INTO zaak VALUES (2)")
    assert cluster.ask("replica", "SELECT sum(nummer) FROM zaak") == "3"


@pytest.mark.slow
def test_the_database_comes_back_as_it_was_at_a_moment(cluster: Cluster) -> None:
    # given
    cluster.ask("primary", "CREATE TABLE zaak (nummer int)")
    cluster.run(changed("run: base", cluster.places))
    cluster.ask("primary", "INSERT INTO zaak VALUES (1)")
    time.sleep(1.1)
    moment = cluster.ask("primary", "SELECT now()")
    time.sleep(1.1)
    cluster.ask("primary", "DELETE FROM zaak")  # the accident
    cluster.ask("primary", "SELECT pg_switch_wal()")
    cluster.until(
        "primary",
        "SELECT archived_count > 0 AND last_archived_wal >= pg_walfile_name(pg_current_wal_lsn() - 16777216) FROM pg_stat_archiver",
        "t",
    )
    # when
    cluster.run(changed("run: restore", {"/var/lib/postgresql": str(cluster.folder), "2026-11-26 10:00:00+01": moment}))
    cluster.start("restored")
    # then
    cluster.until("restored", "SELECT pg_is_in_recovery()", "f")
    assert cluster.ask("restored", "SELECT nummer FROM zaak") == "1"
    assert cluster.ask("primary", "SELECT count(*) FROM zaak") == "0"


# -- Monitoring ---------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_every_figure_that_the_alerts_ask_for_is_there(client: Client) -> None:
    client.get("/contact/")
    text = client.get("/metrics").content.decode()
    rules = yaml.safe_load(blocks()["file: alerts.yml"])["groups"][0]["rules"]
    asked = {name for rule in rules for name in re.findall(r"stadhuis_\w+", rule["expr"])}
    known = set(re.findall(r"^(?:# TYPE )?(stadhuis_\w+)", text, re.MULTILINE)) | {"stadhuis_outside_calls_total"}
    assert asked <= known | {f"{name}_total" for name in known}
    assert len(asked) > 5

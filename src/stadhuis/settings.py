"""All settings of Stadhuis, read once from the environment (variables ``STADHUIS_*``; ``docs/settings.md`` lists them).

No room reads the environment itself. A database holds one municipality; nothing else in the code knows that.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from stadhuis.kit.env import Environment

env = Environment()
BASE_DIR = Path(__file__).resolve().parent
PROJECT_DIR = BASE_DIR.parents[1]

# -- How it runs ------------------------------------------------------------------------------------------------------
MODE = env.choice(
    "MODE",
    ("production", "demo", "test"),
    default="test" if "PYTEST_VERSION" in os.environ else "demo",
    doc="production refuses simulators, DEBUG and weak secrets; demo is the seeded town; test is for the test suite.",
)
IS_PRODUCTION = MODE == "production"
DEBUG = env.bool("DEBUG", default=False, doc="Show tracebacks in the browser. Refused in production.")
PUBLIC_URL = env.str("PUBLIC_URL", default=None if IS_PRODUCTION else "http://localhost:8000",
                     doc="Scheme and host under which people reach this town hall; all absolute URLs start with it.").rstrip("/")  # fmt: skip
FORMER_PUBLIC_URLS = env.list(
    "FORMER_PUBLIC_URLS", doc="Earlier values of PUBLIC_URL that are still recognised in bodies."
)
DATA_DIR = Path(
    env.str("DATA_DIR", default=str(PROJECT_DIR / "var"), doc="Folder for files and, in the demo, the database.")
)
WEB_WORKERS = env.int("WEB_WORKERS", default=3, doc="Web processes: one more than there are cores.")
WEB_THREADS = env.int(
    "WEB_THREADS",
    default=2,
    doc="Requests that one web process answers at the same time: few, for its threads wait for each other.",
)
JOB_STALLED_SECONDS = env.int("JOB_STALLED_SECONDS", default=60, doc="A worker that has not been heard of for this long is dead; its jobs go back to the queue (it beats six times as often).")  # fmt: skip
JOBS_KEPT_DAYS = env.int("JOBS_KEPT_DAYS", default=7, doc="Jobs that succeeded or were given up are thrown away after so many days; failed ones stay until somebody starts them again or gives them up.")  # fmt: skip
TRAFFIC_SECONDS = env.int("TRAFFIC_SECONDS", default=0 if MODE == "test" else 15, doc="A web process writes its counts of requests and errors down this often, for the alarm about errors; 0: never.")  # fmt: skip
WATCH_URL = env.str("WATCH_URL", default=PUBLIC_URL, doc="Where the watch looks whether our own pages answer; PUBLIC_URL by default, so that the reverse proxy is looked at too.").rstrip("/")  # fmt: skip
OPERATOR_EMAIL = env.str("OPERATOR_EMAIL", default="", doc="Who is mailed when an alarm is raised, once per alarm; empty: nobody.")  # fmt: skip
METRICS_TOKEN = env.str("METRICS_TOKEN", default="", doc="Bearer token for /metrics; without it production does not show the metrics.", secret=True)  # fmt: skip

# -- Secrets ----------------------------------------------------------------------------------------------------------
_WEAK = None if IS_PRODUCTION else "only-for-tests-"
SECRET_KEY = env.str("SECRET_KEY", default=_WEAK and _WEAK + "secret-key", doc="Signs cookies and tokens; at least 50 characters.", secret=True)  # fmt: skip
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", doc="While SECRET_KEY is changed: other keys, with commas, whose signatures are still believed (first the coming one, then the former one).", secret=True)  # fmt: skip
BSN_KEY = env.str("BSN_KEY", default=_WEAK and "b25seS1mb3ItdGVzdHMtYnNuLWtleS0tLS0tLS0tLS0=", doc="32 bytes in base64; encrypts BSNs and other personal keys at rest.", secret=True)  # fmt: skip
BSN_HASH_KEY = env.str("BSN_HASH_KEY", default=_WEAK and "b25seS1mb3ItdGVzdHMtaGFzaC1rZXktLS0tLS0tLS0=", doc="32 bytes in base64; keyed hash by which a BSN is found.", secret=True)  # fmt: skip
PROCESSING_KEY = env.str("PROCESSING_KEY", default=_WEAK and "b25seS1mb3ItdGVzdHMtcHJvY2Vzc2luZy1rZXktLS0=", doc="32 bytes in base64; makes the pseudonyms in the processing log. To change it, put the new key in front with a comma: the old ones still find.", secret=True)  # fmt: skip
BSN_KEY_OTHER = env.str("BSN_KEY_OTHER", default="", doc="While keys are changed: a second BSN_KEY, with which values are read but not written (first the coming one, then the former one).", secret=True)  # fmt: skip
BSN_HASH_KEY_OTHER = env.str("BSN_HASH_KEY_OTHER", default="", doc="While keys are changed: a second BSN_HASH_KEY, by which rows are found as well.", secret=True)  # fmt: skip

# -- Backups ----------------------------------------------------------------------------------------------------------
BACKUP_DIR = env.str("BACKUP_DIR", default="", doc="Folder where stadhuis backup puts its backups when it is given none; best on another machine.")  # fmt: skip
BACKUP_RECIPIENT = env.str("BACKUP_RECIPIENT", default="", doc="age public key (age1...) for which backups are encrypted; its secret key is kept elsewhere.")  # fmt: skip
BACKUP_PASSPHRASE = env.str("BACKUP_PASSPHRASE", default="", doc="Instead of BACKUP_RECIPIENT: passphrase that opens the backups, at least 16 characters.", secret=True)  # fmt: skip
BACKUP_WITH_KEYS = env.bool("BACKUP_WITH_KEYS", default=True, doc="Keep BSN_KEY, BSN_HASH_KEY and SECRET_KEY inside the encrypted backup. Off: keep them elsewhere, or nobody can read the restored data.")  # fmt: skip
BACKUP_KEEP_DAYS = env.int("BACKUP_KEEP_DAYS", default=30, doc="Older backups are removed, but never the newest three. What was destroyed in the town hall lives this long in backups.")  # fmt: skip
BACKUP_MAX_AGE_HOURS = env.int("BACKUP_MAX_AGE_HOURS", default=26, doc="stadhuis doctor finds a last backup older than this wrong.")  # fmt: skip

# -- Files ------------------------------------------------------------------------------------------------------------
S3_BUCKET = env.str("S3_BUCKET", default="", doc="Bucket of an S3-compatible store for the bytes of files; empty: they lie in DATA_DIR. The bucket is ours alone and keeps no versions.")  # fmt: skip
S3_ENDPOINT = env.str("S3_ENDPOINT", default="", doc="Address of that store, e.g. https://s3.example.nl.").rstrip("/")
S3_REGION = env.str(
    "S3_REGION", default="us-east-1", doc="Region of that store; most stores outside AWS know one only."
)
S3_ACCESS_KEY = env.str("S3_ACCESS_KEY", default="", doc="Access key at that store.")
S3_SECRET_KEY = env.str("S3_SECRET_KEY", default="", doc="Secret key at that store.", secret=True)
S3_ADDRESSING = env.choice("S3_ADDRESSING", ("path", "virtual"), default="path", doc="Whether the name of the bucket stands in the path or in the host name.")  # fmt: skip
S3_CA_FILE = env.str("S3_CA_FILE", default="", doc="File with the authority that the certificate of that store is checked against; empty: those of the system.")  # fmt: skip
if S3_BUCKET and not (S3_ENDPOINT and S3_ACCESS_KEY and S3_SECRET_KEY):
    env.fault("STADHUIS_S3_ENDPOINT, STADHUIS_S3_ACCESS_KEY and STADHUIS_S3_SECRET_KEY go with STADHUIS_S3_BUCKET")

# -- Database ---------------------------------------------------------------------------------------------------------
DATABASE_URL = os.environ.get("DATABASE_URL") or env.str(
    "DATABASE_URL", default="postgresql://stadhuis@localhost/stadhuis", doc="PostgreSQL 15 to 18."
)


# One processor per statement: extra processes for one of them make the others that are asked at the same time wait.
_OWN_OPTIONS = (
    "-c timezone=UTC -c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
    " -c max_parallel_workers_per_gather=0"
)


def _database(url: str) -> dict[str, object]:
    """Return the database of a URL with every option libpq knows (``sslmode``, ``target_session_attrs``, several hosts).

    What the URL says goes before what we say ourselves; one we cannot read is a fault, without the password in it.
    """
    try:
        given = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    except ProgrammingError:
        env.faults.append("DATABASE_URL is no address of a database that PostgreSQL understands: check its options.")
        given = {}
    own, options = (
        [given.pop(name, "") for name in ("dbname", "user", "password", "host", "port")],
        given.pop("options", ""),
    )
    return {
        "ENGINE": "stadhuis.kit.postgresql",
        **dict(zip(("NAME", "USER", "PASSWORD", "HOST", "PORT"), own, strict=True)),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,  # kit.postgresql looks
        "OPTIONS": {
            "pool": False if MODE == "test" else {"min_size": 1, "max_size": max(4, WEB_THREADS + 1), "timeout": 10},
            "application_name": "stadhuis",
            # Parameters travel apart from the statement, so that what comes back often is planned once per connection.
            "server_side_binding": True,
            "prepare_threshold": 5,
            **given,
            "options": f"{_OWN_OPTIONS} {options}".strip(),
        },
        "TEST": {"TEMPLATE": "template0"},
    }


DATABASES = {"default": _database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- The town ---------------------------------------------------------------------------------------------------------
TOWN_NAME = env.str("TOWN_NAME", default="Gemeente Oeverveen", doc="Name of the municipality as residents read it.")
TOWN_RSIN = env.str("TOWN_RSIN", default="807287684", doc="RSIN of the municipality (nine digits, eleven-test).")
TOWN_EMAIL = env.str("TOWN_EMAIL", default="gemeente@oeverveen.example", doc="Sender address of mails to residents.")
TOWN_PHONE = env.str("TOWN_PHONE", default="14 0999", doc="Telephone number shown to residents.")
COURT_NAME = env.str("COURT_NAME", default="Rechtbank Noord-Nederland, afdeling bestuursrecht", doc="Court that decides on appeals against decisions on objections, in the remedy clause (Awb 8:1, 8:7).")  # fmt: skip
COURT_ADDRESS = env.str("COURT_ADDRESS", default="Postbus 150, 9700 AD Groningen", doc="Its postal address.")
COURT_URL = env.str("COURT_URL", default="https://loket.rechtspraak.nl/bestuursrecht", doc="Where an appeal can be sent online.")  # fmt: skip
TOWN_ADDRESS = env.str("TOWN_ADDRESS", default="Markt 1, 9990 AA Oeverveen", doc="Postal address, in letters and the remedy clause.")  # fmt: skip
PRACTICE_DATE = env.str("PRACTICE_DATE", default="" if MODE != "demo" else "2021-05-17",
                        doc="Practice only (refused in production): date on which applications for a closed scheme count as made.")  # fmt: skip

# -- Outside world ----------------------------------------------------------------------------------------------------
_SIM = env.str("SIMULATORS_URL", default="" if IS_PRODUCTION else "http://localhost:8001", doc="Demo and tests: where the simulators of the outside world answer.").rstrip("/")  # fmt: skip
SIMULATORS_URL = _SIM
LOGIN_KEYS_FILE = env.str("LOGIN_KEYS_FILE", default="", doc="JWKS file with our own private keys towards the providers of log-ins; made and rotated by 'stadhuis login-keys'.")  # fmt: skip
LOGIN_CERTIFICATE_FILE = env.str("LOGIN_CERTIFICATE_FILE", default="", doc="PEM file with our client certificate (PKIoverheid), for providers that want mtls.")  # fmt: skip
LOGIN_CERTIFICATE_KEY_FILE = env.str("LOGIN_CERTIFICATE_KEY_FILE", default="", doc="PEM file with the key of that certificate, when it is not in the same file.")  # fmt: skip
_CLIENT_AUTH = ("private_key_jwt", "mtls", "client_secret_basic")
_HOW = "private_key_jwt" if LOGIN_KEYS_FILE else "client_secret_basic"
_PRACTICE_SECRET = "" if IS_PRODUCTION else "stadhuis-practice-secret"
DIGID_ISSUER = env.str(
    "DIGID_ISSUER", default=None if IS_PRODUCTION else f"{_SIM}/digid", doc="OIDC issuer for residents."
)
DIGID_CLIENT_ID = env.str(
    "DIGID_CLIENT_ID", default=None if IS_PRODUCTION else "stadhuis", doc="Client id at the DigiD broker."
)
DIGID_CLIENT_AUTH = env.choice("DIGID_CLIENT_AUTH", _CLIENT_AUTH, default=_HOW, doc="How we prove who we are at the DigiD broker (OIDC NL GOV: private_key_jwt or mtls). Default private_key_jwt when LOGIN_KEYS_FILE is set.")  # fmt: skip
DIGID_CLIENT_SECRET = env.str("DIGID_CLIENT_SECRET", default=_PRACTICE_SECRET, doc="Client secret at the DigiD broker, for client_secret_basic.", secret=True)  # fmt: skip
EHERKENNING_ISSUER = env.str("EHERKENNING_ISSUER", default=None if IS_PRODUCTION else f"{_SIM}/eherkenning", doc="OIDC issuer for companies.")  # fmt: skip
EHERKENNING_CLIENT_ID = env.str("EHERKENNING_CLIENT_ID", default=None if IS_PRODUCTION else "stadhuis", doc="Client id at the eHerkenning broker.")  # fmt: skip
EHERKENNING_CLIENT_AUTH = env.choice("EHERKENNING_CLIENT_AUTH", _CLIENT_AUTH, default=_HOW, doc="How we prove who we are at the eHerkenning broker.")  # fmt: skip
EHERKENNING_CLIENT_SECRET = env.str("EHERKENNING_CLIENT_SECRET", default=_PRACTICE_SECRET, doc="Client secret at the eHerkenning broker, for client_secret_basic.", secret=True)  # fmt: skip
EIDAS_ISSUER = env.str("EIDAS_ISSUER", default="" if IS_PRODUCTION else f"{_SIM}/eidas", doc="OIDC issuer for people from other countries of the EU; without it eIDAS is not offered.")  # fmt: skip
EIDAS_CLIENT_ID = env.str("EIDAS_CLIENT_ID", default="stadhuis", doc="Client id at the eIDAS broker.")
EIDAS_CLIENT_AUTH = env.choice("EIDAS_CLIENT_AUTH", _CLIENT_AUTH, default=_HOW, doc="How we prove who we are at the eIDAS broker.")  # fmt: skip
EIDAS_CLIENT_SECRET = env.str("EIDAS_CLIENT_SECRET", default=_PRACTICE_SECRET, doc="Client secret at the eIDAS broker, for client_secret_basic.", secret=True)  # fmt: skip
for _means, _issuer, _how, _secret in (
    ("DIGID", DIGID_ISSUER, DIGID_CLIENT_AUTH, DIGID_CLIENT_SECRET),
    ("EHERKENNING", EHERKENNING_ISSUER, EHERKENNING_CLIENT_AUTH, EHERKENNING_CLIENT_SECRET),
    ("EIDAS", EIDAS_ISSUER, EIDAS_CLIENT_AUTH, EIDAS_CLIENT_SECRET),
):
    if _issuer and _how == "private_key_jwt" and not LOGIN_KEYS_FILE:
        env.fault(f"STADHUIS_{_means}_CLIENT_AUTH is private_key_jwt: give STADHUIS_LOGIN_KEYS_FILE")
    if _issuer and _how == "mtls" and not LOGIN_CERTIFICATE_FILE:
        env.fault(f"STADHUIS_{_means}_CLIENT_AUTH is mtls: give STADHUIS_LOGIN_CERTIFICATE_FILE")
    if _issuer and _how == "client_secret_basic" and not _secret:
        env.fault(
            f"STADHUIS_{_means}_CLIENT_SECRET is missing: give it, or set STADHUIS_LOGIN_KEYS_FILE (private_key_jwt)"
        )
BRP_URL = env.str(
    "BRP_URL", default=None if IS_PRODUCTION else f"{_SIM}/brp", doc="Root of the BRP API Personen."
).rstrip("/")
BRP_API_KEY = env.str("BRP_API_KEY", default=None if IS_PRODUCTION else "practice-brp-key", doc="Key for the BRP API.", secret=True)  # fmt: skip
KVK_URL = env.str("KVK_URL", default=None if IS_PRODUCTION else f"{_SIM}/kvk", doc="Root of the KVK API.").rstrip("/")
KVK_API_KEY = env.str("KVK_API_KEY", default=None if IS_PRODUCTION else "practice-kvk-key", doc="Key for the KVK API.", secret=True)  # fmt: skip
OUTSIDE_TIMEOUT_SECONDS = env.int("OUTSIDE_TIMEOUT_SECONDS", default=5, doc="Time-out of every call to another system.")
API_ALLOWED_HOSTS = env.list(
    "API_ALLOWED_HOSTS",
    doc="Hosts (name or name:port) in a private network that the APIs may fetch from and send notifications to.",
)
WEBHOOK_TOKEN = env.str("WEBHOOK_TOKEN", default="", doc="Bearer token with which a Notificaties API delivers messages about applications at /webhooks/api/v1/autorisaties; empty: nobody gets in.", secret=True)  # fmt: skip
SELECTIELIJST_HOSTS = env.list(
    "SELECTIELIJST_HOSTS",
    default="selectielijst.openzaak.nl,referentielijsten-api.vng.cloud,referentielijsten-api.test.vng.cloud",
    doc="Hosts whose selectielijst and referentielijsten are looked up in the copy here (stadhuis import-selectielijst), never over the network.",
)
EMAIL_HOST = env.str("SMTP_HOST", default=None if IS_PRODUCTION else "localhost", doc="SMTP server for outgoing mail.")
EMAIL_PORT = env.int("SMTP_PORT", default=25 if IS_PRODUCTION else 8002, doc="Port of the SMTP server.")
EMAIL_HOST_USER = env.str("SMTP_USER", default="", doc="User at the SMTP server.")
EMAIL_HOST_PASSWORD = env.str("SMTP_PASSWORD", default="", doc="Password at the SMTP server.", secret=True)
EMAIL_USE_TLS = env.bool("SMTP_STARTTLS", default=IS_PRODUCTION, doc="Use STARTTLS towards the SMTP server.")
EMAIL_USE_SSL = env.bool("SMTP_TLS", default=False, doc="Speak TLS from the first byte on (port 465), instead of STARTTLS; set STADHUIS_SMTP_STARTTLS off then.")  # fmt: skip
EMAIL_CA_FILE = env.str("SMTP_CA_FILE", default="", doc="File with the authority that the certificates of our own mail servers are checked against; empty: those of the system.")  # fmt: skip
BOUNCE_ADDRESS = env.str("BOUNCE_ADDRESS", default="", doc="Envelope sender: where mail systems report what did not arrive. Same domain as STADHUIS_TOWN_EMAIL, which is the default.")  # fmt: skip
BOUNCE_IMAP_HOST = env.str("BOUNCE_IMAP_HOST", default="", doc="IMAP server of the mailbox behind STADHUIS_BOUNCE_ADDRESS; empty: bounces are not read.")  # fmt: skip
BOUNCE_IMAP_PORT = env.int("BOUNCE_IMAP_PORT", default=993, doc="Port of that IMAP server.")
BOUNCE_IMAP_TLS = env.choice("BOUNCE_IMAP_TLS", ("implicit", "starttls", "none"), default="implicit", doc="How the connection to that IMAP server is protected.")  # fmt: skip
BOUNCE_IMAP_USER = env.str("BOUNCE_IMAP_USER", default="", doc="User at that IMAP server.")
BOUNCE_IMAP_PASSWORD = env.str("BOUNCE_IMAP_PASSWORD", default="", doc="Password at that IMAP server.", secret=True)
BOUNCE_IMAP_FOLDER = env.str("BOUNCE_IMAP_FOLDER", default="INBOX", doc="Folder in which the reports arrive.")
EMAIL_TIMEOUT = OUTSIDE_TIMEOUT_SECONDS
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

# -- Log-in and sessions ----------------------------------------------------------------------------------------------
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=15 * 60, doc="A resident is logged out after this time without a request (DigiD norm: 15 minutes).")  # fmt: skip
SESSION_MAX_SECONDS = env.int("SESSION_MAX_SECONDS", default=8 * 3600, doc="Absolute end of a session.")
STAFF_IDLE_SECONDS = env.int("STAFF_IDLE_SECONDS", default=60 * 60, doc="A member of staff is logged out after this time without a request.")  # fmt: skip
LOGIN_ADDRESS_BUDGET = env.int("LOGIN_ADDRESS_BUDGET", default=30, doc="How many accounts one network address may try in fifteen minutes without getting into them (known browsers do not count).")  # fmt: skip
STAFF_OIDC_ISSUER = env.str("STAFF_OIDC_ISSUER", default="" if IS_PRODUCTION else f"{_SIM}/medewerkers", doc="OIDC issuer of the organisation itself, for single sign-on of staff; empty: there is none.").rstrip("/")  # fmt: skip
STAFF_OIDC_NAME = env.str(
    "STAFF_OIDC_NAME", default="uw werkaccount", doc="What the button of single sign-on calls it."
)
STAFF_OIDC_CLIENT_ID = env.str("STAFF_OIDC_CLIENT_ID", default="" if IS_PRODUCTION else "stadhuis", doc="Client id at the provider of staff.")  # fmt: skip
STAFF_OIDC_CLIENT_SECRET = env.str("STAFF_OIDC_CLIENT_SECRET", default="" if IS_PRODUCTION else "stadhuis-practice-secret", doc="Client secret at the provider of staff.", secret=True)  # fmt: skip
STAFF_OIDC_SCOPE = env.str("STAFF_OIDC_SCOPE", default="openid email profile groups", doc="Scopes asked of the provider of staff.")  # fmt: skip
STAFF_OIDC_GROUPS_CLAIM = env.str("STAFF_OIDC_GROUPS_CLAIM", default="groups", doc="Claim that lists the groups somebody is in.")  # fmt: skip
RATE_PER_PERSON = env.int("RATE_PER_PERSON", default=240, doc="So many deeds a minute somebody who is logged in may do; 0: no limit.")  # fmt: skip
RATE_PER_ADDRESS = env.int("RATE_PER_ADDRESS", default=1200, doc="So many deeds without log-in and API writes a minute come from one network address; 0: no limit.")  # fmt: skip
RATE_PER_APPLICATION = env.int("RATE_PER_APPLICATION", default=3000, doc="So many API requests a minute an application may send; 0: no limit.")  # fmt: skip
TRUSTED_PROXIES = env.list(
    "TRUSTED_PROXIES", doc="IP addresses of our own reverse proxies: from these X-Forwarded-For is believed."
)
PASSWORD_HASHERS = [
    "stadhuis.people.hashers.QuickArgon2PasswordHasher"
    if MODE == "test"
    else "stadhuis.people.hashers.StaffArgon2PasswordHasher"
]
AUTH_USER_MODEL = "people.Medewerker"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "stadhuis_portal"
STAFF_SESSION_COOKIE_NAME = "stadhuis_werkplek"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_AGE = SESSION_MAX_SECONDS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "stadhuis.kit.pages.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=f"{urlsplit(PUBLIC_URL).hostname},localhost,127.0.0.1" if not IS_PRODUCTION else (urlsplit(PUBLIC_URL).hostname or ""), doc="Host names this town hall answers to.")  # fmt: skip
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

# -- Uploads ----------------------------------------------------------------------------------------------------------
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=50 * 1024 * 1024, doc="Largest file a resident may add.")
DOCUMENT_MAX_BYTES = env.int("DOCUMENT_MAX_BYTES", default=20 * 1024**3, doc="Largest content of a document that software may add over the Documenten API.")  # fmt: skip
DOCUMENT_PART_BYTES = env.int("DOCUMENT_PART_BYTES", default=100 * 1024 * 1024, doc="Size of the parts in which software sends a large document.")  # fmt: skip
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# -- Law --------------------------------------------------------------------------------------------------------------
DECISION_TERM_WEEKS = env.int("DECISION_TERM_WEEKS", default=8, doc="Beslistermijn in weeks when the zaaktype has none (Awb 4:13).")  # fmt: skip

if IS_PRODUCTION:
    if DEBUG:
        env.fault("STADHUIS_DEBUG must be off in production")
    if _SIM:
        env.fault("STADHUIS_SIMULATORS_URL must be empty in production: simulators are for practice only")
    if PRACTICE_DATE:
        env.fault("STADHUIS_PRACTICE_DATE must be empty in production")
    if len(SECRET_KEY) < 50 or "only-for-tests" in SECRET_KEY:
        env.fault("STADHUIS_SECRET_KEY is weak: give at least 50 random characters")
    for _value in SECRET_KEY_FALLBACKS:
        if len(_value) < 50 or "only-for-tests" in _value:
            env.fault("STADHUIS_SECRET_KEY_FALLBACKS holds a weak key: each signs as well as STADHUIS_SECRET_KEY")
        if _value == SECRET_KEY:
            env.fault("STADHUIS_SECRET_KEY_FALLBACKS holds STADHUIS_SECRET_KEY itself: leave it out")
    for _name, _value in (("BSN_KEY", BSN_KEY), ("BSN_HASH_KEY", BSN_HASH_KEY), ("PROCESSING_KEY", PROCESSING_KEY)):
        if len(_value) < 44 or _value.startswith("b25seS1mb3I"):
            env.fault(f"STADHUIS_{_name} is weak: give 32 random bytes in base64")
    if EMAIL_USE_TLS and EMAIL_USE_SSL:
        env.fault("STADHUIS_SMTP_STARTTLS and STADHUIS_SMTP_TLS exclude each other")
    if EMAIL_HOST_USER and not (EMAIL_USE_TLS or EMAIL_USE_SSL or EMAIL_HOST in {"localhost", "127.0.0.1", "::1"}):
        env.fault("STADHUIS_SMTP_PASSWORD would go over the line in the clear: use STARTTLS or TLS")
    if BOUNCE_IMAP_HOST and BOUNCE_IMAP_TLS == "none":
        env.fault("STADHUIS_BOUNCE_IMAP_TLS must not be none in production")
    if BOUNCE_ADDRESS and BOUNCE_ADDRESS.rpartition("@")[2].lower() != TOWN_EMAIL.rpartition("@")[2].lower():
        env.fault(
            "STADHUIS_BOUNCE_ADDRESS must be of the domain of STADHUIS_TOWN_EMAIL, or receivers take our mail for forged"
        )
    if STAFF_OIDC_ISSUER and not (STAFF_OIDC_CLIENT_ID and STAFF_OIDC_CLIENT_SECRET):
        env.fault(
            "STADHUIS_STAFF_OIDC_CLIENT_ID and STADHUIS_STAFF_OIDC_CLIENT_SECRET go with STADHUIS_STAFF_OIDC_ISSUER"
        )
    for _name, _value, _first in (
        ("BSN_KEY_OTHER", BSN_KEY_OTHER, BSN_KEY),
        ("BSN_HASH_KEY_OTHER", BSN_HASH_KEY_OTHER, BSN_HASH_KEY),
    ):
        if _value and _value == _first:
            env.fault(f"STADHUIS_{_name} is the same key as STADHUIS_{_name.removesuffix('_OTHER')}: leave it empty")
    if S3_BUCKET and not S3_ENDPOINT.startswith("https://"):
        env.fault("STADHUIS_S3_ENDPOINT must start with https:// in production")
    if not PUBLIC_URL.startswith("https://"):
        env.fault("STADHUIS_PUBLIC_URL must start with https:// in production")
env.check()

# -- Django -----------------------------------------------------------------------------------------------------------
_ROOMS = [
    "kit", "law", "people", "access", "audit", "records", "notificaties", "catalogi", "autorisaties", "documenten", "zaken",
    "besluiten", "takeover", "personen", "producten", "messages", "schemes", "forms", "casework", "portal", "workplace",
    "administration",
]  # fmt: skip
if not IS_PRODUCTION:
    _ROOMS.append("demo")
ROOMS = tuple(room for room in _ROOMS if (BASE_DIR / room / "apps.py").exists())
INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    *(f"stadhuis.{room}" for room in ROOMS),
]
MIDDLEWARE = [
    "stadhuis.kit.health.HealthMiddleware",
    "stadhuis.kit.logs.RequestMiddleware",
    "stadhuis.kit.pages.csp.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "stadhuis.kit.programs.Sessions",
    "stadhuis.kit.programs.Language",
    "django.middleware.common.CommonMiddleware",
    "stadhuis.kit.bodies.BodySizeMiddleware",
    "stadhuis.kit.programs.Forms",
    "stadhuis.kit.programs.Messages",
    "stadhuis.people.middleware.ActorMiddleware",
    "stadhuis.access.limits.GateMiddleware",
]
ROOT_URLCONF = "stadhuis.urls"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "stadhuis.kit.pages.context.page",
            ],
        },
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "kit" / "static"
STATICFILES_DIRS: list[str] = []
WHITENOISE_USE_FINDERS = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dist/.+[.-][0-9A-Za-z_-]{8,12}\..+$"
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [str(BASE_DIR / "locale")]
LANGUAGE_COOKIE_NAME = "stadhuis_taal"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SESSION_COOKIE_SECURE
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGGING_CONFIG = None  # stadhuis.kit.logs configures structlog
TEST_RUNNER = "django.test.runner.DiscoverRunner"
SILENCED_SYSTEM_CHECKS: list[str] = []
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_IMPORT_PATHS = ["stadhuis.kit.jobs", "stadhuis.kit.alarms", "stadhuis.kit.watch"]
PROCRASTINATE_ON_APP_READY = "stadhuis.kit.jobs.on_app_ready"

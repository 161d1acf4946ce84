"""What an application does to call an API, ready to copy. ``docs/connect.md`` shows the same; a test runs both."""

from __future__ import annotations

import json
import shlex
from typing import Final

_CURL: Final = """\
CLIENT_ID={client_id}
SECRET={secret}
b64() {{ openssl base64 -A | tr '+/' '-_' | tr -d '='; }}
HEAD=$(printf '{{"typ":"JWT","alg":"HS256"}}' | b64)
BODY=$(printf '{{"iss":"%s","client_id":"%s","iat":%d}}' "$CLIENT_ID" "$CLIENT_ID" "$(date +%s)" | b64)
SIGN=$(printf '%s' "$HEAD.$BODY" | openssl dgst -sha256 -hmac "$SECRET" -binary | b64)
curl --fail-with-body --silent --show-error \\
  --header "Authorization: Bearer $HEAD.$BODY.$SIGN" \\
  --header 'Accept-Crs: EPSG:4326' \\
  {url}
"""
_PYTHON: Final = """\
import base64, hashlib, hmac, json, time, urllib.request

CLIENT_ID = {client_id}
SECRET = {secret}


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


head = b64(json.dumps({{"typ": "JWT", "alg": "HS256"}}).encode())
body = b64(json.dumps({{"iss": CLIENT_ID, "client_id": CLIENT_ID, "iat": int(time.time())}}).encode())
sign = b64(hmac.new(SECRET.encode(), head + b"." + body, hashlib.sha256).digest())
request = urllib.request.Request({url})
request.add_header("Authorization", f"Bearer {{(head + b'.' + body + b'.' + sign).decode()}}")
request.add_header("Accept-Crs", "EPSG:4326")
print(urllib.request.urlopen(request, timeout=10).read().decode())
"""


def curl(*, client_id: str, secret: str, url: str) -> str:
    """Return the lines for a shell with openssl and curl."""
    return _CURL.format(client_id=shlex.quote(client_id), secret=shlex.quote(secret), url=shlex.quote(url))


def python(*, client_id: str, secret: str, url: str) -> str:
    """Return the lines for Python, without another package."""
    return _PYTHON.format(client_id=json.dumps(client_id), secret=json.dumps(secret), url=json.dumps(url))

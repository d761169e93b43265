"""A stand-in OpenID provider on this machine: it signs whatever identity a test gives it."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

CLIENT, SECRET = "kdweb", "a secret of the client"


class Provider:
    """`claims` are of the person at the browser; `overrides` replace claims of the token. `key` signs."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.claims: dict[str, Any] = {"sub": "1", "email": "rita@example.com", "email_verified": True}
        self.overrides: dict[str, Any] = {}
        self.user_info: dict[str, Any] | None = None
        self.algorithm = "ES256"
        self.down = False
        self.key = self.published
        self.codes: dict[str, dict[str, str]] = {}

    @cached_property
    def published(self) -> ec.EllipticCurvePrivateKey:
        return ec.generate_private_key(ec.SECP256R1())

    def authorize(self, address: str) -> dict[str, str]:
        """What a browser that was sent to `address` comes back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        code = f"code {len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def answer(self, path: str, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        if path == "/.well-known/openid-configuration":
            places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            found = {name: f"{self.issuer}/{place}" for name, place in places.items()}
            return {"issuer": self.issuer, "userinfo_endpoint": f"{self.issuer}/user", **found}
        if path == "/keys":
            key = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.published.public_key()))
            return {"keys": [{**key, "kid": "1", "alg": "ES256", "use": "sig"}]}
        if path == "/user":
            return self.user_info if authorization == "Bearer an access token" else None
        return self._token(form, authorization) if path == "/token" else None

    def _token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        asked = self.codes.pop(form.get("code", ""), None)
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or authorization != f"Basic {known}" or form["redirect_uri"] != asked["redirect_uri"]:
            return None
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        now = int(time.time())
        times = {"iat": now, "exp": now + 60}
        claims = {"iss": self.issuer, "aud": CLIENT, "nonce": asked["nonce"], **times, **self.claims, **self.overrides}
        if self.algorithm == "ES256":
            token = jwt.encode(claims, self.key, "ES256", headers={"kid": "1"})
        else:
            secret = SECRET * 3 if self.algorithm == "HS256" else None
            token = jwt.encode(claims, secret, self.algorithm, headers={"kid": "1"})
        return {"access_token": "an access token", "token_type": "Bearer", "id_token": token}


@contextmanager
def running() -> Iterator[Provider]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._reply({name: values[0] for name, values in parse_qs(body).items()})

        def _reply(self, form: dict[str, str]) -> None:
            answer = provider.answer(self.path, form, self.headers.get("Authorization", ""))
            content = json.dumps(answer or {"error": "invalid_request"}).encode()
            self.send_response(503 if provider.down else 200 if answer else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider = Provider(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield provider
        server.shutdown()

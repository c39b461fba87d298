"""An identity provider elsewhere: a page with one button, a code for it, and tokens by a key that it publishes."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "heroes"
PAGE = '<title>The provider</title><form method="post" action="/auth?{}"><button>Sign in as nils</button></form>'


@contextmanager
def providing() -> Iterator[str]:
    """Yield the issuer's address; whoever asks there is nils of acme, an engineer."""
    key = RSAKey.generate_key(2048, parameters={"kid": "one"})
    asked: dict[str, dict[str, str]] = {}

    def token(issuer: str, audience: str, **more: str) -> str:
        person = {"sub": "kc-nils", "preferred_username": "acme.nils", "given_name": "Nils", "family_name": "Nabla"}
        rights = {"organization": ["acme"], "realm_access": {"roles": ["engineer"]}}
        now = int(time.time())
        claims = {"iss": issuer, "aud": audience, "sid": "s-1", "iat": now, "exp": now + 60, **person, **rights, **more}
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key, algorithms=["RS256"])

    class Provider(BaseHTTPRequestHandler):
        @property
        def issuer(self) -> str:
            return f"http://{self.headers['Host']}"

        def do_GET(self) -> None:
            place = urlsplit(self.path)
            if place.path == "/auth":
                return self.told(PAGE.format(escape(place.query)), "text/html")
            names = {"authorization_endpoint": "auth", "token_endpoint": "token", "jwks_uri": "keys"}
            known = {"issuer": self.issuer, **{name: f"{self.issuer}/{at}" for name, at in names.items()}}
            keys = {"keys": [key.as_dict(private=False)]}
            return self.told(json.dumps(keys if place.path == "/keys" else known))

        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if self.path.startswith("/auth"):
                wish = dict(parse_qsl(urlsplit(self.path).query))
                asked["the code"] = wish
                self.send_response(303)
                back = urlencode({"code": "the code", "state": wish["state"]})
                self.send_header("Location", f"{wish['redirect_uri']}?{back}")
                return self.end_headers()
            brought = dict(parse_qsl(form))
            wish = asked.pop(brought["code"])
            assert create_s256_code_challenge(brought["code_verifier"]) == wish["code_challenge"]
            assert brought["redirect_uri"] == wish["redirect_uri"]
            named = token(self.issuer, CLIENT, nonce=wish["nonce"])
            tokens = {"access_token": token(self.issuer, CLIENT), "id_token": named, "token_type": "Bearer"}
            return self.told(json.dumps(tokens))

        def told(self, text: str, kind: str = "application/json") -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *said: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Provider) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()

"""An OpenID Connect provider on loopback: it checks what a real one checks, and can be told to behave badly."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.web.office import served

CLIENT = "numeretto"
SECRET = "the provider's secret"


@cache
def _key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


@dataclass
class Provider:
    """`person` is who says yes on its page; None: who breaks off. `claims` are put over those of the token."""

    url: str = ""
    person: dict[str, Any] | None = field(default_factory=lambda: {"sub": "TINIT-NERADA80A41F205X", "name": "Ada Neri"})
    claims: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    signed_by: str = "ours"
    broken: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def app(self) -> Flask:
        app = Flask("provider")
        app.add_url_rule("/.well-known/openid-configuration", "about", self.about)
        app.add_url_rule("/keys", "keys", lambda: {"keys": [_key("ours").as_dict(private=False)]})
        app.add_url_rule("/authorize", "authorize", self.authorize)
        app.add_url_rule("/token", "token", self.token, methods=["POST"])
        app.add_url_rule("/person", "person", self.userinfo)
        return app

    def about(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/person",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def authorize(self) -> Any:
        asked = request.args.to_dict()
        self.asked.append(asked)
        if asked.get("code_challenge_method") != "S256" or asked.get("client_id") != CLIENT or not asked.get("nonce"):
            return Response("not a request that this provider answers", 400)
        if self.person is None:
            answer = {"error": "access_denied", "error_description": "Ada Neri said no"}
        else:
            answer = {"code": secrets.token_urlsafe()}
            self._codes[answer["code"]] = asked
        return redirect(f"{asked['redirect_uri']}?{urlencode({**answer, 'state': asked['state']})}")

    def token(self) -> Any:
        if self.broken:
            return Response("<h1>out of order</h1>", 502)
        asked = self._codes.pop(request.form.get("code", ""), None)
        given = request.authorization
        verifier = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if (
            asked is None
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != request.form["redirect_uri"]
        ):
            return {"error": "invalid_grant"}, 400
        if given is None or (given.username, given.password) != (CLIENT, SECRET):
            return {"error": "invalid_client"}, 401
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= {**(self.person or {}), **self.claims}
        signed = jwt.encode({"alg": "RS256", "kid": "ours"}, claims, _key(self.signed_by))
        return {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "expires_in": 300, "id_token": signed}

    def userinfo(self) -> dict[str, Any]:
        return {"sub": (self.person or {}).get("sub"), **self.more}


@contextmanager
def provider(**settings: Any) -> Iterator[Provider]:
    """A running one."""
    made = Provider(**settings)
    with served(made.app()) as url:
        made.url = url
        yield made

"""Log-in through the office's identity provider (E13): OpenID Connect, authorization code with PKCE, state and nonce.

Authlib is imported by the first log-in: an office without a provider never loads it.
"""

from __future__ import annotations

import hashlib
import logging
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, request, session
from flask.typing import ResponseReturnValue

from dispatcher.engine.model import Identity
from dispatcher.usecases import accounts
from dispatcher.web import citizens
from dispatcher.web.auth import of_nobody
from dispatcher.web.context import context
from dispatcher.web.pages.account import inside
from dispatcher.web.pages.forms import count
from dispatcher.web.shell import link, texts

log = logging.getLogger(__name__)
TIMEOUT_S = 10
TARGET = "after_provider"
"""In the session: the page that asked for the log-in."""
STATE = "_state_provider_"
"""How Authlib's keys in the session begin."""
CLIENT = "numeretto.identity"


def add_to(blueprint: Blueprint) -> None:
    """`/account/provider` and where the provider sends people back to."""
    blueprint.add_url_rule("/provider", "provider", provider)
    blueprint.add_url_rule("/provider/callback", "callback", callback)


class _Failed(Exception):
    """It did not work; `why` is a key of the texts: `away`, `old`, `refused`, `wrong`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def _identity() -> Identity:
    identity = context().office.identity
    if identity is None:
        abort(404)
    return identity


def provider() -> ResponseReturnValue:
    """Send the browser to the provider. Only this browser's own session is written: who it waits for."""
    identity = _identity()
    count("login")
    for name in [key for key in session if key.startswith(STATE)]:
        session.pop(name)  # one log-in at a time: a cookie has little room
    session[TARGET] = inside(request.args.get("next"))
    session.permanent = True
    try:
        return _redirect(identity)
    except _Failed as failure:
        return _told(identity, failure)


def callback() -> ResponseReturnValue:
    """The provider has answered: who it is, or that it will not say."""
    identity = _identity()
    count("login")
    try:
        claims = _claims(identity)
    except _Failed as failure:
        return _told(identity, failure)
    subject = hashlib.sha256(f"{claims['iss']}\n{claims['sub']}".encode()).hexdigest()
    answer = context().desk.execute(
        of_nobody().actor,
        accounts.identified,
        subject=subject,
        name=str(claims.get("name") or _joined(claims)),
        email=claims.get("email"),
        verified=claims.get("email_verified"),
        language=texts().language if texts().language in context().office.languages else context().office.language,
    )
    where = session.pop(TARGET, None) or link("citizen.area")
    citizens.begin(answer.body or {})
    log.info("event=citizen_identified account=%s", (answer.body or {}).get("account"))
    return redirect(where, 303)


def _joined(claims: dict[str, Any]) -> str:
    return " ".join(str(claims[part]) for part in ("given_name", "family_name") if claims.get(part))


def _told(identity: Identity, failure: _Failed) -> ResponseReturnValue:
    """Back to the log-in with the reason in plain words; what was begun is still there."""
    flash(texts()(f"account.provider.{failure.why}", provider=texts().name(identity.name)), "error")
    return redirect(link("citizen.login", next=session.pop(TARGET, None)), 303)


# ---- the conversation with the provider


def _client(identity: Identity) -> Any:
    known = current_app.extensions.get(CLIENT)
    if known is None:
        from authlib.integrations.flask_client import OAuth

        secret = context().secrets.get(identity.secret_env)
        known = OAuth(current_app).register(
            "provider",
            client_id=identity.client_id,
            client_secret=secret,
            server_metadata_url=f"{identity.issuer}/.well-known/openid-configuration",
            client_kwargs={
                "scope": " ".join(identity.scopes),
                "code_challenge_method": "S256",
                "default_timeout": TIMEOUT_S,
                **({} if secret else {"token_endpoint_auth_method": "none"}),
            },
        )
        current_app.extensions[CLIENT] = known
    return known


def _redirect(identity: Identity) -> ResponseReturnValue:
    from authlib.common.errors import AuthlibBaseError
    from requests import RequestException

    client = _client(identity)
    try:
        metadata = client.load_server_metadata()
        if str(metadata.get("issuer", "")).rstrip("/") != identity.issuer:
            raise ValueError("the provider calls itself by another name")
        answer: ResponseReturnValue = client.authorize_redirect(_callback_url(), ui_locales=texts().language)
    except (RequestException, AuthlibBaseError, ValueError, KeyError, TypeError, RuntimeError) as error:
        log.warning("event=identity_provider_away error=%s", type(error).__name__)
        raise _Failed("away") from None
    return answer


def _callback_url() -> str:
    """As it is registered at the provider: always below the office's own address."""
    return f"{context().desk.base_url}/account/provider/callback"


def _claims(identity: Identity) -> dict[str, Any]:
    """What the provider vouches for: `iss`, `sub` and perhaps more. Raises _Failed."""
    from authlib.common.errors import AuthlibBaseError
    from authlib.integrations.base_client import MismatchingStateError, OAuthError
    from joserfc.errors import JoseError
    from requests import RequestException

    client = _client(identity)
    try:
        wanted = {
            "iss": {"essential": True, "values": [client.load_server_metadata()["issuer"]]},
            "aud": {"essential": True, "values": [identity.client_id]},
        }
        token = client.authorize_access_token(claims_options=wanted)
        claims = dict(token["userinfo"])
        if not claims.get("email") or not (claims.get("name") or _joined(claims)):
            claims = {**_more(client, token, claims["sub"]), **claims}
    except MismatchingStateError:
        raise _Failed("old") from None
    except RequestException as error:
        log.warning("event=identity_provider_away error=%s", type(error).__name__)
        raise _Failed("away") from None
    except OAuthError as error:
        log.warning("event=identity_refused error=%s", _code(error.error))
        raise _Failed("refused" if error.error == "access_denied" else "wrong") from None
    except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, RuntimeError) as error:
        log.warning("event=identity_wrong error=%s", type(error).__name__)
        raise _Failed("wrong") from None
    return claims


def _more(client: Any, token: Any, subject: str) -> dict[str, Any]:
    """What stands only behind the address for more about the person; nothing if it speaks of another."""
    if not client.load_server_metadata().get("userinfo_endpoint"):
        return {}
    found = dict(client.userinfo(token=token))
    return found if found.get("sub") == subject else {}


def _code(text: object) -> str:
    """An error's code as it may stand in a log."""
    return "".join(letter for letter in str(text)[:40] if letter.isalnum() or letter == "_")

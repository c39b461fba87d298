"""The two pages that the issuer itself shows: sign in for a program, let a device in. No script, no outside content."""

import secrets
from collections.abc import Mapping
from html import escape

from fastapi.responses import HTMLResponse

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title} · HEROES</title><style nonce="{nonce}">body{{font:16px/1.5 system-ui,sans-serif;max-width:26rem;
margin:3rem auto;padding:0 1rem}}label{{display:block;margin:.8rem 0}}
input:not([type=hidden]){{display:block;width:100%;font:inherit;padding:.4rem;box-sizing:border-box}}
button{{font:inherit;padding:.5rem 1rem;margin-right:.5rem}}
[role=alert]{{border-left:4px solid #b00020;padding-left:.6rem}}</style></head><body><main><h1>{title}</h1>
{told}{body}</main></body></html>"""

_FIELDS = """<label>Organization <input name="organization" required autocomplete="organization" value="{organization}">
</label><label>User <input name="username" required autocomplete="username" value="{username}"></label>
<label>Password <input name="password" type="password" required autocomplete="current-password"></label>"""


def sign_in(
    name: str,
    hidden: Mapping[str, str],
    *,
    trouble: str | None = None,
    typed: Mapping[str, str],
    back: str,
    status: int,
) -> HTMLResponse:
    """Show the form by which a person signs in for a program; `back` is the origin that the answer goes to."""
    inputs = "".join(f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in hidden.items())
    body = (
        f"<p><strong>{escape(name)}</strong> asks to act for you on this platform.</p>"
        f'<form method="post" action="/oauth/authorize">{inputs}{_filled(typed)}'
        '<button name="decision" value="allow">Sign in and allow</button></form>'
    )
    return _page("Sign in", body, trouble, back=back, status=status)


def device(
    code: str, *, name: str | None = None, trouble: str | None = None, typed: Mapping[str, str], status: int = 200
) -> HTMLResponse:
    """Show the form by which a person lets a device in."""
    who = f"<strong>{escape(name)}</strong>" if name else "A program"
    body = (
        f"<p>{who} asks to act for you. Allow it only if you have started it yourself, just now, and it shows this "
        'code.</p><form method="post" action="/oauth/device/verify">'
        f'<label>Code <input name="user_code" required value="{escape(code)}" autocomplete="off"></label>'
        f'{_filled(typed)}<button name="decision" value="allow">Sign in and allow</button>'
        '<button name="decision" value="deny">Turn away</button></form>'
    )
    return _page("Let a device in", body, trouble, status=status)


def said(title: str, text: str, *, again: str | None = None, status: int = 200) -> HTMLResponse:
    """Show one sentence; `again` is where one may try once more."""
    link = f'<p><a href="{escape(again)}">Try again</a></p>' if again else ""
    return _page(title, f"<p>{escape(text)}</p>{link}", None, status=status)


def _filled(typed: Mapping[str, str]) -> str:
    values = {name: escape(typed.get(name) or "") for name in ("organization", "username")}
    return _FIELDS.format(**values)


def _page(title: str, body: str, trouble: str | None, *, back: str = "", status: int = 200) -> HTMLResponse:
    nonce = secrets.token_urlsafe(16)
    told = f'<p role="alert">{escape(trouble)}</p>' if trouble else ""
    page = _PAGE.format(title=escape(title), nonce=nonce, told=told, body=body)
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self' {back}".rstrip()
        + "; frame-ancestors 'none'; base-uri 'none'"
    )
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    return HTMLResponse(page, status, headers)

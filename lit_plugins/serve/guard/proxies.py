"""Signs that a request came through a proxy, whose client may be on another machine."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping
from typing import Any

SIGNS = (
    # The standards: RFC 7239 and RFC 9110.
    "Forwarded",
    "Via",
    "Max-Forwards",
    "Proxy-*",
    # nginx, Apache, Caddy, Traefik, HAProxy and most load balancers.
    "X-Forwarded*",
    "X-Real-*",
    "X-Original-*",
    "X-Originating-*",
    "X-Remote-*",
    "X-Proxy*",
    "X-Host",
    "X-Server",
    "X-Scheme",
    "X-Url-Scheme",
    "X-Script-Name",
    "X-Rewrite-Url",
    "Front-End-Https",
    "*Client-Ip",
    "*Clientip",
    "*Client-Cert",
    # Varnish and Envoy.
    "X-Varnish",
    "X-Envoy-*",
    # Networks for delivery: Cloudflare, CloudFront, Fastly, Akamai and others.
    "Cdn-Loop",
    "Cf-*",
    "Cloudfront-*",
    "X-Amz-Cf-*",
    "Fastly-*",
    "Akamai-*",
    "X-Akamai-*",
    # Clouds: Amazon, Google, Azure, Fly, Netlify and Vercel.
    "X-Amzn-*",
    "X-Cloud-Trace-Context",
    "X-Appengine-*",
    "X-Goog-Iap-*",
    "X-Azure-*",
    "X-Arr-*",
    "X-Appgw-*",
    "X-Ms-Proxy",
    "Disguised-Host",
    "Fly-*",
    "X-Nf-*",
    "X-Vercel-*",
    # Proxies that sign users in: oauth2-proxy, Authelia, Pomerium and Tailscale.
    "X-Auth-Request-*",
    "Remote-*",
    "X-Pomerium-*",
    "Tailscale-*",
)
"""Headers that only proxies add, as they document them; `*` stands for any characters."""

_SIGN = re.compile(
    "|".join(fnmatch.translate("HTTP_" + sign.upper().replace("-", "_")) for sign in SIGNS)
)


def is_proxied(environ: Mapping[str, Any]) -> bool:
    """Tells whether a request bears a sign of a proxy.

    HTTP/1.0 is a sign, too: nginx speaks it to servers unless it is told otherwise, and browsers do
    not. A proxy that adds no header and speaks HTTP/1.1 looks like a client of its own machine.
    """
    return environ.get("SERVER_PROTOCOL") == "HTTP/1.0" or any(map(_SIGN.match, environ))

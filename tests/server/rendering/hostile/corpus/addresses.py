"""Addresses that no figure may load from, written in all the ways that a browser understands."""

from __future__ import annotations

__all__ = ["ELSEWHERE", "FILES", "LOCAL", "ORDINARY", "REACHING", "SCHEMES", "WEB"]

WEB = {
    "http": "http://evil.test/http.svg",
    "https": "https://evil.test/https.svg",
    "no scheme": "//evil.test/no-scheme.svg",
    "upper case": "HTTP://evil.test/upper-case.svg",
    "mixed case": "hTtP://evil.test/mixed-case.svg",
    "one slash": "https:/evil.test/one-slash.svg",
    "no slash": "https:evil.test/no-slash.svg",
    "many slashes": "http://////evil.test/many-slashes.svg",
    "backslashes": "http:\\\\evil.test\\backslashes.svg",
    "backslashes, no scheme": "\\\\evil.test\\unc.svg",
    "slash and backslash": "/\\evil.test/slash-backslash.svg",
    "backslash and slash": "\\/evil.test/backslash-slash.svg",
    "tab before": "\thttp://evil.test/tab-before.svg",
    "space before": "   http://evil.test/space-before.svg",
    "newlines around": "\r\nhttp://evil.test/newlines.svg\r\n",
    "null before": "\u0000http://evil.test/null-before.svg",
    "control before": "\u0001\u001fhttp://evil.test/control-before.svg",
    "tab inside": "ht\ttp://evil.test/tab-inside.svg",
    "newline inside": "h\nt\nt\np\n:\n/\n/evil.test/newline-inside.svg",
    "user and password": "http://user:password@evil.test/user.svg",
    "user named as a host": "http://example.org@evil.test/user-host.svg",
    "user named as data": "http://data:image%2Fpng@evil.test/user-data.svg",
    "data in the query": "http://evil.test/query.svg?data:image/png;base64,AAAA",
    "data in the fragment": "http://evil.test/fragment.svg#data:image/png;base64,AAAA",
    "no scheme, data": "//data:image@evil.test/data-user.svg",
    "percent-encoded host": "http://%31%32%37.0.0.1:55555/percent-host.svg",
    "percent-encoded path": "http://evil.test/a/%2e%2e/%2Fpercent.svg",
    "decimal address": "http://2130706433:55555/decimal.svg",
    "hex address": "http://0x7f000001:55555/hex.svg",
    "octal address": "http://0177.0.0.1:55555/octal.svg",
    "short address": "http://127.1:55555/short.svg",
    "zero address": "http://0:55555/zero.svg",
    "other loopback": "http://127.0.0.2:55555/other.svg",
    "IPv6": "http://[::1]:55555/ipv6.svg",
    "IPv4 in IPv6": "http://[::ffff:127.0.0.1]:55555/mapped.svg",
    "localhost": "http://localhost:55555/localhost.svg",
    "localhost with a dot": "http://localhost.:55555/dot.svg",
    "below localhost": "http://a.b.localhost:55555/below.svg",
    "soft hyphen": "http://local\u00adhost:55555/soft-hyphen.svg",
    "wide digits": "http://\uff11\uff12\uff17\u30020\u30020\u30021:55555/wide.svg",
    "circled digits": "http://\u2460\u2461\u2466.0.0.1:55555/circled.svg",
    "a name": "http://hostile.example/name.svg",
    "a name of the machine's network": "http://metadata.google.internal/computeMetadata/v1/",
    "cloud metadata": "http://169.254.169.254/latest/meta-data/",
    "an unusual port": "http://127.0.0.1:22/port.svg",
    "object of a URL": "blob:http://evil.test/0000-0000",
    "file system of a URL": "filesystem:http://evil.test/temporary/a.svg",
    "source of a URL": "view-source:http://evil.test/view-source.svg",
    "feed": "feed:http://evil.test/feed.svg",
    "jar": "jar:http://evil.test/a.jar!/a.svg",
    "url()": "url(http://evil.test/url.svg)",
    "srcset": "http://evil.test/srcset.svg 1x, http://evil.test/srcset2.svg 2x",
    "very long": "http://evil.test/" + "a" * 100_000 + ".svg",
}

FILES = {
    "file": "file:///SECRETS/secret.svg",
    "file, png": "file:///SECRETS/secret.png",
    "file, geojson": "file:///SECRETS/secret.geojson",
    "file with a host": "file://localhost/SECRETS/secret.svg",
    "file, upper case": "FILE:///SECRETS/secret.svg",
    "file, one slash": "file:/SECRETS/secret.svg",
    "file, backslashes": "file:\\\\\\/SECRETS/secret.svg",
    "file, tab inside": "fi\tle:///SECRETS/secret.svg",
    "file, percent-encoded": "file:///SECRETS/%73ecret.svg",
    "file, dots": "file:///SECRETS/../../../../etc/passwd",
    "file, source of": "view-source:file:///SECRETS/secret.svg",
    "file, file system": "filesystem:file:///temporary/secret.svg",
    "path": "/SECRETS/secret.svg",
    "passwords": "file:///etc/passwd",
    "process": "file:///proc/self/environ",
    "device": "file:///dev/zero",
    "share": "file://evil.test/share/secret.svg",
}

SCHEMES = {
    "ftp": "ftp://evil.test/ftp.svg",
    "ws": "ws://evil.test/ws",
    "wss": "wss://evil.test/wss",
    "gopher": "gopher://evil.test/",
    "javascript": "javascript:fetch('http://evil.test/javascript')",
    "javascript, mixed case": " jAvA\tsCrIpT:fetch('http://evil.test/javascript')",
    "vbscript": "vbscript:x",
    "about": "about:blank",
    "chrome": "chrome://version/",
    "devtools": "devtools://devtools/bundled/inspector.html",
    "extension": "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/index.html",
    "mail": "mailto:a@evil.test",
    "intent": "intent://evil.test/#Intent;scheme=http;end",
    "unknown": "xyz:abc",
    "mapbox": "mapbox://styles/mapbox/basic-v9",
}

LOCAL = {
    "here": ".",
    "query": "?hostile",
    "fragment": "#hostile",
    "a file": "hostile.svg",
    "a path": "/hostile.svg",
    "up": "../../hostile.svg",
    "up, percent-encoded": "/%2e%2e/hostile.svg",
    "up, backslashes": "..\\..\\hostile.svg",
    "script": "/page.js?hostile",
    "plotly.js": "/plotly.min.js?hostile",
    "topojson": "/topojson/world_110m.json?hostile",
    "topojson and up": "/topojson/../hostile.json",
    "topojson and up, encoded": "/topojson/..%2fhostile.json",
    "static": "/static/hostile",
    "own scheme": "http:hostile.svg",
    "a space": " ",
    "data without a colon": "data/hostile.png",
    "data after a letter": "xdata:image/svg+xml,hostile",
    "prototype": "__proto__",
    "constructor": "constructor",
}

ELSEWHERE = {**WEB, **FILES, **SCHEMES, **LOCAL}
"""All of them; none is a ``data:`` URI."""

ORDINARY = {key: ELSEWHERE[key] for key in ("http", "no scheme", "file", "a path")}
"""The few that are tried in each place of a figure."""

# what a browser refuses to ask for, or asks of other machines, or in vain
REACHING = {
    *(name for name, address in WEB.items() if "evil.test" in address or "55555" in address),
} - {
    "object of a URL", "file system of a URL", "source of a URL", "feed", "jar", "url()",
    "other loopback", "zero address", "a name", "null before", "very long", "circled digits",
    "one slash", "no slash", "IPv6", "srcset", "user and password", "user named as a host",
    "user named as data", "no scheme, data",
}  # fmt: skip

"""Walks the running service: `walk.py pages PORT PASSWORD`, `walk.py mail PORT ADDRESS`."""

import base64
import hmac
import http.cookiejar
import json
import re
import struct
import sys
import time
import urllib.parse
import urllib.request

HOST = "tracker.example.test"


class AsTheProxySends(urllib.request.HTTPRedirectHandler):
    """Redirects stay on the published port, as a proxy that ends TLS would keep them."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        path = urllib.parse.urlsplit(newurl)._replace(scheme="", netloc="").geturl()
        return request(f"http://{urllib.parse.urlsplit(req.full_url).netloc}{path}")


class LaxPolicy(http.cookiejar.DefaultCookiePolicy):
    """The cookies are for https; here the check stands where the proxy stands."""

    def return_ok_secure(self, cookie, request):  # type: ignore[no-untyped-def]
        return True


def request(url: str, data: bytes | None = None) -> urllib.request.Request:
    return urllib.request.Request(
        url,
        data,
        {"Host": HOST, "X-Forwarded-Proto": "https", "Referer": f"https://{HOST}/"},
    )


def pages(port: str, password: str) -> None:
    base = f"http://127.0.0.1:{port}"
    jar = http.cookiejar.CookieJar(LaxPolicy())
    browser = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(jar), AsTheProxySends()
    )
    form = browser.open(request(f"{base}/accounts/sign-in/"), timeout=30).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token, "the sign-in page has no form"
    fields = {
        "csrfmiddlewaretoken": token[1],
        "login": "analyst@example.test",
        "password": password,
        "next": "/heatmap/",
    }
    sent = urllib.parse.urlencode(fields).encode()
    browser.open(request(f"{base}/accounts/sign-in/", sent), timeout=30).read()
    set_up_second_factor(browser, base)
    answer = browser.open(request(f"{base}/heatmap/"), timeout=30)
    text = answer.read().decode()
    assert answer.status == 200, f"/heatmap/ answered {answer.status}"
    assert "/accounts/sign-in/" not in answer.url, "the sign-in was not accepted"
    style = re.search(r'href="(/static/build/main\.[0-9a-f]+\.css)"', text)
    assert style, "the page has no hashed style sheet"
    sheet = browser.open(request(base + style[1]), timeout=30).read()
    assert b".govuk-" in sheet, "the hashed style sheet is empty or another one"


def set_up_second_factor(browser: urllib.request.OpenerDirector, base: str) -> None:
    """An analyst sees nothing before: the app's secret is on the page, its code is computed."""
    address = f"{base}/accounts/second-factor/totp/activate/"
    page = browser.open(request(address), timeout=30).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    secret = re.search(r"Key: <code[^>]*>([A-Z2-7]+)</code>", page)
    assert token, "the page of the second factor has no form"
    assert secret, "the page of the second factor shows no key"
    fields = {"csrfmiddlewaretoken": token[1], "code": code_of(secret[1])}
    sent = urllib.parse.urlencode(fields).encode()
    browser.open(request(address, sent), timeout=30).read()


def code_of(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, "sha1").digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


def mail(port: str, address: str) -> None:
    for _ in range(60):
        url = f"http://127.0.0.1:{port}/api/v1/messages"
        with urllib.request.urlopen(url, timeout=10) as got:  # nosec B310 # the catcher's
            messages = json.load(got)["messages"]
        if any(to["Address"] == address for each in messages for to in each["To"]):
            return
        time.sleep(1)
    sys.exit(f"No mail for {address} within a minute; the catcher holds {len(messages)}.")


if __name__ == "__main__":
    {"pages": pages, "mail": mail}[sys.argv[1]](*sys.argv[2:])

"""Walks the running service: `walk.py pages PORT PASSWORD`, `walk.py mail PORT ADDRESS`."""

import http.cookiejar
import json
import re
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
        "username": "analyst@example.test",
        "password": password,
        "next": "/heatmap/",
    }
    sent = urllib.parse.urlencode(fields).encode()
    browser.open(request(f"{base}/accounts/sign-in/", sent), timeout=30).read()
    answer = browser.open(request(f"{base}/heatmap/"), timeout=30)
    text = answer.read().decode()
    assert answer.status == 200, f"/heatmap/ answered {answer.status}"
    assert "/accounts/sign-in/" not in answer.url, "the sign-in was not accepted"
    style = re.search(r'href="(/static/build/main\.[0-9a-f]+\.css)"', text)
    assert style, "the page has no hashed style sheet"
    sheet = browser.open(request(base + style[1]), timeout=30).read()
    assert b".govuk-" in sheet, "the hashed style sheet is empty or another one"


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

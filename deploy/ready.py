"""Health check of the web container: exit 0 if /readyz/ answers 200, else say why and exit 1."""

import sys
import urllib.error
import urllib.request

try:
    url = "http://127.0.0.1:8000/readyz/"
    with urllib.request.urlopen(url, timeout=4) as answer:  # nosec B310 # ours
        print(answer.read().decode())
except urllib.error.HTTPError as error:
    sys.exit(error.read().decode())
except OSError as error:
    sys.exit(f"The web server does not answer: {error}")

"""Health check of the web container: exit with 0 if /readyz/ answers 200, else with 1 and why."""

import sys
import urllib.error
import urllib.request

try:
    url = "http://127.0.0.1:8000/readyz/"
    with urllib.request.urlopen(url, timeout=4) as response:  # nosec B310 # our own URL
        print(response.read().decode())
except urllib.error.HTTPError as error:
    sys.exit(error.read().decode())
except OSError as error:
    sys.exit(f"The web server does not respond: {error}")

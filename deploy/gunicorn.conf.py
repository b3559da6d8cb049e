"""Settings of the web server, in the image and for `make run`."""

from pathlib import Path

from countylines.environment import read_or_exit

bind = "0.0.0.0:8000"  # inside the container; compose publishes it
workers = read_or_exit("WEB_WORKERS")
preload_app = workers > 1  # several workers share the memory of the code
# An event loop reads requests and writes responses, so that a slow client holds no thread. The
# number of threads is in countylines/buffered_application.py.
worker_class = "asgi"
asgi_loop = "asyncio"
asgi_lifespan = "off"
timeout = 60  # seconds without a heartbeat before a worker is replaced, or between parts of a body
graceful_timeout = 20  # seconds to finish requests after SIGTERM
max_requests = 20_000  # then a worker is replaced, in case of memory leaks
max_requests_jitter = 2_000
MEMORY = Path("/dev/shm")  # noqa: S108  # nosec B108 # for a heartbeat that waits for no disk
worker_tmp_dir = str(MEMORY) if MEMORY.is_dir() else None  # macOS has no such folder
control_socket_disable = True  # the root file system is read-only
accesslog = "-"
# JSON, without query strings or email addresses
logger_class = "countylines.observability.gunicorn_log.WebLogger"

"""The web server of the image: `gunicorn --config deploy/gunicorn.conf.py`."""

import os

bind = "0.0.0.0:8000"  # inside the container; compose decides what is published
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
preload_app = True  # the workers share the memory of what is loaded once
threads = 4  # each worker answers this many requests at a time
timeout = 60  # seconds without a sign of life before a worker is replaced
graceful_timeout = 20  # seconds to finish requests after SIGTERM
max_requests = 2000  # then a worker is replaced, so that no leak lasts
max_requests_jitter = 200
worker_tmp_dir = "/dev/shm"  # noqa: S108  # nosec B108 # its heartbeat waits for no disk
control_socket_disable = True  # the root file system is read-only
accesslog = "-"
# JSON, without query strings or email addresses
logger_class = "countylines.observability.gunicorn_log.WebLogger"

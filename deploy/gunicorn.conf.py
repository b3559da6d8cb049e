"""Settings of the web server in the image: `gunicorn --config deploy/gunicorn.conf.py`."""

from countylines.environment import read_or_exit

bind = "0.0.0.0:8000"  # inside the container; compose publishes it
workers = read_or_exit("WEB_WORKERS")
preload_app = True  # the workers share the memory of the code
threads = 4  # requests that each worker answers at a time
timeout = 60  # seconds without a response before a worker is replaced
graceful_timeout = 20  # seconds to finish requests after SIGTERM
max_requests = 2000  # then a worker is replaced, in case of memory leaks
max_requests_jitter = 200
worker_tmp_dir = "/dev/shm"  # noqa: S108  # nosec B108 # the heartbeat must not wait for a disk
control_socket_disable = True  # the root file system is read-only
accesslog = "-"
# JSON, without query strings or email addresses
logger_class = "countylines.observability.gunicorn_log.WebLogger"

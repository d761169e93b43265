"""How gunicorn serves (`gunicorn --config=python:kdweb.webserver kdweb.wsgi`)."""

from kdweb import logs

# One process with threads: the student is loaded once, and whoever waits for a turn with it costs only a thread.
workers = 1
threads = 8
# Seconds. Longer than a caller may wait for a turn and then for a large file; only a process that hangs is killed.
timeout = 120
# What is being answered may end. The supervisor and compose.yaml wait a little longer than this.
graceful_timeout = 20
keepalive = 5
# OCR engines keep memory that they once needed: now and then a fresh process takes over, the port stays open.
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True
logconfig_dict = logs.configuration()

"""Settings for gunicorn: `gunicorn -c gunicorn.conf.py 'lit_plugins.serve:create_app()'`."""

# Only this machine can connect, such as a reverse proxy that ends TLS.
bind = "127.0.0.1:5380"

# One process holds the models and their queue, so all visitors share its results. Threads that
# wait for a model cost next to nothing, and other threads answer from memory meanwhile.
workers = 1
worker_class = "gthread"
threads = 64

# Seconds that a worker may be silent, as it is while it loads models; the default is 30.
timeout = 600

# Seconds that requests in progress may take after Ctrl-C or SIGTERM.
graceful_timeout = 10

# Ignore headers by which a request names its own path: gunicorn would log those it cannot accept.
forwarder_headers = ""

# Off, because it would show addresses with their parameters; the app writes a log of its own.
accesslog = None

# Off, because the socket is a file in the home folder, which a container may not have.
control_socket_disable = True

"""How gunicorn serves the page: `gunicorn -c gunicorn.conf.py 'lit_plugins.serve:create_app()'`."""

# Whoever is on this machine, such as a server that ends TLS; nobody else.
bind = "127.0.0.1:5380"

# One process has the models and their queue, and all visitors share what it has computed. Threads
# that wait for a model cost next to nothing, and others answer from memory beside them.
workers = 1
worker_class = "gthread"
threads = 64

# A worker is silent while it loads its models, and would be ended after half a minute.
timeout = 600

# Ctrl-C and SIGTERM: so long may requests in progress go on.
graceful_timeout = 10

# What a request says of its own path does not count, and gunicorn would log what is wrong with it.
forwarder_headers = ""

# It would write addresses with what stands behind the question mark; the app has its own log.
accesslog = None

# It would be a file in the home folder, which a container may not have.
control_socket_disable = True

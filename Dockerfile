# docker build -t lit-plugins .
# How to run it: demos/deploy/README.md. A running container downloads nothing.

# The digest names the image's exact bytes, for each platform; the version is for readers. For a newer
# one: docker buildx imagetools inspect --format '{{.Manifest.Digest}}' python:3.11-slim-trixie
FROM python:3.11.17-slim-trixie@sha256:45037981b62b34b44602584fccbc4d884d5f7dc92c7ee86bb38a698a79fe1e51 AS base

FROM base AS build
# LIT requires annoy, which pip compiles.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends g++ \
 && rm -rf /var/lib/apt/lists/*
RUN python -m venv /app
ENV PATH=/app/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /source
COPY requirements.lock ./
# The address of PyTorch's package index for CPUs, as pytorch.org names it. Its torch is several
# times smaller than the usual one, which brings libraries for GPUs.
ARG TORCH_INDEX=""
# Each file is checked against the lock's hashes. What torch needs for CUDA is not in the lock, and
# comes last, as torch names it.
RUN if [ -n "$TORCH_INDEX" ]; then \
      sed -n '/^torch==/,/[^\\]$/p' requirements.lock > torch.lock \
      && pip install --no-deps --require-hashes --index-url "$TORCH_INDEX" --requirement torch.lock; \
    fi
# Dependencies come before the package, so that a change of the code does not download them again.
RUN pip install --no-deps --require-hashes --requirement requirements.lock \
 && pip install "$(grep -o '^torch==[^ ;]*' requirements.lock)"
COPY pyproject.toml README.md LICENSE ./
COPY lit_plugins lit_plugins
RUN pip install --no-deps .

FROM base
COPY --from=build /app /app
COPY demos/deploy/gunicorn.conf.py /app/gunicorn.conf.py
RUN mkdir /data /models && chown 10001:10001 /data
# Everything writes to /tmp and /data only, so the rest of the file system may be read-only.
ENV PATH=/app/bin:$PATH \
    HOME=/tmp \
    HF_HUB_OFFLINE=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    NUMBA_CACHE_DIR=/tmp/numba \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /models
EXPOSE 5380
HEALTHCHECK --interval=30s --timeout=5s --start-period=5m \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:5380/healthz', timeout=4)"]
ENTRYPOINT ["lit-plugins", "serve", "--host", "0.0.0.0", "--port", "5380", "--no-browser", "--log", "requests"]

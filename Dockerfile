# Solidarity Bot in a container: see docs/installing.md. It runs as nobody in particular, needs no writable root, and keeps
# what it knows in the volumes /data and /backups. Another base (a digest, your own mirror): --build-arg BASE=...
ARG BASE=python:3.11.14-slim-bookworm

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
RUN python -m venv /opt/solidarity-bot
# The lock first: what is installed from it stays in the builder's cache until the lock changes.
COPY requirements/server.txt requirements/
RUN /opt/solidarity-bot/bin/python -m pip install --require-hashes -r requirements/server.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY cogs cogs
COPY db db
COPY seeds seeds
# What builds has no use in the image.
RUN /opt/solidarity-bot/bin/python -m pip install --no-deps --no-build-isolation . \
    && /opt/solidarity-bot/bin/python -m pip uninstall --yes hatchling editables setuptools pip

FROM ${BASE} AS program
COPY --from=build /opt/solidarity-bot /opt/solidarity-bot
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin solidarity-bot \
    && install -d -m 0700 -o 10001 -g 10001 /data /backups \
    && install -d -m 0755 /etc/solidarity-bot
ENV PATH=/opt/solidarity-bot/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    SOLIDARITY_DATA__DIRECTORY=/data \
    SOLIDARITY_BACKUP__DIRECTORY=/backups \
    SOLIDARITY_MONITORING__PORT=8096
USER 10001:10001
VOLUME ["/data", "/backups"]
# Where config.toml is looked for. Without one, the environment says everything.
WORKDIR /etc/solidarity-bot
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=4 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8096/healthz', timeout=8)"]
ENTRYPOINT ["solidarity-bot"]
CMD ["run"]

# With what makes backups of PostgreSQL: --target postgres.
FROM program AS postgres
USER root
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*
USER 10001:10001

# Without a --target, this one.
FROM program AS bot

# The bot without root rights, for a read-only root file system: see docs/operating.md.
# Another base needs Python 3.11 or newer with venv, and glibc for the Valkey that comes along.
ARG BASE=docker.io/library/python:3.13-slim-bookworm

FROM ${BASE} AS build
COPY requirements.txt /opt/
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /opt/requirements.txt

FROM ${BASE}
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin bot \
    && install -d -o bot -g bot -m 700 /data
COPY --from=build /opt/venv /opt/venv
WORKDIR /opt/bot
COPY bot.py LICENSE ./
COPY api api
COPY app app
COPY cli cli
COPY cogs cogs
COPY core core
# Compiled here, as nothing can be written there later.
RUN /opt/venv/bin/python -m compileall -q /opt/bot
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data PORT=8080
USER 10001
VOLUME /data
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-c", "import http.client as h, os; c = h.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=4); c.request('GET', '/livez'); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["python", "bot.py"]

# The bot as a container: not root, nothing but Python inside, data on a volume. The web server listens on loopback,
# so run it with --network host, or use polling and leave the web server to itself.
FROM python:3.11-slim AS build
WORKDIR /srv/bot
COPY requirements.lock pyproject.toml README.md ./
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY bot bot
COPY flows flows
COPY locales locales
RUN .venv/bin/pip install --no-deps --no-build-isolation --editable .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home bot && install -d -o bot -g bot -m 0700 /srv/bot/data
COPY --from=build /srv/bot /srv/bot
WORKDIR /srv/bot
USER bot
VOLUME /srv/bot/data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=5s --start-period=20s \
  CMD [".venv/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT [".venv/bin/bot"]
CMD ["run"]

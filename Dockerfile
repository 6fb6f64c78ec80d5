# The bot as a container: docker build -t onrecord . (compose.yaml runs it; docs/operation.md tells the rest)

FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/onrecord
COPY requirements/run.txt /src/requirements/run.txt
RUN /opt/onrecord/bin/pip install --require-hashes --no-deps --requirement /src/requirements/run.txt
COPY pyproject.toml README.md LICENSE /src/
COPY bot /src/bot
COPY index /src/index
RUN /opt/onrecord/bin/pip install --no-deps --no-build-isolation /src

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/onrecord --create-home --shell /usr/sbin/nologin onrecord
COPY --from=build /opt/onrecord /opt/onrecord
COPY seeds /opt/onrecord/seeds
ENV PATH=/opt/onrecord/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ONRECORD_HOME=/var/lib/onrecord \
    ONRECORD_SOURCES=/opt/onrecord/seeds \
    ONRECORD_HEALTH_PORT=8080 \
    ONRECORD_LOG_FORMAT=json
USER onrecord
WORKDIR /var/lib/onrecord
VOLUME /var/lib/onrecord
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/health', timeout=4)"]
CMD ["onrecord-bot"]

FROM python:3.12-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /opt/holdwatch \
 && /opt/holdwatch/bin/python -m pip install --no-deps --require-hashes -r requirements.lock \
 && python -m venv /opt/build \
 && /opt/build/bin/python -m pip install --no-deps --require-hashes -r requirements-build.lock
COPY pyproject.toml README.md ./
COPY bot ./bot
COPY handlers ./handlers
COPY storage ./storage
RUN /opt/build/bin/python -m pip wheel --no-deps --no-build-isolation --wheel-dir /wheel . \
 && /opt/holdwatch/bin/python -m pip install --no-deps --no-index /wheel/*.whl

FROM python:3.12-slim
RUN groupadd --gid 10001 holdwatch \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /holdwatch --shell /usr/sbin/nologin holdwatch \
 && install -d -o holdwatch -g holdwatch /holdwatch/var
COPY --from=build /opt/holdwatch /opt/holdwatch
ENV PATH=/opt/holdwatch/bin:$PATH PYTHONUNBUFFERED=1 HOLDWATCH_HTTP=0.0.0.0:8080
# holdwatch.toml, when there is one, is mounted into /holdwatch.
WORKDIR /holdwatch
USER 10001:10001
VOLUME /holdwatch/var
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD \
  ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['HOLDWATCH_HTTP'].rpartition(':')[2] + '/healthz', timeout=4)"]
ENTRYPOINT ["holdwatch"]
CMD ["run"]

# Two stages: the first makes a virtual environment from the hashed pins and the wheel; the second is only that and Python.
ARG PYTHON=3.13-slim

FROM python:${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /build
RUN python -m venv /opt/usher && python -m venv /opt/tools
COPY requirements requirements
RUN /opt/usher/bin/pip install --require-hashes -r requirements/runtime.txt \
 && /opt/tools/bin/pip install --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY migrations migrations
COPY src src
RUN /opt/tools/bin/pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
 && /opt/usher/bin/pip install --no-deps --no-index dist/usher-*.whl \
 && /opt/usher/bin/pip check \
 && /opt/usher/bin/python -m compileall -q /opt/usher/lib \
 && /opt/usher/bin/pip uninstall -qy pip

FROM python:${PYTHON}
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin usher
COPY --from=build /opt/usher /opt/usher
ENV PATH=/opt/usher/bin:$PATH PYTHONUNBUFFERED=1 USHER_ENV=production USHER_HOST=0.0.0.0
WORKDIR /tmp
USER 10001
EXPOSE 8000
# The same image runs the API, the worker (`usher worker`), the relay (`usher relay`) and migrations (`usher migrate up`).
ENTRYPOINT ["usher"]
CMD ["serve"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s CMD \
  ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=2); c.request('GET', '/livez'); raise SystemExit(c.getresponse().status != 200)"]

FROM python:3.13-slim AS build
WORKDIR /src
COPY . .
RUN pip wheel --no-cache-dir --constraint constraints.txt --wheel-dir /wheels '.[clickhouse,pdf,png,postgresql]'

FROM python:3.13-slim
RUN useradd --system --uid 8600 --home-dir /data --create-home footfall
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels 'footfall[clickhouse,pdf,png,postgresql]'
ENV FOOTFALL_DATA=/data FOOTFALL_HOST=0.0.0.0 PYTHONUNBUFFERED=1
# what an import keeps beside it on disk must not go to /tmp, which is memory in a container that is read-only
ENV SQLITE_TMPDIR=/data
USER footfall
WORKDIR /data
VOLUME /data
EXPOSE 8600
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8600/livez', timeout=4)"]
ENTRYPOINT ["footfall"]
CMD ["serve"]

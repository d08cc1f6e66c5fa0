# The image of web, worker and scheduler. Front-end and Python packages are built first; the image runs as an
# ordinary user and holds no compiler and no secret.

FROM node:24-slim AS front-end
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY static static
RUN node static/build.mjs

FROM python:3.13-slim AS packages
WORKDIR /build
COPY requirements requirements
RUN python -m venv /opt/totalplace \
    && /opt/totalplace/bin/pip install --no-cache-dir --require-hashes --only-binary :all: --requirement requirements/base.txt

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /app totalplace
ENV PATH=/opt/totalplace/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATIC_ROOT=/app/collected
COPY --from=packages /opt/totalplace /opt/totalplace
WORKDIR /app
COPY manage.py pyproject.toml LICENSE README.md ./
COPY totalplace totalplace
COPY pilots pilots
COPY mapping mapping
COPY templates templates
COPY --from=front-end /build/static/dist static/dist
# Static files are named by their digests here, so that the running containers need no writable disk.
RUN DATABASE_URL=postgresql://nobody@localhost/none BROKER_URL=redis://localhost SECRET_KEY=of-this-step-alone \
    python manage.py set_up --static
RUN install --directory --owner totalplace /exports
VOLUME /exports
ENV EXPORTS_ROOT=/exports
USER totalplace
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", "totalplace.wsgi:application"]

# The portal in one image: web, worker and beat differ only in their command (docker-compose.yml).
# No engine was at hand where this was written: tests/architecture/test_containers.py holds it against the
# code, and nobody has run it yet.

# --- 1. What the browser gets ------------------------------------------------------------------------------
FROM node:22-bookworm-slim AS front-end
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY script/build.mjs script/build.mjs
COPY static static
RUN npm run build

# --- 2. Python packages, hashes checked --------------------------------------------------------------------
FROM python:3.11-slim-bookworm AS packages
COPY requirements/base.txt /build/base.txt
RUN python -m venv /portal/.venv \
 && /portal/.venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r /build/base.txt

# --- 3. The portal -----------------------------------------------------------------------------------------
FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin portal
WORKDIR /portal
COPY --from=packages /portal/.venv .venv
COPY . .
COPY --from=front-end /build/static/built static/built
COPY --from=front-end /build/node_modules/@fontsource node_modules/@fontsource
ENV PATH="/portal/.venv/bin:$PATH" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 XDG_CACHE_HOME=/tmp HOST=0.0.0.0 PORT=8000
# The settings want values that only a running portal has; none of these reaches the finished image.
RUN python -m dcsn.printing.fonts \
 && rm -r node_modules \
 && DCSN_SECRET_KEY=only-while-building DCSN_SITE_ADDRESS=https://build.example \
    DCSN_ALLOWED_HOSTS=build.example DATABASE_URL=postgresql://none/none \
    python manage.py collectstatic --noinput \
 && install -d -o portal -g portal var
USER portal
EXPOSE 8000
VOLUME /portal/var
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "dcsn.wsgi"]

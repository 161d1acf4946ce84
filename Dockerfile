# One image for web and worker: `stadhuis serve` (the default) or `stadhuis worker`, both configured by STADHUIS_* and
# DATABASE_URL. Not shown: building this image, and these steps as a whole; bootstrap.py is what script/demo runs.
FROM python:3.13-slim AS build
WORKDIR /opt/stadhuis
COPY . .
# Packages with their digests, translations, style sheets and scripts; Node comes as a package and stays behind here.
RUN python script/bootstrap.py -- -m compileall -q src \
 && rm -rf frontend/node_modules .git

FROM python:3.13-slim
WORKDIR /opt/stadhuis
COPY --from=build /opt/stadhuis /opt/stadhuis
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin stadhuis \
 && mkdir -p /var/lib/stadhuis && chown stadhuis /var/lib/stadhuis
USER stadhuis
ENV PATH=/opt/stadhuis/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    STADHUIS_MODE=production \
    STADHUIS_DATA_DIR=/var/lib/stadhuis
VOLUME /var/lib/stadhuis
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["stadhuis", "serve", "--host", "0.0.0.0", "--port", "8000"]

# kdweb with all it needs to run; compose.yaml starts its processes. Configuration and secrets come at run time only.

FROM python:3.11-slim AS build
# An index that offers torch's builds for processors without a GPU, a tenth of the size of the others. No password in it.
ARG TORCH_INDEX_URL=""
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/venv
COPY requirements.txt requirements-torch.txt ./
RUN /opt/venv/bin/pip install --quiet --require-hashes --no-deps --requirement requirements.txt
RUN /opt/venv/bin/pip install --quiet --requirement requirements-torch.txt \
    ${TORCH_INDEX_URL:+--extra-index-url "$TORCH_INDEX_URL"} && /opt/venv/bin/pip check

FROM python:3.11-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends tesseract-ocr tesseract-ocr-ell tesseract-ocr-vie \
       fonts-dejavu-core fonts-liberation fonts-lato \
       fonts-inconsolata fonts-courier-prime fonts-anonymous-pro fonts-ocr-b fonts-vlgothic postgresql-client \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --create-home kdweb && install --directory --owner=kdweb --group=kdweb /data
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY LICENSE manage.py ./
COPY kdweb kdweb
COPY extraction extraction
COPY synthdocs synthdocs
COPY templates templates
COPY docs docs
COPY locale locale
ENV PATH="/opt/venv/bin:$PATH" KD_DATA_DIR=/data LOG_FORMAT=json PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN pybabel --quiet compile --directory locale --domain "django djangojs" \
    && python -m compileall -q manage.py kdweb extraction synthdocs
USER kdweb
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "manage.py", "run", "--host", "0.0.0.0"]

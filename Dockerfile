# The first stage only fetches packages, so that the image has no npm cache and no tools.
FROM node:26-bookworm-slim AS packages
WORKDIR /candor
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:26-bookworm-slim
ENV NODE_ENV=production CANDOR_HOST=0.0.0.0 CANDOR_DATA_DIR=/data
WORKDIR /candor
# For probes that ping. Docker lets everybody in a container open the sockets that it needs.
RUN apt-get update \
  && apt-get install -y --no-install-recommends iputils-ping \
  && rm -rf /var/lib/apt/lists/*
COPY --from=packages /candor/node_modules ./node_modules
COPY . .
# The product is bundled and compiled once, here; afterwards the data folder is the one place that is written to.
RUN node scripts/make-bundle.js \
  && node scripts/warm-up.js \
  && chmod -R a+rX .cache \
  && mkdir /data \
  && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --retries=3 CMD node scripts/healthcheck.js
CMD ["node", "bin/candor.js", "serve"]

# Node-RED with this package in it:  docker build -t node-red-virustotal . && docker run -p 1880:1880 node-red-virustotal
FROM node:22 AS pack
WORKDIR /package
COPY . .
RUN npm ci && npm pack --pack-destination /tmp && mv /tmp/*.tgz /tmp/package.tgz

FROM nodered/node-red:latest
COPY --from=pack --chown=node-red:root /tmp/package.tgz /tmp/package.tgz
RUN npm install --omit=dev --no-audit --no-fund /tmp/package.tgz

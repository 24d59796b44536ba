FROM oven/bun:1.4.5 AS build
WORKDIR /build
COPY package.json bun.lock ./
RUN bun install --frozen-lockfile
COPY . .
RUN bun scripts/build.ts
# The last stage has no shell: its data folder is made here.
RUN mkdir /data

# The executable needs libc, libm, libpthread, libdl and their loader, no more.
FROM gcr.io/distroless/base-nossl-debian12:nonroot
COPY --from=build /build/dist/dragoman /dragoman
# A new volume takes over the owner of the folder that it covers.
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
ENV DATA_DIR=/data HOST=0.0.0.0
VOLUME /data
EXPOSE 8000
# Docker waits 10 s before it kills: SIGTERM ends the server well within that.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["/dragoman", "healthcheck"]
ENTRYPOINT ["/dragoman"]
CMD ["serve"]

# Two stages: the compiler stays behind, the program runs alone as nobody in particular.
FROM rust:1.95-slim-bookworm AS build
# SQLite is compiled into the program.
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked && mkdir /data

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/target/release/flickr-conduit /usr/local/bin/flickr-conduit
# The history and the key live here: mount a volume that lasts.
COPY --from=build --chown=nonroot:nonroot /data /data
ENV BIND=0.0.0.0 PORT=8080 DATA_DIR=/data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["flickr-conduit"]
CMD ["serve"]
